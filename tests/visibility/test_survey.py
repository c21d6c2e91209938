"""When targets can be seen: against GMAT's shadow, astropy's horizon, and the simulator's own frames."""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import EarthLocation
from astropy.time import Time

from skyforge import orbits, simulate
from skyforge.errors import InputError
from skyforge.frames import TruthFlag
from skyforge.scenario import Scenario
from skyforge.simulate.bodies import bodies
from skyforge.visibility import survey
from skyforge.visibility.reasons import Reason
from skyforge.visibility.survey import Visibility, visibility

QUIET = {
    "telescope": {"psf": {"kind": "gaussian"}},
    "detector": {"shape": [64, 64]},
    "stars": {"catalogs": [], "synthetic": False, "limit": 10.0},
    "pointing": {"ra": "10 deg", "dec": "80 deg"},
    "background": {"stray_light": False},
}
GEO = {"center": "earth", "semi_major_axis": "42164 km"}


def scenario(**fields) -> Scenario:
    return Scenario(**{**QUIET, **fields})


def looked(what: Scenario, seconds=None, **options) -> Visibility:
    start = float(orbits.tdb_seconds(what.time.start))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return visibility(what, None if seconds is None else start + np.asarray(seconds), **options)


def test_the_umbra_lasts_as_long_as_gmat_says() -> None:
    """GMAT R2020a, point masses: in the Earth's umbra 11:43:39.068-12:16:44.181 on 2020-01-01."""
    what = scenario(
        time={"start": "2020-01-01T11:30:00Z"},
        observer={"kepler": {**GEO, "true_anomaly": "101 deg"}},  # on the side of the night
        targets=[
            {
                "name": "A",
                "kepler": {
                    "center": "earth",
                    "semi_major_axis": "7191.9 km",
                    "eccentricity": 0.02,
                    "inclination": "98.0 deg",
                    "raan": "306.6 deg",
                    "argument_of_periapsis": "314.1 deg",
                    "true_anomaly": "100.3 deg",
                },
                "gravity": {"degree": 0},
            }
        ],
    )
    found = looked(what, np.arange(0.0, 3600.0, 1.0))
    dark = [row for row in found.windows.to_pylist() if row["reason"] == "in the umbra"]
    begin, end = dark[0]["begin"].timestamp(), dark[-1]["end"].timestamp()
    noon = Time("2020-01-01T12:00:00", scale="utc").unix
    # Steps of a second; light takes 0.1 s to the observer, and GMAT knows no pull of Sun and Moon.
    assert begin - noon == pytest.approx(-980.932, abs=1.3)
    assert end - noon == pytest.approx(1004.181, abs=1.3)


def test_magnitude_rate_and_geometry_are_those_of_the_frames() -> None:
    what = scenario(
        time={"frames": 3, "exposure": "2 s", "cadence": "20 min"},
        observer={"orbit": "lunar-llo-100km"},
        targets=[
            {"name": "GEO", "kepler": {**GEO, "inclination": "3 deg"}},
            {"name": "LUNAR", "kepler": {"center": "moon", "semi_major_axis": "5000 km"}},
            {
                "name": "WINGS",
                "kepler": {**GEO, "true_anomaly": "60 deg"},
                "model": {"kind": "box_wing", "flicker": {"period": "100 s"}},
            },
        ],
    )
    found = looked(what)
    assert found.names == ("GEO", "LUNAR", "WINGS")
    windows = found.windows.to_pylist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plan = simulate.plan(what)
    for index in range(3):
        for row, truth in enumerate(simulate.exposure(plan, index).truth.to_pylist()):
            assert found.v_mag[row, index] == pytest.approx(truth["mag"], abs=1e-4)
            hidden = bool(truth["flags"] & TruthFlag.OCCULTED)
            behind = found.reason[row, index] in (Reason.BEHIND_EARTH, Reason.BEHIND_MOON, Reason.BEHIND_SUN)
            assert hidden == behind
            for window in windows:
                if window["target"] == truth["name"] and window["brightest"] == _utc(found, index):
                    assert window["range_km"] == pytest.approx(truth["range_km"], rel=1e-9)
                    assert window["phase_angle_deg"] == pytest.approx(truth["phase_angle_deg"], abs=1e-3)
                    assert window["rate_arcsec_s"] == pytest.approx(truth["rate_arcsec_s"], rel=2e-3)


def _utc(found: Visibility, index: int) -> dt.datetime:
    return found.utc[index].astype(object).replace(tzinfo=dt.UTC)


def test_stretches_fill_the_span_without_gaps_or_overlaps() -> None:
    targets = [
        {"name": f"T{number}", "kepler": {**GEO, "true_anomaly": f"{30 * number} deg"}}
        for number in range(12)
    ]
    found = looked(scenario(observer={"orbit": "lunar-llo-100km"}, targets=targets), 60.0 * np.arange(200))
    rows = found.windows.to_pylist()
    for name in found.names:
        own = [row for row in rows if row["target"] == name]
        assert sum(row["epochs"] for row in own) == 200
        assert all(early["reason"] != late["reason"] for early, late in itertools.pairwise(own))
        assert all(early["end"] < late["begin"] for early, late in itertools.pairwise(own))
    np.testing.assert_allclose(found.shares().sum(axis=1), 1.0)
    assert {"visible", "behind the Moon"} <= {row["reason"] for row in rows}


