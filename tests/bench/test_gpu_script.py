"""benchmarks/gpu.py from end to end on an emulated GPU: where there is a real one, time is short."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    """Load the script as a module."""
    spec = importlib.util.spec_from_file_location("gpu_script", ROOT / "benchmarks" / "gpu.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_every_part_of_it_works(script, emulated, tiny, tmp_path, tiny_scenes, capsys):
    out = tmp_path / "figures.json"
    runtime = emulated(schedule="lazy")
    status = script.main(
        ["--out", str(out)], runtime=runtime, effort=tiny, standard={each.name: each for each in tiny_scenes}
    )
    found = json.loads(out.read_text())
    # Without a GPU nobody can say what kernels take of one; all else must work.
    assert set(found["failed"]) <= {"resources"}, found["failed"]
    assert status == (1 if found["failed"] else 0)
    assert len(found["identity"]["cases"]) >= 20
    targets = {
        name: what["target"] for name, what in found.items() if isinstance(what, dict) and what.get("target")
    }
    assert targets == {
        "field, on the device": 3000.0,
        "wide-images, on the device": 1500.0,
        "galactic-plane, projected anew, on the device": 200.0,
        "field, words to the host": 80.0,
        "field, compressed to the host": 2000.0,
    }
    for scene in tiny_scenes:
        kernels = {row["kernel"] for row in found[f"profile of {scene.name}"]["kernels"]}
        assert {"plan_count", "plan_sort", "draw_frames", "rice_rows", "copy to host"} <= kernels
    assert "DIFFERENT" not in capsys.readouterr().out


def test_a_frame_that_differs_is_named_and_ends_it(script, emulated, tiny, tmp_path, capsys):
    class Wrong:
        """Turns one bit of every image that comes back."""

        def __init__(self, runtime):
            self._runtime = runtime

        def __getattr__(self, name):
            return getattr(self._runtime, name)

        def to_host(self, array, out=None):
            host = self._runtime.to_host(array, out)
            if array.dtype == np.uint16:
                host.reshape(-1)[7] ^= 1
            return host

    out = tmp_path / "figures.json"
    assert script.main(["--out", str(out)], runtime=Wrong(emulated()), effort=tiny, standard={}) == 1
    different = json.loads(out.read_text())["different"]
    assert different.startswith("points, sharp gaussian: pixels differ, 1 places, the first at [0, 7]")
    assert different in capsys.readouterr().out


def test_a_part_that_breaks_is_written_down_and_the_next_begins(script, tmp_path):
    book = script.Book(tmp_path / "figures.json")
    assert book.part("first", lambda: 1 / 0) is None
    assert book.part("second", lambda: {"value": 2.0}) == {"value": 2.0}
    found = json.loads((tmp_path / "figures.json").read_text())
    assert "ZeroDivisionError" in found["failed"]["first"]
    assert found["second"] == {"value": 2.0}
