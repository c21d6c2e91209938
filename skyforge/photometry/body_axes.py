"""How a body is turned in space: laws of attitude as rotations from body axes to the ICRF."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_NORTH = np.array([0.0, 0.0, 1.0])
_NEARLY_NORTH = 0.999_999  # cosine: closer to the pole, another direction takes its part
_OTHER = np.array([1.0, 0.0, 0.0])


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = vectors / np.where(length > 0.0, length, 1.0)
    return unit


def axes_from_z(z: ArrayLike) -> Floats:
    """Return axes with z along given directions and y in the plane of z and the ICRF's north, on its side.

    Parameters
    ----------
    z
        Directions, shape (..., 3).

    Returns
    -------
    NDArray
        Rotations (..., 3, 3) whose columns are the body's axes x, y, z.
    """
    axis = _unit(np.asarray(z, dtype=np.float64))
    reference = np.where(np.abs(axis[..., 2:]) > _NEARLY_NORTH, _OTHER, _NORTH)
    x = _unit(np.cross(reference, axis))
    return np.stack([x, np.cross(axis, x), axis], axis=-1)


def nadir_axes(from_center_km: ArrayLike, velocity_km_s: ArrayLike) -> Floats:
    """Return the axes of a body that keeps z to the centre it orbits and y against its orbit's normal.

    With x it flies ahead; the panels of a geostationary satellite lie along y, north and south.

    Parameters
    ----------
    from_center_km, velocity_km_s
        Position and velocity relative to that centre, each (..., 3).

    Returns
    -------
    NDArray
        Rotations (..., 3, 3) whose columns are the body's axes x, y, z.
    """
    position = np.asarray(from_center_km, dtype=np.float64)
    z = -_unit(position)
    normal = np.cross(position, np.asarray(velocity_km_s, dtype=np.float64))
    y = -_unit(normal)
    # A body that falls straight down has no orbital plane: any direction across serves.
    none = np.linalg.norm(normal, axis=-1) == 0.0
    if np.any(none):
        y = np.where(none[..., None], axes_from_z(z)[..., :, 1], y)
    return np.stack([np.cross(y, z), y, z], axis=-1)


def turning_axes(
    axis: ArrayLike, tilt_rad: ArrayLike, axis_angle_rad: ArrayLike, body_angle_rad: ArrayLike
) -> Floats:
    """Return the axes of a body that turns about a fixed axis in space, and about its own z axis inclined to it.

    A tilt of 0 is a body that spins about z; another one a tumbling body, whose z axis goes round the axis on a cone
    (free precession of a symmetric body) or, at 90°, end over end; with constant angles it is fixed among the stars.

    Parameters
    ----------
    axis
        Directions of the axis (..., 3).
    tilt_rad
        Angle from the axis to the body's z axis, (...).
    axis_angle_rad
        Angle turned about the axis in space, (...), from the plane that `axes_from_z` takes its x axis in.
    body_angle_rad
        Angle turned about the body's z axis, (...).

    Returns
    -------
    NDArray
        Rotations (..., 3, 3) whose columns are the body's axes x, y, z.
    """
    frame = axes_from_z(axis)
    turn = _about_z(axis_angle_rad) @ _about_y(tilt_rad) @ _about_z(body_angle_rad)
    axes: Floats = frame @ turn
    return axes


def _about_z(angle_rad: ArrayLike) -> Floats:
    angle = np.asarray(angle_rad, dtype=np.float64)
    sine, cosine, zero, one = np.sin(angle), np.cos(angle), np.zeros_like(angle), np.ones_like(angle)
    return _matrix([[cosine, -sine, zero], [sine, cosine, zero], [zero, zero, one]])


def _about_y(angle_rad: ArrayLike) -> Floats:
    angle = np.asarray(angle_rad, dtype=np.float64)
    sine, cosine, zero, one = np.sin(angle), np.cos(angle), np.zeros_like(angle), np.ones_like(angle)
    return _matrix([[cosine, zero, sine], [zero, one, zero], [-sine, zero, cosine]])


def _matrix(rows: list[list[Floats]]) -> Floats:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