def test_the_brightest_instant_of_a_stretch_is_its_brightest() -> None:
    target = {"name": "A", "kepler": {"center": "moon", "semi_major_axis": "4000 km", "eccentricity": 0.4}}
    found = looked(scenario(observer={"orbit": "lunar-elfo-24h"}, targets=[target]), 60.0 * np.arange(400))
    (longest,) = [
        row for row in found.windows.to_pylist() if row["epochs"] == max(found.windows["epochs"].to_pylist())
    ][:1]
    begin = int(np.flatnonzero(found.utc == np.datetime64(longest["begin"].replace(tzinfo=None), "ms"))[0])
    own = found.v_mag[0, begin : begin + longest["epochs"]]
    assert longest["v_mag"] == pytest.approx(float(own.min()), abs=1e-6)
    assert longest["v_mag_faintest"] == pytest.approx(float(own.max()), abs=1e-6)


def test_exclusion_angles_hide_what_stands_near_the_sun() -> None:
    """A geostationary ring seen from the Moon turns past the Sun's side of the Earth near new moon: 2030-03-04."""
    targets = [{"name": "A", "kepler": GEO}]
    open_sky = scenario(
        time={"start": "2030-03-03T00:00:00Z"}, observer={"orbit": "lunar-elfo-24h"}, targets=targets
    )
    seconds = 1800.0 * np.arange(96)
    free = looked(open_sky, seconds)
    angle = np.array([row["sun_angle_deg"] for row in free.windows.to_pylist()])
    assert np.all((angle >= 0.0) & (angle <= 180.0))
    strict = looked(
        scenario(
            time={"start": "2030-03-03T00:00:00Z"},
            observer={"orbit": "lunar-elfo-24h"},
            targets=targets,
            telescope={
                **QUIET["telescope"],
                "exclusion": {"sun": "120 deg", "earth": "3 deg", "moon": "1 deg"},
            },
        ),
        seconds,
    )
    before = free.reason == Reason.NONE
    assert np.any(before)
    assert set(np.unique(strict.reason[before])) <= {
        Reason.NONE, Reason.NEAR_SUN, Reason.NEAR_EARTH, Reason.NEAR_MOON,
    }  # fmt: skip
    assert np.any(strict.reason == Reason.NEAR_SUN) or np.any(strict.reason == Reason.NEAR_EARTH)
    np.testing.assert_array_equal(strict.reason[~before], free.reason[~before])


def test_a_limit_in_magnitudes_or_in_signal_divides_bright_from_faint() -> None:
    targets = [
        {"name": name, "kepler": {**GEO, "true_anomaly": "30 deg"}, "model": {"diameter": size}}
        for name, size in (("BIG", "10 m"), ("SMALL", "10 cm"))
    ]
    what = scenario(observer={"orbit": "lunar-elfo-24h"}, targets=targets)
    by_magnitude = looked(what, [10.0], limit_v_mag=18.0)
    assert by_magnitude.v_mag[0, 0] < 18.0 < by_magnitude.v_mag[1, 0]
    # A hundred times as wide is ten magnitudes.
    assert by_magnitude.v_mag[1, 0] - by_magnitude.v_mag[0, 0] == pytest.approx(10.0, abs=1e-4)
    np.testing.assert_array_equal(by_magnitude.reason[:, 0], [Reason.NONE, Reason.TOO_FAINT])
    by_signal = looked(what, [10.0])
    np.testing.assert_array_equal(by_signal.reason[:, 0], [Reason.NONE, Reason.TOO_FAINT])
    nothing = looked(what, [10.0], least_snr=1e6)
    assert np.all(nothing.reason == Reason.TOO_FAINT)


