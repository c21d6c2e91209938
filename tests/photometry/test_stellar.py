from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.errors import InputError
from skyforge.photometry import (
    color_temperature,
    named_filter,
    star_electron_rate,
    sunlit_electron_rate,
    tabulated,
    top_hat,
)
from skyforge.photometry.spectra import planck_photon_radiance
from skyforge.photometry.stellar import gaia_zero_photons

GAIA_PUPIL_M2 = 0.7278  # area in Gaia's definition of its fluxes


@pytest.mark.parametrize(("band", "zero_point"), [("G", 25.68737), ("BP", 25.33854), ("RP", 24.74790)])
def test_gaias_own_zero_points_come_out(band, zero_point):
    # Riello et al. 2021: magnitude of one photo-electron per s in Gaia itself. Ours start from 3631 Jy.
    assert 2.5 * np.log10(gaia_zero_photons(band) * GAIA_PUPIL_M2) == pytest.approx(zero_point, abs=0.002)


@pytest.mark.parametrize("bp_rp", [-0.2, 0.0, 0.82, 2.5])
def test_a_star_seen_by_gaia_counts_as_gaia_says_whatever_its_colour(bp_rp):
    rate = star_electron_rate(15.0, bp_rp, GAIA_PUPIL_M2, named_filter("gaiadr3-G"))
    assert rate == pytest.approx(10 ** (0.4 * (25.68737 - 15.0)), rel=0.002)


@pytest.mark.parametrize("bp_rp", [-0.2, 0.0, 0.5, 0.82, 1.2, 1.8, 2.5])
def test_colours_between_gaia_and_johnson_follow_gaias_relation(bp_rp):
    # G − V of real stars (Gaia EDR3 documentation, table 5.9, Riello et al. 2021): scatter 0.03. The black
    # bodies were not fitted to it. V(Vega) is AB but for 0.02.
    v_band = named_filter("bessell-V")
    flat = 3631e-26 / (6.62607015e-34 * v_band.wavelength_nm)
    v_minus_g = -2.5 * np.log10(star_electron_rate(0.0, bp_rp, 1.0, v_band) / v_band.integrate(flat))
    expected = -(-0.02704 + 0.01424 * bp_rp - 0.2156 * bp_rp**2 + 0.01426 * bp_rp**3)
    assert v_minus_g == pytest.approx(expected, abs=0.05)


def test_a_sunlike_star_and_a_sunlit_body_agree():
    # The Sun has V − G = 0.14 (Willmer 2018: 4.81 − 4.67). Two independent spectra, a black body at Gaia's
    # zero point and the measured Sun: within 3 %.
    response = top_hat(400.0, 900.0)
    star = star_electron_rate(15.0 - 0.14, 0.82, 1.0, response)
    body = sunlit_electron_rate(15.0, 1.0, response)
    assert body == pytest.approx(star, rel=0.03)


def test_neossat_counts_what_its_efficiency_allows():
    # In orbit NEOSSat (15 cm, unfiltered CCD, 400-950 nm) recorded 224883.75 e/s from WASP-33 (G 8.07, type
    # A5, thus BP−RP 0.3). Its throughput is unpublished; optics × CCD must lie between 0.4 and 0.65.
    at_pupil = star_electron_rate(8.07, 0.3, 0.25 * np.pi * 0.15**2, top_hat(400.0, 950.0))
    assert 0.4 < 224883.75 / at_pupil < 0.65


def test_a_blue_star_is_not_seen_in_the_red_as_a_red_one():
    red = top_hat(800.0, 1000.0)
    blue = top_hat(350.0, 450.0)
    assert star_electron_rate(15.0, 2.5, 1.0, red) > 2.5 * star_electron_rate(15.0, 0.0, 1.0, red)
    assert star_electron_rate(15.0, 2.5, 1.0, blue) < 0.3 * star_electron_rate(15.0, 0.0, 1.0, blue)


@given(st.floats(-5.0, 25.0), st.floats(-1.0, 5.0))
def test_five_magnitudes_are_a_factor_of_a_hundred(g_mag, bp_rp):
    response = top_hat(400.0, 900.0, step_nm=25.0)
    rate = star_electron_rate([g_mag, g_mag + 5.0], bp_rp, 1.0, response)
    assert rate[0] / rate[1] == pytest.approx(100.0, rel=1e-9)


def test_interpolation_in_colour_is_smooth():
    # Against the black body itself, for 5000 colours: 0.1 %.
    colors = np.linspace(-0.3, 4.0, 5000)
    response, gaia = top_hat(400.0, 900.0), named_filter("gaiadr3-G")
    temperature = color_temperature(colors)[:, np.newaxis]
    direct = response.integrate(planck_photon_radiance(response.wavelength_nm, temperature))
    direct *= gaia_zero_photons("G") / gaia.integrate(planck_photon_radiance(gaia.wavelength_nm, temperature))
    assert star_electron_rate(0.0, colors, 1.0, response) == pytest.approx(direct, rel=1e-3)


def test_colour_temperature_is_that_of_well_known_stars():
    # Colour and effective temperature: Vega 0.0 / 9600 K is a Balmer-jump star and comes out hot; the Sun
    # 0.82 / 5772 K; a K5 dwarf 1.45 / 4400 K; an M4 dwarf 2.7 / 3200 K comes out cool because TiO bands
    # redden it.
    temperature = color_temperature([0.0, 0.82, 1.45, 2.7])
    assert temperature == pytest.approx([9600.0, 5772.0, 4400.0, 3200.0], rel=0.35)
    assert np.all(np.diff(temperature) < 0)
    assert color_temperature(0.82) == pytest.approx(5772.0, rel=0.05)


def test_odd_colours_are_clipped_and_unknown_ones_taken_for_the_sun():
    response = top_hat(400.0, 900.0)
    rate = star_electron_rate(15.0, [np.nan, 0.82, 99.0, 98.0, -99.0, -98.0], 1.0, response)
    assert rate[0] == rate[1]
    assert rate[2] == rate[3]
    assert rate[4] == rate[5]
    assert np.all(np.isfinite(rate))


def test_a_quantum_efficiency_curve_cuts_like_a_filter():
    half = star_electron_rate(15.0, 0.82, 1.0, top_hat(400.0, 900.0).times(0.5))
    assert half == pytest.approx(star_electron_rate(15.0, 0.82, 0.5, top_hat(400.0, 900.0)))
    narrow = star_electron_rate(15.0, 0.82, 1.0, tabulated([400.0, 650.0, 900.0], [0.0, 1.0, 0.0]))
    assert narrow == pytest.approx(half, rel=0.05)


def test_a_magnitude_that_is_not_a_number_is_refused():
    with pytest.raises(InputError, match="not a number"):
        star_electron_rate([12.0, np.nan], 0.8, 1.0, top_hat(400.0, 900.0))
