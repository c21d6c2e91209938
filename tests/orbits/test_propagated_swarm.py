from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import (
    ForceModel,
    KeplerElements,
    PropagationError,
    TrajectoryGroup,
    ephemeris,
    force_model,
    kepler_orbit,
    point_mass,
    propagate_swarm,
    shipped_field,
)
from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.kepler import elements_to_state
from skyforge.orbits.solar_radiation import sunlit_share

DAY_S = 86400.0
RNG = np.random.default_rng(4)


@pytest.fixture(scope="module")
def start(tdb):
    return tdb("2026-03-05T00:00:00")


def ellipses(count: int, gm: float) -> list[KeplerElements]:
    periapsis, eccentricity = RNG.uniform(3000.0, 9000.0, count), RNG.uniform(0.0, 0.7, count)
    angles = RNG.uniform(0.0, 180.0, (4, count))
    return [
        KeplerElements(q / (1.0 - e), e, *three, mean_anomaly_deg=mean)
        for q, e, *three, mean in zip(periapsis, eccentricity, *angles, strict=True)
    ]


def states(elements: list[KeplerElements], gm: float) -> tuple[np.ndarray, np.ndarray]:
    pairs = [elements_to_state(one, gm) for one in elements]
    return np.array([one for one, _ in pairs]), np.array([one for _, one in pairs])


def test_alone_each_body_of_a_swarm_follows_keplers_laws(start) -> None:
    gm = GRAVITATIONAL_PARAMETER_KM3_S2["moon"]
    elements = ellipses(40, gm)
    model = ForceModel("moon", (), (point_mass("moon"),))
    names = [str(k) for k in range(40)]
    swarm = propagate_swarm(names, model, *states(elements, gm), start, (start - DAY_S, start + DAY_S))
    times = start + np.linspace(-DAY_S, DAY_S, 41)
    position, _ = swarm.motion.relative_states(times[np.newaxis])
    for row, one in enumerate(elements):
        motion = np.degrees(np.sqrt(gm / one.semi_major_axis_km**3))
        for k, t in enumerate(times):
            mean = one.mean_anomaly_deg + motion * (t - start)
            later = KeplerElements(
                one.semi_major_axis_km,
                one.eccentricity,
                one.inclination_deg,
                one.raan_deg,
                one.argument_of_periapsis_deg,
                mean_anomaly_deg=mean,
            )
            # Half a metre after a day, at the tolerance for many.
            assert np.linalg.norm(position[row, k] - elements_to_state(later, gm)[0]) < 5e-4


def test_a_swarm_is_its_orbits_one_by_one(start) -> None:
    field = shipped_field("moon", 8)
    elements = [KeplerElements(1850.0, 0.01, 85.0, 20.0, 0.0, mean_anomaly_deg=10.0), *ellipses(5, 0.0)]
    position, velocity = states(elements, field.gravitational_parameter_km3_s2)
    names = [f"body {k}" for k in range(6)]
    swarm = propagate_swarm(
        names, force_model("moon", field), position, velocity, start, (start, start + DAY_S)
    )
    times = start + np.linspace(0.0, DAY_S, 30)
    together = swarm.states(times)
    group = TrajectoryGroup(swarm.trajectories()[::-1]).states(times)
    for row, one in enumerate(elements):
        alone = kepler_orbit(names[row], "moon", one, start, (start, start + DAY_S), field)
        # A metre after a day, at the tolerance for many.
        assert np.abs(together.position_km[row] - alone.state(times)[0]).max() < 1e-3
        assert np.abs(together.position_km[row] - swarm.trajectory(row).state(times)[0]).max() < 1e-6
        assert np.abs(together.position_km[row] - group.position_km[5 - row]).max() < 1e-6