def test_a_site_sees_what_is_above_its_horizon_at_night() -> None:
    """Against astropy's geodetic vertical; within a tenth of a degree of the horizon either may be right."""
    start = Time("2024-03-01T00:00:00", scale="utc")
    what = scenario(
        time={"start": "2024-03-01T00:00:00Z"},
        observer={"site": {"longitude": "77 deg", "latitude": "43.2 deg"}},
        targets=[
            {
                "name": "A",
                "kepler": {"center": "earth", "semi_major_axis": "20000 km", "inclination": "40 deg"},
            }
        ],
    )
    seconds = 900.0 * np.arange(96)
    found = looked(what, seconds)
    times = start + seconds * u.s
    low, high = (EarthLocation.from_geodetic(77.0, 43.2, height) for height in (0.0, 1e6))
    here, above = (place.get_gcrs_posvel(times)[0].xyz.to_value("km").T for place in (low, high))
    up = orbits.unit_vectors(above - here)
    t = found.t_tdb_s

    (body,) = bodies(what, (float(t[0]) - 10.0, float(t[-1]))).bodies
    earth, _ = orbits.ephemeris().state("earth", t)
    sun, _ = orbits.ephemeris().state("sun", t)
    target, _ = body.trajectory.state(t)
    altitude = np.degrees(np.arcsin(np.sum(orbits.unit_vectors(target - earth - here) * up, axis=1)))
    sun_altitude = np.degrees(np.arcsin(np.sum(orbits.unit_vectors(sun - earth - here) * up, axis=1)))
    sure = np.abs(altitude) > 0.1
    assert np.any(altitude[sure] < 0.0)
    assert np.any(altitude[sure] > 0.0)
    np.testing.assert_array_equal(found.reason[0, sure] == Reason.BELOW_HORIZON, altitude[sure] < 0.0)
    clear = sure & (altitude > 0.0) & (np.abs(sun_altitude + 18.0) > 0.3)
    np.testing.assert_array_equal(found.reason[0, clear] == Reason.DAYLIGHT, sun_altitude[clear] > -18.0)


def test_parts_make_no_difference(monkeypatch) -> None:
    targets = [
        {"name": f"T{number}", "kepler": {**GEO, "true_anomaly": f"{17 * number} deg"}} for number in range(9)
    ]
    what = scenario(observer={"orbit": "lunar-elfo-24h"}, targets=targets)
    whole = looked(what, 300.0 * np.arange(20))
    monkeypatch.setattr(survey, "_AT_A_TIME", 40)
    parts = looked(what, 300.0 * np.arange(20), jobs=2)
    np.testing.assert_array_equal(whole.reason, parts.reason)
    np.testing.assert_allclose(whole.v_mag, parts.v_mag, atol=2e-6)
    assert whole.windows.select(["target", "reason", "begin", "end"]).equals(
        parts.windows.select(["target", "reason", "begin", "end"])
    )


def test_what_has_no_place_says_so_and_a_strict_survey_ends(tmp_path: Path) -> None:
    lines = ["CCSDS_OEM_VERS = 2.0", "CREATION_DATE = 2030-01-01T00:00:00", "ORIGINATOR = TEST", "META_START"]
    lines += ["OBJECT_NAME = SHORT", "OBJECT_ID = 2030-001A", "CENTER_NAME = EARTH", "REF_FRAME = ICRF"]
    lines += ["TIME_SYSTEM = UTC", "START_TIME = 2030-03-01T00:00:00", "STOP_TIME = 2030-03-01T00:10:00"]
    lines += ["INTERPOLATION = LAGRANGE", "INTERPOLATION_DEGREE = 1", "META_STOP"]
    lines += [f"2030-03-01T00:{minute:02d}:00 42164 {180 * minute} 0 0 3 0" for minute in range(11)]
    path = tmp_path / "short.oem"
    path.write_text("\n".join(lines) + "\n")
    what = scenario(
        observer={"orbit": "lunar-elfo-24h"}, targets=[{"oem": str(path)}, {"name": "GEO", "kepler": GEO}]
    )
    seconds = 60.0 * np.arange(2, 20)
    start = float(orbits.tdb_seconds(what.time.start))
    with pytest.warns(match="no place at some instants: SHORT"):
        found = visibility(what, start + seconds)
    np.testing.assert_array_equal(found.reason[0] == Reason.NO_PLACE, seconds > 601.0)
    assert np.all(np.isnan(found.v_mag[0, seconds > 602.0]))
    assert np.all(found.reason[1] != Reason.NO_PLACE)
    with pytest.raises(InputError, match="SHORT"):
        looked(what, seconds, strict=True)


@pytest.mark.parametrize(
    ("fields", "seconds", "words"),
    [
        ({"targets": []}, [1.0], "there are none to be seen"),
        ({"targets": [{"name": "A", "kepler": GEO}]}, [-5.0], "before time.start"),
        ({"targets": [{"name": "A", "kepler": GEO}]}, [5.0, 4.0], "must ascend"),
        ({"targets": [{"name": "A", "kepler": GEO}]}, [], "one or more"),
    ],
)
def test_what_cannot_be_surveyed_is_refused(fields: dict, seconds: list[float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        looked(scenario(**fields), seconds)


def test_the_light_that_the_earth_scatters_decides_for_low_satellites():
    low = [{"name": "A", "kepler": {"center": "earth", "semi_major_axis": "7000 km"}}]
    high = [{"name": "A", "kepler": {"center": "earth", "semi_major_axis": "200000 km"}}]
    seen = {
        (name, stray): np.mean(
            looked(
                scenario(
                    observer={"orbit": "lunar-elfo-24h"}, targets=targets, background={"stray_light": stray}
                ),
                600.0 * np.arange(60),
            ).reason
            == Reason.NONE
        )
        for name, targets in (("low", low), ("high", high))
        for stray in (False, True)
    }
    assert seen["low", True] == 0.0 < seen["low", False]
    assert seen["high", True] > 0.5
