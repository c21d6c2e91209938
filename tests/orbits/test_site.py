from __future__ import annotations

import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import EarthLocation
from astropy.time import Time

from skyforge.errors import InputError, SkyforgeWarning
from skyforge.orbits import ephemeris, ground_site, tdb_seconds, work_offline
from skyforge.orbits.earth_orientation import _warn_that_ut1_is_held

# Assy-Turgen, Siding Spring, near the south pole.
PLACES = [(77.871, 43.226, 2750.0), (149.07, -31.27, 1165.0), (-45.0, -89.9, 2835.0)]


@pytest.mark.parametrize("place", PLACES)
def test_place_and_velocity_agree_with_astropy(place):
    work_offline()
    times = Time("2008-12-31T12:00:00") + np.linspace(0.0, 5500.0, 37) * u.day
    longitude, latitude, height = place
    expected, expected_velocity = EarthLocation.from_geodetic(longitude, latitude, height).get_gcrs_posvel(
        times
    )
    position, velocity = ground_site("site", *place).geocentric_state(tdb_seconds(times))
    # 10 cm: UT1 of two bulletins differs by 0.1 ms; the velocity is that of the rotation alone.
    assert np.abs(position - expected.xyz.to_value(u.km).T).max() < 1e-4
    assert np.abs(velocity - expected_velocity.xyz.to_value(u.km / u.s).T).max() < 1e-8


def test_ut1_is_smooth_over_a_leap_second():
    site = ground_site("site", 0.0, 0.0)
    seconds = tdb_seconds(Time("2016-12-31T23:59:50")) + np.arange(0.0, 20.0)
    steps = np.linalg.norm(np.diff(site.geocentric_state(seconds)[0], axis=0), axis=1)
    assert steps == pytest.approx(0.4651, abs=1e-4)  # the equator's speed, km in a second, no jump


def test_state_is_barycentric():
    t = tdb_seconds(Time("2020-06-01"))
    site = ground_site("site", 10.0, 20.0)
    assert np.linalg.norm(site.state(t)[0] - ephemeris().state("earth", t)[0]) == pytest.approx(
        6375.7, abs=1.0
    )


def test_far_future_warns_that_the_rotation_is_not_known(tdb):
    _warn_that_ut1_is_held.cache_clear()
    with pytest.warns(SkyforgeWarning, match="UT1 is held"):
        ground_site("site", 0.0, 0.0).state(tdb("2045-01-01T00:00:00"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ground_site("site", 0.0, 0.0).state(tdb("2045-01-02T00:00:00"))  # once is enough


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((400.0, 0.0, 0.0), "longitude 400"),
        ((0.0, 91.0, 0.0), "latitude 91"),
        ((0.0, 0.0, -9000.0), "height -9000"),
    ],
)
def test_impossible_places_are_refused(place, message):
    with pytest.raises(InputError, match=message):
        ground_site("site", *place)
