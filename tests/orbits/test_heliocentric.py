from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits.bodies import ASTRONOMICAL_UNIT_KM, GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.heliocentric import (
    HeliocentricElements,
    element_faults,
    elements_from_mean_anomaly,
    heliocentric_states,
    require_possible,
)
from skyforge.orbits.kepler import KeplerElements, elements_to_state
from skyforge.orbits.rotations import about_x

GM = GRAVITATIONAL_PARAMETER_KM3_S2["sun"]
DAY_S = 86400.0


def conics(eccentricity: list[float]) -> HeliocentricElements:
    e = np.array(eccentricity)
    names = tuple(f"e = {value}" for value in e)
    one = np.ones(e.size)
    return HeliocentricElements(
        names, 0.9 * one, e, 20.0 * one, 130.0 * one, 250.0 * one, 3e7 * one, 0 * one, 15 * one, 0.15 * one
    )


ALL = conics([0.0, 0.1, 0.7, 0.99, 1.0 - 1e-7, 1.0, 1.0 + 1e-7, 1.2, 3.4])


@pytest.mark.parametrize("eccentricity", [0.0, 0.3, 0.95])
def test_ellipses_are_keplers(eccentricity: float) -> None:
    times = np.linspace(-9e8, 9e8, 40)
    elements = elements_from_mean_anomaly(
        ["body"], [2.3], [eccentricity], [12.0], [80.0], [200.0], [30.0], 5e8
    )
    position, velocity = heliocentric_states(elements, times)
    motion = np.degrees(np.sqrt(GM / (2.3 * ASTRONOMICAL_UNIT_KM) ** 3))
    # JPL's ecliptic: 84381.448".
    tilt = about_x(np.deg2rad(84381.448 / 3600.0)).T
    for k, t in enumerate(times):
        mean = 30.0 + motion * (t - 5e8)
        orbit = KeplerElements(
            2.3 * ASTRONOMICAL_UNIT_KM, eccentricity, 12.0, 80.0, 200.0, mean_anomaly_deg=mean
        )
        expected, speed = elements_to_state(orbit, GM)
        assert position[0, k] == pytest.approx(tilt @ expected, abs=0.1)
        assert velocity[0, k] == pytest.approx(tilt @ speed, abs=1e-7)


def test_every_conic_keeps_its_energy_and_momentum_and_moves_as_its_velocity_says() -> None:
    times = np.linspace(-4e8, 4e8, 60)
    position, velocity = heliocentric_states(ALL, times)
    radius = np.linalg.norm(position, axis=-1)
    energy = 0.5 * np.sum(velocity**2, axis=-1) - GM / radius
    expected = -GM * (1.0 - ALL.eccentricity) / (2.0 * ALL.perihelion_au * ASTRONOMICAL_UNIT_KM)
    assert np.abs(energy - expected[:, None]).max() < 1e-12 * GM / ASTRONOMICAL_UNIT_KM
    momentum = np.linalg.norm(np.cross(position, velocity), axis=-1)
    q = ALL.perihelion_au * ASTRONOMICAL_UNIT_KM
    assert np.abs(momentum / np.sqrt(GM * q * (1.0 + ALL.eccentricity))[:, None] - 1.0).max() < 1e-12
    ahead, behind = (heliocentric_states(ALL, times + step)[0] for step in (100.0, -100.0))
    assert np.abs((ahead - behind) / 200.0 - velocity).max() < 1e-5


def test_a_parabola_follows_barkers_equation() -> None:
    position, _ = heliocentric_states(conics([1.0]), 3e7 + np.array([0.0, 40 * DAY_S]))
    q = 0.9 * ASTRONOMICAL_UNIT_KM
    half = np.sqrt(np.maximum(np.linalg.norm(position[0], axis=-1) / q - 1.0, 0.0))  # tan(true anomaly / 2)
    assert half[0] == pytest.approx(0.0, abs=1e-7)
    assert half[1] + half[1] ** 3 / 3.0 == pytest.approx(40 * DAY_S * np.sqrt(GM / (2.0 * q**3)), rel=1e-12)


def test_near_parabolas_lie_beside_the_parabola() -> None:
    position, _ = heliocentric_states(conics([1.0 - 1e-9, 1.0, 1.0 + 1e-9]), 3e7 + 100 * DAY_S)
    assert np.linalg.norm(position[0, 0] - position[2, 0]) < 2.0  # km
    assert position[0, 0] + position[2, 0] == pytest.approx(2.0 * position[1, 0], abs=0.01)


def test_each_body_may_have_its_own_times() -> None:
    times = 1e7 * np.arange(len(ALL) * 3.0).reshape(len(ALL), 3)
    together, _ = heliocentric_states(ALL, times)
    alone, _ = heliocentric_states(ALL.select([4]), times[4])
    assert together[4] == pytest.approx(alone[0], abs=1e-6)


def test_elements_of_horizons_and_its_perihelion_times_agree(truth) -> None:
    import csv

    with truth("horizons/elements_heliocentric_ecliptic_j2000.csv").open() as file:
        rows = list(csv.DictReader(file))
    column = {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "targetname"}
    epoch = (column["mjd_tdb"] - 51544.5) * DAY_S
    elements = elements_from_mean_anomaly(
        [row["targetname"] for row in rows],
        *(column[key] for key in ("a", "e", "incl", "Omega", "w", "M")),
        epoch,
    )
    period = column["P"] * DAY_S
    late = elements.perihelion_time_tdb_s - (column["tp_mjd"] - 51544.5) * DAY_S
    assert np.abs(late - period * np.round(late / period)).max() < 0.1  # s; tp is printed to nine decimals
    assert elements.perihelion_au == pytest.approx(column["q"], abs=1e-12)
    position, _ = heliocentric_states(elements, epoch[:, None])
    # True anomaly from Horizons.
    e, nu = column["e"], np.deg2rad(column["nu"])
    radius = column["q"] * (1 + e) / (1 + e * np.cos(nu)) * ASTRONOMICAL_UNIT_KM
    assert np.linalg.norm(position[:, 0], axis=1) == pytest.approx(radius, rel=1e-10)


def test_impossible_elements_are_named_and_the_others_go_on() -> None:
    bad = elements_from_mean_anomaly(
        ["good", "inside out", "bent", "no number"],
        [2.0, -2.0, 2.0, 2.0],
        [0.1, 0.5, -0.2, 0.1],
        10.0 * np.ones(4),
        np.array([0.0, 0.0, 0.0, np.nan]),
        np.zeros(4),
        np.zeros(4),
        0.0,
    )
    faults = element_faults(bad)
    assert set(faults) == {1, 2, 3}
    assert faults[1].startswith("inside out: perihelion distance -1 au is impossible")
    assert faults[2].startswith("bent: eccentricity -0.2 is impossible")
    position, _ = heliocentric_states(bad, 1e6)
    assert np.isfinite(position[0]).all()
    assert np.isnan(position[1:]).all()
    with pytest.raises(InputError, match=r"inside out.*2 more bodies are wrong"):
        require_possible(bad)
