"""Brightest pixel and noise-equivalent area against images summed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf

from skyforge.optics import gaussian
from skyforge.simulate.signal import (
    brightest_pixel_fraction,
    sampled_image_shape,
    trail_noise_equivalent_area_px,
)

FWHM_PER_SIGMA = 2.3548200450309493


def gaussian_image(sigma: float, dx: float, dy: float, length: float) -> np.ndarray:
    """A Gaussian trailed along x, integrated over pixels in y and by fine steps in x: [y, x], 61 pixels square."""
    offset = np.arange(-30, 31)
    scale = sigma * np.sqrt(2.0)
    across = 0.5 * (erf((offset + 0.5 - dy) / scale) - erf((offset - 0.5 - dy) / scale))
    along = np.zeros(offset.size)
    steps = (np.arange(400) + 0.5) / 400 * length - length / 2.0
    for step in steps:
        along += (
            0.5
            * (erf((offset + 0.5 - dx - step) / scale) - erf((offset - 0.5 - dx - step) / scale))
            / steps.size
        )
    return np.outer(across, along)


@pytest.mark.parametrize("sigma", [0.7, 1.2, 2.5])
def test_noise_equivalent_area_is_that_of_the_pixels(sigma: float) -> None:
    shape = sampled_image_shape(gaussian(fwhm_px=sigma * FWHM_PER_SIGMA))
    phases = (np.arange(6) + 0.5) / 6 - 0.5
    squares = np.mean([np.sum(gaussian_image(sigma, dx, dy, 0.0) ** 2) for dx in phases for dy in phases])
    assert shape.noise_equivalent_area_px == pytest.approx(1.0 / squares, rel=2e-3)


@pytest.mark.parametrize("sigma", [0.8, 1.5])
@pytest.mark.parametrize("length", [0.0, 0.5, 3.0, 15.0, 40.0])
def test_a_trail_s_area_and_peak_are_those_of_its_pixels(sigma: float, length: float) -> None:
    shape = sampled_image_shape(gaussian(fwhm_px=sigma * FWHM_PER_SIGMA))
    image = gaussian_image(sigma, 0.0, 0.0, length)
    area = trail_noise_equivalent_area_px(shape.noise_equivalent_area_px, np.array([length]))
    # The closed form takes the pixel into the Gaussian's width, which is right to some per cent.
    assert area[0] == pytest.approx(1.0 / np.sum(image**2), rel=0.05)
    peak = brightest_pixel_fraction(shape, np.zeros(1), np.zeros(1), np.array([length]))
    assert peak[0] == pytest.approx(image.max(), rel=0.02)


def test_a_point_between_pixels_is_fainter_in_its_brightest_pixel() -> None:
    shape = sampled_image_shape(gaussian(fwhm_px=1.6))
    image = gaussian_image(1.6 / FWHM_PER_SIGMA, 0.5, 0.5, 0.0)
    peak = brightest_pixel_fraction(shape, np.array([10.5]), np.array([3.5]), np.zeros(1))
    assert peak[0] == pytest.approx(image.max(), rel=1e-3)
