"""What every point spread function keeps to, whatever its kind."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import ImagePsf, Psf, Spider, airy, gaussian, moffat, pupil

TELESCOPE = {"aperture_m": 0.3, "focal_length_m": 1.2, "pixel_um": 10.0}
BAND_NM = (450.0, 550.0, 650.0, 750.0, 850.0)
SYMMETRIC = ["gaussian", "moffat", "airy", "airy obstructed band"]
KINDS = [*SYMMETRIC, "pupil", "image"]
# Light beyond a 256 px square window: Moffat β = 2.5 (α/r)^3, diffraction (λ/D)/r and somewhat more with
# vanes.
OUTSIDE_256 = {"moffat": 1e-6, "airy": 1e-4, "airy obstructed band": 2e-4, "pupil": 4e-4}


@cache
def make(kind: str) -> Psf:
    if kind == "gaussian":
        return gaussian(fwhm_px=1.7, jitter_px=0.2)
    if kind == "moffat":
        return moffat(fwhm_px=1.7, beta=2.5, jitter_px=0.2)
    if kind == "airy":
        return airy(**TELESCOPE, wavelength_nm=600.0, jitter_px=0.1)
    if kind == "airy obstructed band":
        return airy(**TELESCOPE, wavelength_nm=BAND_NM, obstruction=0.35)
    if kind == "pupil":
        return pupil(
            **TELESCOPE,
            wavelength_nm=BAND_NM,
            obstruction=0.35,
            spider=Spider(3, 0.003, 20.0),
            wavefront_error_nm=60.0,
            jitter_px=0.2,
        )
    y, x = np.mgrid[-40:41, -40:41]
    bean = np.exp(-(x**2 + 0.5 * y**2) / 32.0) + 0.3 * np.exp(-((x - 6.0) ** 2 + (y + 4.0) ** 2) / 40.0)
    return ImagePsf(bean, 4.0, (40.0, 40.0), jitter_px=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_answers_the_protocol_on_the_asked_grid(kind):
    psf = make(kind)
    assert isinstance(psf, Psf)
    for radius, samples in [(0, 1), (3, 1), (3, 5), (40, 2)]:
        response = psf.prf(radius, samples)
        assert response.shape == (2 * radius * samples + 1,) * 2
        assert response.dtype == np.float64
        assert np.all(np.isfinite(response))


@pytest.mark.parametrize("kind", KINDS)
def test_light_is_not_negative(kind):
    assert make(kind).prf(16, 8).min() >= 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_same_question_same_answer(kind):
    psf = make(kind)
    np.testing.assert_array_equal(psf.prf(8, 4), psf.prf(8, 4))


@pytest.mark.parametrize("kind", KINDS)
def test_value_at_an_offset_does_not_depend_on_the_grid(kind):
    psf = make(kind)
    fine = psf.prf(24, 12)
    # Only the order of summation differs: 1e-13 of a flux fraction of order one.
    np.testing.assert_allclose(psf.prf(24, 3), fine[::4, ::4], rtol=0, atol=1e-13)
    np.testing.assert_allclose(
        psf.prf(6, 12), fine[18 * 12 : -18 * 12, 18 * 12 : -18 * 12], rtol=0, atol=1e-13
    )


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_share_out_all_light_at_any_phase(kind):
    # Pixels tile the plane: whatever the source's place within one, they hold everything but what falls
    # outside.
    response = make(kind).prf(256, 3)
    sums = np.array([response[dy::3, dx::3].sum() for dy in range(3) for dx in range(3)])
    assert np.all(sums <= 1.0 + 2e-5)
    assert np.all(sums >= 1.0 - OUTSIDE_256.get(kind, 0.0) * 8 - 1e-9)
    assert np.ptp(sums) < 2e-5


@pytest.mark.parametrize("kind", SYMMETRIC)
def test_symmetric_kinds_have_the_symmetry_of_the_pixel(kind):
    response = make(kind).prf(12, 4)
    for image in (response[::-1], response[:, ::-1], response.T):
        np.testing.assert_allclose(image, response, rtol=0, atol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_jitter_adds_its_variance_to_the_image(kind):
    def spread(jitter_px: float) -> float:
        response = replace(make(kind), jitter_px=jitter_px).prf(30, 4)
        # The variance of r⁻³ wings has no limit; that within a common window has.
        return float((response.sum(axis=0) * np.linspace(-30, 30, 241) ** 2).sum() / response.sum())

    gained = spread(0.8) - spread(0.3)
    # Jitter carries wings ∝ r⁻³ over the window's edge, too: less than 3 % of what the core gains.
    assert gained == pytest.approx(0.8**2 - 0.3**2, rel=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_impossible_grids_are_refused(kind):
    with pytest.raises(InputError, match="radius_px = -1"):
        make(kind).prf(-1, 4)
    with pytest.raises(InputError, match="samples_per_pixel = 0"):
        make(kind).prf(4, 0)
