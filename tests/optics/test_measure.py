"""Measurements of PSFs against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import (
    airy,
    encircled_energy,
    fwhm_px,
    gaussian,
    mean_peak_fraction,
    moffat,
    noise_equivalent_area_px,
    peak_fraction,
    strehl,
)


def test_noise_equivalent_area_of_a_gaussian_is_four_pi_sigma_squared():
    # King 1983; the pixel adds 1/12 px² per axis, and for σ ≫ 1 px the smeared profile is still Gaussian.
    for sigma in (2.0, 6.0, 15.0):
        truth = 4 * math.pi * (sigma**2 + 1 / 12)
        assert noise_equivalent_area_px(gaussian(sigma_px=sigma)) == pytest.approx(truth, rel=2e-4)


def test_noise_equivalent_area_of_a_point_is_one_pixel():
    # One of the sixteen phases an axis lies on the edge, where two pixels share the light: 6 % more.
    assert 1.0 <= noise_equivalent_area_px(gaussian(sigma_px=1e-3)) < 1.08


def test_peak_fractions_of_a_gaussian():
    psf = gaussian(sigma_px=0.5)
    assert peak_fraction(psf) == pytest.approx(math.erf(0.5 / (0.5 * math.sqrt(2))) ** 2, rel=1e-12)

    def share(x: np.ndarray) -> np.ndarray:
        erf = np.vectorize(math.erf)
        return 0.5 * (erf((x + 0.5) / (0.5 * math.sqrt(2))) - erf((x - 0.5) / (0.5 * math.sqrt(2))))

    # The brightest pixel is the one that the source is in: the mean over a unit interval, squared.
    phase = (np.arange(1000) + 0.5) / 1000 - 0.5
    assert mean_peak_fraction(psf) == pytest.approx(share(phase).mean() ** 2, rel=3e-3)


def test_width_of_an_airy_disc():
    # 1.0290 λ/D for a clear aperture; the pixel of λ/D/20 broadens it by 1e-3.
    psf = airy(aperture_m=0.3, focal_length_m=10.0, pixel_um=1.0, wavelength_nm=600.0)
    assert fwhm_px(psf) / psf.lambda_over_d_px[0] == pytest.approx(1.0290, abs=2e-3)


@pytest.mark.parametrize("fwhm", [5.0, 40.0, 300.0])
def test_width_of_a_moffat_is_its_own(fwhm):
    # The pixel adds some 0.4 / fwhm² of the width.
    assert fwhm_px(moffat(fwhm_px=fwhm, beta=3.0)) == pytest.approx(fwhm, rel=0.5 / fwhm**2 + 3e-4)


def test_width_beyond_measure_is_refused():
    with pytest.raises(InputError, match="wider than"):
        fwhm_px(gaussian(fwhm_px=1e5))


def test_encircled_energy_of_a_moffat_at_every_scale():
    psf = moffat(fwhm_px=20.0, beta=2.5)
    radius = np.array([[10.0, 33.0], [120.0, 500.0]])
    truth = 1 - (1 + (radius / psf.alpha_px) ** 2) ** -1.5
    # The pixel (1/12 px² against α² = 313 px²) takes 0.07 % out of the half-light circle and nothing further
    # out.
    np.testing.assert_allclose(encircled_energy(psf, radius), truth, rtol=1e-3)
    np.testing.assert_allclose(encircled_energy(psf, radius)[1], truth[1], rtol=2e-5)


def test_encircled_energy_within_tiny_circles_is_irradiance_times_area():
    psf = gaussian(sigma_px=1.0)
    for radius in (0.01, 0.02, 0.1):
        truth = psf.prf(0, 1)[0, 0] * math.pi * radius**2
        assert encircled_energy(psf, radius) == pytest.approx(truth, rel=0.02)


def test_encircled_energy_holds_all_light_in_the_end():
    assert encircled_energy(gaussian(fwhm_px=1.5), [20.0, 100.0, 500.0]) == pytest.approx(1.0, abs=1e-9)


def test_encircled_energy_refuses_negative_radii():
    with pytest.raises(InputError, match="radii_px"):
        encircled_energy(gaussian(fwhm_px=2.0), [1.0, -1.0])


def test_strehl_ratio_of_a_psf_to_itself_is_one_and_jitter_lowers_it():
    psf = airy(aperture_m=0.3, focal_length_m=4.0, pixel_um=1.0, wavelength_nm=600.0)
    blurred = airy(aperture_m=0.3, focal_length_m=4.0, pixel_um=1.0, wavelength_nm=600.0, jitter_px=1.0)
    assert strehl(psf, psf) == 1.0
    # The peak is the integral of the transfer function, that of a clear aperture here (Goodman 2005, eq.
    # 6-31).
    frequency = np.linspace(0, 1, 20001)
    transfer = 2 / math.pi * (np.arccos(frequency) - frequency * np.sqrt(1 - frequency**2))
    kernel = np.exp(-2 * (math.pi * frequency / 8) ** 2)
    truth = (transfer * kernel * frequency).sum() / (transfer * frequency).sum()
    assert strehl(blurred, psf) == pytest.approx(truth, rel=1e-3)
