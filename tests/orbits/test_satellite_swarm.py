from __future__ import annotations

import numpy as np
import pytest

from skyforge.orbits import (
    PropagationError,
    SatelliteSwarm,
    ephemeris,
    load_tle,
    orbit_preset,
    retarded_position,
)
from skyforge.orbits.tle import _satellites
from tests.orbits.test_satellite import verification_satellites, verification_vectors


@pytest.fixture(scope="module")
def satellites(truth):
    return load_tle(truth("active_satellites_2021-08-07.tle"))[::40]


def test_a_swarm_is_its_satellites(satellites) -> None:
    times = max(one.epoch_tdb_s for one in satellites) + np.array([-900.0, 0.0, 7.5, 86400.0])
    together = SatelliteSwarm(satellites).states(times)
    assert together.valid.all()
    for row, one in enumerate(satellites):
        position, velocity = one.state(times)
        # Barycentric places of 1.5e8 km are good to some 1e-8 km.
        assert np.abs(together.position_km[row] - position).max() < 1e-6
        assert np.abs(together.velocity_km_s[row] - velocity).max() < 1e-9


def test_element_sets_of_many_years_keep_their_own_leap_seconds() -> None:
    """SGP4-VER's sets are of 1980 to 2006; against a common UTC clock the early ones would be seconds late."""
    satellites = verification_satellites()
    swarm = SatelliteSwarm(satellites)
    t = satellites[0].epoch_tdb_s
    position, _, status = swarm.teme_states(t)
    compared = 0
    for row, one in enumerate(satellites):
        if status[row, 0] == 0:
            assert position[row] == pytest.approx(one.teme_state(t)[0], abs=1e-6)
            compared += 1
    assert compared > 10


def test_the_verification_vectors_hold_in_a_swarm() -> None:
    """Vectors of AIAA 2006-6753, each satellite asked among all others at its own times."""
    satellites = verification_satellites()
    swarm = SatelliteSwarm(satellites)
    for row, expected in list(enumerate(verification_vectors()))[::4]:
        times = satellites[row].epoch_tdb_s + 60.0 * expected[:, 0]
        position, velocity, status = swarm.teme_states(times)
        for k in np.flatnonzero(status[row] == 0):
            # TDB wavers by up to 2 ms against the even time of the vectors.
            away = np.linalg.norm(position[row, k] - expected[k, 1:4]) / np.linalg.norm(velocity[row, k])
            assert away < 2e-3


def test_the_decayed_are_named_and_the_others_go_on() -> None:
    satellites = verification_satellites()
    decayed = next(row for row, one in enumerate(satellites) if one.catalog_number == 28872)
    chosen = [satellites[decayed], satellites[decayed + 1]]
    times = chosen[0].epoch_tdb_s + np.array([0.0, 1.1]) * 86400.0
    states = SatelliteSwarm(chosen).states(times)
    assert set(states.reasons) == {0}
    assert states.valid.tolist() == [[True, False], [True, True]]
    with pytest.raises(PropagationError) as alone:
        chosen[0].state(times)
    assert states.reasons[0] == str(alone.value)
    assert "NORAD 28872 has no place at 2005" in states.reasons[0]
    assert "it has decayed" in states.reasons[0]


def test_light_left_a_swarm_when_it_left_each_satellite(satellites) -> None:
    start = max(one.epoch_tdb_s for one in satellites)
    times = start + np.array([0.0, 30.0])
    observer, _ = orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 60.0)).state(times)
    seen = SatelliteSwarm(satellites).retarded(times, observer)
    for row, one in enumerate(satellites):
        position, _, light_time = retarded_position(one, times, observer)
        # The even motion between the centre's light time and the satellite's own costs decimetres at most.
        assert np.abs(seen.position_km[row] - position).max() < 2e-4
        assert np.abs(seen.light_time_s[row] - light_time).max() < 1e-9
    earth = np.linalg.norm(ephemeris().state("earth", times)[0] - observer, axis=1) / 299792.458
    assert np.abs(seen.light_time_s - earth).max() < 0.3


def test_an_empty_swarm_is_no_trouble() -> None:
    assert SatelliteSwarm([]).states([0.0, 1.0]).position_km.shape == (0, 2, 3)
    assert _satellites([]) == []
