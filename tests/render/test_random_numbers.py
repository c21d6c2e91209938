"""Philox against its published vectors; the deviates against their laws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from skyforge import render
from skyforge.errors import InputError
from skyforge.render import _core

ONES = 0xFFFFFFFF
# Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    assert _core.philox(counter, key) == words


def test_uniform_is_philox_in_order():
    words = [_core.philox((block, 0, 0, 9), (5, 3)) for block in range(3)]
    expected = (np.array(words).ravel() >> 9) * 2.0**-23 + 2.0**-24
    np.testing.assert_array_equal(
        render.uniform(10, seed=5 + 3 * 2**32, stream=9), expected[:10].astype(np.float32)
    )


def test_normal_is_the_inverse_of_the_normal_law():
    words = (
        np.array([_core.philox((block, 0, 0, 9), (5, 0)) for block in range(25_000)])
        .ravel()
        .astype(np.uint32)
    )
    x = (words.view(np.int32) >> 8) * 2.0**-23 + 2.0**-24
    exact = stats.norm.ppf(0.5 * (1.0 + x))
    np.testing.assert_allclose(render.standard_normal(words.size, 5, 9), exact, rtol=2e-6, atol=1e-7)


def test_normal_has_the_moments_and_shape_of_its_law():
    values = render.standard_normal((2000, 2000), 3, 1).astype(np.float64).ravel()
    n = values.size
    assert abs(values.mean()) < 4.0 / np.sqrt(n)
    assert values.var() == pytest.approx(1.0, abs=4.0 * np.sqrt(2.0 / n))
    assert stats.skew(values) == pytest.approx(0.0, abs=4.0 * np.sqrt(6.0 / n))
    assert stats.kurtosis(values) == pytest.approx(0.0, abs=4.0 * np.sqrt(24.0 / n))
    assert stats.kstest(values[:200_000], "norm").pvalue > 0.001


def test_uniform_fills_the_open_interval():
    values = render.uniform((1000, 1000), 2**64 - 1, 2**31 - 1)
    assert 0.0 < values.min() < 1e-5
    assert 1.0 - 1e-5 < values.max() < 1.0
    assert stats.kstest(values.ravel(), "uniform").pvalue > 0.001


def test_streams_and_seeds_differ():
    draws = [render.uniform(1000, seed, stream) for seed, stream in [(0, 0), (0, 1), (1, 0), (2**32, 0)]]
    for i, one in enumerate(draws):
        for other in draws[:i]:
            assert abs(np.corrcoef(one, other)[0, 1]) < 0.15


def test_a_longer_draw_begins_with_a_shorter_one():
    np.testing.assert_array_equal(
        render.standard_normal(100_003, 1, 1)[:77], render.standard_normal(77, 1, 1)
    )


@pytest.mark.parametrize(("seed", "stream"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**31), (1.5, 0)])
def test_bad_seeds_and_streams_are_refused(seed, stream):
    with pytest.raises(InputError, match=r"seed|stream"):
        render.uniform(3, seed, stream)
