from __future__ import annotations

import csv
import gzip
import json

import numpy as np
import pytest
from astropy.time import Time

from skyforge.errors import InputError
from skyforge.orbits import (
    ASTRONOMICAL_UNIT_KM,
    angular_separation_rad,
    asteroid_orbits,
    directions_from_angles,
    element_faults,
    ground_site,
    heliocentric_states,
    retarded_position,
    tdb_seconds,
)
from skyforge.orbits.mpc_orbits import find_body, load_mpc_orbits
from skyforge.orbits.rotations import about_x

# The Minor Planet Center's line of 1 Ceres in MPCORB.DAT of November 2024.
CERES = (
    "00001    3.34  0.15 K24AH 145.84905   73.28579   80.25414   10.58790  0.0794013  0.21424651   2.7660512  0 "
    "E2024-V47  7330 125 1801-2024 0.80 M-v 30k MPCLINUX   4000      (1) Ceres              20241101"
)
HEADER = "MINOR PLANET CENTER ORBIT DATABASE (MPCORB)\n\nDes'n     H     G   Epoch\n" + "-" * 160 + "\n"
# 1P/Halley at its return of 1986 and C/1980 E1, that left on a hyperbola, in the columns of CometEls.txt; elements of
# Marsden & Williams, Catalogue of Cometary Orbits.
HALLEY = (
    "0001P         1986 02  9.4589  0.587104  0.967277  111.8657   58.8601  162.2422  19860219   4.0  6.0  "
    "1P/Halley                                                Catalogue"
)
BOWELL = (
    "    CJ80E010  1982 03 12.2876  3.363939  1.057733  135.0845  114.5581    1.6616  19820302   5.5  4.0  "
    "C/1980 E1 (Bowell)                                       Catalogue"
)
PARABOLA = (
    "    CK30A010  2030 03 12.2500  1.000000  1.000000   10.0000   20.0000   30.0000            10.0  4.0  "
    "C/2030 A1 (Test)                                         Catalogue"
)
# Of the demonstration file 2020AB of the Minor Planet Center's package mpc_orb (schema 0.4): the same orbit as cometary
# elements and as a heliocentric ecliptic state, au and au/day.
ORB = {
    "CAR": {
        "coefficient_names": ["x", "y", "z", "vx", "vy", "vz"],
        "coefficient_values": [
            -1.6279812825859,
            -0.714760261709504,
            -0.148726549970707,
            -7.41039196837164e-05,
            -0.0124575825512761,
            -0.000262295629888257,
        ],
    },
    "COM": {
        "coefficient_names": ["q", "e", "i", "node", "argperi", "peri_time"],
        "coefficient_values": [
            0.986422229387087,
            0.41183913857958,
            4.8503289061181,
            284.0254746937864,
            157.4478068170326,
            58833.391454245,
        ],
    },
    "epoch_data": {"epoch": 59000.0, "timeform": "MJD", "timesystem": "TDT"},
    "system_data": {"EclipticObliquityArcseconds": "84381.448"},
    "designation_data": {"permid": None, "unpacked_primary_provisional_designation": "2020 AB"},
    "magnitude_data": {"H": 22.9, "G": 0.15},
}


