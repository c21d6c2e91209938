"""The wavelengths that a polychromatic point spread function is summed over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skyforge.errors import InputError
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.psf import Array


def checked_spectrum(
    wavelength_nm: float | Sequence[float] | Array, weight: Sequence[float] | Array | None = None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Wavelengths as a tuple and their weights normalised to a sum of 1.

    Parameters
    ----------
    wavelength_nm
        One wavelength or several, nanometres.
    weight
        Detected electrons at each, any scale; equal where not given.

    Raises
    ------
    InputError
        If a wavelength is not positive, a weight is negative, all are zero, or the numbers of both differ.
    """
    wavelengths = tuple(float(value) for value in np.atleast_1d(np.asarray(wavelength_nm, dtype=np.float64)))
    weights = (1.0,) * len(wavelengths) if weight is None else tuple(float(value) for value in weight)
    if not wavelengths:
        raise InputError("wavelength_nm is empty: give at least one wavelength")
    if len(weights) != len(wavelengths):
        raise InputError(f"weight has {len(weights)} values for {len(wavelengths)} wavelengths")
    for value in wavelengths:
        require_positive("wavelength_nm", value)
    for value in weights:
        require_not_negative("weight", value)
    total = sum(weights)
    if total <= 0.0:
        raise InputError("weight: all weights are zero; at least one must be positive")
    return wavelengths, tuple(value / total for value in weights)


def passband_samples(wavelength_nm: Array, response: Array, count: int = 9) -> tuple[Array, Array]:
    """Wavelengths and weights that stand for a passband: its slices of equal breadth, each at its mean.

    Parameters
    ----------
    wavelength_nm
        ``(n,)`` rising wavelengths, nanometres.
    response
        ``(n,)`` electrons per nanometre detected of the source at each, any scale, linear in between.
    count
        Number of slices; those without any light are left out.

    Returns
    -------
    tuple of ndarray
        Wavelengths (nanometres) and weights (sum 1), up to ``count`` of each.

    Raises
    ------
    InputError
        If the wavelengths do not rise, the response is negative or zero throughout, or count is below 1.
    """
    wavelength = np.asarray(wavelength_nm, dtype=np.float64)
    value = np.asarray(response, dtype=np.float64)
    if wavelength.ndim != 1 or wavelength.shape != value.shape or wavelength.size < 2:
        raise InputError("a passband needs two or more wavelengths and one response for each")
    if not np.all(np.diff(wavelength) > 0.0) or wavelength[0] <= 0.0:
        raise InputError("wavelength_nm: must be positive and rise from one to the next")
    if not np.all(np.isfinite(value)) or value.min() < 0.0 or value.max() <= 0.0:
        raise InputError("response: must be finite, nowhere negative and somewhere positive")
    if count < 1:
        raise InputError(f"count = {count}: must be 1 or more")
    lit = np.flatnonzero(value)
    first, last = max(lit[0] - 1, 0), min(lit[-1] + 1, wavelength.size - 1)
    edges = np.linspace(wavelength[first], wavelength[last], count + 1)
    # A common grid with every knot and edge on it makes the trapezoids exact for the energy.
    grid = np.union1d(np.union1d(wavelength[first : last + 1], edges), np.linspace(edges[0], edges[-1], 1025))
    density = np.interp(grid, wavelength, value)
    middle, energy = 0.5 * (grid[1:] + grid[:-1]), 0.5 * (density[1:] + density[:-1]) * np.diff(grid)
    slice_of = np.clip(np.searchsorted(edges, middle) - 1, 0, count - 1)
    weight = np.bincount(slice_of, energy, count)
    mean = np.bincount(slice_of, energy * middle, count) / np.where(weight > 0.0, weight, 1.0)
    kept = weight > 0.0
    return mean[kept], weight[kept] / weight.sum()
