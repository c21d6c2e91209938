from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.errors import InputError
from skyforge.photometry import (
    named_filter,
    sunlit_electron_rate,
    top_hat,
    zodiacal_electron_rate,
    zodiacal_radiance,
)
from skyforge.photometry.zodiacal import reddening

TRUTH = Path(__file__).resolve().parents[3] / "shared" / "data" / "zodiacal_leinert1998_table17.csv"
ARCSEC2_SR = (np.pi / 648000.0) ** 2


def test_every_cell_of_leinerts_table_comes_back():
    if not TRUTH.is_file():
        pytest.skip("the zodiacal table is not beside the checkout")
    rows = [
        line.split(",") for line in TRUTH.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    latitudes = [float(name.split("_")[1]) for name in rows[0][1:]]
    for row in rows[1:]:
        for latitude, cell in zip(latitudes, row[1:], strict=True):
            if cell:
                # 2 %: within 18° of the Sun the table is blended with the law that continues it.
                found = zodiacal_radiance(float(row[0]), latitude) * 1e8
                assert found == pytest.approx(float(cell), rel=0.02), (row[0], latitude)


def test_sky_is_the_same_on_all_four_sides():
    assert zodiacal_radiance([50.0, -50.0, 310.0, 410.0], [20.0, -20.0, 20.0, -20.0]) == pytest.approx(
        zodiacal_radiance(50.0, 20.0), rel=1e-12
    )


@given(st.floats(2.0, 175.0), st.floats(-85.0, 85.0))
def test_brightness_has_no_steps(longitude, latitude):
    # Nowhere does it change faster than the power law next to the Sun: 2.3 per relative step of elongation.
    step = 0.01
    elongation = np.degrees(np.arccos(np.cos(np.radians(longitude)) * np.cos(np.radians(latitude))))
    near, east, north = zodiacal_radiance(
        [longitude, longitude + step, longitude], [latitude, latitude, latitude + step]
    )
    assert abs(np.log(east / near)) < 4.0 * step / max(elongation, 1.0) + 1e-6
    assert abs(np.log(north / near)) < 6.0 * step / max(elongation, 1.0) + 6e-4


@given(st.floats(1.5, 88.0), st.sampled_from([0.0, 3.0, 10.0, 25.0, 60.0]))
def test_it_brightens_towards_the_sun(longitude, latitude):
    assert zodiacal_radiance(longitude, latitude) >= zodiacal_radiance(longitude + 1.0, latitude) * (
        1.0 - 2e-3
    )


def test_the_inner_light_falls_as_clementine_saw():
    # Between 3 and 30 degrees from the Sun brightness goes as elongation to the −2.45 ± 0.05 (Hahn et al.
    # 2002, Icarus 158, 360, from Clementine's star trackers); Helios gave −2.3.
    slope = np.log(zodiacal_radiance(30.0, 0.0) / zodiacal_radiance(3.0, 0.0)) / np.log(10.0)
    assert slope == pytest.approx(-2.45, abs=0.25)


def test_poles_of_the_ecliptic_shine_with_sixty_s10():
    # One S10 is a Sun of V = 10 on a square degree; the pole has 60 ± 3 of them (Leinert et al. 1998).
    one_s10 = 1.936e3 * 10 ** (-0.4 * (10.0 + 26.74)) / (np.pi / 180.0) ** 2
    assert zodiacal_radiance(0.0, 90.0) / one_s10 == pytest.approx(60.0, abs=3.0)


def test_pole_is_at_23_3_magnitudes_per_square_arcsecond():
    band = named_filter("bessell-V")
    rate = zodiacal_electron_rate(0.0, 90.0, ARCSEC2_SR, 1.0, band)
    assert -2.5 * np.log10(rate / sunlit_electron_rate(0.0, 1.0, band)) == pytest.approx(23.3, abs=0.05)


def test_brightest_useful_sky_is_at_about_22_magnitudes():
    # In the ecliptic at 90° from the Sun V = 22.0 per square arcsecond in the table of Hubble's handbooks.
    band = named_filter("bessell-V")
    rate = zodiacal_electron_rate(90.0, 0.0, ARCSEC2_SR, 1.0, band)
    assert -2.5 * np.log10(rate / sunlit_electron_rate(0.0, 1.0, band)) == pytest.approx(22.0, abs=0.15)


def test_zodiacal_light_is_redder_than_the_sun():
    # At 30° from the Sun f = 1 + 0.8 log(λ/500 nm), at 90° 1 + 0.6 log; blueward 1.2 and 0.9; flat at 500 nm.
    assert reddening([500.0], 30.0) == pytest.approx([1.0])
    assert reddening([250.0, 1000.0], 30.0) == pytest.approx([0.6388, 1.2408], abs=1e-4)
    assert reddening([250.0, 1000.0], 120.0) == pytest.approx([0.7291, 1.1806], abs=1e-4)
    assert reddening([800.0], 60.0) == pytest.approx([1.0 + 0.7 * np.log10(1.6)])


def test_rate_scales_with_pixel_area_and_distance_from_the_sun():
    response = top_hat(400.0, 900.0)
    one = zodiacal_electron_rate(70.0, 30.0, 1e-10, 1.0, response)
    assert zodiacal_electron_rate(70.0, 30.0, 2e-10, 3.0, response) == pytest.approx(6.0 * one)
    far = zodiacal_electron_rate(70.0, 30.0, 1e-10, 1.0, response, sun_distance_au=1.017)
    assert far / one == pytest.approx(1.017**-2.3)


def test_a_photon_count_done_by_hand():
    # 500-510 nm at the pole: 77e-8 W/m²/sr/µm × 0.01 µm over a photon of 3.93e-19 J.
    rate = zodiacal_electron_rate(0.0, 90.0, 1e-9, 1.0, top_hat(495.0, 505.0))
    assert rate == pytest.approx(77e-8 * 0.01 * 1e-9 / 3.97e-19, rel=0.03)


@pytest.mark.parametrize(("latitude", "distance"), [(91.0, 1.0), (np.nan, 1.0), (0.0, 0.0)])
def test_places_outside_the_sky_are_refused(latitude, distance):
    with pytest.raises(InputError):
        zodiacal_radiance(0.0, latitude, distance)
