from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import PropagationError, ephemeris, force_model, point_mass, state_orbit
from skyforge.orbits.cr3bp import EARTH_MOON_SYSTEM, ThreeBodyState, lagrange_points
from skyforge.orbits.multiple_shooting import flow
from skyforge.orbits.pulsating_frame import geocentric_from_pulsating, pulsating_from_geocentric
from skyforge.orbits.three_body_orbit import three_body_orbit

DAY_S = 86400.0
MU = EARTH_MOON_SYSTEM.mass_ratio
# JPL's catalogue: 9:2 halo near the Moon, seen from the other side of the Moon's orbit plane; distant retrograde orbit.
NRHO = ThreeBodyState(
    EARTH_MOON_SYSTEM,
    (1.0196625817475922, 0.0, -0.18041918731575562),
    (0.0, -0.09805982467069076, 0.0),
    1.4799795545729917,
)
DRO = ThreeBodyState(
    EARTH_MOON_SYSTEM, (0.8119954439598074, 0.0, 0.0), (0.0, 0.5121681166217207, 0.0), 3.0804691974366456
)


@pytest.fixture(scope="module")
def start(tdb):
    return tdb("2030-03-01T00:00:00")


def test_earth_and_moon_rest_in_the_pulsating_frame(start):
    times = start + np.linspace(0.0, 30 * DAY_S, 50)
    states = np.zeros((50, 6))
    states[:, 0] = 1.0 - MU
    position, velocity = geocentric_from_pulsating(states, times, MU, EARTH_MOON_SYSTEM.time_s)
    moon, moon_velocity = ephemeris().relative_state("moon", "earth", times)
    assert position == pytest.approx(moon, abs=1e-6)
    assert velocity == pytest.approx(moon_velocity, abs=1e-12)
    assert pulsating_from_geocentric(position, times, MU)[:, 0] == pytest.approx(1.0 - MU)


@pytest.mark.parametrize("orbit", [NRHO, DRO])
def test_kinematic_velocity_is_the_derivative_of_the_position(start, orbit):
    trajectory = three_body_orbit("probe", orbit, start, (start, start), "kinematic")
    # Past the start, where the catalogue's orbits close to a millimetre only.
    times = start + 3600.0 + np.linspace(0.0, 0.9 * orbit.period_s, 200)
    _, velocity = trajectory.geocentric_state(times)
    step = 20.0
    # Fourth-order differences: their own error at perilune is 2e-9 km/s.
    near, far = (
        trajectory.geocentric_state(times + k * step)[0] - trajectory.geocentric_state(times - k * step)[0]
        for k in (1, 2)
    )
    assert np.abs((8.0 * near - far) / (12.0 * step) - velocity).max() < 5e-9


def test_kinematic_orbit_keeps_its_shape_for_years(start):
    trajectory = three_body_orbit("probe", DRO, start, (start, start), "kinematic")
    turns = start + np.array([0.0, 100.0, 1000.0]) * DRO.period_s
    places = pulsating_from_geocentric(trajectory.geocentric_state(turns)[0], turns, MU)
    assert places == pytest.approx(np.tile(DRO.position, (3, 1)), abs=1e-7)


def test_phase_is_a_share_of_the_period(start):
    ahead = three_body_orbit("probe", NRHO, start, (start, start), "kinematic", phase=0.25)
    later = three_body_orbit("probe", NRHO, start - 0.25 * NRHO.period_s, (start, start), "kinematic")
    assert ahead.state(start)[0] == pytest.approx(later.state(start)[0], abs=1e-3)