def test_light_time_of_a_swarm_is_that_of_its_orbits(start) -> None:
    from skyforge.orbits import retarded_position

    field = shipped_field("moon", 2)
    position, velocity = states(ellipses(6, 0.0), field.gravitational_parameter_km3_s2)
    swarm = propagate_swarm(
        list("abcdef"), force_model("moon", field), position, velocity, start, (start, start)
    )
    times = start + np.array([0.0, 30.0])
    observer = ephemeris().state("earth", times)[0]
    seen = swarm.retarded(times, observer)
    for row in range(6):
        place, _, light_time = retarded_position(swarm.trajectory(row), times, observer)
        assert np.abs(seen.position_km[row] - place).max() < 1e-6
        assert np.abs(seen.light_time_s[row] - light_time).max() < 1e-9


def test_what_hits_the_moon_is_named_and_the_others_go_on(start) -> None:
    position = np.array([[1837.4, 0.0, 0.0], [6000.0, 0.0, 0.0], [1600.0, 0.0, 0.0], [6000.0, np.nan, 0.0]])
    velocity = np.array([[0.0, 0.5, 0.0], [0.0, 0.9, 0.0], [0.0, 1.6, 0.0], [0.0, 0.0, 0.0]])
    names = ["lander", "orbiter", "mole", "nothing"]
    model = force_model("moon", shipped_field("moon", 2))
    swarm = propagate_swarm(names, model, position, velocity, start, (start, start + 3600.0))
    assert swarm.reasons[0].startswith("lander hits the surface of the Moon at 2026-03-05T00:06:2")
    assert "mole is 137.4 km below the surface of the Moon" in swarm.reasons[2]
    assert "nothing: a position or velocity" in swarm.reasons[3]
    seen = swarm.states(start + np.array([0.0, 1000.0]))
    assert seen.valid.tolist() == [[True, False], [True, True], [False, False], [False, False]]
    assert set(seen.reasons) == {0, 2, 3}
    with pytest.raises(PropagationError, match="lander hits"):
        swarm.trajectory(0).state(start + 1000.0)
    assert np.isfinite(swarm.trajectory(0).state(start + 100.0)[0]).all()
    late = swarm.states(start + DAY_S)
    assert "orbiter was propagated from" in late.reasons[1]


def test_a_transfer_that_ends_on_the_earth_is_told_so(start) -> None:
    """From the Moon's distance without sideways speed a body falls to the Earth in five days."""
    earth, earth_speed = ephemeris().relative_state("earth", "moon", start)
    position, velocity = 0.8 * earth, earth_speed + 0.001
    model = force_model("moon", shipped_field("moon", 2))
    swarm = propagate_swarm(["stone"], model, position, velocity, start, (start, start + 8 * DAY_S))
    assert "stone hits the surface of the Earth" in swarm.reasons[0]


def test_sunlight_pushes_as_its_pressure_says(start) -> None:
    """1361 W/m² / c on 0.02 m²/kg: 91 nm/s², a third of a kilometre in a day."""
    sun = ephemeris().relative_state("sun", "moon", start)[0][0]
    towards = sun / np.linalg.norm(sun)
    position, velocity = np.tile(200_000.0 * towards, (2, 1)), np.zeros((2, 3))
    model = ForceModel("moon", ("sun",), (point_mass("moon"),), radiation_pressure=True)
    swarm = propagate_swarm(
        ["ball", "stone"],
        model,
        position,
        velocity,
        start,
        (start, start + DAY_S),
        reflecting_area_to_mass_m2_kg=[0.02, 0.0],
    )
    away, _ = swarm.motion.relative_states(np.array([[start + DAY_S]]))
    pushed = away[0, 0] - away[1, 0]
    distance_au = np.linalg.norm(sun - position[0]) / 149597870.7
    expected = 0.5 * 1361.0 / 299792458.0 * 0.02 / distance_au**2 * DAY_S**2 / 1000.0
    # Its own distance, the tides and the way it goes matter by less than a per cent.
    assert -pushed @ towards == pytest.approx(expected, rel=0.01)
    assert np.linalg.norm(pushed + (-pushed @ towards) * towards) < 0.03 * expected


