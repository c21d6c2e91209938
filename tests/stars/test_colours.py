"""Colours of synthetic stars are those of real ones, as far as real ones are at hand."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.stars import gaia_bright_cone, galactic_from_icrf, icrf_from_galactic, synthetic_cone
from skyforge.stars.colours import colour_from_uniform, colour_quantiles, mean_colours


def drawn(l_deg, b_deg, radius_deg, g_bright, g_faint):
    ra, dec = icrf_from_galactic(np.array(l_deg), np.array(b_deg))
    return synthetic_cone(float(ra), float(dec), radius_deg, g_bright, g_faint)


@pytest.mark.parametrize("b_deg", [15.0, 37.5, 75.0])
def test_colours_go_on_from_the_real_stars(b_deg):
    stars = gaia_bright_cone(0.0, 0.0, 180.0)
    latitude = np.abs(galactic_from_icrf(stars.ra_deg, stars.dec_deg)[1])
    real = stars.bp_rp[(stars.g_mag > 9.5) & (np.abs(latitude - b_deg) < 3.0)]
    synthetic = drawn(100.0, b_deg, 6.0, 10.0, 10.5)
    # Real colours vary with longitude, and few synthetic stars are drawn: 0.15 mag.
    for share in (0.16, 0.5, 0.84):
        assert np.quantile(synthetic.bp_rp, share) == pytest.approx(np.quantile(real, share), abs=0.15)


def test_dust_reddens_the_plane():
    plane, pole = drawn(60.0, 0.0, 0.5, 16.0, 17.0), drawn(60.0, 85.0, 3.0, 16.0, 17.0)
    assert np.median(plane.bp_rp) > np.median(pole.bp_rp) + 0.2


def test_faint_stars_at_high_latitude_are_turn_off_stars_and_red_dwarfs():
    stars = drawn(200.0, 80.0, 4.0, 19.0, 20.0)
    assert np.mean(stars.bp_rp < 0.8) > 0.05
    assert np.mean(stars.bp_rp > 2.0) > 0.1
    assert stars.bp_rp.min() > -1.0
    assert stars.bp_rp.max() < 6.0


def test_the_mean_is_that_of_the_drawn():
    quantiles = colour_quantiles(17.0, np.array([10.0]))
    uniform = (np.arange(10000) + 0.5) / 10000
    colours = colour_from_uniform(quantiles, np.zeros(10000, dtype=np.intp), uniform)
    assert colours.mean() == pytest.approx(mean_colours(np.array([17.0]), np.array([10.0]))[0, 0], abs=1e-4)
    assert np.all(np.diff(colours) >= 0.0)
