from __future__ import annotations

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import ICRS, Galactic, SkyCoord

from skyforge.orbits import (
    angles_from_directions,
    angular_radius_rad,
    angular_separation_rad,
    body_radius_km,
    directions_from_angles,
    ecliptic_from_icrf,
    galactic_from_icrf,
    is_occulted,
    phase_angle_rad,
    surface_coordinates,
)

RNG = np.random.default_rng(3)


def test_galactic_axes_agree_with_astropy():
    ra, dec = RNG.uniform(0, 360, 50), RNG.uniform(-90, 90, 50)
    expected = SkyCoord(ra * u.deg, dec * u.deg, frame=ICRS).transform_to(Galactic())
    found = galactic_from_icrf(directions_from_angles(ra, dec))
    separation = angular_separation_rad(found, directions_from_angles(expected.l.deg, expected.b.deg))
    assert (
        np.degrees(separation).max() * 3600.0 < 0.05
    )  # the IAU definition is tied to B1950 to this accuracy


def test_ecliptic_pole_is_where_the_almanac_has_it():
    # 90 degrees less the obliquity of the ecliptic that JPL calls J2000, 23 deg 26' 21.448".
    longitude, latitude = angles_from_directions(
        ecliptic_from_icrf(directions_from_angles(270.0, 66.5607089))
    )
    assert latitude == pytest.approx(90.0, abs=1e-5)
    longitude, latitude = angles_from_directions(ecliptic_from_icrf([[1.0, 0.0, 0.0]]))
    assert (longitude[0], latitude[0]) == (0.0, 0.0)


def test_angles_and_directions_are_inverse():
    longitude, latitude = RNG.uniform(0, 360, 50), RNG.uniform(-90, 90, 50)
    back = angles_from_directions(directions_from_angles(longitude, latitude))
    assert back[0] == pytest.approx(longitude, abs=1e-9)
    assert back[1] == pytest.approx(latitude, abs=1e-12)


@pytest.mark.parametrize("angle", [1e-12, 1e-6, 1.0, np.pi - 1e-9, np.pi])
def test_separation_is_exact_for_any_angle(angle):
    first = np.array([1.0, 0.0, 0.0])
    second = 5.0 * np.array([np.cos(angle), np.sin(angle), 0.0])
    assert angular_separation_rad(first, second) == pytest.approx(angle, rel=1e-12, abs=1e-15)


def test_phase_angle_is_right_at_quadrature():
    assert phase_angle_rad([0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [5.0, 0.0, 0.0]) == pytest.approx(np.pi / 2)


def test_moon_looks_as_large_as_it_does():
    seen = np.degrees(angular_radius_rad([0.0, 0.0, 0.0], [[384_400.0, 0.0, 0.0]], body_radius_km("moon")))
    assert seen == pytest.approx(0.259, abs=0.001)
    assert angular_radius_rad([0.0, 0.0, 0.0], [1000.0, 0.0, 0.0], 1737.4) == pytest.approx(np.pi / 2)


def test_a_sphere_hides_what_is_behind_it_only():
    observer = np.array([10.0, 0.0, 0.0])
    body = np.zeros(3)
    targets = np.array(
        [
            [-5.0, 0.0, 0.0],
            [-5.0, 3.0, 0.0],
            [5.0, 0.0, 0.0],
            [20.0, 0.0, 0.0],
            [-1e9, 0.0, 0.0],
            [0.5, 0.0, 0.0],
        ]
    )
    assert is_occulted(observer, targets, body, 1.0).tolist() == [True, False, False, False, True, True]


def test_occultation_begins_at_the_angular_radius():
    observer, radius = np.array([4.0, 0.0, 0.0]), 1.0
    limb = angular_radius_rad(observer, np.zeros(3), radius)
    for offset, hidden in ((-1e-9, True), (1e-9, False)):
        direction = np.array([-np.cos(limb + offset), np.sin(limb + offset), 0.0])
        assert is_occulted(observer, observer + 100.0 * direction, np.zeros(3), radius) == hidden


def test_observer_and_target_coinciding_is_no_crash():
    assert not is_occulted([5.0, 0.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0)


def test_a_site_lies_over_itself():
    from skyforge.orbits import ground_site

    t = np.array([6.5e8, 7.0e8])
    position, _ = ground_site("site", 77.871, 43.226, 2750.0).geocentric_state(t)
    longitude, latitude, altitude = surface_coordinates("earth", t, position)
    assert longitude == pytest.approx(77.871, abs=1e-9)
    assert latitude == pytest.approx(43.226, abs=1e-9)
    assert altitude == pytest.approx(2.75, abs=1e-6)