def test_shadow_is_dark_behind_a_body_and_half_dark_at_its_edge() -> None:
    radius, distance = 6371.0, 42_164.0
    sun_km = 1.496e8
    behind = np.stack([np.full(3, distance), np.array([0.0, radius, 9000.0]), np.zeros(3)])
    from_sun = behind + np.array([[sun_km], [0.0], [0.0]])
    lit = sunlit_share(from_sun, behind, radius)
    assert lit[0] == 0.0
    # On the edge of the geometric shadow the limb halves the Sun, but for the cone of the Sun's half-angle.
    assert lit[1] == pytest.approx(0.5, abs=0.01)
    assert lit[2] == 1.0
    assert sunlit_share(from_sun, -behind, radius).tolist() == [1.0, 1.0, 1.0]
    # Far beyond the tip of the shadow the body covers a part of the disc: radius squared over the Sun's.
    far = np.array([[4e6], [0.0], [0.0]])
    ring = 1.0 - ((radius / 4e6) / (695_700.0 / (sun_km + 4e6))) ** 2
    assert sunlit_share(far + np.array([[sun_km], [0.0], [0.0]]), far, radius)[0] == pytest.approx(
        ring, rel=1e-5
    )


def test_options_that_do_not_fit_are_refused(start) -> None:
    with pytest.raises(InputError, match="did you mean 'jupiter'"):
        force_model("moon", bodies=("jupitre",))
    with pytest.raises(InputError, match="name one twice, or the centre"):
        force_model("moon", bodies=("moon", "sun"))
    with pytest.raises(InputError, match="needs the Sun"):
        force_model("moon", bodies=("earth",), radiation_pressure=True)
    with pytest.raises(InputError, match="is that of the earth, not of the moon"):
        force_model("moon", shipped_field("earth"))
    with pytest.raises(InputError, match="needs the earth as centre or among"):
        force_model("moon", shipped_field("moon"), bodies=("sun",), other_fields=(shipped_field("earth"),))
    with pytest.raises(InputError, match="two were given"):
        force_model("moon", shipped_field("moon"), other_fields=(shipped_field("moon"),))
    with pytest.raises(InputError, match="relativity"):
        ForceModel("moon", ("sun",), relativity=True)
    with pytest.raises(InputError, match=r"shape \(2, 3\)"):
        propagate_swarm(
            ["a", "b"], force_model("moon"), np.zeros((1, 3)), np.zeros((1, 3)), start, (start, start)
        )


def test_the_earths_flattening_is_felt_from_an_orbit_reckoned_about_the_moon(start) -> None:
    """One orbit about the Earth, integrated about either centre, is one orbit."""
    position = np.array([[20_000.0, 0.0, 5000.0]])
    velocity = np.array([[0.0, 4.2, 0.5]])
    moon, moon_speed = ephemeris().relative_state("moon", "earth", start)
    span, times = (start, start + 0.5 * DAY_S), start + np.linspace(0.0, 0.5 * DAY_S, 10)
    earth_field, moon_field = shipped_field("earth"), shipped_field("moon", 4)
    about_earth = propagate_swarm(
        ["a"], force_model("earth", earth_field, other_fields=(moon_field,)), position, velocity, start, span
    )
    about_moon = propagate_swarm(
        ["a"],
        force_model("moon", moon_field, other_fields=(earth_field,)),
        position - moon,
        velocity - moon_speed,
        start,
        span,
    )
    bare = propagate_swarm(
        ["a"], force_model("moon", moon_field), position - moon, velocity - moon_speed, start, span
    )
    first, second, without = (one.states(times).position_km[0] for one in (about_earth, about_moon, bare))
    flattening = np.linalg.norm(first - without, axis=1).max()
    # EGM2008's GM is 1.5e-8 above DE440's, and DE440's centres move by their own flattened pulls.
    assert np.linalg.norm(first - second, axis=1).max() < 0.02 * flattening
    assert flattening > 1.0
