"""skyforge bench: what it prints, what it refuses."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from skyforge.bench import bench, rivals
from skyforge.bench.effort import QUICK
from skyforge.bench.scenes import FIELD, GALACTIC_PLANE

TINY = replace(QUICK, repeats=2, seconds=0.0, frames=2, copy_bytes=1 << 20, disk_bytes=1 << 16)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Make scenes and effort small."""
    scenes = tuple(replace(scene, shape=(100, 140), stars=200) for scene in (FIELD, GALACTIC_PLANE))
    monkeypatch.setattr(bench, "QUICK", TINY)
    monkeypatch.setattr(bench, "STANDARD", scenes)
    monkeypatch.setattr(bench, "QUICK_SCENES", scenes)


def test_one_json_object_and_nothing_left_behind(invoke, tmp_path):
    result = invoke("bench", "--quick", "--device", "cpu", "--json", "--jobs", 2)
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert set(report) == {
        "schema",
        "date",
        "skyforge",
        "machine",
        "device",
        "threads",
        "quick",
        "limits",
        "scenes",
        "rivals",
        "scenario",
    }
    assert report["schema"] == "skyforge-bench/1"
    assert (report["device"], report["threads"], report["quick"]) == ("cpu", 2, True)
    assert [scene["scene"] for scene in report["scenes"]] == ["field", "galactic-plane"]
    assert list(tmp_path.iterdir()) == []


def test_a_table_for_people(invoke):
    result = invoke("bench", "--quick", "--device", "cpu", "--scene", "field", "--against", "numpy")
    assert result.exit_code == 0, result.stderr
    assert "galactic-plane" not in result.stdout
    for word in (
        "processor",
        "at best",
        "random words",
        "field: 10⁴ stars",
        "splat",
        "noise",
        "numpy",
        "times as fast",
    ):
        assert word in result.stdout
    heads, *rows = [line for line in result.stdout.splitlines() if line.startswith("  ")][5:11]
    assert all(len(row) <= len(heads) for row in rows)


def test_a_scenario_of_ones_own(invoke, tmp_path):
    fields = ["--set", "detector.shape=[64, 64]", "--set", "time.frames=3", "--set", "stars.limit=10"]
    result = invoke("bench", "minimal", *fields, "--quick", "--device", "cpu", "--json")
    assert result.exit_code == 0, result.stderr
    run = json.loads(result.stdout)["scenario"]
    assert (run["scenario"], run["frames"]) == ("minimal", 3)
    assert run["stages_s"]["render"] > 0.0
    # Whatever happens on the renderer's thread happens one after the other.
    one_after_the_other = ("ready", "wait", "render", "stall")
    assert sum(run["stages_s"][stage] for stage in one_after_the_other) <= run["seconds"]
    assert run["frames_s"] == pytest.approx(3 / (run["seconds"] - run["stages_s"]["ready"]))
    assert list(tmp_path.iterdir()) == []
    text = invoke("bench", "minimal", *fields, "--quick", "--device", "cpu").stdout
    assert "minimal: 3 frames on" in text
    assert "waited for the writers" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--against", "photutil"], ["photutil", "did you mean photutils?", "numpy, astropy"]),
        (["--scene", "galaxy"], ["'galaxy'", "field"]),
        (["--folder", "absent"], ["absent", "create it first"]),
        (["--set", "seed=3"], ["--set needs a SCENARIO"]),
        (["no-such.yaml"], ["no-such.yaml"]),
        (["--device", "tpu"], ["tpu"]),
        (["--jobs", "0"], ["--jobs"]),
    ],
)
def test_what_cannot_be_is_refused(invoke, arguments, words):
    result = invoke("bench", *arguments)
    assert result.exit_code == 2
    for word in words:
        assert word in result.stderr


def test_a_rival_that_is_not_installed_is_named(invoke, monkeypatch):
    monkeypatch.setitem(rivals._DISTRIBUTIONS, "photutils", "no-such-distribution")
    result = invoke("bench", "--against", "photutils")
    assert result.exit_code == 1
    assert "pip install photutils" in result.stderr


def test_a_gpu_that_is_not_there_is_named(invoke, monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    from skyforge.render.gpu import presence

    def none():
        raise presence.GpuMissingError("there is no NVIDIA GPU to be seen")

    monkeypatch.setattr(presence, "find_gpu", none)
    result = invoke("bench", "--device", "gpu")
    assert result.exit_code == 1
    assert "no NVIDIA GPU" in result.stderr