def test_arcs_move_as_the_propagator_has_it(start):
    state = np.array([[-60000.0, 20000.0, -15000.0, 0.05, 0.1, 0.02]])
    end, _ = flow(state, np.array([start]), np.array([start + DAY_S]))
    other = state_orbit(
        "probe", "moon", state[0, :3], state[0, 3:], start, (start, start + DAY_S), point_mass("moon")
    )
    position, velocity = other.relative_state(start + DAY_S)
    # The general propagator may pull with more planets than the Earth and the Sun: millimetres a day here.
    assert end[0, :3] == pytest.approx(position[0], abs=0.01)
    assert end[0, 3:] == pytest.approx(velocity[0], abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("orbit", "turns", "nearest", "farthest"),
    [
        # NASA's NRHO white paper: perilune 3196 to 3557 km, apolune about 71 000 km.
        (NRHO, 5, (2900.0, 3700.0), (70_000.0, 73_500.0)),
        # The design's 1.1 to 1.5 degrees of the Moon's radius.
        (DRO, 2, (62_000.0, 72_000.0), (86_000.0, 102_000.0)),
    ],
)
def test_natural_orbits_stay_near_their_reference_and_hang_together(start, orbit, turns, nearest, farthest):
    span = (start, start + turns * orbit.period_s)
    trajectory = three_body_orbit("probe", orbit, start, span, "n-body")
    times = np.linspace(*span, 4000)
    distance = np.linalg.norm(trajectory.relative_state(times)[0], axis=1)
    assert nearest[0] < distance.min() < nearest[1]
    assert farthest[0] < distance.max() < farthest[1]
    joints = trajectory._starts_tdb_s[1:]
    for joint in joints[joints < span[1]]:
        before, after = trajectory.relative_state(np.array([joint - 1e-5, joint + 1e-5]))[0]
        assert np.linalg.norm(after - before) < 0.002


def test_a_natural_orbit_obeys_the_general_propagator(start):
    trajectory = three_body_orbit("probe", DRO, start, (start, start + 3 * DAY_S), "n-body")
    position, velocity = trajectory.relative_state(start)
    model = force_model("moon", point_mass("moon"), bodies=("earth", "sun"))
    free = state_orbit(
        "probe", "moon", position[0], velocity[0], start, (start, start + 2 * DAY_S), model=model
    )
    times = start + np.linspace(0.0, 2 * DAY_S, 20)
    apart = free.relative_state(times)[0] - trajectory.relative_state(times)[0]
    # Arcs may miss each other by a metre when the correction ends; it is quadratic, and they seldom do.
    assert np.linalg.norm(apart, axis=1).max() < 1e-3


def test_near_l1_nothing_stays_without_the_orbit(start):
    """What kinematic mode hides: a body left at L1 is gone within a fortnight."""
    l1 = ThreeBodyState(EARTH_MOON_SYSTEM, tuple(lagrange_points(MU)[0] + [1e-3, 0, 0]), (0.0, 0.0, 0.0))
    trajectory = three_body_orbit("drifter", l1, start, (start, start + 14 * DAY_S), "kinematic")
    end = pulsating_from_geocentric(
        trajectory.geocentric_state(start + 14 * DAY_S)[0], start + 14 * DAY_S, MU
    )
    assert abs(end[0, 0] - l1.position[0]) > 0.05


def test_what_cannot_be_is_said(start):
    free = ThreeBodyState(EARTH_MOON_SYSTEM, NRHO.position, NRHO.velocity)
    with pytest.raises(
        InputError, match="probe: the n-body mode corrects periodic orbits and needs the period"
    ):
        three_body_orbit("probe", free, start, (start, start))
    with pytest.raises(InputError, match="probe: unknown mode 'natural'"):
        three_body_orbit("probe", NRHO, start, (start, start), "natural")
    with pytest.raises(InputError, match="a phase is a share of the period"):
        three_body_orbit("probe", free, start, (start, start), "kinematic", phase=0.5)
    with pytest.raises(InputError, match=r"58 revolutions of 6\.56 d at most"):
        three_body_orbit("probe", NRHO, start, (start, start + 500 * DAY_S))
    trajectory = three_body_orbit("probe", DRO, start, (start, start + 60.0))
    with pytest.raises(PropagationError, match=r"probe was made from 2030-02-28T23:59:00Z") as caught:
        trajectory.state(start + DAY_S)
    assert caught.value.name == "probe"