@pytest.fixture
def file(tmp_path):
    def write(content, name="orbits.txt"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_ceres_of_the_catalogue_is_read(file, tdb):
    elements = load_mpc_orbits(file(HEADER + CERES + "\n\n"))
    assert elements.names == ("1 Ceres",)
    assert elements.absolute_magnitude[0] == 3.34
    assert elements.slope[0] == 0.15
    assert elements.semi_major_axis_au[0] == pytest.approx(2.7660512)
    assert elements.inclination_deg[0] == 10.5879
    epoch = tdb_seconds(Time("2024-10-17T00:00:00", scale="tt"))
    assert elements.epoch_tdb_s[0] == pytest.approx(epoch, abs=0.003)
    assert find_body(elements, "ceres") == find_body(elements, "00001") == find_body(elements, "1") == 0


def packed_epoch(mjd):
    date = Time(mjd, format="mjd", scale="tt").ymdhms
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    century = "K" if date["year"] >= 2000 else "J"
    return f"{century}{date['year'] % 100:02d}{digits[date['month']]}{digits[date['day']]}"


def mpcorb_line(row):
    """Return a line as the Minor Planet Center's format page has its columns."""
    e, a, n = float(row["e"]), float(row["a"]), float(row["n"])
    return (
        f"{'K20A02V':7s} {16.2:5.2f} {0.15:5.2f} {packed_epoch(float(row['mjd_tdb']))} {float(row['M']):9.5f}  "
        f"{float(row['w']):9.5f}  {float(row['Omega']):9.5f}  {float(row['incl']):9.5f}  {e:9.7f} {n:11.8f} {a:11.7f}"
    )


def test_asteroids_from_lines_are_where_horizons_sees_them(truth, file):
    with truth("horizons/elements_heliocentric_ecliptic_j2000.csv").open() as one:
        rows = list(csv.DictReader(one))
    with truth("horizons/ephemeris.csv").open() as one:
        seen = list(csv.DictReader(one))
    # The observatories' geodetic places, as they publish them.
    sites = {
        "X05": ground_site("X05", -70.749417, -30.244639, 2663.0),
        "W84": ground_site("W84", -70.806530, -30.169661, 2206.0),
    }
    whole = [row for row in rows if float(row["mjd_tdb"]) % 1.0 == 0.0]
    assert len(whole) >= 10
    elements = load_mpc_orbits(file(HEADER + "\n".join(map(mpcorb_line, whole))))
    for index, row in enumerate(whole):
        near = [
            one
            for one in seen
            if one["targetname"] == row["targetname"]
            and abs(float(one["mjd_utc"]) - float(row["mjd_tdb"])) < 10.0
        ]
        if not near:
            continue
        (orbit,) = asteroid_orbits(
            elements.select([index]), tuple(elements.epoch_tdb_s[[index, index]]), perturbed=False
        )
        for one in near[:3]:
            t = float(tdb_seconds(Time(float(one["mjd_utc"]), format="mjd", scale="utc")))
            observer, _ = sites[one["observatory_code"]].state(t)
            place, _, _ = retarded_position(orbit, t, observer)
            truth_direction = directions_from_angles(float(one["RA"]), float(one["DEC"]))
            error = np.degrees(angular_separation_rad(place[0] - observer[0], truth_direction)) * 3600.0
            # Lines round angles to 0.02" and the axis to 0.02", which weighs more from nearer than one unit.
            assert error < 0.15 / min(1.0, float(one["delta"]))


def test_json_of_the_extended_catalogue_says_the_same_as_the_lines(file, tmp_path):
    row = {
        "Number": "(1)",
        "Name": "Ceres",
        "Principal_desig": "1899 OF",
        "H": 3.34,
        "G": 0.15,
        "Epoch": 2460600.5,
        "M": 145.84905,
        "Peri": 73.28579,
        "Node": 80.25414,
        "i": 10.5879,
        "e": 0.0794013,
        "n": 0.21424651,
        "a": 2.7660512,
    }
    unnamed = {**row, "Number": None, "Name": None, "Principal_desig": "2020 AV2", "G": None}
    path = tmp_path / "mpcorb_extended.json.gz"
    path.write_bytes(gzip.compress(json.dumps([row, unnamed]).encode()))
    elements = load_mpc_orbits(path)
    lines = load_mpc_orbits(file(CERES))
    assert elements.names == ("1 Ceres", "2020 AV2")
    assert heliocentric_states(elements, 8e8)[0][0] == pytest.approx(
        heliocentric_states(lines, 8e8)[0][0], abs=1.0
    )
    assert find_body(elements, "K20A02V") == 1


def test_mpc_orb_elements_are_its_state(file):
    elements = load_mpc_orbits(file(ORB, "2020AB.json"))
    assert elements.names == ("2020 AB",)
    assert elements.absolute_magnitude[0] == 22.9
    position, velocity = heliocentric_states(elements, elements.epoch_tdb_s)
    tilt = about_x(np.deg2rad(84381.448 / 3600.0))
    expected = np.array(ORB["CAR"]["coefficient_values"])
    # The fit's own rounding of the perihelion's time, 1e-9 d, and its GM of the Sun.
    assert tilt @ position[0, 0] / ASTRONOMICAL_UNIT_KM == pytest.approx(expected[:3], abs=3e-9)
    assert tilt @ velocity[0, 0] * 86400.0 / ASTRONOMICAL_UNIT_KM == pytest.approx(expected[3:], abs=3e-11)


def test_comets_on_ellipses_hyperbolas_and_parabolas(file):
    elements = load_mpc_orbits(file(f"{HALLEY}\n{BOWELL}\n{PARABOLA}"))
    assert elements.names == ("1P/Halley", "C/1980 E1 (Bowell)", "C/2030 A1 (Test)")
    assert not element_faults(elements)
    distance = np.linalg.norm(
        heliocentric_states(elements, elements.perihelion_time_tdb_s[:, None])[0][:, 0], axis=1
    )
    assert distance / ASTRONOMICAL_UNIT_KM == pytest.approx(elements.perihelion_au, rel=1e-12)
    # Giotto met Halley on 1986-03-14.0 at 0.9 au from the Sun (Reinhard 1986, Nature 321, 313).
    giotto = tdb_seconds(Time("1986-03-14T00:03:00", scale="utc"))
    position, _ = heliocentric_states(elements, giotto)
    assert np.linalg.norm(position[0, 0]) / ASTRONOMICAL_UNIT_KM == pytest.approx(0.902, abs=0.003)
    # C/1980 E1 leaves with sqrt(GM (e - 1) / q) = 3.90 km/s.
    _, speed = heliocentric_states(elements, giotto + 3e13)
    assert np.linalg.norm(speed[1, 0]) == pytest.approx(3.902, abs=0.005)
    assert np.isnan(elements.absolute_magnitude).sum() == 0
    # Without an epoch of its own a comet's elements are of its perihelion.
    assert elements.epoch_tdb_s[2] == elements.perihelion_time_tdb_s[2]
    assert find_body(elements, "1p") == find_body(elements, "halley") == 0


def test_json_of_the_comets(file):
    row = {
        "Designation_and_name": "1P/Halley",
        "Year_of_perihelion": 1986,
        "Month_of_perihelion": 2,
        "Day_of_perihelion": 9.4589,
        "Perihelion_dist": 0.587104,
        "e": 0.967277,
        "Peri": 111.8657,
        "Node": 58.8601,
        "i": 162.2422,
        "H": 4.0,
    }
    elements, lines = load_mpc_orbits(file([row])), load_mpc_orbits(file(HALLEY))
    assert heliocentric_states(elements, 0.0)[0] == pytest.approx(heliocentric_states(lines, 0.0)[0], abs=1.0)


def test_hyperbolic_asteroids_of_the_catalogue_are_kept_and_impossible_ones_named(file):
    wrong = CERES.replace("0.0794013", "1.2000000")
    elements = load_mpc_orbits(file(f"{CERES}\n{wrong}"))
    # An eccentricity above 1 with a positive axis is no orbit: the row is told, the other goes on.
    assert list(element_faults(elements)) == [1]
    assert np.isfinite(heliocentric_states(elements, 8e8)[0][0]).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CERES.replace("145.84905", "145.8x905"), "line 1: M is '145.8x905', not a number"),
        (CERES.replace("K24AH", "K24A!"), "line 1: the epoch 'K24A!' is no packed date"),
        (CERES[:80], "line 1: an orbit line has 103 characters or more, this one 80"),
        (HALLEY.replace("1986 02  9.4589", "1986 13  9.4589"), "line 1"),
        (HALLEY[:60], "a comet's line has 79 characters"),
        (HEADER, "there is no orbit in this file"),
        ("[{]", "line 1: not JSON"),
        ([{"H": 3}], "an entry is no orbit"),
        ([], "expected an orbit, or a list"),
        ({**ORB, "epoch_data": {"epoch": 5, "timesystem": "UTC"}}, "epoch is in None UTC"),
        (
            {**ORB, "COM": {"coefficient_names": ["q"], "coefficient_values": [1.0]}},
            "2020 AB.*COM lacks e, i, node",
        ),
        ([{"M": 1, "a": None, "Name": "X"}], r"\(X\): a is None, not a number"),
    ],
)
def test_broken_files_say_what_and_where(file, content, words):
    with pytest.raises((InputError, ValueError), match=words):
        load_mpc_orbits(file(content))


def test_unknown_bodies_suggest_the_nearest(file):
    elements = load_mpc_orbits(file(CERES))
    with pytest.raises(
        InputError, match=r"unknown body '1 Cerse': did you mean '1 Ceres'\? it holds 1 orbits"
    ):
        find_body(elements, "1 Cerse")


def test_a_hundred_thousand_asteroids_are_read_and_placed(file):
    rng = np.random.default_rng(3)
    lines = [
        f"{'K20A02V':7s} {16.2:5.2f} {0.15:5.2f} K24AH {m:9.5f}  {w:9.5f}  {o:9.5f}  {i:9.5f}  {e:9.7f} "
        f"{0.2:11.8f} {a:11.7f}"
        for m, w, o, i, e, a in zip(
            *rng.uniform(0, 360, (3, 2000)),
            rng.uniform(0, 30, 2000),
            rng.uniform(0, 0.9, 2000),
            rng.uniform(0.7, 40, 2000),
            strict=True,
        )
    ]
    elements = load_mpc_orbits(file(HEADER + "\n".join(lines * 50)))
    assert len(elements) == 100_000
    position, _ = heliocentric_states(elements, 8e8)
    assert np.isfinite(position).all()
    assert position[:2000] == pytest.approx(position[-2000:])
