"""The wavelengths that stand for a passband."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import passband_samples


@pytest.mark.parametrize("count", [1, 5, 9])
def test_samples_keep_the_mean_wavelength_of_the_band(count):
    wavelength = np.linspace(300.0, 1100.0, 81)
    response = np.exp(-(((wavelength - 620.0) / 130.0) ** 2)) * (wavelength > 400)
    sampled, weight = passband_samples(wavelength, response, count)
    assert weight.sum() == pytest.approx(1.0, abs=1e-12)
    grid = np.linspace(300.0, 1100.0, 800001)
    fine = np.interp(grid, wavelength, response)
    assert sampled @ weight == pytest.approx((grid * fine).sum() / fine.sum(), abs=2e-3)


def test_flat_band_is_cut_into_equal_slices():
    sampled, weight = passband_samples(np.array([400.0, 900.0]), np.array([1.0, 1.0]), 5)
    np.testing.assert_allclose(sampled, [450.0, 550.0, 650.0, 750.0, 850.0], rtol=1e-9)
    np.testing.assert_allclose(weight, 0.2, rtol=1e-9)


def test_dark_ends_are_left_out():
    wavelength = np.array([300.0, 499.0, 500.0, 600.0, 601.0, 2000.0])
    sampled, _ = passband_samples(wavelength, np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0]), 9)
    assert sampled.min() > 499.0
    assert sampled.max() < 601.0


@pytest.mark.parametrize(
    ("wavelength", "response", "count", "message"),
    [
        ([500.0], [1.0], 5, "two or more"),
        ([600.0, 500.0], [1.0, 1.0], 5, "rise"),
        ([500.0, 600.0], [0.0, 0.0], 5, "response"),
        ([500.0, 600.0], [1.0, -1.0], 5, "response"),
        ([500.0, 600.0], [1.0, 1.0], 0, "count = 0"),
    ],
)
def test_impossible_bands_are_refused(wavelength, response, count, message):
    with pytest.raises(InputError, match=message):
        passband_samples(np.array(wavelength), np.array(response), count)
