"""Smooth radial windows that part a point spread function into a core, rings and a halo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def radius_grid(half_width: int, samples_per_pixel: int) -> Array:
    """
    Distances from the centre of a square grid.

    Parameters
    ----------
    half_width
        Half the side, pixels.
    samples_per_pixel
        Samples per pixel along an axis.

    Returns
    -------
    ndarray, ``(2 half_width samples_per_pixel + 1,) * 2``
        Radius of every sample, pixels.
    """
    axis = np.arange(-half_width * samples_per_pixel, half_width * samples_per_pixel + 1) / samples_per_pixel
    return np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)


def outside(radius: Array, inner: float, outer: float) -> Array:
    """
    Return a window that rises from 0 at `inner` to 1 at `outer` with two continuous derivatives.

    Parameters
    ----------
    radius
        Distances, pixels.
    inner, outer
        Where the rise begins and ends, pixels.

    Returns
    -------
    ndarray
        Values from 0 to 1, the shape of `radius`.
    """
    t = np.clip((radius - inner) / (outer - inner), 0.0, 1.0)
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


def beyond(radius: Array, half_width: float) -> Array:
    """
    Return the share of light at each radius that a stamp of this half-width leaves to wider ones.

    Parameters
    ----------
    radius
        Distances, pixels.
    half_width
        Half the stamp's side, pixels.

    Returns
    -------
    ndarray
        0 inside half of `half_width`, 1 outside `half_width`, smooth between.
    """
    return outside(radius, 0.5 * half_width, float(half_width))


def trimmed(radius: Array, half_width: float) -> Array:
    """
    Return the share of light at each radius that a trimmed stamp for faint sources keeps.

    Parameters
    ----------
    radius
        Distances, pixels.
    half_width
        Half the stamp's side, pixels.

    Returns
    -------
    ndarray
        1 up to a narrow rim at `half_width`, 0 outside it.
    """
    rim = max(1.0, half_width / 6.0)
    return 1.0 - outside(radius, half_width - rim, float(half_width))
