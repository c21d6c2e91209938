"""Every kind of point spread function that the optics make, drawn as points and trails."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from skyforge import render
from skyforge.optics import ImagePsf, Spider, airy, gaussian, moffat, pupil

TELESCOPE = {"aperture_m": 0.3, "focal_length_m": 1.2, "pixel_um": 6.0}
BAND_NM = (500.0, 650.0, 800.0)
PEAK_TOLERANCE = 4e-4
FLUX_TOLERANCE = 1e-5
STEPS = 32  # per pixel: at whole steps the oracle needs no interpolation


@cache
def _psf(kind):
    if kind == "gaussian":
        return gaussian(fwhm_px=1.7, jitter_px=0.2)
    if kind == "moffat":
        return moffat(fwhm_px=2.0, beta=2.8, jitter_px=0.2)
    if kind == "airy":
        return airy(**TELESCOPE, wavelength_nm=BAND_NM, obstruction=0.35, jitter_px=0.2)
    if kind == "pupil":
        return pupil(
            **TELESCOPE,
            wavelength_nm=BAND_NM,
            obstruction=0.35,
            spider=Spider(4, 0.005, 20.0),
            wavefront_error_nm=60.0,
            jitter_px=0.2,
        )
    y, x = np.mgrid[-40:41, -40:41]
    bean = np.exp(-(x**2 + 0.5 * y**2) / 32.0) + 0.3 * np.exp(-((x - 6.0) ** 2 + (y + 4.0) ** 2) / 40.0)
    return ImagePsf(bean, 4.0, (40.0, 40.0), jitter_px=0.2)


@cache
def _drawn_with(kind):
    return render.psf_bank(_psf(kind)), _psf(kind).prf(24, STEPS)


@pytest.fixture(params=["gaussian", "moffat", "airy", "pupil", "image"])
def optics(request):
    """A bank, and the function finely sampled to 24 px."""
    return _drawn_with(request.param)


def _truth(fine, x_steps, y_steps):
    """The middle 33 x 33 pixels of a source at a position of whole steps from the middle pixel."""
    pixels = (np.arange(-16, 17)[:, None] * STEPS + 24 * STEPS).ravel()
    return fine[np.ix_(pixels - y_steps, pixels - x_steps)]


@pytest.mark.parametrize("electrons", [30.0, 1e5, 1e7])
def test_points(optics, electrons):
    bank, fine = optics
    for x_steps, y_steps in [(0, 0), (5, -9), (-16, 16), (11, 3)]:
        source = render.Sources.points([60.0 + x_steps / STEPS], [60.0 + y_steps / STEPS], [electrons])
        image = render.expected_image(source, bank, (121, 121))[44:77, 44:77]
        truth = electrons * _truth(fine, x_steps, y_steps)
        assert np.abs(image - truth).max() <= PEAK_TOLERANCE * truth.max()


@pytest.mark.parametrize(("x_run", "y_run"), [(3, 0), (96, 0), (0, 96), (192, 192), (64, -192), (160, 96)])
def test_trails(optics, x_run, y_run):
    # The oracle's nodes must fall on whole steps: a rule of equal steps with corrected ends.
    bank, fine = optics
    start = np.array([-x_run // 2, -y_run // 2])
    count = max(int(np.gcd(abs(x_run), abs(y_run))), 1)
    steps = np.arange(count + 1)
    weights = _gregory(count)
    truth = sum(
        w * _truth(fine, int(start[0] + k * x_run // count), int(start[1] + k * y_run // count))
        for k, w in zip(steps, weights, strict=True)
    )
    ends = 60.0 + np.array([start, start + np.array([x_run, y_run])]) / STEPS
    trail = render.Sources([ends[0, 0]], [ends[0, 1]], [ends[1, 0]], [ends[1, 1]], [1e5])
    image = render.expected_image(trail, bank, (121, 121))[44:77, 44:77]
    assert np.abs(image - 1e5 * truth).max() <= PEAK_TOLERANCE * 1e5 * truth.max()


def test_flux(optics):
    bank, _ = optics
    sources = render.Sources([700.2, 650.0], [700.7, 720.4], [700.2, 663.0], [700.7, 751.0], [1e6, 2e6])
    image = render.expected_image(sources, bank, (1400, 1400))
    assert image.sum(dtype=np.float64) == pytest.approx(3e6, rel=FLUX_TOLERANCE)


def _gregory(count):
    """Weights of the mean over [0, count] from values at whole numbers: the trapezium rule with Gregory's ends."""
    if count == 3:
        return np.array([1.0, 3.0, 3.0, 1.0]) / 8.0
    weights = np.ones(count + 1)
    weights[:3] = weights[:-4:-1] = 3.0 / 8.0, 7.0 / 6.0, 23.0 / 24.0
    return weights / count
