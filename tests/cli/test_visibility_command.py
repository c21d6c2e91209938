"""skyforge visibility: tables for people and programs, a picture, and errors in two lines."""

from __future__ import annotations

import json

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

SCENARIO = """
name: watch
time: {start: 2030-03-01T00:00:00Z, frames: 2}
observer: {orbit: lunar-llo-100km}
telescope: {psf: {kind: gaussian}}
targets:
  - {name: GEO, kepler: {center: earth, semi_major_axis: 42164 km}}
  - {name: STAGE, kepler: {center: moon, semi_major_axis: 9000 km}}
"""


@pytest.fixture
def watch(tmp_path):
    path = tmp_path / "watch.yaml"
    path.write_text(SCENARIO)
    return path


def test_a_table_says_when_how_bright_and_why_not(invoke, watch) -> None:
    result = invoke("visibility", watch, "--to", "2030-03-01T04:00:00Z", "--step", "5 min")
    assert result.exit_code == 0, result.stderr
    assert "48 instants" in result.stdout
    assert "behind the Moon" in result.stdout
    for name in ("GEO", "STAGE"):
        assert f"\n{name}" in result.stdout


def test_without_a_span_the_instants_are_the_frames(invoke, watch) -> None:
    found = json.loads(invoke("visibility", watch, "--json").stdout)
    assert found["instants"] == 2
    assert found["from"] == "2030-03-01T00:00:01.000Z"
    assert found["to"] == "2030-03-01T00:00:04.000Z"


def test_json_has_windows_and_reasons(invoke, watch) -> None:
    result = invoke(
        "visibility", watch, "--to", "2030-03-01T04:00:00Z", "--step", "300 s", "--json", "--limit", 25
    )
    found = json.loads(result.stdout)
    assert found["limit"]["v_mag"] == 25.0
    for target in found["targets"]:
        assert target["visible_share"] + sum(target["otherwise"].values()) == pytest.approx(1.0)
        assert sum(window["epochs"] for window in target["windows"]) == pytest.approx(
            48 * target["visible_share"]
        )


def test_files_hold_every_stretch(invoke, watch, tmp_path) -> None:
    options = ("--to", "2030-03-01T04:00:00Z", "--step", "5 min", "--quiet")
    for name in ("all.csv", "all.parquet"):
        result = invoke(
            "visibility", watch, *options, "--out", tmp_path / name, "--plot", tmp_path / "all.png"
        )
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
    text, table = pc.read_csv(tmp_path / "all.csv"), pq.read_table(tmp_path / "all.parquet")
    assert text.column_names == table.column_names
    assert sum(table["epochs"].to_pylist()) == sum(text["epochs"].to_pylist()) == 2 * 48
    assert table.schema.field("v_mag").metadata[b"unit"] == b"mag"
    assert (tmp_path / "all.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--step", "5"), "--step: found '5'"),
        (("--step", "0 s"), "must be longer than 0 s"),
        (("--step", "5 km"), "must be a time such as"),
        (("--from", "tomorrow"), "--from: found 'tomorrow'"),
        (("--to", "2029-01-01T00:00:00Z"), "it must come after"),
        (("--from", "2029-01-01T00:00:00Z"), "before time.start"),
        (("--out", "all.txt"), "--out: found 'all.txt'; its ending must be one of .csv, .parquet"),
        (("--plot", "nowhere/all.png"), "--plot: there is no folder 'nowhere'"),
        (("--set", "targets=[]"), "targets: there are none to be seen"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(invoke, watch, options, words) -> None:
    result = invoke("visibility", watch, *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert words in result.stderr


def test_strict_makes_a_lost_target_an_error(invoke, watch) -> None:
    lost = "targets.1={name: LOST, tle: kazsat.tle, select: NOBODY}"
    lenient = invoke("visibility", watch, "--set", lost)
    assert lenient.exit_code == 0
    assert "warning: left out: LOST" in lenient.stderr
    strict = invoke("visibility", watch, "--set", lost, "--strict")
    assert strict.exit_code == 2
    assert "LOST" in strict.stderr
