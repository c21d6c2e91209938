from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import PropagationError, ephemeris, ground_site, load_tle
from skyforge.orbits.earth_orientation import itrs_to_gcrs
from skyforge.orbits.interpolation import Interpolation
from skyforge.orbits.oem import find_ephemeris, load_oem, write_oem
from skyforge.resources import catalogs_directory

DAY_S = 86400.0
HEAD = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2030-03-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = {name}
OBJECT_ID = 2030-001A
CENTER_NAME = {center}
REF_FRAME = {frame}
TIME_SYSTEM = {system}
START_TIME = {start}
STOP_TIME = {stop}
INTERPOLATION = {method}
INTERPOLATION_DEGREE = {degree}
META_STOP
"""
DEFAULTS = {
    "name": "PROBE",
    "center": "EARTH",
    "frame": "ICRF",
    "system": "UTC",
    "start": "2020-03-01T00:00:00",
    "stop": "2020-03-01T00:02:00",
    "method": "LAGRANGE",
    "degree": "2",
}
LINES = [
    "2020-03-01T00:00:00 7000 0 0 0 7.5 0",
    "2020-03-01T00:01:00 6985 450 0 -0.5 7.48 0",
    "2020-03-01T00:02:00 6940 898 0 -1.0 7.4 0",
]


@pytest.fixture
def message(tmp_path):
    """Write a message and return its path."""

    def write(lines=LINES, **changes):
        path = tmp_path / "probe.oem"
        path.write_text(HEAD.format(**{**DEFAULTS, **changes}) + "\n".join(lines) + "\n")
        return path

    return write


@pytest.fixture(scope="module")
def reconnaissance_orbiter(truth):
    """Return times (TDB s), positions and velocities of LRO about the Moon, a minute apart, from JPL Horizons."""
    # At minute 77 a thruster fired: 0.4 m/s, which no polynomial goes through.
    rows = np.loadtxt(truth("lro/lro_moon_icrf_2022-01-01_first_2h.csv"), delimiter=",", comments="#")[:71]
    # Julian dates of nine decimals hide up to 40 microseconds: the step is a minute.
    times = (rows[0, 0] - 2451545.0) * DAY_S + 60.0 * np.arange(len(rows))
    return times, rows[:, 1:4], rows[:, 4:7]


@pytest.mark.parametrize(
    ("method", "degree", "metres"),
    [
        (Interpolation.HERMITE, 7, 0.1),
        (Interpolation.HERMITE, 9, 0.1),
        # The first and last steps of a polynomial of the ninth degree through even steps.
        (Interpolation.LAGRANGE, 9, 5.0),
        # The error of a parabola through points two minutes apart, h³ |d³r/dt³| / 9 sqrt 3.
        (Interpolation.LAGRANGE, 2, 200.0),
        # And of a chord, h² |a| / 8.
        (Interpolation.LINEAR, 1, 2700.0),
    ],
)
def test_left_out_points_of_a_real_orbit_come_back(tmp_path, reconnaissance_orbiter, method, degree, metres):
    times, position, velocity = reconnaissance_orbiter
    path = tmp_path / "lro.oem"
    write_oem(
        path,
        "LRO",
        times[::2],
        position[::2],
        velocity[::2],
        center="MOON",
        interpolation=method,
        degree=degree,
    )
    (orbit,) = load_oem(path)
    assert orbit.name == "LRO"
    moon, moon_velocity = ephemeris().state("moon", times[1:-1:2])
    found, speed = orbit.state(times[1:-1:2])
    error = np.linalg.norm(found - moon - position[1:-1:2], axis=1)
    assert error.max() * 1000.0 < metres
    if method is Interpolation.HERMITE:
        assert np.linalg.norm(speed - moon_velocity - velocity[1:-1:2], axis=1).max() < 2e-6
    elif degree < 9:
        assert error.max() * 1000.0 > metres / 20.0  # the file's method is taken, not a better one


def test_states_of_the_file_come_back_to_the_millimetre(tmp_path, reconnaissance_orbiter):
    times, position, velocity = reconnaissance_orbiter
    write_oem(tmp_path / "lro.oem", "LRO", times, position, velocity, center="MOON")
    (orbit,) = load_oem(tmp_path / "lro.oem")
    found, speed = orbit.segments[0].table.state(orbit.segments[0].table.time_s)
    assert np.abs(found - position).max() < 1e-6
    assert np.abs(speed - velocity).max() < 1e-9


def test_the_standards_own_example_is_read(truth, tdb):
    (orbit,) = load_oem(truth("ccsds/oem_502_b3_figG11.oem"))
    assert (orbit.name, orbit.identifier) == ("MARS GLOBAL SURVEYOR", "1996-062A")
    assert len(orbit.segments) == 2
    assert orbit.segments[0].center == "mars"
    assert orbit.segments[0].table.method is Interpolation.HERMITE
    assert orbit.segments[0].usable_tdb_s[0] == pytest.approx(tdb("2019-12-18T12:10:00.331"), abs=1e-5)
    # The printed example leaves out ten days of lines.
    with pytest.raises(PropagationError, match=r"MARS GLOBAL SURVEYOR has no place at 2019-12-20.*has a gap"):
        orbit.state(tdb("2019-12-20T00:00:00"))
    with pytest.raises(PropagationError, match=r"gap from 2019-12-28T21:23:00Z to 2019-12-28T22:08:02Z"):
        orbit.state(tdb("2019-12-28T21:40:00"))
    with pytest.raises(PropagationError, match="its ephemeris covers 2019-12-18T12:10") as caught:
        orbit.state(tdb("2019-12-18T12:01:00"))  # before the usable time, though the file has states there
    assert caught.value.name == "MARS GLOBAL SURVEYOR"


@pytest.mark.parametrize(
    ("system", "seconds_after_utc"),
    # Leap seconds of 2020: TAI - UTC = 37 s; GPS = TAI - 19 s; TT = TAI + 32.184 s; UT1 - UTC = -0.2 s (IERS).
    [("TAI", 37.0), ("TT", 69.184), ("TDB", 69.184), ("GPS", 18.0), ("UT1", -0.195)],
)
def test_time_systems_are_as_far_apart_as_the_iers_says(message, system, seconds_after_utc):
    (in_utc,), (other,) = load_oem(message()), load_oem(message(system=system))
    shift = in_utc.segments[0].usable_tdb_s[0] - other.segments[0].usable_tdb_s[0]
    assert shift == pytest.approx(seconds_after_utc, abs=0.02)


def test_days_of_the_year_are_dates(message):
    by_day = [line.replace("2020-03-01", "2020-061") for line in LINES]
    (one,), (other,) = (
        load_oem(message()),
        load_oem(message(by_day, start="2020-061T00:00:00", stop="2020-061T00:02:00Z")),
    )
    assert one.segments[0].table.time_s == pytest.approx(other.segments[0].table.time_s, abs=1e-6)


def test_a_terrestrial_frame_turns_with_the_earth(message, tdb):
    place = ground_site("X", 76.9, 43.2, 0.0)
    x, y, z = place.itrs_position()
    lines = [f"{line.split()[0]} {x!r} {y!r} {z!r} 0 0 0" for line in LINES]
    (fixed,) = load_oem(
        message([line.replace("np.float64(", "").replace(")", "") for line in lines], frame="ITRF2000")
    )
    when = tdb("2020-03-01T00:00:30")
    for found, expected in zip(fixed.state(when), place.state(when), strict=True):
        assert found == pytest.approx(expected, abs=1e-6)
    assert itrs_to_gcrs(when).shape == (1, 3, 3)


def test_teme_is_sgp4s_frame(message, tdb):
    satellite = load_tle(catalogs_directory() / "kazsat.tle")[0]
    start = satellite.epoch_tdb_s
    times = start + 60.0 * np.arange(9)
    position, velocity = satellite.teme_state(times)
    from skyforge.orbits import utc_time

    texts = [str(one) for one in utc_time(times).isot]
    lines = [
        f"{text} {' '.join(f'{value:.9f}' for value in (*p, *v))}"
        for text, p, v in zip(texts, position, velocity, strict=True)
    ]
    (orbit,) = load_oem(
        message(lines, frame="TEME", start=texts[0], stop=texts[-1], method="HERMITE", degree="7")
    )
    when = start + np.array([100.0, 333.0])
    assert orbit.state(when)[0] == pytest.approx(satellite.state(when)[0], abs=1e-3)


def test_comments_covariances_and_accelerations_are_passed_over(message):
    lines = ["COMMENT as tracked", *(f"{line} 0 0 -0.009" for line in LINES)]
    lines += [
        "COVARIANCE_START",
        "EPOCH = 2020-03-01T00:00:00",
        "COV_REF_FRAME = RTN",
        "1 2 3",
        "COVARIANCE_STOP",
    ]
    (with_all,), (plain,) = load_oem(message(lines)), load_oem(message())
    assert with_all.segments[0].table.position_km == pytest.approx(plain.segments[0].table.position_km)


def test_one_file_may_hold_several_objects(tmp_path):
    first, second = (HEAD.format(**{**DEFAULTS, "name": name}) + "\n".join(LINES) for name in ("A", "B"))
    path = tmp_path / "two.oem"
    path.write_text(first + "\n" + second.split("ORIGINATOR = TEST\n")[1])
    objects = load_oem(path)
    assert [one.name for one in objects] == ["A", "B"]
    assert find_ephemeris(objects, "b").name == "B"
    with pytest.raises(InputError, match=r"unknown object 'C'.*known: A, B"):
        find_ephemeris(objects, "C")


@pytest.mark.parametrize(
    ("lines", "changes", "words"),
    [
        (LINES, {"frame": "TOD"}, "REF_FRAME is 'TOD'; skyforge reads ICRF, GCRF"),
        (
            LINES,
            {"frame": "TEME", "center": "MOON"},
            "REF_FRAME TEME is the Earth's, but CENTER_NAME is MOON",
        ),
        (LINES, {"center": "JUPITER"}, "CENTER_NAME is 'JUPITER'; skyforge reads"),
        (LINES, {"system": "MET"}, r"\(PROBE\): TIME_SYSTEM is 'MET'; skyforge reads UTC"),
        (LINES, {"method": "CUBIC"}, "INTERPOLATION is 'CUBIC'"),
        (LINES, {"degree": "many"}, "INTERPOLATION_DEGREE is 'many'"),
        (LINES, {"stop": "2019-01-01T00:00:00"}, "holds none of its states"),
        (LINES[::-1], {}, "line 16: the time is not after that of the line before"),
        ([], {}, "there is no state in it"),
        (["2020-03-01T00:00:00 1 2 3"], {}, "line 15: expected a time with 6 or 9 numbers, found 4 entries"),
        ([LINES[0].replace("7000", "7x")], {}, "line 15: '7x' is not a number"),
        ([LINES[0].replace("7000", "nan")], {}, "line 15: a state must be finite"),
        ([LINES[0].replace("2020-03-01", "2020-13-01")], {}, "'2020-13-01T00:00:00' is no time"),
        (["THIS IS NO DATA AT ALL = 1"], {}, "stands outside META_START"),
    ],
)
def test_broken_messages_say_what_and_where(message, lines, changes, words):
    with pytest.raises(InputError, match=words):
        load_oem(message(lines, **changes))


def test_what_is_no_message_is_refused(tmp_path):
    path = tmp_path / "x.oem"
    for content, words in (
        (b"", "begins with CCSDS_OEM_VERS"),
        (b"<?xml version='1.0'?>", "in XML; skyforge reads them in KVN"),
        (b"CCSDS_OEM_VERS = 2.0\n", "no META_START"),
        (b"\xff\xfe\x00", "not a text file"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=words):
            load_oem(path)
    with pytest.raises(InputError, match="cannot read the ephemeris"):
        load_oem(tmp_path / "none.oem")
