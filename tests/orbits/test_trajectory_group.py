from __future__ import annotations

import numpy as np
import pytest

from skyforge.orbits import (
    HeliocentricOrbit,
    PropagationError,
    TrajectoryGroup,
    angular_separation_rad,
    apparent_directions,
    body_trajectory,
    elements_from_mean_anomaly,
    ground_site,
    load_tle,
    orbit_preset,
    retarded_position,
    sightings,
    sightings_in_field,
    states_of,
    unit_vectors,
    viewpoint,
)
from tests.orbits.test_satellite import verification_satellites

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def mixed(truth):
    satellites = load_tle(truth("active_satellites_2021-08-07.tle"))[::300]
    start = max(one.epoch_tdb_s for one in satellites)
    asteroids = elements_from_mean_anomaly(
        [f"asteroid {k}" for k in range(8)],
        RNG.uniform(1.1, 4.0, 8),
        RNG.uniform(0.0, 0.5, 8),
        *RNG.uniform(0.0, 90.0, (4, 8)),
        start,
    )
    probe = orbit_preset("lunar-llo-100km").trajectory(start, (start, start + 100.0))
    bodies = [
        probe,
        *satellites[:8],
        body_trajectory("mars"),
        *(HeliocentricOrbit(asteroids.select([k])) for k in range(8)),
        ground_site("site", 70.0, 40.0),
        *satellites[8:],
    ]
    return [bodies[k] for k in RNG.permutation(len(bodies))], start


def test_a_group_is_its_members_in_their_order(mixed) -> None:
    bodies, start = mixed
    times = start + np.array([10.0, 40.0, 90.0])
    group = TrajectoryGroup(bodies)
    assert group.names == tuple(one.name for one in bodies)
    states = group.states(times)
    for row, one in enumerate(bodies):
        position, velocity = one.state(times)
        assert np.abs(states.position_km[row] - position).max() < 1e-5
        assert np.abs(states.velocity_km_s[row] - velocity).max() < 1e-9
    assert not states.reasons
    half = group.select(np.arange(len(bodies)) % 2 == 0)
    assert half.states(times).position_km == pytest.approx(states.position_km[::2], abs=1e-6)
    assert states_of(bodies[:3], times).position_km == pytest.approx(states.position_km[:3], abs=1e-6)


def test_light_time_of_a_group_is_that_of_its_members(mixed) -> None:
    bodies, start = mixed
    times = start + np.array([10.0, 40.0])
    observer, _ = orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 60.0)).state(times)
    seen = TrajectoryGroup(bodies).retarded(times, observer)
    for row, one in enumerate(bodies):
        position, _, light_time = retarded_position(one, times, observer)
        distance = np.linalg.norm(position - observer, axis=1)
        # 0.05 mas: the acceleration between the light times of the Earth's centre and the satellite.
        assert (np.linalg.norm(seen.position_km[row] - position, axis=1) / distance).max() < 2.4e-10
        assert np.abs(seen.light_time_s[row] - light_time).max() < 1e-8


def test_the_lost_are_named_and_the_others_go_on(mixed) -> None:
    bodies, start = mixed
    decayed = next(one for one in verification_satellites() if one.catalog_number == 28872)
    impossible = elements_from_mean_anomaly(["inside out"], [-2.0], [0.5], [0.0], [0.0], [0.0], [0.0], start)
    short = orbit_preset("lunar-llo-100km").trajectory(start, (start, start), name="short")
    lost = {2: decayed, 5: HeliocentricOrbit(impossible), 7: short}
    everything = [*bodies[:2], decayed, *bodies[2:4], lost[5], bodies[4], short, *bodies[5:]]
    moon, _ = body_trajectory("moon").state(start)
    seen = TrajectoryGroup(everything).retarded([start + 95.0], moon)
    assert set(seen.reasons) == set(lost)
    assert seen.valid[:, 0].tolist() == [row not in lost for row in range(len(everything))]
    assert "NORAD 28872 has no place" in seen.reasons[2]
    assert "inside out: perihelion distance" in seen.reasons[5]
    assert "short was propagated from" in seen.reasons[7]
    with pytest.raises(PropagationError, match="inside out"):
        lost[5].state(start)


def test_what_is_near_the_field_is_followed_and_nothing_that_crosses_it_is_missed(truth) -> None:
    satellites = load_tle(truth("active_satellites_2021-08-07.tle"))[::3]
    start = max(one.epoch_tdb_s for one in satellites)
    observer = orbit_preset("lunar-llo-100km").trajectory(start, (start, start + 60.0))
    group = TrajectoryGroup(satellites)
    earth = body_trajectory("earth")
    here = viewpoint(observer, start + 30.0)
    place, _, _ = retarded_position(earth, start + 30.0, here.position_km)
    # A field of 0.4 deg beside the Earth, which low orbits cross.
    towards_earth = apparent_directions(unit_vectors(place[0] - here.position_km), here)
    boresight = unit_vectors(towards_earth + np.array([0.004, 0.0, 0.0]))
    radius = np.deg2rad(0.4)
    middle, near = sightings_in_field(group, observer, (start, start + 60.0), boresight, radius)
    assert 10 < len(near.rows) < 0.7 * len(satellites)
    fine = sightings(group, observer, np.linspace(start, start + 60.0, 31))
    inside = (angular_separation_rad(fine.apparent, boresight) < radius).any(axis=1)
    assert set(np.flatnonzero(inside)) <= set(near.rows)
    # Far more is looked at than is followed, but what is followed is mostly there.
    assert inside.sum() > 0.7 * len(near.rows)
    half = near.apparent.shape[1] // 2
    assert near.apparent[:, half] == pytest.approx(middle.apparent[near.rows, 0], abs=1e-12)
    rate = angular_separation_rad(fine.astrometric[:, 14], fine.astrometric[:, 16]) / 4.0
    assert middle.rates_rad_s()[:, 0] == pytest.approx(rate, rel=0.02, abs=1e-7)
