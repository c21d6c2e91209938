"""Targets that cannot be had: each is named with its reason, the others go on; a strict run does not."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

import skyforge
from skyforge import simulate
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario

GOOD = {"name": "GOOD", "kepler": {"center": "earth", "semi_major_axis": "42164 km"}}
ISS = (
    "1 25544U 98067A   30020.50000000  .00001000  00000-0  30000-4 0  9990",
    "2 25544  51.6400 100.0000 0005000  50.0000 310.0000 15.49000000    13",
)
# Drag that takes it down within days.
DECAYED = (
    "1 90001U 20001A   30020.50000000  .30000000  00000-0  90000+0 0  9990",
    "2 90001  51.6400 100.0000 0005000  50.0000 310.0000 16.40000000    10",
)


def checked(line: str) -> str:
    total = sum(int(char) if char.isdigit() else char == "-" for char in line[:68]) % 10
    return f"{line[:68]}{total}"


def elements(*sets: tuple[str, tuple[str, str]]) -> str:
    return "".join(f"{name}\n{checked(first)}\n{checked(second)}\n" for name, (first, second) in sets)


def scenario(targets: list[dict], **more) -> Scenario:
    return Scenario(
        **{
            "time": {"frames": 3},
            "detector": {"shape": [64, 64]},
            "telescope": {"psf": {"kind": "gaussian"}},
            "stars": {"catalogs": [], "synthetic": False, "limit": 10.0},
            "background": {"stray_light": False},
            "targets": targets,
            "pointing": {"ra": "10 deg", "dec": "80 deg"},
            **more,
        }
    )


def planned(what: Scenario) -> tuple[simulate.Plan, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SkyforgeWarning)
        plan = simulate.plan(what)
    return plan, [str(one.message) for one in caught if issubclass(one.category, SkyforgeWarning)]


def oem(path: Path, *spans: tuple[str, str]) -> Path:
    """An ephemeris of a body beside the Earth, every 15 s, in segments with gaps between."""
    lines = ["CCSDS_OEM_VERS = 2.0", "CREATION_DATE = 2030-01-01T00:00:00", "ORIGINATOR = TEST"]
    for begin, end in spans:
        lines += [
            "META_START",
            "OBJECT_NAME = GAPPY",
            "OBJECT_ID = 2030-001A",
            "CENTER_NAME = EARTH",
            "REF_FRAME = ICRF",
            "TIME_SYSTEM = UTC",
            f"START_TIME = {begin}",
            f"STOP_TIME = {end}",
            "INTERPOLATION = LAGRANGE",
            "INTERPOLATION_DEGREE = 1",
            "META_STOP",
        ]
        first, last = dt.datetime.fromisoformat(begin), dt.datetime.fromisoformat(end)
        for second in range(0, int((last - first).total_seconds()) + 1, 15):
            lines.append(f"{(first + dt.timedelta(seconds=second)).isoformat()} 42164 {3 * second} 0 0 3 0")
    path.write_text("\n".join(lines) + "\n")
    return path


def cases(tmp_path: Path) -> dict[str, tuple[dict, str]]:
    decayed = tmp_path / "decayed.tle"
    decayed.write_text(elements(("FALLEN", DECAYED)))
    past = oem(tmp_path / "past.oem", ("2029-01-01T00:00:00", "2029-01-01T02:00:00"))
    mpc = tmp_path / "odd.json"
    mpc.write_text("[]")
    return {
        "decayed": ({"tle": str(decayed)}, "FALLEN has no place at 2030-"),
        "outside coverage": ({"name": "LATE", "oem": str(past)}, "LATE"),
        "not in the file": ({"tle": str(decayed), "select": "NOBODY"}, "NOBODY"),
        "inside the Moon": (
            {
                "name": "DOOMED",
                "state": {"center": "moon", "position": "1745 0 0 km", "velocity": "-1.5 0.1 0 km/s"},
            },
            "DOOMED",
        ),
        "no kernel": ({"name": "PROBE", "spk": {"file": str(mpc), "body": "-999"}}, "PROBE"),
    }


CASES = ("decayed", "outside coverage", "not in the file", "inside the Moon", "no kernel")


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_had_is_named_once_and_the_rest_goes_on(case: str, tmp_path: Path) -> None:
    bad, words = cases(tmp_path)[case]
    what = scenario([bad, GOOD])
    plan, told = planned(what)
    assert plan.targets.names == ("GOOD",)
    about = [line for line in told if line.startswith("left out: ")]
    assert len(about) == 1
    assert words in about[0]
    with pytest.raises(InputError, match=words):
        simulate.plan(what, strict=True)


@pytest.mark.parametrize("case", CASES)
def test_alone_it_is_an_error(case: str, tmp_path: Path) -> None:
    bad, words = cases(tmp_path)[case]
    with pytest.raises(InputError, match=words):
        planned(scenario([bad]))


def test_a_gap_is_left_out_of_the_frames_that_fall_into_it(tmp_path: Path) -> None:
    """Frames at 0, 30, 60, 90 and 120 s, an ephemeris without the half minute about the third."""
    path = oem(
        tmp_path / "gap.oem",
        ("2030-02-28T23:00:00", "2030-03-01T00:00:45"),
        ("2030-03-01T00:01:15", "2030-03-01T01:00:00"),
    )
    time = {"frames": 5, "exposure": "2 s", "cadence": "30 s"}
    what = scenario([{"oem": str(path)}, GOOD], time=time)
    _, told = planned(what)
    assert not told
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SkyforgeWarning)
        names = [set(frame.truth["name"].to_pylist()) for frame in skyforge.stream(what, device="cpu")]
    assert [("GAPPY" in frame) for frame in names] == [True, True, False, True, True]
    assert all("GOOD" in frame for frame in names)
    gaps = [str(one.message) for one in caught if "left out" in str(one.message)]
    assert len(gaps) == 1
    assert gaps[0].startswith("left out of 1 of 5 frames: GAPPY")
    with pytest.raises(InputError, match="GAPPY"):
        simulate.plan(what, strict=True)


def test_pointing_at_what_has_a_gap_is_an_error(tmp_path: Path) -> None:
    path = oem(tmp_path / "short.oem", ("2030-02-28T23:00:00", "2030-03-01T00:00:05"))
    time = {"frames": 5, "exposure": "2 s", "cadence": "30 s"}
    what = scenario([{"oem": str(path)}, GOOD], time=time, pointing={"target": "GAPPY"})
    with pytest.raises(InputError, match=r"pointing\.target: GAPPY"):
        simulate.plan(what)


def test_many_of_one_name_get_numbers(tmp_path: Path) -> None:
    other = (ISS[0].replace("25544", "25999"), ISS[1].replace("25544", "25999"))
    path = tmp_path / "same.tle"
    path.write_text(elements(("DEB", ISS), ("DEB", other)))
    what = scenario([{"tle": str(path)}, {"tle": str(path)}])
    plan, told = planned(what)
    assert plan.targets.names == ("DEB", "DEB (25999)", "DEB (25544)", "DEB (4)")
    assert any("3 of 4 targets have the name of another" in line for line in told)
    with pytest.raises(InputError, match="have the name of another"):
        simulate.plan(what, strict=True)


def test_of_very_many_lost_ones_ten_are_explained_and_the_rest_named(tmp_path: Path) -> None:
    sets = [
        (f"F{number}", tuple(line.replace("90001", f"9{number:04d}") for line in DECAYED))
        for number in range(30)
    ]
    path = tmp_path / "fallen.tle"
    path.write_text(elements(*sets))
    _, told = planned(scenario([{"tle": str(path)}, GOOD]))
    left_out = [line for line in told if line.startswith("left out")]
    assert len(left_out) == 11
    assert all(f"F{number}" in " ".join(left_out) for number in range(30))


def test_an_asteroid_without_h_is_left_out(tmp_path: Path) -> None:
    orbit = {
        "Name": "Faint",
        "Principal_desig": "2030 AA",
        "a": 2.5,
        "e": 0.1,
        "i": 5.0,
        "Node": 10.0,
        "Peri": 20.0,
        "M": 30.0,
        "Epoch": 2462563.5,
    }
    path = tmp_path / "mpc.json"
    path.write_text(
        json.dumps([orbit, {**orbit, "Principal_desig": "2030 BB", "Name": "Known", "H": 15.0, "G": 0.15}])
    )
    plan, told = planned(scenario([{"mpc": str(path)}]))
    assert len(plan.targets) == 1
    assert "Known" in plan.targets.names[0]
    assert any("no absolute magnitude" in line for line in told)
    assert np.isfinite(simulate.exposure(plan, 0).targets.middle.v_mag).all()


def test_a_broken_set_among_many_is_left_out(tmp_path: Path) -> None:
    """One digit of 25998's second line is wrong, and so is its checksum; the others of the file are fine."""
    other = (ISS[0].replace("25544", "25999"), ISS[1].replace("25544", "25999"))
    broken = (checked(ISS[0].replace("25544", "25998")), checked(ISS[1].replace("25544", "25998")))
    good, also_good = elements(("ONE", ISS)), elements(("TWO", other))
    path = tmp_path / "many.tle"
    path.write_text(f"{good}WRONG\n{broken[0]}\n{broken[1].replace('51.6400', '51.6401')}\n{also_good}")
    what = scenario([{"tle": str(path)}])
    plan, told = planned(what)
    assert plan.targets.names == ("ONE", "TWO")
    (line,) = [one for one in told if one.startswith("left out: WRONG: ")]
    assert "line 6: the checksum is broken" in line
    with pytest.raises(InputError, match="WRONG"):
        simulate.plan(what, strict=True)


def test_a_mean_element_message_that_is_no_orbit_is_left_out(tmp_path: Path) -> None:
    fields = {
        "NORAD_CAT_ID": 100001,
        "OBJECT_NAME": "ROUND",
        "EPOCH": "2030-02-28T00:00:00",
        "MEAN_MOTION": 1.0027,
        "ECCENTRICITY": 0.001,
        "INCLINATION": 0.1,
        "RA_OF_ASC_NODE": 10.0,
        "ARG_OF_PERICENTER": 20.0,
        "MEAN_ANOMALY": 30.0,
        "BSTAR": 0.0,
    }
    path = tmp_path / "many.json"
    path.write_text(json.dumps([fields, {**fields, "OBJECT_NAME": "OPEN", "ECCENTRICITY": 1.2}]))
    plan, told = planned(scenario([{"omm": str(path)}]))
    assert plan.targets.names == ("ROUND",)
    assert any("OPEN" in line and "are no orbit's" in line for line in told)
