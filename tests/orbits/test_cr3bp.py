from __future__ import annotations

import json

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits.cr3bp import (
    EARTH_MOON_SYSTEM,
    ThreeBodyState,
    ThreeBodySystem,
    jacobi_constant,
    lagrange_points,
    orbit_of_same_period,
    rates,
    symmetric_orbit,
    three_body_motion,
    transition,
)

MU = EARTH_MOON_SYSTEM.mass_ratio
LU_M = EARTH_MOON_SYSTEM.length_km * 1000.0


@pytest.fixture(scope="session")
def catalogue(truth):
    content = json.loads(truth("cr3bp/jpl_periodic_orbits.json").read_text())
    system = ThreeBodySystem(content["mu"], content["lunit_km"], content["tunit_s"])
    assert system == EARTH_MOON_SYSTEM
    return [
        (
            ThreeBodyState(system, tuple(one["state"][:3]), tuple(one["state"][3:]), one["period"]),
            one["jacobi"],
        )
        for one in content["orbits"]
    ]


def test_orbits_of_the_catalogue_close_within_a_metre_and_keep_their_jacobi_constant(catalogue):
    assert len(catalogue) >= 5
    for orbit, jacobi in catalogue:
        free = ThreeBodyState(orbit.system, orbit.position, orbit.velocity)
        motion = three_body_motion(free, (0.0, orbit.period))
        end = motion.at(orbit.period)[0]
        assert np.linalg.norm(end[:3] - orbit.position) * LU_M < 1.0
        constant = jacobi_constant(motion.at(np.linspace(0.0, orbit.period, 2000)), MU)
        assert np.abs(constant - jacobi).max() < 1e-11


def test_a_periodic_orbit_repeats_itself_forwards_and_backwards(catalogue):
    orbit, _ = catalogue[0]
    motion = three_body_motion(orbit)
    phases = np.array([0.1, 0.5, 0.9]) * orbit.period
    for turns in (-7.0, 100.0):
        assert motion.at(phases + turns * orbit.period) == pytest.approx(motion.at(phases), abs=1e-10)


def test_without_a_period_motion_runs_both_ways():
    state = ThreeBodyState(EARTH_MOON_SYSTEM, (0.84, 0.0, 0.0), (0.0, 0.2, 0.0))
    motion = three_body_motion(state, (-1.0, 1.0))
    back, start, ahead = motion.at([-1.0, 0.0, 1.0])
    assert start == pytest.approx(state.vector, abs=1e-14)
    # The problem is symmetric about the x axis when time runs backwards.
    assert back * np.array([1, -1, 1, -1, 1, -1]) == pytest.approx(ahead, abs=1e-10)


def test_lagrange_points_are_at_rest():
    points = lagrange_points(MU)
    for point in points:
        assert np.abs(rates(np.concatenate([point, np.zeros(3)]), MU)).max() < 1e-12
    # Distances from the Moon of L1 and L2 in units of the Earth's: Szebehely 1967, table 4.3 interpolated to this μ.
    assert points[0, 0] == pytest.approx(0.836915, abs=1e-6)
    assert points[1, 0] == pytest.approx(1.155682, abs=1e-6)
    assert points[2, 0] == pytest.approx(-1.005063, abs=1e-6)
    # L4 and L5 make equilateral triangles with the bodies.
    for place in points[3:]:
        assert np.linalg.norm(place - [-MU, 0, 0]) == pytest.approx(1.0)
        assert np.linalg.norm(place - [1 - MU, 0, 0]) == pytest.approx(1.0)


def test_the_transition_matrix_is_the_derivative_and_keeps_volumes(catalogue):
    orbit, _ = catalogue[2]
    _, matrix = transition(orbit, 0.7)
    assert np.linalg.det(matrix) == pytest.approx(1.0, abs=1e-8)  # Liouville
    for axis in range(6):
        ends = []
        for step in (1e-6, -1e-6):
            vector = orbit.vector
            vector[axis] += step
            moved = ThreeBodyState(orbit.system, tuple(vector[:3]), tuple(vector[3:]))
            ends.append(three_body_motion(moved, (0.0, 0.7)).at(0.7)[0])
        assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(matrix[:, axis], abs=1e-6)


def test_correction_finds_the_catalogues_orbit_again(catalogue):
    orbit, jacobi = catalogue[2]
    rounded = ThreeBodyState(
        orbit.system,
        tuple(np.round(orbit.position, 3)),
        tuple(np.round(orbit.velocity, 3)),
        orbit.period,
    )
    found = symmetric_orbit(rounded)
    assert found.position == pytest.approx(orbit.position, abs=1e-9)
    assert found.jacobi_constant == pytest.approx(jacobi, abs=1e-9)


def test_one_period_belongs_to_different_orbits_in_different_units(catalogue):
    orbit, _ = catalogue[0]
    month_s = 27.321661 * 86400.0
    true_moon = ThreeBodySystem(MU, 384_748.0, month_s / (2.0 * np.pi))
    member = orbit_of_same_period(orbit, true_moon)
    assert member.period_s == pytest.approx(orbit.period_s, rel=1e-12)
    perilune = three_body_motion(member).at(0.5 * member.period)[0, :3] - [1.0 - MU, 0.0, 0.0]
    # NASA's NRHO white paper has 3196 to 3557 km for the 9:2 orbit, where the catalogue's own member has 2931 km.
    assert 3150.0 < np.linalg.norm(perilune) * true_moon.length_km < 3300.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mass_ratio": 0.7}, "mass ratio is 0.7"),
        ({"length_km": -1.0}, "unit of length is -1"),
        ({"time_s": 0.0}, "unit of time is 0"),
    ],
)
def test_impossible_systems_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        ThreeBodySystem(**{"mass_ratio": 0.01, "length_km": 1.0, "time_s": 1.0, **arguments})


def test_impossible_states_are_refused():
    with pytest.raises(InputError, match="three finite numbers"):
        ThreeBodyState(EARTH_MOON_SYSTEM, (1.0, 0.0, float("nan")), (0.0, 0.0, 0.0))
    with pytest.raises(InputError, match="period is -1"):
        ThreeBodyState(EARTH_MOON_SYSTEM, (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), -1.0)
    lost = ThreeBodyState(EARTH_MOON_SYSTEM, (0.5, 0.0, 0.3), (0.0, 0.1, 0.0), 1.0)
    with pytest.raises(InputError, match="no periodic orbit of 1 time units"):
        symmetric_orbit(lost)
