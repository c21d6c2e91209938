from __future__ import annotations

import hashlib

import numpy as np
import pytest

from skyforge.detector import FixedPatternModel, fixed_pattern
from skyforge.errors import InputError

SHAPE = (700, 900)


@pytest.fixture(scope="module")
def maps():
    rng = np.random.default_rng(5)
    normals = [rng.standard_normal(SHAPE, dtype=np.float32) for _ in range(2)]
    return (*normals, *(rng.random(SHAPE, dtype=np.float32) for _ in range(2)))


def test_response_has_the_asked_for_scatter_about_one(maps):
    response = fixed_pattern(FixedPatternModel(prnu=0.008), *maps).prnu
    # 630000 pixels: the mean is known to 1e-5, the scatter to 0.1 %.
    assert response.dtype == np.float32
    assert response.mean(dtype=np.float64) == pytest.approx(1.0, abs=5e-5)
    assert response.std(dtype=np.float64) == pytest.approx(0.008, rel=0.005)


@pytest.mark.parametrize("dsnu", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("mean", [3e-5, 0.05, 20000.0])
def test_dark_current_keeps_its_mean_and_scatter(maps, mean, dsnu):
    dark = fixed_pattern(FixedPatternModel(dark_e_per_s=mean, dsnu=dsnu), *maps).dark_e_per_s
    assert dark.min() >= 0.0
    assert dark.mean(dtype=np.float64) == pytest.approx(mean, rel=0.005)
    # At 100 % the cube of a normal is 2 % off a gamma distribution.
    assert dark.std(dtype=np.float64) == pytest.approx(dsnu * mean, rel=0.03)


def test_dark_current_is_skewed_as_a_gamma_distribution(maps):
    dark = fixed_pattern(FixedPatternModel(dark_e_per_s=1.0, dsnu=0.3), *maps).dark_e_per_s.astype(np.float64)
    skewness = np.mean((dark - dark.mean()) ** 3) / dark.std() ** 3
    assert skewness == pytest.approx(2.0 * 0.3, abs=0.05)


def test_hot_pixels_are_as_many_and_as_hot_as_asked(maps):
    model = FixedPatternModel(dark_e_per_s=0.05, hot_fraction=0.01, hot_e_per_s=20.0)
    excess = fixed_pattern(model, *maps).dark_e_per_s.astype(np.float64) - 0.05
    hot = excess > 0.01
    # 6300 hot pixels: their number to 1.3 %, their mean to 1.3 %; an exponential has a scatter equal to its
    # mean.
    assert hot.mean() == pytest.approx(0.01, rel=0.05)
    assert excess[hot].mean() == pytest.approx(20.0, rel=0.05)
    assert excess[hot].std() == pytest.approx(20.0, rel=0.07)
    assert np.mean(excess[hot] > 60.0) == pytest.approx(np.exp(-3.0), rel=0.2)


def test_an_ideal_detector_needs_no_maps():
    pattern = fixed_pattern(FixedPatternModel(dark_e_per_s=0.05))
    assert (pattern.prnu, pattern.dark_e_per_s) == (1.0, 0.05)
    # Non-uniformity of no dark current, and hot pixels without current, are nothing.
    pattern = fixed_pattern(FixedPatternModel(dsnu=0.1, hot_fraction=0.1))
    assert (pattern.prnu, pattern.dark_e_per_s) == (1.0, 0.0)


def test_a_wide_response_never_turns_negative(maps):
    assert fixed_pattern(FixedPatternModel(prnu=1.0), *maps).prnu.min() > 0.0


def test_maps_are_the_same_bits_everywhere():
    # Values from 24-bit integers by arithmetic alone, so that the digest speaks of this code and not of a
    # generator.
    steps = (np.arange(64 * 64, dtype=np.int64) * 2654435761 % 2**24).reshape(64, 64)
    uniforms = (steps / 2**24).astype(np.float32)
    normals = ((uniforms - np.float32(0.5)) * np.float32(6.0)).astype(np.float32)
    model = FixedPatternModel(0.05, 0.008, 0.1, 0.01, 20.0)
    pattern = fixed_pattern(model, normals, normals.T, uniforms, uniforms.T)
    digest = hashlib.sha256(np.ascontiguousarray(pattern.prnu).tobytes())
    digest.update(np.ascontiguousarray(pattern.dark_e_per_s).tobytes())
    assert digest.hexdigest() == "bb3482538bacf24ce45579edafb2ec4fb33ceacd8fa29fbbc152e08f8e57a190"


def test_callers_maps_are_left_alone(maps):
    before = [values.copy() for values in maps]
    fixed_pattern(FixedPatternModel(0.05, 0.008, 0.1, 0.01, 20.0), *maps)
    assert all(np.array_equal(values, old) for values, old in zip(maps, before, strict=True))


def test_a_missing_map_is_named(maps):
    with pytest.raises(InputError, match="dark_normals"):
        fixed_pattern(FixedPatternModel(dark_e_per_s=0.05, dsnu=0.1), maps[0])
    with pytest.raises(InputError, match="one shape"):
        fixed_pattern(FixedPatternModel(0.05, 0.0, 0.1, 0.1, 1.0), None, maps[1], maps[2][:10], maps[3][:10])


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"prnu": -0.1}, "prnu"),
        ({"dsnu": 1.5}, "dsnu"),
        ({"hot_fraction": 2.0}, "fraction"),
        ({"dark_e_per_s": -1.0}, "dark current"),
    ],
)
def test_impossible_statistics_are_refused(numbers, message):
    with pytest.raises(InputError, match=message):
        FixedPatternModel(**numbers)
