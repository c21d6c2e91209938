"""The detector kernel: Poisson law, read noise, full well, converter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from skyforge import render
from skyforge.render import _core

DRAWS = 1_000_000


def _counts(mean, draws=DRAWS, seed=1, isa="auto"):
    counts = np.empty(draws, dtype=np.int32)
    _core.electron_counts(counts, np.full(draws, mean, dtype=np.float32), seed, 0, isa)
    return counts


def _chi_squared_p(counts, mean):
    """Against the exact law, with bins of at least 20 expected draws."""
    mean = float(np.float32(mean))
    low, high = int(stats.poisson.ppf(1e-9, mean)), int(stats.poisson.ppf(1.0 - 1e-9, mean)) + 1
    edges = np.unique(np.linspace(low, high + 1, min(400, high - low + 2)).astype(int))
    expected = np.diff(stats.poisson.cdf(edges - 1, mean)) * counts.size
    observed = np.histogram(counts, edges - 0.5)[0].astype(float)
    assert observed.sum() == counts.size
    # merge thin bins from the tails inwards
    first = int(np.searchsorted(np.cumsum(expected), 20.0))
    last = len(expected) - 1 - int(np.searchsorted(np.cumsum(expected[::-1]), 20.0))
    if last <= first:
        first, last = 0, min(1, len(expected) - 1)
    merge = lambda a: np.concatenate([[a[: first + 1].sum()], a[first + 1 : last], [a[last:].sum()]])  # noqa: E731
    expected, observed = merge(expected), merge(observed)
    return stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue


@pytest.mark.parametrize(
    "mean",
    [0.01, 0.1, 0.3, 0.95, 0.99, 1.0, 3.0, 12.3, 62.9, 63.0, 63.1, 100.0, 317.0, 1000.0, 4096.0, 3e4, 2e5],
)
def test_counts_are_poisson(mean):
    assert 0.001 < _chi_squared_p(_counts(mean), mean) < 0.999


@pytest.mark.parametrize("mean", [1e-4, 0.003, 0.0101, 0.1, 0.7, 0.985, 5.003, 40.37, 63.0, 1e4, 3e6, 1e9])
def test_mean_and_variance_are_the_mean(mean):
    counts = _counts(mean, 4 * DRAWS, seed=7).astype(np.float64)
    error = np.sqrt(mean / counts.size)
    assert counts.mean() == pytest.approx(mean, abs=4.0 * error)
    # The variance of a Poisson sample's variance is (2 mean^2 + mean) / n.
    assert counts.var() == pytest.approx(mean, abs=4.0 * np.sqrt((2.0 * mean**2 + mean) / counts.size))


def test_no_light_gives_no_electrons():
    assert not _counts(0.0, 1000).any()


@pytest.mark.parametrize(("gain", "read_noise"), [(0.8, 3.5), (2.5, 9.0)])
def test_photon_transfer_returns_gain_and_read_noise(gain, read_noise):
    detector = render.Detector(
        dark_e=2.0,
        prnu=np.random.default_rng(0).normal(1.0, 0.01, (700, 700)).astype(np.float32),
        read_noise_e=read_noise,
        gain_e_per_adu=gain,
        bias_adu=300.0,
    )
    levels = np.array([0.0, 50.0, 300.0, 1000.0, 3000.0, 9000.0, 20000.0])
    means, variances = [], []
    for number, level in enumerate(levels):
        flat = np.full((700, 700), level, dtype=np.float32)
        first, second = (render.expose(flat, detector, 11, 2 * number + k).astype(np.float64) for k in (0, 1))
        means.append(0.5 * (first + second).mean() - 300.0)
        variances.append(0.5 * (first - second).var() - 1.0 / 12.0)  # the converter's own rounding
    slope, offset = np.polyfit(means, variances, 1, w=1.0 / np.array(variances))
    assert 1.0 / slope == pytest.approx(gain, rel=0.01)
    assert np.sqrt(offset) * gain == pytest.approx(read_noise, rel=0.01)


def test_full_well_and_converter_clip():
    light = np.full((64, 64), 5e4, dtype=np.float32)
    held = render.expose(light, render.Detector(full_well_e=1e4, bias_adu=100.0), 1)
    assert np.all(held == 10100)
    assert np.all(render.expose(light, render.Detector(bits=12), 1) == 4095)
    assert np.all(render.expose(0.0 * light, render.Detector(read_noise_e=5.0, bias_adu=-1000.0), 1) == 0)
    assert (
        render.expose(np.full((4, 4), 1e38, np.float32), render.Detector(gain_e_per_adu=1e6), 1).max() <= 2001
    )


def test_converter_rounds_to_nearest():
    # 10 e- and no noise: the counts are whole, so the ADU are the rounded quotient.
    counts = render.expose(np.full((50, 50), 3000.0, np.float32), render.Detector(), 5).astype(np.float64)
    halves = render.expose(np.full((50, 50), 3000.0, np.float32), render.Detector(gain_e_per_adu=4.0), 5)
    np.testing.assert_array_equal(halves, np.floor(counts / 4.0 + 0.5))


def test_maps_act_pixel_by_pixel():
    dark = np.zeros((70, 90), np.float32)
    dark[33, 70] = 5000.0
    response = np.ones((70, 90), np.float32)
    response[10, 80] = 0.0
    image = render.expose(
        np.full((70, 90), 1000.0, np.float32), render.Detector(dark_e=dark, prnu=response), 3
    )
    assert image[10, 80] == 0
    assert image[33, 70] == pytest.approx(6000.0, abs=400.0)
    ordinary = np.delete(image.ravel(), [10 * 90 + 80, 33 * 90 + 70])
    assert ordinary.mean() == pytest.approx(1000.0, abs=4.0 * np.sqrt(1000.0 / ordinary.size))
    assert ordinary.min() > 800


def test_neighbours_frames_and_seeds_are_independent():
    flat = np.full((600, 600), 100.0, np.float32)
    frames = [
        render.expose(flat, render.Detector(), seed, frame).astype(float) - 100.0
        for seed, frame in [(1, 0), (1, 1), (2, 0), (1 + 2**32, 0), (1, 2**32 - 1)]
    ]
    limit = 4.0 / np.sqrt(flat.size)
    for i, one in enumerate(frames):
        assert abs((one[:, 1:] * one[:, :-1]).mean()) / one.var() < limit
        assert abs((one[1:] * one[:-1]).mean()) / one.var() < limit
        for other in frames[:i]:
            assert abs((one * other).mean()) / one.var() < limit
