"""What every point spread function answers, and the grid it answers on."""

from __future__ import annotations

from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError

Array: TypeAlias = NDArray[np.float64]


@runtime_checkable
class Psf(Protocol):
    """A point spread function in units of detector pixels, with pixel integration and jitter folded in."""

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function: the flux fraction in a unit pixel at each offset from the source.

        Parameters
        ----------
        radius_px
            Half width of the square window, pixels.
        samples_per_pixel
            Offsets a pixel along each axis.

        Returns
        -------
        ndarray
            ``(2 r s + 1, 2 r s + 1)``, ``[y, x]``, the source at the centre. Unit energy over the infinite
            plane: what falls outside the window is simply not there.
        """
        ...


def half_offsets_px(radius_px: int, samples_per_pixel: int) -> Array:
    """Offsets 0 … radius of one half axis, pixels.

    Raises
    ------
    InputError
        If the radius is negative or there is not at least one sample a pixel.
    """
    if radius_px < 0:
        raise InputError(f"radius_px = {radius_px}: must be 0 or more")
    if samples_per_pixel < 1:
        raise InputError(f"samples_per_pixel = {samples_per_pixel}: must be 1 or more")
    return np.arange(radius_px * samples_per_pixel + 1, dtype=np.float64) / samples_per_pixel


def offsets_px(radius_px: int, samples_per_pixel: int) -> Array:
    """Offsets −radius … radius of one axis of a PRF, pixels."""
    half = half_offsets_px(radius_px, samples_per_pixel)
    return np.concatenate([-half[:0:-1], half])


def unfold_quadrant(quadrant: Array) -> Array:
    """Mirror the quadrant x ≥ 0, y ≥ 0 of an even function to the full window."""
    index = np.abs(np.arange(-quadrant.shape[0] + 1, quadrant.shape[0]))
    full: Array = quadrant[index[:, None], index[None, :]]
    return full
