from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import ephemeris, surface_coordinates
from skyforge.orbits.lunar_surface import lunar_site

DAY_S = 86400.0


def test_a_place_on_the_moon_keeps_its_coordinates(tdb):
    # Apollo 11's retroreflector: 0.67344 N, 23.47307 E, radius 1735.473 km (Williams et al. 2008, mean-Earth frame).
    site = lunar_site("Apollo 11", 23.47307, 0.67344, -1927.0)
    times = tdb("2030-03-01T00:00:00") + np.linspace(0.0, 60.0, 13) * DAY_S
    position, _ = site.selenocentric_state(times)
    longitude, latitude, altitude = surface_coordinates("moon", times, position)
    assert longitude == pytest.approx(23.47307, abs=1e-9)
    assert latitude == pytest.approx(0.67344, abs=1e-9)
    assert altitude == pytest.approx(-1.927, abs=1e-9)


def test_its_velocity_is_the_derivative_of_its_position(tdb):
    site = lunar_site("Shackleton", 129.2, -89.66, 1000.0)
    t = tdb("2030-03-01T00:00:00")
    for place in (site, lunar_site("equator", 0.0, 0.0)):
        before, _ = place.selenocentric_state(t - 100.0)
        after, _ = place.selenocentric_state(t + 100.0)
        _, velocity = place.selenocentric_state(t)
        assert (after - before) / 200.0 == pytest.approx(velocity, abs=1e-9)
    # A revolution in 27.32 days.
    assert np.linalg.norm(velocity) == pytest.approx(2 * np.pi * 1737.4 / (27.321661 * DAY_S), rel=0.02)


def test_the_earth_hangs_still_over_the_middle_of_the_near_side(tdb):
    times = tdb("2030-03-01T00:00:00") + np.linspace(0.0, 27.0, 100) * DAY_S
    place, _ = lunar_site("Sinus Medii", 0.0, 0.0).state(times)
    earth, moon = (ephemeris().state(body, times)[0] for body in ("earth", "moon"))
    zenith = (place - moon) / 1737.4
    sight = earth - place
    distance = np.degrees(np.arccos(np.sum(zenith * sight, axis=1) / np.linalg.norm(sight, axis=1)))
    # Librations reach 7.9 degrees in longitude and 6.9 in latitude.
    assert distance.max() < 10.5
    far, _ = lunar_site("far side", 180.0, 0.0).state(times)
    assert np.all(np.sum((far - moon) * (earth - far), axis=1) < 0.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((400.0, 0.0, 0.0), "longitude 400 deg does not exist"),
        ((0.0, -91.0, 0.0), "latitude -91 deg does not exist"),
        ((0.0, 0.0, -20e3), "height -20000 m is no height of lunar ground"),
        ((0.0, 0.0, 1e5), "height 100000 m"),
    ],
)
def test_impossible_places_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        lunar_site("X", *arguments)
