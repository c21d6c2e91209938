"""Stray light: known integrals, limits, and the curve that ships."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import (
    PointSourceTransmittance,
    generic_baffle,
    lit_body,
    read_transmittance,
    stray_disc_light,
    stray_electron_rate,
    stray_sunlight,
    top_hat,
)

AU_KM = 149597870.7
CENTER = np.array([1.0, 0.0, 0.0])


def towards(angle_deg, azimuth_deg=0.0):
    angle, azimuth = np.radians(angle_deg), np.radians(azimuth_deg)
    return np.array([np.cos(angle), np.sin(angle) * np.cos(azimuth), np.sin(angle) * np.sin(azimuth)])


def flat(value):
    return PointSourceTransmittance(np.radians([0.01, 180.0]), np.array([value, value]))


def seen_at(name, distance_km, phase_deg):
    center = distance_km * CENTER
    return lit_body(
        name,
        center,
        center + AU_KM * np.array([-np.cos(np.radians(phase_deg)), 0.0, np.sin(np.radians(phase_deg))]),
    )


@pytest.mark.parametrize("angle_deg", [0.0, 0.2, 0.9, 1.5, 30.0, 150.0])
@pytest.mark.parametrize("phase_deg", [0.0, 60.0, 100.0])
def test_an_even_curve_passes_all_the_light_of_the_disc(angle_deg, phase_deg):
    body = seen_at("moon", 100_000.0, phase_deg)
    light = stray_disc_light(np.array([towards(angle_deg, 35.0)]), body, flat(1e-3))[0]
    point = (
        10.0 ** (-0.4 * (-12.73 + 0.026 * phase_deg + 4e-9 * phase_deg**4 + 26.74))
        * (384400.0 / 100_000.0) ** 2
    )
    # 2 % more or less of a sphere seen from near; the terminator cuts rings anywhere.
    assert light / 1e-3 == pytest.approx(point, rel=0.03)


@pytest.mark.parametrize("distance_km", [1838.0, 5000.0, 60_000.0])
@pytest.mark.parametrize("from_limb_deg", [0.05, 1.0, 20.0])
def test_a_steep_curve_is_summed_as_a_fine_grid_of_the_disc_sums_it(distance_km, from_limb_deg):
    body = seen_at("moon", distance_km, 30.0)
    curve = PointSourceTransmittance(np.radians([0.2, 180.0]), np.array([1e-2, 1e-2 * (0.2 / 180.0) ** 2.5]))
    sight = towards(np.degrees(body.angular_radius_rad) + from_limb_deg, 100.0)
    count = 2_000_000
    index = np.arange(count) + 0.5
    cosine = 1.0 - index / count * (1.0 - np.cos(body.angular_radius_rad))
    azimuth = np.pi * (1.0 + np.sqrt(5.0)) * index
    sine = np.sqrt(1.0 - cosine**2)
    points = np.stack([cosine, sine * np.cos(azimuth), sine * np.sin(azimuth)], axis=1)
    angle = np.arccos(np.clip(points @ sight, -1.0, 1.0))
    solid_angle = 2.0 * np.pi * (1.0 - np.cos(body.angular_radius_rad)) / count
    expected = np.sum(body.brightness(points) * curve.at(angle)) * solid_angle
    assert stray_disc_light(sight[None], body, curve)[0] == pytest.approx(expected, rel=0.02)


def test_far_from_a_small_disc_it_is_a_point():
    body = seen_at("moon", 2e6, 20.0)
    curve = generic_baffle()
    sight = np.array([towards(angle) for angle in (10.0, 35.0, 80.0)])
    point = 10.0 ** (-0.4 * (-12.73 + 0.52 + 4e-9 * 20.0**4 + 26.74)) * (384400.0 / 2e6) ** 2
    expected = point * curve.at(np.radians([10.0, 35.0, 80.0]))
    assert stray_disc_light(sight, body, curve) == pytest.approx(expected, rel=5e-3)


def test_light_grows_without_a_jump_towards_and_over_the_limb():
    body = seen_at("earth", 384_400.0, 60.0)
    limb = np.degrees(body.angular_radius_rad)
    offsets = np.linspace(-0.1, 0.1, 81)
    light = stray_disc_light(np.array([towards(limb + at, 90.0) for at in offsets]), body, generic_baffle())
    assert np.all(np.diff(np.log(light)) < 0.01)
    assert light[-1] < 0.8 * light[0]
    assert np.abs(np.diff(np.log(light))).max() < 0.05


def test_a_new_moon_scatters_nothing():
    assert (
        stray_disc_light(np.array([towards(5.0)]), seen_at("moon", 1e5, 179.9), generic_baffle())[0] < 1e-13
    )


def test_the_suns_stray_light_follows_the_curve_and_the_distance():
    curve = generic_baffle()
    near, far = (stray_sunlight(towards(45.0)[None], d * AU_KM * CENTER, curve)[0] for d in (1.0, 2.0))
    assert near == pytest.approx(float(curve.at(np.radians(45.0))))
    assert near / far == pytest.approx(4.0)
    assert stray_sunlight(towards(45.0)[None], AU_KM * CENTER, curve, sunlight=0.0)[0] == 0.0


def test_the_shipped_curve_ends_observations_at_about_45_degrees_from_the_sun():
    irradiance = stray_sunlight(
        np.array([towards(a) for a in (20.0, 45.0, 90.0)]), AU_KM * CENTER, generic_baffle()
    )
    rate = stray_electron_rate(irradiance, (12e-6) ** 2, top_hat(400.0, 900.0).times(0.7))
    # Zodiacal light at 30 cm, f/4, 12 µm pixels: 5-10 electrons per second.
    assert rate[0] > 1e4
    assert 0.3 < rate[1] < 30.0
    assert rate[2] < 1.0


def test_electrons_are_photons_of_the_sun_on_the_pixel():
    response = top_hat(500.0, 600.0)
    # 188 W/m² of 2.26 eV photons between 500 and 600 nm, 5.2e20 per s and m².
    assert stray_electron_rate(1.0, 1.0, response) == pytest.approx(5.2e20, rel=0.03)


def test_the_curve_is_straight_on_logarithmic_paper_and_held_at_its_ends():
    curve = PointSourceTransmittance(np.radians([1.0, 100.0]), np.array([1e-2, 1e-8]))
    assert curve.at(np.radians([0.01, 1.0, 10.0, 100.0, 170.0])) == pytest.approx(
        [1e-2, 1e-2, 1e-5, 1e-8, 1e-8]
    )


def test_a_users_table_replaces_the_shipped_one(tmp_path):
    path = tmp_path / "pst.csv"
    path.write_text("# mine\nangle_deg, pst\n1, 1e-3\n90, 1e-9\n", encoding="utf-8")
    assert read_transmittance(path).at(np.radians(90.0)) == pytest.approx(1e-9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,1e-3\n", "two or more"),
        ("1,1e-3\n0.5,1e-4\n", "increase"),
        ("1,1e-3\n200,1e-4\n", "180"),
        ("1,1e-3\n20,0\n", "above 0"),
        ("1,1e-3\n20,x\n", ":2:"),
        ("1,1e-3,4\n", "3 columns"),
        ("", "two or more"),
    ],
)
def test_impossible_tables_are_refused_by_name(tmp_path, text, message):
    path = tmp_path / "pst.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_transmittance(path)
    assert "pst.csv" in str(error.value)
