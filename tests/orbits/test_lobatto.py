from __future__ import annotations

import numpy as np
import pytest

from skyforge.orbits import (
    TrajectoryGroup,
    load_tle,
    lobatto_times,
    lobatto_weights,
    nodes_for,
    nodes_needed,
    orbit_preset,
    sightings,
)
from skyforge.resources import catalogs_directory

MAS = np.deg2rad(0.001 / 3600.0)


def test_interpolation_is_exact_for_polynomials_of_the_nodes_degree() -> None:
    for nodes in (5, 6, 9, 17):
        times = lobatto_times(3.0, 7.0, nodes)
        wanted = np.linspace(3.0, 7.0, 41)
        weights = lobatto_weights(nodes, (wanted - 3.0) / 4.0)
        for degree in range(nodes):
            assert weights @ (times - 5.0) ** degree == pytest.approx((wanted - 5.0) ** degree, abs=1e-9)
    assert lobatto_times(0.0, 2.0, 5)[[0, 2, 4]] == pytest.approx([0.0, 1.0, 2.0])


def test_nodes_carry_a_passing_body_within_the_tolerance() -> None:
    """A straight pass at 100 km and 5 km/s turns by a radian in 20 s."""
    rate = np.array([0.0, 5.0, 0.0])
    for start, span in ((0.0, 4.0), (-30.0, 20.0), (10.0, 60.0), (-5.0, 10.0)):
        middle = np.array([100.0, 5.0 * (start + span / 2), 0.0])
        nodes = int(nodes_needed(middle, rate, span, [], [])[0])
        assert nodes < 65

        def direction(t: np.ndarray) -> np.ndarray:
            place = np.stack([np.full(t.size, 100.0), 5.0 * t, np.zeros(t.size)], axis=1)
            return place / np.linalg.norm(place, axis=1)[:, None]

        fine = np.linspace(0.0, 1.0, 301)
        drawn = lobatto_weights(nodes, fine) @ direction(lobatto_times(start, start + span, nodes))
        error = np.linalg.norm(drawn - direction(start + span * fine), axis=1).max()
        assert error < MAS
    # At the nearest approach the bound is sharp: two thirds of the nodes are too few.
    fewer = int(0.6 * nodes) // 2 * 2 - 1
    rough = lobatto_weights(fewer, fine) @ direction(lobatto_times(-5.0, 5.0, fewer))
    assert np.linalg.norm(rough - direction(-5.0 + 10.0 * fine), axis=1).max() > MAS


@pytest.mark.parametrize("orbit", ["lunar-llo-100km", "lunar-elfo-24h", "earth satellite"])
@pytest.mark.parametrize("span", [2.0, 60.0, 600.0])
def test_nodes_carry_satellites_within_a_milliarcsecond(orbit: str, span: float, truth) -> None:
    satellites = load_tle(truth("active_satellites_2021-08-07.tle"))[::150]
    start = max(one.epoch_tdb_s for one in satellites)
    observer = (
        load_tle(catalogs_directory() / "kazsat.tle")[0]
        if orbit == "earth satellite"
        else orbit_preset(orbit).trajectory(start, (start, start + span))
    )
    group = TrajectoryGroup(satellites)
    middle = sightings(group, observer, [start + span / 2])
    nodes = nodes_for(middle, span)
    assert nodes < 65
    assert span > 10.0 or nodes == 5
    fine = np.linspace(0.0, 1.0, 101)
    seen = sightings(group, observer, lobatto_times(start, start + span, nodes))
    drawn = np.einsum("fk,nkc->nfc", lobatto_weights(nodes, fine), seen.astrometric)
    true = sightings(group, observer, start + span * fine).astrometric
    # Times are good to 0.1 microseconds: 1e-3 mas for what flies by.
    assert np.linalg.norm(drawn - true, axis=2).max() < MAS


def test_what_no_number_of_nodes_can_carry_asks_for_the_most() -> None:
    assert nodes_needed([1.0, 0.0, 0.0], [0.0, 10.0, 0.0], 100.0, [], [])[0] == 65
