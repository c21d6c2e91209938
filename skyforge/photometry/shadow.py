"""How much of the Sun's disc a body leaves visible: umbra, penumbra and annular eclipse."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]

SUN_RADIUS_KM = 695_700.0  # IAU 2015, resolution B3
EARTH_RADIUS_KM = 6378.137  # equatorial, WGS 84
EARTH_FLATTENING = 1.0 / 298.257223563  # WGS 84
MOON_RADIUS_KM = 1737.4  # IAU working group on cartographic coordinates (Archinal et al. 2018)
ICRF_POLE = (0.0, 0.0, 1.0)

# A body seen as half of the sky or more (an observer on its surface) is kept just below half: its limb is
# then a straight line over the Sun's disc to 1 part in 10⁴.
_LARGEST_HALF_ANGLE = 0.5 * np.pi - 1e-4


def sunlit_fraction(
    target_km: ArrayLike,
    sun_km: ArrayLike,
    body_km: ArrayLike,
    body_radius_km: float,
    *,
    flattening: float = 0.0,
    pole: ArrayLike = ICRF_POLE,
    sun_radius_km: float = SUN_RADIUS_KM,
) -> Floats:
    """Return the share of the Sun's disc that a target sees past a body.

    The Sun's and the body's discs are projected stereographically about the Sun's centre, which maps circles
    on the sphere to circles; their overlap is then exact but for 1e-5 of the disc. The Sun is taken as evenly
    bright.

    Parameters
    ----------
    target_km, sun_km, body_km
        Positions in one frame, in km, each (n, 3) or (3,).
    body_radius_km
        (Equatorial) radius of the body in km.
    flattening
        1 − polar / equatorial radius. Space is stretched along the pole until the body is a sphere; the Sun's
        disc, stretched with it by less than its own flattening, is still taken for a circle (0.02 s in the
        shadow times of a low orbit).
    pole
        Unit vector of the body's axis in the frame of the positions, shape (3,).
    sun_radius_km
        Radius of the Sun in km.

    Returns
    -------
    NDArray
        0 in the umbra, 1 in full sunlight, in between in the penumbra or an annular eclipse; shape (n,).

    Raises
    ------
    InputError
        If the radius is not positive, the flattening not within 0…1, or a target lies inside the Sun.
    """
    if not body_radius_km > 0:
        raise InputError(f"the radius of a shadowing body must be above zero, not {body_radius_km:g} km")
    if not 0 <= flattening < 1:
        raise InputError(f"a flattening must lie between 0 and 1, not at {flattening:g}")
    target = np.asarray(target_km, dtype=np.float64)
    to_sun = np.asarray(sun_km, dtype=np.float64) - target
    to_body = np.asarray(body_km, dtype=np.float64) - target
    sun_half_angle = _half_angle(sun_radius_km, np.linalg.norm(to_sun, axis=-1))
    if np.any(sun_half_angle >= 0.25 * np.pi):
        raise InputError(
            "a target is closer to the Sun than its own radius; check the positions' frame and unit"
        )
    # About the body's centre the stretch takes the spheroid to a sphere; target and Sun are stretched with
    # it.
    to_body = _stretch(to_body, pole, flattening)
    to_sun = _stretch(to_sun, pole, flattening)
    body_half_angle = _half_angle(body_radius_km, np.linalg.norm(to_body, axis=-1))
    covered = _covered_fraction(_angle_between(to_sun, to_body), sun_half_angle, body_half_angle)
    behind_sun = np.linalg.norm(to_body, axis=-1) > np.linalg.norm(to_sun, axis=-1)
    return 1.0 - np.where(behind_sun, 0.0, covered)


def _half_angle(radius_km: float, distance_km: Floats) -> Floats:
    """Angular radius of a sphere; a target on or below its surface sees it as half the sky."""
    sine = radius_km / np.maximum(distance_km, radius_km)
    half_angle: Floats = np.arcsin(sine)
    return half_angle


def _stretch(vector: Floats, pole: ArrayLike, flattening: float) -> Floats:
    axis = np.asarray(pole, dtype=np.float64)
    along = np.sum(vector * axis, axis=-1, keepdims=True) * axis
    stretched: Floats = vector + along * (1.0 / (1.0 - flattening) - 1.0)
    return stretched


def _angle_between(first: Floats, second: Floats) -> Floats:
    across = np.linalg.norm(np.cross(first, second), axis=-1)
    angle: Floats = np.arctan2(across, np.sum(first * second, axis=-1))
    return angle


def _covered_fraction(separation: Floats, sun_half_angle: Floats, body_half_angle: Floats) -> Floats:
    """Share of the Sun's disc behind a body's disc; all arguments are angles in radians."""
    body_half_angle = np.minimum(body_half_angle, _LARGEST_HALF_ANGLE)
    sun = np.tan(0.5 * sun_half_angle)
    # The limb's nearest and farthest point, in the plane, from the Sun's centre; the far one may not pass the
    # point opposite the Sun, where the projection goes to infinity.
    near = np.tan(0.5 * (separation - body_half_angle))
    far = np.tan(0.5 * np.minimum(separation + body_half_angle, 2.0 * _LARGEST_HALF_ANGLE))
    apart, total, annular = near >= sun, near <= -sun, far <= sun
    partial = ~(apart | total | annular)
    overlap = _lens_area(np.where(partial, near, 0.0), np.where(partial, far, 1.0), sun) / (np.pi * sun**2)
    ring = (0.5 * (far - near) / sun) ** 2
    covered = np.where(annular & ~total, ring, np.where(total, 1.0, overlap))
    return np.where(apart, 0.0, np.clip(covered, 0.0, 1.0))


def _lens_area(near: Floats, far: Floats, sun: Floats) -> Floats:
    """Area common to a circle of radius `sun` about 0 and one that cuts the axis at `near` and `far`."""
    centre, radius = 0.5 * (far + near), 0.5 * (far - near)
    # centre² − radius² = near × far keeps its digits where the body's disc is much larger than the Sun's.
    chord = (near * far + sun**2) / (2.0 * centre)
    half_chord = np.sqrt(np.maximum(sun**2 - chord**2, 0.0))
    sun_angle = np.arctan2(half_chord, chord)
    body_angle = np.arctan2(half_chord, centre - chord)
    area: Floats = sun**2 * sun_angle + radius**2 * body_angle - centre * half_chord
    return area
