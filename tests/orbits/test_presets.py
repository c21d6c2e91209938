from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import (
    angular_radius_rad,
    angular_separation_rad,
    body_radius_km,
    ephemeris,
    is_occulted,
    load_tle,
    orbit_preset,
    orbit_presets,
    retarded_position,
    shipped_field,
    surface_coordinates,
)
from skyforge.orbits.cr3bp import ThreeBodyState, three_body_motion
from skyforge.orbits.element_frames import icrf_from_frame
from skyforge.orbits.kepler import state_to_elements
from skyforge.resources import catalogs_directory

DAY_S = 86400.0
MOON_RADIUS_KM = body_radius_km("moon")


@pytest.mark.filterwarnings("ignore:the Earth's rotation")
def test_every_preset_propagates_and_tells_its_story(tdb):
    start = tdb("2030-03-01T00:00:00")
    for preset in orbit_presets():
        assert preset.story
        assert preset.source
        orbit = preset.trajectory(start, (start, start + 60.0))
        assert orbit.name == preset.name
        assert orbit.state(start + np.arange(3.0))[0].shape == (3, 3)


def test_unknown_preset_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean 'lunar-elfo-24h'"):
        orbit_preset("lunar-elfo-24")


@pytest.mark.parametrize(
    "name", ["nrho-9-2", "lunar-dro", "earth-moon-l1-halo", "earth-moon-l2-halo", "lunar-butterfly"]
)
def test_three_body_presets_close_after_their_period(name):
    state = orbit_preset(name).start
    free = ThreeBodyState(state.system, state.position, state.velocity)
    end = three_body_motion(free, (0.0, state.period)).at(state.period)[0]
    assert np.linalg.norm(end[:3] - state.position) * state.system.length_km * 1000.0 < 1.0


def test_three_body_presets_stand_where_their_stories_say(tdb):
    # Nine revolutions in two synodic months, two in one (29.530589 d: Chapront et al. 2002).
    assert 9.0 * orbit_preset("nrho-9-2").period_s == pytest.approx(2.0 * 29.530589 * DAY_S, rel=1e-3)
    assert 2.0 * orbit_preset("lunar-butterfly").period_s == pytest.approx(29.530589 * DAY_S, rel=1e-6)
    start = tdb("2030-03-01T00:00:00")
    orbit = orbit_preset("nrho-9-2").trajectory(start, (start, start), mode="kinematic")
    moon = ephemeris().state("moon", start)[0]
    _, latitude, altitude = surface_coordinates("moon", start, orbit.state(start)[0] - moon)
    assert latitude[0] < -60.0  # it starts far over the south
    assert altitude[0] > 60_000.0


def test_the_moon_from_the_distant_retrograde_orbit_is_as_large_as_the_design_says(tdb):
    start = tdb("2030-03-01T00:00:00")
    orbit = orbit_preset("lunar-dro").trajectory(start, (start, start), mode="kinematic")
    times = start + np.linspace(0.0, 13.6, 200) * DAY_S
    distance = np.linalg.norm(orbit.state(times)[0] - ephemeris().state("moon", times)[0], axis=1)
    radius = np.degrees(np.arcsin(MOON_RADIUS_KM / distance))
    assert radius.min() == pytest.approx(1.1, abs=0.1)
    assert radius.max() == pytest.approx(1.5, abs=0.1)


def test_the_geostationary_preset_stays_over_its_longitude(tdb):
    start = tdb("2026-03-01T00:00:00")
    orbit = orbit_preset("geo-75e").trajectory(start, (start, start + 5 * DAY_S))
    times = start + np.linspace(0.0, 5 * DAY_S, 200)
    east, latitude, altitude = surface_coordinates("earth", times, orbit.relative_state(times)[0])
    # What Sun and Moon do to the first day's motion lets it drift by 0.03 degrees a day; the Earth's bulge forgotten
    # would be 0.007 more, a kilometre of radius 0.013.
    assert np.abs(east - 75.0).max() < 0.15
    assert np.abs(latitude).max() < 0.1
    assert altitude == pytest.approx(35_786.0, abs=40.0)


def test_the_dusk_orbit_keeps_the_hour_of_its_node(tdb):
    start = tdb("2026-03-01T00:00:00")
    preset = orbit_preset("leo-sso-550km")
    orbit = preset.trajectory(start, (start, start + 5 * DAY_S))
    hours = []
    for day in (0.0, 2.5, 4.9):
        position, velocity = (one[0] for one in orbit.relative_state(start + day * DAY_S))
        to_equator = icrf_from_frame("equator", "earth", start + day * DAY_S).T
        normal = to_equator @ np.cross(position, velocity)
        sun = to_equator @ ephemeris().relative_state("sun", "earth", start + day * DAY_S)[0][0]
        node = np.arctan2(normal[0], -normal[1])
        hours.append(12.0 + np.degrees(node - np.arctan2(sun[1], sun[0])) / 15.0)
    # The true Sun gains a minute on the mean one in these five days; a plane at rest would lose twenty.
    assert np.mod(hours, 24.0) == pytest.approx(18.0, abs=0.05)
    assert preset.elements.inclination_deg == pytest.approx(97.6, abs=0.05)


