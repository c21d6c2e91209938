"""The light of the stars that are too faint to be drawn one by one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.stars.colours import mean_colours
from skyforge.stars.counts import BRIGHTEST_G, G_STEP, check_magnitude, log_counts_at

# d ln(flux)/dG of one star: a magnitude is a factor of 10^0.4.
LN_FLUX_PER_MAG = 0.4 * math.log(10.0)


def _mean_exponential(exponent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ∫₀¹ exp(x t) dt = (eˣ − 1)/x, also where x is 0."""
    small = np.abs(exponent) < 1e-8
    safe = np.where(small, 1.0, exponent)
    return np.where(small, 1.0 + exponent / 2.0, np.expm1(safe) / safe)


def slice_flux_per_deg2(
    log_lower: NDArray[np.float64],
    log_upper: NDArray[np.float64],
    g_lower: NDArray[np.float64],
    g_upper: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the summed flux of stars between two magnitudes over which ln N is linear.

    Σ 10^(−0.4 G) = ∫ 10^(−0.4 G) (dN/dG) dG with N = N_lower exp(s (G − g_lower)).

    Parameters
    ----------
    log_lower, log_upper
        ln N(< G) per square degree at the two magnitudes.
    g_lower, g_upper
        The two magnitudes.
    """
    growth = log_upper - log_lower
    dimming = LN_FLUX_PER_MAG * (g_upper - g_lower)
    start = np.exp(log_lower - LN_FLUX_PER_MAG * g_lower)
    return np.asarray(start * growth * _mean_exponential(growth - dimming))


def _faint_slices(
    l_deg: NDArray[np.float64], b_deg: NDArray[np.float64], g_limit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the flux below a limit of each quarter magnitude, and of all beyond, (n, slices + 1)."""
    log_counts = log_counts_at(l_deg, b_deg)
    edges = np.asarray(BRIGHTEST_G + G_STEP * np.arange(log_counts.shape[1]), dtype=np.float64)
    start = np.asarray(np.clip(g_limit[:, None], edges[:-1], edges[1:]), dtype=np.float64)
    slope = np.diff(log_counts, axis=1) / G_STEP
    log_start = log_counts[:, :-1] + slope * (start - edges[:-1])
    flux = slice_flux_per_deg2(log_start, log_counts[:, 1:], start, edges[1:])
    # Beyond the model the last slope goes on; the light converges, as the slope is below that of the flux.
    last_slope = slope[:, -1]
    from_g = np.maximum(g_limit, edges[-1])
    log_tail = log_counts[:, -1] + last_slope * (from_g - edges[-1]) - LN_FLUX_PER_MAG * from_g
    tail = np.exp(log_tail) * last_slope / (LN_FLUX_PER_MAG - last_slope)
    return np.concatenate([flux, tail[:, None]], axis=1)


def _points(
    l_deg: ArrayLike, b_deg: ArrayLike, g_limit: ArrayLike
) -> tuple[tuple[int, ...], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the common shape of three inputs and the inputs as flat arrays."""
    longitude, latitude, limit = np.broadcast_arrays(
        np.asarray(l_deg, dtype=np.float64),
        np.asarray(b_deg, dtype=np.float64),
        np.asarray(g_limit, dtype=np.float64),
    )
    check_magnitude(limit, faintest=math.inf)
    return limit.shape, longitude.ravel(), latitude.ravel(), limit.ravel()


def unresolved_g_flux_per_deg2(l_deg: ArrayLike, b_deg: ArrayLike, g_limit: ArrayLike) -> NDArray[np.float64]:
    """Return the light of all stars fainter than a magnitude: Σ 10^(−0.4 G) per square degree.

    It is the light of exactly those stars that `synthetic_cone` would draw below the limit, down to G = 25,
    and of the fainter ones, which continue with the same slope.

    Parameters
    ----------
    l_deg, b_deg
        Galactic longitude and latitude, degrees, of a common shape with `g_limit` or broadcast to it.
    g_limit
        Gaia G magnitude of the faintest star that is drawn one by one; 6 or fainter.

    Returns
    -------
    NDArray
        Flux per square degree in units of the flux of a star of G = 0.

    Raises
    ------
    InputError
        If a limit is brighter than G = 6.
    """
    shape, longitude, latitude, limit = _points(l_deg, b_deg, g_limit)
    return np.asarray(_faint_slices(longitude, latitude, limit).sum(axis=1).reshape(shape))


def unresolved_bp_rp(l_deg: ArrayLike, b_deg: ArrayLike, g_limit: ArrayLike) -> NDArray[np.float64]:
    """Return the mean colour, weighted by G flux, of all stars fainter than a magnitude.

    Parameters
    ----------
    l_deg, b_deg, g_limit
        As in `unresolved_g_flux_per_deg2`.

    Returns
    -------
    NDArray
        BP − RP, magnitudes.

    Raises
    ------
    InputError
        If a limit is brighter than G = 6.
    """
    shape, longitude, latitude, limit = _points(l_deg, b_deg, g_limit)
    flux = _faint_slices(longitude, latitude, limit)
    middle = np.asarray(BRIGHTEST_G + G_STEP * (np.arange(flux.shape[1]) + 0.5), dtype=np.float64)
    total = np.sum(flux * mean_colours(middle, latitude), axis=1)
    return np.asarray((total / flux.sum(axis=1)).reshape(shape))
