"""Poisson counts from uniform numbers, one for one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Above this mean the expansion in the normal quantile is right to a few hundredths of a count.
_LARGE_MEAN = 25.0


def _search(uniform: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the Poisson quantile by summing probabilities upwards."""
    count: NDArray[np.int64] = np.zeros(mean.shape, dtype=np.int64)
    probability = np.exp(-mean)
    open_ = np.flatnonzero(uniform > probability)
    term, cumulative = probability[open_], probability[open_]
    target, rate = uniform[open_], mean[open_]
    k = 0
    while open_.size:
        k += 1
        term = term * (rate / k)
        cumulative = cumulative + term
        count[open_] = k
        # Where the terms have died away, rounding alone keeps the sum below the target.
        more = (target > cumulative) & ((term > 0.0) & ((k < rate) | (term > 1e-17)))
        open_, target, rate = open_[more], target[more], rate[more]
        term, cumulative = term[more], cumulative[more]
    return count


def poisson_quantile(uniform: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the smallest count whose cumulative Poisson probability reaches `uniform`.

    For means above 25 by the expansion of Cornish & Fisher (1938) to second order, which keeps mean, variance
    and skewness and may differ by one count.

    Parameters
    ----------
    uniform
        Numbers in (0, 1), shape (n,).
    mean
        Expected counts, not negative, shape (n,).

    Returns
    -------
    NDArray
        Counts, int64, shape (n,).
    """
    from scipy.special import ndtri

    count = np.empty(mean.shape, dtype=np.int64)
    large = mean > _LARGE_MEAN
    count[~large] = _search(uniform[~large], mean[~large])
    z, rate = ndtri(uniform[large]), mean[large]
    root = np.sqrt(rate)
    expansion = rate + root * z + (z * z - 1.0) / 6.0 + (z - z**3) / (72.0 * root)
    count[large] = np.maximum(np.ceil(expansion - 0.5), 0.0).astype(np.int64)
    return count