@pytest.mark.slow
def test_the_flight_to_the_moon_arrives(tdb):
    start = tdb("2030-03-11T00:00:00")
    orbit = orbit_preset("lunar-transfer").trajectory(start, (start, start + 6 * DAY_S))
    times = start + np.linspace(0.0, 6 * DAY_S, 4000)
    from_earth = orbit.relative_state(times)[0]
    from_moon = np.linalg.norm(from_earth - ephemeris().relative_state("moon", "earth", times)[0], axis=1)
    assert np.linalg.norm(from_earth[0]) == pytest.approx(6578.1, abs=0.1)
    assert 3000.0 < from_moon.min() < 9000.0
    assert (times[np.argmin(from_moon)] - start) / DAY_S == pytest.approx(4.5, abs=0.1)


def test_modes_are_of_three_body_orbits(tdb):
    start = tdb("2030-03-01T00:00:00")
    with pytest.raises(InputError, match="modes kinematic and n-body are of three-body orbits"):
        orbit_preset("gto").trajectory(start, (start, start), mode="kinematic")


@pytest.mark.slow
@pytest.mark.parametrize("epoch", ["2030-03-01T00:00:00", "2026-05-10T00:00:00"])
def test_frozen_orbit_stays_frozen_for_thirty_days(tdb, epoch):
    start = tdb(epoch)
    field = shipped_field("moon", 8)
    orbit = orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 30 * DAY_S), field)
    to_plane = icrf_from_frame("orbit", "moon", start).T
    position, velocity = orbit.relative_state(start + np.arange(0.0, 30 * DAY_S, 3600.0))
    elements = [
        state_to_elements(to_plane @ p, to_plane @ v, field.gravitational_parameter_km3_s2)
        for p, v in zip(position, velocity, strict=True)
    ]
    periapsis_altitude = np.array([one.periapsis_km for one in elements]) - MOON_RADIUS_KM
    argument = np.array([one.argument_of_periapsis_deg for one in elements])
    assert periapsis_altitude.min() > 1000.0
    assert np.abs(argument - 90.0).max() < 10.0  # it swings about 90 degrees instead of turning
    # A revolution a day.
    assert np.mean([one.semi_major_axis_km for one in elements]) == pytest.approx(9750.0, rel=0.01)


def test_frozen_orbit_sees_the_moon_as_large_as_the_design_says(tdb):
    start = tdb("2030-03-01T00:00:00")
    orbit = orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + DAY_S))
    distance = np.linalg.norm(orbit.relative_state(start + np.arange(0.0, DAY_S, 60.0))[0], axis=1)
    radius = np.degrees(np.arcsin(MOON_RADIUS_KM / distance))
    assert radius.min() == pytest.approx(6.1, abs=0.3)
    assert radius.max() == pytest.approx(31.0, abs=2.5)


def test_low_orbit_is_low_circular_and_polar(tdb):
    start = tdb("2030-03-01T00:00:00")
    orbit = orbit_preset("lunar-llo-100km").trajectory(start, (start, start + 7100.0))
    times = start + np.arange(0.0, 7100.0, 30.0)
    _, latitude, altitude = surface_coordinates("moon", times, orbit.relative_state(times)[0])
    assert altitude.min() > 80.0
    assert altitude.max() < 120.0
    assert latitude[0] > 89.0
    assert latitude.min() < -89.0


@pytest.mark.parametrize("day", range(0, 28, 4))
def test_the_earth_is_in_sight_when_the_low_orbit_starts(tdb, day):
    start = tdb("2030-03-01T00:00:00") + day * DAY_S
    observer, _ = orbit_preset("lunar-llo-100km").trajectory(start, (start, start)).state(start)
    moon, earth = (ephemeris().state(body, start)[0] for body in ("moon", "earth"))
    clearance = angular_separation_rad(earth - observer, moon - observer) - angular_radius_rad(
        observer, moon, MOON_RADIUS_KM
    )
    assert np.degrees(clearance[0]) > 10.0


@pytest.mark.filterwarnings("ignore:the Earth's rotation")
@pytest.mark.parametrize(("index", "name", "longitude"), [(0, "KAZSAT-2", 86.5), (1, "KAZSAT-3", 58.5)])
def test_kazsats_keep_their_longitudes(tdb, index, name, longitude):
    satellite = load_tle(catalogs_directory() / "kazsat.tle")[index]
    times = tdb("2030-03-01T00:00:00") + np.linspace(-2.0, 2.0, 97) * DAY_S
    east, latitude, altitude = surface_coordinates("earth", times, satellite.geocentric_state(times)[0])
    assert satellite.name == name
    # A geostationary slot is 0.1 degrees wide on either side.
    assert np.abs(east - longitude).max() < 0.1
    assert np.abs(latitude).max() < 0.1
    assert altitude == pytest.approx(35_786.0, abs=25.0)


@pytest.mark.parametrize("preset", ["lunar-elfo-24h", "lunar-llo-100km"])
def test_kazsats_are_in_sight_from_lunar_orbit_at_their_epoch(tdb, preset):
    times = tdb("2030-03-01T00:00:00") + 10.0 * np.arange(8)
    observer, _ = orbit_preset(preset).trajectory(times[0], (times[0], times[-1])).state(times)
    bodies = {body: ephemeris().state(body, times)[0] for body in ("moon", "earth", "sun")}
    for satellite in load_tle(catalogs_directory() / "kazsat.tle"):
        target, _, light_time = retarded_position(satellite, times, observer)
        assert np.all((light_time > 1.1) & (light_time < 1.5))
        for body in ("moon", "earth"):
            assert not is_occulted(observer, target, bodies[body], body_radius_km(body)).any()
        assert not is_occulted(target, bodies["sun"], bodies["earth"], body_radius_km("earth")).any()
