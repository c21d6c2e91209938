"""The Gaussian PSF against its closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import encircled_energy, fwhm_px, gaussian


@pytest.mark.parametrize(("sigma_px", "jitter_px"), [(0.3, 0.0), (0.8, 0.6), (3.0, 0.0), (4.0, 3.0)])
def test_response_is_a_product_of_error_functions(sigma_px, jitter_px):
    response = gaussian(sigma_px=sigma_px, jitter_px=jitter_px).prf(8, 4)
    sigma = math.sqrt(sigma_px**2 + jitter_px**2)

    def share(x: float) -> float:
        return 0.5 * (
            math.erf((x + 0.5) / (sigma * math.sqrt(2))) - math.erf((x - 0.5) / (sigma * math.sqrt(2)))
        )

    for x, y in [(0.0, 0.0), (0.25, -0.75), (-3.0, 2.5), (7.0, 8.0)]:
        assert response[32 + round(4 * y), 32 + round(4 * x)] == pytest.approx(share(x) * share(y), abs=1e-15)


def test_width_of_a_broad_gaussian_is_its_fwhm_and_the_pixel():
    # A unit pixel adds 1/12 px² to the variance; the shape stays Gaussian to 1e-4 at this breadth.
    sigma = math.sqrt((8.0 / 2.354820045) ** 2 + 1 / 12)
    assert fwhm_px(gaussian(fwhm_px=8.0)) == pytest.approx(2.354820045 * sigma, rel=3e-4)


def test_encircled_energy_of_a_broad_gaussian():
    radius = np.array([0.0, 3.0, 7.5, 12.0, 30.0])
    variance = 25.0 + 1 / 12
    np.testing.assert_allclose(
        encircled_energy(gaussian(sigma_px=5.0), radius), 1 - np.exp(-(radius**2) / (2 * variance)), atol=2e-5
    )


def test_tail_keeps_relative_accuracy():
    # 12 σ out: 1e-33 of the light, far below the rounding of a difference of error functions near 1.
    response = gaussian(sigma_px=1.0).prf(12, 1)
    tail = 0.5 * math.erfc(11.5 / math.sqrt(2)) - 0.5 * math.erfc(12.5 / math.sqrt(2))
    assert response[12, 24] == pytest.approx(tail * math.erf(0.5 / math.sqrt(2)), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fwhm_px": -1.0}, "fwhm_px = -1"),
        ({"fwhm_px": 0.0}, "fwhm_px = 0"),
        ({"sigma_px": -1.0}, "sigma_px = -1"),
        ({"fwhm_px": math.inf}, "fwhm_px = inf"),
        ({"fwhm_px": 1.0, "jitter_px": -0.1}, "jitter_px = -0.1"),
        ({}, "exactly one"),
        ({"fwhm_px": 1.0, "sigma_px": 1.0}, "exactly one"),
    ],
)
def test_impossible_widths_are_refused_by_name(arguments, message):
    with pytest.raises(InputError, match=message):
        gaussian(**arguments)
