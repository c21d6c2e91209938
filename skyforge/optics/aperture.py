"""The entrance pupil: a round aperture, its central obstruction and the vanes that hold it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from skyforge.errors import InputError
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.psf import Array


@dataclass(frozen=True)
class Spider:
    """Straight radial vanes at equal angles that hold the secondary mirror.

    Parameters
    ----------
    vanes
        Number of vanes.
    width_m
        Width of each, metres in the entrance pupil.
    angle_deg
        Direction of the first vane in the pupil, degrees from +x towards +y. Each vane makes a diffraction
        spike at right angles to itself, on both sides.

    Raises
    ------
    InputError
        If there is no vane, the width is not positive, or the angle is not finite.
    """

    vanes: int = 4
    width_m: float = 0.004
    angle_deg: float = 45.0

    def __post_init__(self) -> None:
        if self.vanes < 1:
            raise InputError(
                f"spider: vanes = {self.vanes}: must be 1 or more (leave the spider out for none)"
            )
        require_positive("spider: width_m", self.width_m)
        if not math.isfinite(self.angle_deg):
            raise InputError(f"spider: angle_deg = {self.angle_deg}: must be finite")

    @property
    def directions_rad(self) -> tuple[float, ...]:
        """Direction of each vane from the centre outwards, radians."""
        return tuple(
            math.radians(self.angle_deg) + 2.0 * math.pi * index / self.vanes for index in range(self.vanes)
        )


@dataclass(frozen=True)
class Aperture:
    """The clear part of a pupil in units of the aperture's diameter.

    Parameters
    ----------
    obstruction
        Linear central obstruction.
    vane_width
        Width of the vanes over the diameter; 0 without a spider.
    vane_directions_rad
        Direction of each vane, radians.
    """

    obstruction: float
    vane_width: float = 0.0
    vane_directions_rad: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require_not_negative("spider: width_m / aperture_m", self.vane_width)
        if self.vane_width >= 0.5:
            raise InputError("spider: width_m must be less than half of aperture_m")

    def transmission(self, spacing: float) -> tuple[Array, Array]:
        """Clear fraction of every cell of a square grid that just holds the pupil.

        Parameters
        ----------
        spacing
            Side of a cell over the aperture's diameter.

        Returns
        -------
        tuple of ndarray
            Cell centres along either axis, ``(n,)``, in diameters, and the clear fraction ``(n, n)``, ``[y,
            x]``.
        """
        # Half a cell beyond the edge on either side, so that cut cells are whole.
        cells = 2 * math.ceil(0.5 / spacing + 0.5)
        axis = (np.arange(cells, dtype=np.float64) - 0.5 * (cells - 1)) * spacing
        radius = np.hypot(axis[:, None], axis[None, :])
        clear = _disc(axis, radius, 0.5, spacing)
        if self.obstruction > 0.0:
            clear -= _disc(axis, radius, 0.5 * self.obstruction, spacing)
        for direction in self.vane_directions_rad:
            clear *= 1.0 - self._vane(axis, direction, spacing)
        return axis, clear

    def _vane(self, axis: Array, direction: float, spacing: float) -> Array:
        """Fraction of every cell that a vane from the centre outwards covers."""
        cosine, sine = math.cos(direction), math.sin(direction)
        across = axis[:, None] * cosine - axis[None, :] * sine
        along = axis[:, None] * sine + axis[None, :] * cosine
        half = 0.5 * self.vane_width
        covered = np.zeros_like(across)
        near = (np.abs(across) < half + spacing) & (along > -spacing)
        across, along = across[near] / spacing, along[near] / spacing
        strip = half_plane_coverage(across + half / spacing, sine, cosine) - half_plane_coverage(
            across - half / spacing, sine, cosine
        )
        covered[near] = strip * half_plane_coverage(along, cosine, sine)
        return covered


def _disc(axis: Array, radius: Array, edge: float, spacing: float) -> Array:
    """Fraction of every cell inside a centred disc; the edge is straight within one cell."""
    inside = (radius < edge).astype(np.float64)
    row, column = np.nonzero(np.abs(radius - edge) < spacing)
    distance = radius[row, column]
    inside[row, column] = half_plane_coverage(
        (edge - distance) / spacing, axis[column] / distance, axis[row] / distance
    )
    return inside


def half_plane_coverage(depth: Array, cosine: Array | float, sine: Array | float) -> Array:
    """Area of a unit square on the inner side of a straight edge.

    Parameters
    ----------
    depth
        Distance of the square's centre from the edge, positive inside, in sides of the square.
    cosine, sine
        Direction of the edge's normal.

    Returns
    -------
    ndarray
        The area, 0 … 1: the cumulative distribution of the sum of two uniform variables.
    """
    # An edge along an axis is the limit of a slightly tilted one; a tilt of 1e-4 changes the area by 1e-4 at
    # most.
    wide = np.maximum(0.5 * np.abs(cosine), 5e-5)
    narrow = np.maximum(0.5 * np.abs(sine), 5e-5)

    def ramp(value: Array) -> Array:
        positive: Array = np.maximum(value, 0.0)
        return positive * positive

    area = (
        ramp(depth + wide + narrow)
        - ramp(depth + wide - narrow)
        - ramp(depth - wide + narrow)
        + ramp(depth - wide - narrow)
    ) / (8.0 * wide * narrow)
    return np.clip(area, 0.0, 1.0)
