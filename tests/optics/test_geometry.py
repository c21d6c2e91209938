"""Plate scale, diffraction scale and collecting area of known telescopes."""

from __future__ import annotations

import math

import pytest

from skyforge.errors import InputError
from skyforge.optics import collecting_area_m2, lambda_over_d_px, plate_scale_arcsec_per_px


def test_plate_scale_of_neossat():
    # NEOSSat: 15 cm f/5.88, 13 µm pixels, published as 3.0 arcsec per pixel (Thorsteinson et al. 2019).
    assert plate_scale_arcsec_per_px(13.0, 0.15 * 5.88) == pytest.approx(3.04, abs=0.01)


def test_collecting_area_of_hubble():
    # 45 238.93 cm² is what STScI's synthetic photometry takes for the full 2.4 m; the obstruction takes 0.33²
    # of it.
    assert collecting_area_m2(2.4) == pytest.approx(4.523893, rel=1e-6)
    assert collecting_area_m2(2.4, 0.33) == pytest.approx(4.523893 * (1 - 0.33**2), rel=1e-6)


def test_diffraction_scale_is_wavelength_times_focal_ratio():
    assert lambda_over_d_px(550.0, 0.5, 4.0, 4.4) == pytest.approx(0.55 * 8 / 4.4, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plate_scale_arcsec_per_px(0.0, 1.0), "pixel_um"),
        (lambda: plate_scale_arcsec_per_px(5.0, -1.0), "focal_length_m"),
        (lambda: collecting_area_m2(-0.3), "aperture_m"),
        (lambda: collecting_area_m2(0.3, 1.0), "obstruction"),
        (lambda: collecting_area_m2(0.3, math.nan), "obstruction"),
        (lambda: lambda_over_d_px(-550.0, 0.3, 1.2, 10.0), "wavelength_nm"),
        (lambda: lambda_over_d_px(550.0, 0.0, 1.2, 10.0), "aperture_m"),
    ],
)
def test_impossible_numbers_are_refused_by_name(call, message):
    with pytest.raises(InputError, match=message):
        call()
