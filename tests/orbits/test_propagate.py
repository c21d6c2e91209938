from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import (
    KeplerElements,
    PropagationError,
    ephemeris,
    kepler_orbit,
    point_mass,
    read_gfc,
    shipped_field,
    state_orbit,
)
from skyforge.orbits.dormand_prince import integrate
from skyforge.orbits.forces import ForceModel, Forces
from skyforge.orbits.harmonics import HarmonicTerms
from skyforge.orbits.kepler import elements_to_state
from skyforge.orbits.propagate import ONE_ORBIT, _prepared
from skyforge.orbits.time_table import TimeTable

DAY_S = 86400.0
ELLIPSE = KeplerElements(9750.74, 0.6, 50.0, 40.0, 90.0, mean_anomaly_deg=200.0, frame="equator")


@pytest.fixture(scope="module")
def lro(truth):
    rows = np.loadtxt(truth("lro/lro_moon_icrf_2022-01-01_first_2h.csv"), delimiter=",")
    # Julian dates with nine decimals are good to 0.1 ms only; the rows are minutes of TDB.
    return np.round((rows[:, 0] - 2451545.0) * 1440.0) * 60.0, rows[:, 1:4], rows[:, 4:7]


def error_after_an_hour_m(lro, field):
    times, position, velocity = lro
    orbit = state_orbit("LRO", "moon", position[0], velocity[0], times[0], (times[0], times[-1]), field)
    return 1000.0 * np.linalg.norm(orbit.relative_state(times)[0][60] - position[60])


def test_lunar_reconnaissance_orbiter_after_an_hour(lro, truth):
    # An independent implementation reached 1.8 km, 210 m, 98 m and 17 m on the same arc.
    assert error_after_an_hour_m(lro, point_mass("moon")) == pytest.approx(1800.0, rel=0.1)
    assert error_after_an_hour_m(lro, shipped_field("moon", 2)) < 250.0
    assert error_after_an_hour_m(lro, shipped_field("moon", 8)) < 250.0
    assert error_after_an_hour_m(lro, None) < 110.0
    field = read_gfc(truth("lro/GRGM660PRIM_to50.gfc"), "moon")
    assert error_after_an_hour_m(lro, field) < 20.0


def test_without_perturbations_the_orbit_is_keplers():
    field = point_mass("moon")
    mu = field.gravitational_parameter_km3_s2
    position, velocity = elements_to_state(ELLIPSE, mu)
    alone = ForceModel("moon", (), (field,))
    orbit = state_orbit("kepler", "moon", position, velocity, 0.0, (0.0, 3 * DAY_S), model=alone)
    times = np.linspace(0.0, 3 * DAY_S, 50)
    motion = np.degrees(np.sqrt(mu / ELLIPSE.semi_major_axis_km**3))
    analytic = [
        elements_to_state(
            KeplerElements(9750.74, 0.6, 50.0, 40.0, 90.0, mean_anomaly_deg=200.0 + motion * t), mu
        )[0]
        for t in times
    ]
    # Two centimetres after three revolutions.
    assert np.abs(orbit.relative_state(times)[0] - np.array(analytic)).max() < 2e-5


def test_energy_is_conserved_in_a_field_that_does_not_turn():
    field = shipped_field("moon")
    standing_still = np.zeros((1, 12, 9))
    standing_still[0, 0] = np.eye(3).ravel()
    rotation = TimeTable(0.0, DAY_S, standing_still)
    ready = Forces(ForceModel("moon", (), (field,)), (HarmonicTerms.of(field),), None, (rotation,))
    elements = KeplerElements(1860.0, 0.02, 80.0, 10.0, 20.0, true_anomaly_deg=30.0)
    initial = np.concatenate(elements_to_state(elements, field.gravitational_parameter_km3_s2))
    steps = integrate(_prepared(ready, 0.0, np.zeros(1)), initial[:, None], 7200.0, ONE_ORBIT)
    state = steps.at(np.ones(steps.body.size))
    energy = 0.5 * np.sum(state[3:] ** 2, axis=0) - field.potential(state[:3].T)
    # The lumps of the field move 1e-4 of it to and fro; a revolution must not show them.
    assert np.abs(energy / energy[0] - 1.0).max() < 3e-11


def test_integration_runs_both_ways(tdb):
    start = tdb("2026-03-05T00:00:00")
    there = kepler_orbit("probe", "moon", ELLIPSE, start, (start, start + DAY_S))
    position, velocity = there.relative_state(start + DAY_S)
    back = state_orbit("probe", "moon", position[0], velocity[0], start + DAY_S, (start, start + DAY_S))
    times = np.linspace(start, start + DAY_S, 20)
    # Ten centimetres after a revolution and back: dense output is of seventh order.
    assert np.abs(there.relative_state(times)[0] - back.relative_state(times)[0]).max() < 1e-4


def test_velocity_is_the_derivative_of_position(tdb):
    start = tdb("2026-03-05T00:00:00")
    orbit = kepler_orbit("probe", "moon", ELLIPSE, start, (start, start + DAY_S))
    times = np.linspace(start + 10.0, start + DAY_S - 10.0, 100)
    numeric = (orbit.relative_state(times + 1.0)[0] - orbit.relative_state(times - 1.0)[0]) / 2.0
    assert np.abs(numeric - orbit.relative_state(times)[1]).max() < 1e-6


