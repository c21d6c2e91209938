"""The entrance pupil: a round aperture, its central obstruction and the vanes that hold it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from skyforge.errors import InputError
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.psf import Array

# Edges are drawn as if the pupil were convolved with a Gaussian of this many cells: isotropic, so that it can
# be taken out of the pattern again, and broad enough that the pattern's repetitions are down by 0.02 where
# they are met.
EDGE_SIGMA_CELLS = 0.6
EDGE_REACH_CELLS = 5.0


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
        """Draw the pupil on a square grid that just holds it, with softened edges.

        Parameters
        ----------
        spacing
            Side of a cell over the aperture's diameter.

        Returns
        -------
        tuple of ndarray
            Cell centres along either axis, ``(n,)``, in diameters, and the transmission ``(n, n)``, ``[y,
            x]``: that of the real pupil convolved with a Gaussian of `EDGE_SIGMA_CELLS`.
        """
        # Whole cells beyond the edge on either side, for the softened edge.
        cells = 2 * math.ceil(0.5 / spacing + EDGE_REACH_CELLS)
        axis = (np.arange(cells, dtype=np.float64) - 0.5 * (cells - 1)) * spacing
        radius = np.hypot(axis[:, None], axis[None, :])
        clear = _disc(radius, 0.5, spacing)
        if self.obstruction > 0.0:
            clear -= _disc(radius, 0.5 * self.obstruction, spacing)
        for direction in self.vane_directions_rad:
            self._shade(clear, axis, direction, spacing)
        return axis, clear

    def _shade(self, clear: Array, axis: Array, direction: float, spacing: float) -> None:
        """Take from a drawn pupil what a vane from the centre outwards covers."""
        cosine, sine = math.cos(direction), math.sin(direction)
        across = axis[:, None] * cosine - axis[None, :] * sine
        along = axis[:, None] * sine + axis[None, :] * cosine
        half, reach = 0.5 * self.vane_width, EDGE_REACH_CELLS * spacing
        near = (np.abs(across) < half + reach) & (along > -reach)
        strip = _soft_step((across[near] + half) / spacing) - _soft_step((across[near] - half) / spacing)
        clear[near] *= 1.0 - strip * _soft_step(along[near] / spacing)


def _soft_step(depth_cells: Array) -> Array:
    """Transmission near a straight edge at a depth inside it, cells."""
    step: Array = 0.5 * erfc(depth_cells / (-math.sqrt(2.0) * EDGE_SIGMA_CELLS))
    return step


def _disc(radius: Array, edge: float, spacing: float) -> Array:
    """Soft-edged disc of exactly the area of the sharp one."""
    # A soft step about the radius a has the area π (a² + σ²).
    softened = math.sqrt(max(edge**2 - (EDGE_SIGMA_CELLS * spacing) ** 2, 0.0))
    inside = (radius < edge).astype(np.float64)
    near = np.abs(radius - edge) < EDGE_REACH_CELLS * spacing
    inside[near] = _soft_step((softened - radius[near]) / spacing)
    return inside
