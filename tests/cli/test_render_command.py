"""The command around the pipeline: what it hands over, what it shows, how it fails."""

import errno
import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from skyforge.errors import InputError, OutputError, SkyforgeError, SkyforgeWarning


@dataclass(frozen=True)
class TargetSummary:
    name: str = "KAZSAT-3"
    in_field_frames: int = 8
    v_mag: float = 14.8765
    snr: float = 32.123
    rate_arcsec_s: float = float("nan")
    range_km: float = 381234.5


@dataclass(frozen=True)
class RunSummary:
    out: Path
    preview: Path
    frames: int = 8
    seconds: float = 3.21987
    device: str = "cpu"
    stars_per_frame: float = 1234.5
    targets: tuple = (TargetSummary(),)
    warnings: tuple = ()


@pytest.fixture
def pipeline(monkeypatch):
    """Stand in for the pipeline; `calls` is what the command handed over."""
    calls = []

    def render_run(scenario, out, **options):
        calls.append((scenario, out, options))
        return RunSummary(out, out / "preview.png")

    budgets = [
        ("star of G = 15", [("aperture", 0.3, "m"), ("photons", 12345.678, "1/s"), ("saturated", False, "")]),
        ("KAZSAT-3", [("electrons", 1.5e-5, "e")]),
    ]
    module = SimpleNamespace(render_run=render_run, explain=lambda _: budgets, calls=calls)
    monkeypatch.setitem(sys.modules, "skyforge.pipeline", module)
    return module


def failing(pipeline, error):
    def render_run(*_, **__):
        raise error

    pipeline.render_run = render_run


def test_the_built_in_scenario_goes_to_a_folder_of_its_name(invoke, pipeline):
    result = invoke("render")
    assert result.exit_code == 0
    ((scenario, out, options),) = pipeline.calls
    assert scenario.name == "kazsat-from-lunar-orbit"
    assert out == Path("runs/kazsat-from-lunar-orbit")
    assert options == {
        "device": "auto",
        "jobs": None,
        "compress": False,
        "overwrite": False,
        "strict": False,
        "progress": None,
    }


def test_options_reach_the_pipeline(invoke, pipeline):
    invoke(
        *(
            "render",
            "minimal",
            "--seed",
            2**64 - 1,
            "--set",
            "time.frames=3",
            "--set",
            "name=other",
            "--device",
            "cpu",
        ),
        *("--jobs", 2, "--out", "here", "--compress", "--overwrite"),
    )
    ((scenario, out, options),) = pipeline.calls
    assert (scenario.seed, scenario.time.frames, scenario.name) == (2**64 - 1, 3, "other")
    assert out == Path("here")
    assert options == {
        "device": "cpu",
        "jobs": 2,
        "compress": True,
        "overwrite": True,
        "strict": False,
        "progress": None,
    }


def test_a_finished_run_is_summed_up_in_aligned_columns(invoke, pipeline):
    lines = invoke("render", "minimal").stdout.splitlines()
    assert lines[0].split() == ["run", "runs/minimal"]
    assert lines[1].split() == ["preview", "runs/minimal/preview.png"]
    assert lines[2] == "frames         8 in 3.22 s on cpu"
    assert lines[3].split() == ["stars", "a", "frame", "1234"]
    head, units, row = lines[5:8]
    assert row.split() == ["KAZSAT-3", "8", "14.88", "32.12", "-", "381234"]
    assert head.index("SNR") + 3 == row.index("32.12") + 5
    assert units.split() == ["mag", "arcsec/s", "km"]


def test_quiet_says_nothing(invoke, pipeline):
    result = invoke("render", "minimal", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_json_says_all_in_one_object(invoke, pipeline):
    summary = json.loads(invoke("render", "minimal", "--json").stdout)
    assert summary["frames"] == 8
    assert summary["out"] == "runs/minimal"
    assert summary["targets"][0]["rate_arcsec_s"] is None


def test_a_budget_is_a_column_of_numbers_to_check(invoke, pipeline):
    assert invoke("render", "minimal", "--explain").stdout.splitlines() == [
        "star of G = 15",
        "  aperture   0.30000  m",
        "  photons      12346  1/s",
        "  saturated       no",
        "",
        "KAZSAT-3",
        "  electrons  1.5000e-05  e",
    ]
    assert pipeline.calls == []
    assert json.loads(invoke("render", "minimal", "--explain", "--json").stdout)["budgets"][0]["rows"][0] == {
        "label": "aperture",
        "value": 0.3,
        "unit": "m",
    }


def test_a_folder_with_something_in_it_is_refused(invoke, pipeline, tmp_path):
    (tmp_path / "here").mkdir()
    assert invoke("render", "minimal", "--out", "here").exit_code == 0
    (tmp_path / "here" / "scenario.yaml").write_text("name: earlier\n")
    result = invoke("render", "minimal", "--out", "here")
    assert result.exit_code == 2
    assert "here is not empty" in result.stderr
    assert "--overwrite" in result.stderr
    assert len(pipeline.calls) == 1
    assert invoke("render", "minimal", "--out", "here", "--overwrite").exit_code == 0


def test_a_file_where_the_folder_should_be_is_refused(invoke, pipeline, tmp_path):
    (tmp_path / "here").write_text("")
    result = invoke("render", "minimal", "--out", "here", "--overwrite")
    assert result.exit_code == 2
    assert "here is a file" in result.stderr


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (InputError("the epoch is outside"), 2, "error: the epoch is outside\n"),
        (OutputError("the disk is full"), 1, "error: the disk is full\n"),
        (SkyforgeError("first line\nsecond line"), 1, "error: first line\n       second line\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "runs/x"),
            1,
            "error: runs/x: No space left on device\n",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), 1, "error: runs: Permission denied\n"),
        (
            MemoryError(),
            1,
            "error: out of memory; render fewer pixels (detector.shape) or fewer stars (stars.limit)\n",
        ),
        (
            ZeroDivisionError("division\nby zero"),
            1,
            "error: unexpected ZeroDivisionError: division by zero\n       run again with --debug for the traceback\n",
        ),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_every_failure_is_a_message_and_a_status(invoke, pipeline, error, status, message):
    failing(pipeline, error)
    result = invoke("render", "minimal")
    assert result.exit_code == status
    assert result.stderr == message
    assert result.stdout == ""


def test_an_unexpected_failure_shows_its_traceback_with_debug(invoke, pipeline):
    failing(pipeline, ZeroDivisionError("division by zero"))
    result = invoke("render", "minimal", "--debug")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr


def test_a_warning_is_one_line_however_often_it_comes(invoke, pipeline):
    def render_run(scenario, out, **_):
        for _ in range(3):
            warnings.warn("the target is 3.2 deg outside the field", SkyforgeWarning, stacklevel=1)
            warnings.warn("something inside a library", DeprecationWarning, stacklevel=1)
        return RunSummary(out, out / "preview.png")

    pipeline.render_run = render_run
    result = invoke("render", "minimal", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == "warning: the target is 3.2 deg outside the field\n"
