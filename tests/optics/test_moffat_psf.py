"""The Moffat PSF against adaptive quadrature of its defining formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import dblquad

from skyforge.errors import InputError
from skyforge.optics import moffat

SHAPES = [(2.0, 2.5), (0.3, 4.765), (3.0, 1.2), (5.0, 10.0), (2.0, 60.0)]


def irradiance(r: float, fwhm: float, beta: float) -> float:
    alpha = fwhm / (2 * math.sqrt(2 ** (1 / beta) - 1))
    return (beta - 1) / (math.pi * alpha**2) * (1 + (r / alpha) ** 2) ** -beta


@pytest.mark.parametrize(("fwhm", "beta"), SHAPES)
def test_response_is_the_integral_over_the_pixel(fwhm, beta):
    response = moffat(fwhm_px=fwhm, beta=beta).prf(20, 4)
    for x, y in [(0, 0), (0.25, 0.5), (1, -2), (5.5, 3.25), (-19, 14)]:
        truth = dblquad(
            lambda v, u: irradiance(math.hypot(u, v), fwhm, beta),
            x - 0.5, x + 0.5, y - 0.5, y + 0.5, epsabs=0, epsrel=1e-10,
        )[0]  # fmt: skip
        value = response[80 + round(4 * y), 80 + round(4 * x)]
        # Far below the peak of β = 60 the Gaussian-like wings are 1e-30 and no longer matter.
        assert value == pytest.approx(truth, rel=1e-7, abs=1e-15)


def test_jitter_is_a_convolution_with_a_gaussian():
    fwhm, beta, jitter = 1.5, 3.0, 0.7
    response = moffat(fwhm_px=fwhm, beta=beta, jitter_px=jitter).prf(4, 1)
    sharp = moffat(fwhm_px=fwhm, beta=beta).prf(12, 8)
    # Trapezoids of a smooth function over ±8 px: exact to 1e-9.
    axis = np.arange(-64, 65) / 8
    kernel = np.exp(-0.5 * (axis / jitter) ** 2)
    kernel /= kernel.sum()
    for x, y in [(0, 0), (1, 2), (-4, 3)]:
        window = sharp[96 + 8 * y - 64 : 96 + 8 * y + 65, 96 + 8 * x - 64 : 96 + 8 * x + 65]
        assert response[4 + y, 4 + x] == pytest.approx(kernel @ window @ kernel, abs=1e-8)


@pytest.mark.parametrize(("fwhm", "beta"), [(2.0, 2.5), (1.0, 1.5), (4.0, 3.5)])
def test_what_is_missing_is_the_energy_outside(fwhm, beta):
    alpha = fwhm / (2 * math.sqrt(2 ** (1 / beta) - 1))
    total = moffat(fwhm_px=fwhm, beta=beta).prf(100, 1).sum()
    # Outside a square of half side h: between the energies outside its inner and its outer circle.
    outside = [(1 + (100.5 * factor / alpha) ** 2) ** (1 - beta) for factor in (1, math.sqrt(2))]
    assert outside[1] < 1 - total < outside[0]


def test_wings_reach_512_pixels():
    response = moffat(fwhm_px=2.0, beta=1.5).prf(512, 1)
    assert response[512, 1024] == pytest.approx(irradiance(512.0, 2.0, 1.5), rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fwhm_px": -2.0, "beta": 3.0}, "fwhm_px = -2"),
        ({"fwhm_px": 2.0, "beta": 1.0}, "beta = 1"),
        ({"fwhm_px": 2.0, "beta": math.nan}, "beta = nan"),
        ({"fwhm_px": 2.0, "beta": 3.0, "jitter_px": -1.0}, "jitter_px = -1"),
    ],
)
def test_impossible_shapes_are_refused_by_name(arguments, message):
    with pytest.raises(InputError, match=message):
        moffat(**arguments)