def test_barycentric_state_is_the_moons_plus_the_relative_one(tdb):
    start = tdb("2026-03-05T00:00:00")
    orbit = kepler_orbit("probe", "moon", ELLIPSE, start, (start, start + 60.0))
    difference = orbit.state(start)[0] - ephemeris().state("moon", start)[0]
    assert np.linalg.norm(difference - orbit.relative_state(start)[0]) < 1e-6


def test_eclipse_of_an_earth_orbit_begins_and_ends_when_gmat_says(tdb):
    # GMAT, two-body: umbra 11:43:39.068 to 12:16:44.181 UTC on 2020-01-01. With a spherical Earth an
    # independent implementation is 5.7 s off; perturbations add less than a second in an hour.
    start = tdb("2020-01-01T11:30:00")
    elements = KeplerElements(7191.9, 0.02, 98.0, 306.6, 314.1, true_anomaly_deg=100.3)
    orbit = kepler_orbit("sat", "earth", elements, start, (start, start + 3600.0), point_mass("earth"))
    times = start + np.arange(0.0, 3600.0, 0.5)
    place, _ = orbit.relative_state(times)
    sun = ephemeris().relative_state("sun", "earth", times)[0] - place
    distance = np.linalg.norm(place, axis=1)
    separation = np.arccos(-np.sum(sun * place, axis=1) / np.linalg.norm(sun, axis=1) / distance)
    umbra = separation < np.arcsin(6378.137 / distance) - np.arcsin(695_700.0 / np.linalg.norm(sun, axis=1))
    dark = times[umbra] - start
    assert dark[0] == pytest.approx(819.068, abs=8.0)
    assert dark[-1] == pytest.approx(2804.181, abs=8.0)


def test_node_of_a_sun_synchronous_orbit_follows_the_sun(tdb):
    # 98.19 deg at 705 km (Landsat): the node turns 360 deg in a tropical year, 0.9856 deg a day.
    start = tdb("2024-06-01T00:00:00")
    elements = KeplerElements(7077.8, 0.001, 98.19, 30.0, 90.0, true_anomaly_deg=0.0, frame="equator")
    orbit = kepler_orbit("landsat", "earth", elements, start, (start, start + 2 * DAY_S))
    period = 2 * np.pi * np.sqrt(7077.8**3 / 398600.44)
    whole = period * np.round(DAY_S / period)
    position, velocity = orbit.relative_state([start, start + whole])
    pole = np.cross(position, velocity)
    turned = np.degrees(np.diff(np.arctan2(pole[:, 1], pole[:, 0])))[0]
    assert turned * DAY_S / whole == pytest.approx(0.9856, abs=0.02)


def test_periapsis_below_the_surface_says_by_how_much():
    low = KeplerElements(2000.0, 0.2, true_anomaly_deg=180.0)
    with pytest.raises(InputError, match=r"137\.4 km below the surface of the Moon"):
        kepler_orbit("digger", "moon", low, 0.0, (0.0, 60.0))


def test_impact_says_when_and_where(tdb):
    # Kepler: from the apoapsis at 1837.4 km with 0.5 km/s (a = 963.9 km, e = 0.906) to 1737.4 km takes 386.6
    # s.
    start = tdb("2026-03-05T00:00:00")
    with pytest.raises(InputError, match=r"lander hits the surface of the Moon at 2026-03-05T00:06:2[5-8]"):
        state_orbit("lander", "moon", [1837.4, 0, 0], [0, 0.5, 0], start, (start, start + 3600.0))


def test_impact_is_found_backwards_too(tdb):
    start = tdb("2026-03-05T00:00:00")
    with pytest.raises(InputError, match=r"rocket hits the surface of the Earth at 2026-03-04T2"):
        state_orbit("rocket", "earth", [7000.0, 0, 0], [0.0, 5.0, 0], start, (start - 7200.0, start))


def test_start_below_the_surface_is_refused():
    with pytest.raises(InputError, match=r"mole is 137\.4 km below the surface of the Moon"):
        state_orbit("mole", "moon", [1600.0, 0, 0], [0, 1.6, 0], 0.0, (0.0, 60.0))


def test_span_outside_the_ephemeris_is_refused():
    with pytest.raises(InputError, match="DE440"):
        kepler_orbit("late", "moon", ELLIPSE, 2.1e10, (2.1e10, 2.1e10 + 60.0))


def test_wrong_centre_field_or_vector_is_refused():
    with pytest.raises(InputError, match="did you mean 'moon'"):
        kepler_orbit("a", "mooon", ELLIPSE, 0.0, (0.0, 1.0))
    with pytest.raises(InputError, match="circles the moon, but the gravity field"):
        kepler_orbit("a", "moon", ELLIPSE, 0.0, (0.0, 1.0), point_mass("earth"))
    with pytest.raises(InputError, match="three finite numbers"):
        state_orbit("a", "moon", [1.0, 2.0], [0, 0, 0], 0.0, (0.0, 1.0))


def test_a_time_outside_the_span_is_no_state():
    orbit = kepler_orbit("probe", "moon", ELLIPSE, 0.0, (0.0, 60.0))
    with pytest.raises(PropagationError, match="probe was propagated from 2000-01-01") as caught:
        orbit.state(1e6)
    assert caught.value.name == "probe"
