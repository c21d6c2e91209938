"""Light curves: tables, files and their means."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import flicker, read_light_curve, tabulated_light_curve
from skyforge.photometry.light_curve import stack_light_curves


def mean(curve, begin, end):
    return stack_light_curves([curve]).mean_flux(np.atleast_1d(begin), np.atleast_1d(end))[0]


def test_a_flicker_has_its_period_and_amplitude():
    curve = flicker(3.0, 1.2, peaks=2, start_tdb_s=100.0)
    t = np.linspace(100.0, 103.0, 3001)
    light = mean(curve, t, t + 1e-6)
    assert 2.5 * np.log10(light.max() / light.min()) == pytest.approx(1.2, abs=2e-3)
    assert light[0] == pytest.approx(light.max(), rel=2e-3)
    assert light[1500] == pytest.approx(light[0], rel=2e-3)
    assert mean(curve, 100.0, 103.0)[0] == pytest.approx(1.0, abs=1e-9)


def test_a_mean_over_many_periods_is_one():
    curve = flicker(0.013, 2.0)
    # 769 whole periods and a bit, half a century after J2000.
    assert mean(curve, 1.6e9, 1.6e9 + 10.0)[0] == pytest.approx(1.0, abs=1e-3)


def test_parts_add_up_to_the_whole():
    curve = flicker(7.0, 1.5, peaks=1, start_tdb_s=3.0)
    edges = np.linspace(8.5e8, 8.5e8 + 40.0, 257)
    parts = mean(curve, edges[:-1], edges[1:])
    assert parts.mean() == pytest.approx(mean(curve, edges[0], edges[-1])[0], rel=1e-9)


def test_a_table_that_does_not_repeat_goes_on_at_its_ends():
    curve = tabulated_light_curve([10.0, 20.0], [1.0, 3.0])
    assert mean(curve, 12.0, 12.001)[0] == pytest.approx(1.4, abs=0.01)
    assert mean(curve, -100.0, -90.0)[0] == pytest.approx(1.0)
    assert mean(curve, 90.0, 100.0)[0] == pytest.approx(3.0)
    assert mean(curve, 10.0, 20.0)[0] == pytest.approx(2.0, abs=1e-3)
    # Half before the table, half inside.
    assert mean(curve, 0.0, 20.0)[0] == pytest.approx(1.5, abs=1e-3)


def test_a_file_of_phases_and_magnitudes(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("# a comment\nphase, magnitude\n0.0,10\n0.25,12.5\n0.5,10\n0.75,11\n", encoding="utf-8")
    curve = read_light_curve(path, period_s=8.0)
    at = np.array([0.0, 2.0, 4.0, 8.0, 16.0])
    assert -2.5 * np.log10(mean(curve, at, at + 1e-6)) == pytest.approx(
        [10.0, 12.5, 10.0, 10.0, 10.0], abs=0.03
    )


def test_a_file_of_times_and_fluxes(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("time,flux\n0,1\n5,2\n10,1\n", encoding="utf-8")
    once = read_light_curve(path, start_tdb_s=1000.0)
    assert mean(once, 1005.0, 1005.001)[0] == pytest.approx(2.0, abs=0.01)
    assert mean(once, 1015.0, 1015.001)[0] == pytest.approx(1.0)
    again = read_light_curve(path, start_tdb_s=1000.0, period_s=10.0)
    assert mean(again, 1015.0, 1015.001)[0] == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("text", "period", "message"),
    [
        ("a,b\n1,2\n", None, "time or phase"),
        ("phase,flux\n0,1\n0.5,2\n", None, "needs a period"),
        ("time,flux\n0,1\n0,2\n", None, "increase"),
        ("time,flux\n0,one\n1,2\n", None, "row 2"),
        ("time,flux\n0,1\n", None, "two or more"),
        ("time,flux\n0,-1\n1,2\n", None, "not negative"),
        ("time,flux\n0,1\n20,2\n", 10.0, "period"),
        ("", None, "none"),
    ],
)
def test_files_that_are_no_light_curves_are_refused_by_name(tmp_path, text, period, message):
    path = tmp_path / "curve.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_light_curve(path, period_s=period)
    assert "curve.csv" in str(error.value)


@pytest.mark.parametrize("arguments", [(0.0, 1.0), (1.0, -1.0)])
def test_impossible_flickers_are_refused(arguments):
    with pytest.raises(InputError):
        flicker(*arguments)
