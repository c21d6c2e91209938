"""Light of the unresolved stars: nothing lost, nothing counted twice."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from skyforge.errors import InputError
from skyforge.stars import (
    cumulative_counts_per_deg2,
    icrf_from_galactic,
    synthetic_cone,
    unresolved_bp_rp,
    unresolved_g_flux_per_deg2,
)


def test_is_the_integral_of_the_counts():
    l_deg, b_deg = 75.0, 12.0

    def integrand(g_mag):
        step = 1e-4
        ends = cumulative_counts_per_deg2(l_deg, b_deg, np.array([g_mag - step, g_mag + step]))
        return (ends[1] - ends[0]) / (2.0 * step) * 10.0 ** (-0.4 * g_mag)

    edges = np.arange(14.1, 24.0, 0.55)
    total = sum(quad(integrand, low, high, limit=200)[0] for low, high in pairwise(edges))
    ends = unresolved_g_flux_per_deg2(l_deg, b_deg, np.array([edges[0], edges[-1]]))
    # quad meets a kink in dN/dG every quarter magnitude.
    assert ends[0] - ends[1] == pytest.approx(total, rel=1e-4)


@pytest.mark.parametrize(
    ("l_deg", "b_deg", "radius_deg"), [(45.0, 1.0, 1.5), (200.0, 60.0, 4.0), (280.0, -33.0, 1.0)]
)
def test_drawn_light_is_the_difference_of_unresolved_light(l_deg, b_deg, radius_deg):
    ra, dec = icrf_from_galactic(np.array(l_deg), np.array(b_deg))
    stars = synthetic_cone(float(ra), float(dec), radius_deg, 15.0, 20.0)
    flux = 10.0 ** (-0.4 * stars.g_mag)
    # Mean of the model over the circle, on rings of equal area.
    rings = radius_deg * np.sqrt((np.arange(12) + 0.5) / 12)
    angle = np.arange(24) * (2.0 * np.pi / 24)
    b_points = b_deg + rings[:, None] * np.sin(angle)
    l_points = l_deg + rings[:, None] * np.cos(angle) / np.cos(np.radians(b_points))
    expected = [unresolved_g_flux_per_deg2(l_points, b_points, g).mean() for g in (15.0, 20.0)]
    area = 2.0 * np.pi * (1.0 - np.cos(np.radians(radius_deg))) * (180.0 / np.pi) ** 2
    # Four standard deviations of the Poisson noise of the light.
    noise = 4.0 * np.sqrt(np.sum(flux**2))
    assert flux.sum() == pytest.approx((expected[0] - expected[1]) * area, abs=noise)


def test_total_light_of_the_stars_is_that_of_the_night_sky():
    # Pioneer 10 saw tens of S10 at the galactic poles and hundreds in the plane from stars of V > 6.5 (Leinert
    # et al. 1998, A&AS 127, 1, section 10). One S10 is a star of the 10th magnitude per square degree.
    s10 = unresolved_g_flux_per_deg2([0.0, 120.0, 30.0], [90.0, 0.0, 0.0], 6.5) * 1e4
    assert 20.0 < s10[0] < 70.0
    assert 100.0 < s10[1] < 500.0
    assert 100.0 < s10[2] < 900.0


def test_light_fades_with_the_limit_and_never_ends():
    flux = unresolved_g_flux_per_deg2(100.0, 10.0, np.arange(6.0, 30.0, 0.3))
    assert np.all(np.diff(flux) < 0.0)
    assert np.all(flux > 0.0)


def test_mean_colour_is_that_of_the_drawn_stars():
    ra, dec = icrf_from_galactic(np.array(60.0), np.array(20.0))
    stars = synthetic_cone(float(ra), float(dec), 1.5, 18.0, 25.0)
    flux = 10.0 ** (-0.4 * stars.g_mag)
    # Stars beyond 25 add a few percent of redder light.
    assert unresolved_bp_rp(60.0, 20.0, 18.0) == pytest.approx(np.average(stars.bp_rp, weights=flux), abs=0.1)


def test_limits_brighter_than_the_model_are_refused():
    with pytest.raises(InputError, match="6 or fainter"):
        unresolved_g_flux_per_deg2(0.0, 0.0, 5.0)
