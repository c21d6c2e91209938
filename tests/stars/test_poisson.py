"""Poisson counts against scipy's quantile function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from skyforge.stars.poisson import poisson_quantile

UNIFORM = (np.arange(20000) + 0.5) / 20000


@pytest.mark.parametrize("mean", [0.0, 1e-3, 0.3, 4.0, 24.9])
def test_small_means_are_exact(mean):
    counts = poisson_quantile(UNIFORM, np.full(UNIFORM.shape, mean))
    np.testing.assert_array_equal(counts, poisson.ppf(UNIFORM, mean) if mean > 0.0 else 0)


@pytest.mark.parametrize("mean", [25.1, 60.0, 900.0, 40000.0])
def test_large_means_keep_mean_and_variance(mean):
    counts = poisson_quantile(UNIFORM, np.full(UNIFORM.shape, mean))
    # One count in thousands of draws may differ; the distribution may not: 1 % of the standard deviation.
    assert np.abs(counts - poisson.ppf(UNIFORM, mean)).max() <= 1
    exact = poisson.ppf(UNIFORM, mean)
    assert counts.mean() == pytest.approx(exact.mean(), abs=0.01 * np.sqrt(mean))
    assert counts.var() == pytest.approx(exact.var(), rel=0.01)


@pytest.mark.parametrize("uniform", [1e-12, 1.0 - 2.0**-33])
def test_extreme_numbers_end(uniform):
    means = np.array([1e-6, 0.5, 20.0, 30.0, 1e4])
    counts = poisson_quantile(np.full(means.shape, uniform), means)
    assert np.all(counts >= 0)
    assert np.all(counts <= means + 8.0 * np.sqrt(means) + 12.0)
