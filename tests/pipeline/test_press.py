"""Runs on a GPU, emulated: the files of a CPU, byte for byte, whoever compresses and whoever writes."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from skyforge import pipeline
from skyforge.pipeline import press, run
from skyforge.render.gpu import cupy_runtime
from skyforge.scenario import load

EMULATED_GPU = Path(__file__).parents[1] / "render" / "gpu"


@pytest.fixture
def gpu(monkeypatch):
    """A machine on which an emulated GPU is found, whose streams work when they like."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed, which the kernels are compiled with for the CPU")
    monkeypatch.syspath_prepend(str(EMULATED_GPU))
    spec = importlib.util.spec_from_file_location("replay_runtime", EMULATED_GPU / "replay_runtime.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "replay_runtime", module)
    spec.loader.exec_module(module)
    runtime = module.ReplayRuntime(order="shuffled", seed=4, schedule="random")
    for place in (press, run):
        monkeypatch.setattr(place, "resolve_device", lambda device: "cpu" if device == "cpu" else "gpu")
    monkeypatch.setattr(cupy_runtime, "cupy_runtime", lambda: runtime)
    return runtime


@pytest.fixture(scope="module")
def scenario():
    """Seven small frames with stars that trail, and a target."""
    return load(
        "kazsat-from-lunar-orbit",
        [
            "detector.shape=[120, 137]",
            "time.frames=7",
            "stars.limit=14",
            "telescope.psf={kind: gaussian, fwhm: 2 px}",
        ],
    )


def _files(folder):
    return {file.name: file.read_bytes() for file in sorted((folder / "frames").iterdir())}


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("writers", [0, 2])
def test_the_files_of_a_gpu_are_those_of_the_cpu(compress, writers, scenario, gpu, tmp_path):
    summaries = {
        device: pipeline.render_run(
            scenario,
            tmp_path / device,
            device=device,
            compress=compress,
            writers=writers if device == "gpu" else 0,
        )
        for device in ("cpu", "gpu")
    }
    assert summaries["gpu"].device == "emulated GPU"
    assert "draw_frames" in gpu.launches
    assert ("rice_rows" in gpu.launches) == compress
    files = _files(tmp_path / "gpu")
    assert len(files) == 7
    assert files == _files(tmp_path / "cpu")
    for name in ("truth.parquet", "preview.png"):
        assert (tmp_path / "gpu" / name).read_bytes() == (tmp_path / "cpu" / name).read_bytes()
