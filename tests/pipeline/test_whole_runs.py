"""Whole runs: the same files whoever writes them, whole files whenever they are broken off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from frames_of_noise import assert_whole, children

import skyforge
from skyforge.errors import OutputError
from skyforge.frames import read_manifest, write_fits
from skyforge.pipeline import render_run
from skyforge.scenario import load

ROOT = Path(__file__).resolve().parents[2]
SMALL = [
    "detector.shape=[120, 160]",
    "telescope.psf={kind: gaussian, fwhm: 2 px}",
    "stars.limit=14",
    "time.frames=7",
]
BUILT_IN = "kazsat-from-lunar-orbit"


@pytest.fixture(scope="module")
def written_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_run(load(BUILT_IN, SMALL), tmp_path_factory.mktemp("run") / "here", writers=0).out


@pytest.mark.parametrize("writers", [1, 3])
def test_the_run_does_not_depend_on_who_writes_it(tmp_path: Path, written_here: Path, writers: int) -> None:
    run = render_run(load(BUILT_IN, SMALL), tmp_path / "run", writers=writers).out
    names = sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(written_here) for path in written_here.rglob("*") if path.is_file()
    )
    for name in names:
        if name.suffix in (".fits", ".png", ".yaml"):
            assert (run / name).read_bytes() == (written_here / name).read_bytes()
    assert pq.read_table(run / "truth.parquet").equals(pq.read_table(written_here / "truth.parquet"))
    manifests = [
        read_manifest(folder / "manifest.parquet").drop_columns("seconds") for folder in (run, written_here)
    ]
    assert manifests[0].equals(manifests[1])
    assert manifests[0]["frame"].to_pylist() == list(range(7))


@pytest.mark.parametrize("compress", [False, True])
def test_a_run_s_files_are_those_of_its_frames(tmp_path: Path, compress: bool) -> None:
    scenario = load(BUILT_IN, SMALL)
    run = render_run(scenario, tmp_path / "run", writers=2, compress=compress).out
    for frame in skyforge.stream(scenario):
        write_fits(frame, tmp_path / "alone.fits", compress=compress)
        assert (run / "frames" / f"frame_{frame.index:06d}.fits").read_bytes() == (
            tmp_path / "alone.fits"
        ).read_bytes()


def test_a_run_says_where_its_time_went(tmp_path: Path) -> None:
    summary = render_run(load(BUILT_IN, SMALL), tmp_path / "run", writers=1)
    stages = vars(summary.stages)
    assert all(seconds >= 0.0 for seconds in stages.values())
    in_turn = ("ready_s", "wait_s", "render_s", "hand_over_s", "stall_s", "record_s", "preview_s", "finish_s")
    # The stages of the renderer's own thread follow each other, and little lies between them.
    assert 0.5 * summary.seconds < sum(stages[name] for name in in_turn) <= summary.seconds


def test_progress_counts_the_files_that_are_complete(tmp_path: Path) -> None:
    seen = []

    def progress(done: int, count: int) -> None:
        seen.append((done, count, len(list((tmp_path / "run" / "frames").glob("*.fits")))))

    render_run(load(BUILT_IN, SMALL), tmp_path / "run", writers=2, progress=progress)
    assert [done for done, _, _ in seen] == list(range(1, 8))
    assert all(count == 7 and files >= done for done, count, files in seen)


def test_a_disk_that_fills_ends_a_run_of_many_writers_with_whole_frames(small_disk: Path) -> None:
    with pytest.raises(OutputError, match="the disk is full"):
        render_run(load(BUILT_IN, [*SMALL, "time.frames=6"]), small_disk / "run", writers=2)
    run = small_disk / "run"
    assert not (run / "manifest.parquet").exists()
    frames = sorted((run / "frames").iterdir())
    assert frames
    assert [path.suffix for path in frames] == [".fits"] * len(frames)
    for path in frames:
        assert_whole(path)


PROGRAM = """
from pathlib import Path
from skyforge.pipeline import render_run
from skyforge.scenario import load

# Not guarded by a test of __name__: whoever writes a few lines must not start their script anew in every writer.
render_run(load({scenario!r}, {overrides!r}), Path("run"), writers=2, compress={compress})
"""


def broken_off(folder: Path, how: signal.Signals, after_s: float, *, compress: bool) -> tuple[int, str]:
    """Render an endless run in another process, send it a signal, and wait until its writers are gone too."""
    overrides = [*SMALL[:-1], "time.frames=50000"]
    program = folder / "program.py"
    program.write_text(PROGRAM.format(scenario=BUILT_IN, overrides=overrides, compress=compress))
    process = subprocess.Popen(
        [sys.executable, str(program)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60.0
    while not any((folder / "run" / "frames").glob("*.fits")):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(after_s)
    writers = children(process.pid)
    assert len(writers) == 2
    process.send_signal(how)
    _, words = process.communicate(timeout=60)
    while any(Path(f"/proc/{writer}").exists() for writer in writers):
        assert time.monotonic() < deadline, "a writer outlives its run"
        time.sleep(0.01)
    return process.returncode, words


def whole_frames(run: Path) -> set[str]:
    """Check what a run that broke off has left, and return the names of its frames."""
    assert not (run / "manifest.parquet").exists()
    assert not (run / "truth.parquet").exists()
    frames = {path for path in (run / "frames").iterdir() if not path.name.startswith(".")}
    for path in frames:
        assert_whole(path)
    listed = set(read_manifest(run / "manifest.parquet")["file"].to_pylist())
    assert listed <= {f"frames/{path.name}" for path in frames}
    return {path.name for path in frames}


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")
@pytest.mark.parametrize(
    ("how", "compress"), [(signal.SIGKILL, False), (signal.SIGKILL, True), (signal.SIGTERM, False)]
)
def test_a_run_killed_at_any_moment_leaves_whole_frames_and_no_process(
    tmp_path: Path, how: signal.Signals, compress: bool
) -> None:
    status, _ = broken_off(tmp_path, how, float(np.random.default_rng().uniform(0.0, 0.5)), compress=compress)
    assert status == -how
    assert whole_frames(tmp_path / "run")


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")
def test_an_interrupt_finishes_what_the_writers_have_in_hand(tmp_path: Path) -> None:
    status, words = broken_off(tmp_path, signal.SIGINT, 0.3, compress=False)
    assert status in (1, -signal.SIGINT)
    assert words.rstrip().endswith("KeyboardInterrupt")
    assert words.count("Traceback") == 1
    frames = whole_frames(tmp_path / "run")
    hidden = list((tmp_path / "run").rglob("*.part"))
    assert hidden == []
    assert set(read_manifest(tmp_path / "run" / "manifest.parquet")["file"].to_pylist()) == {
        f"frames/{name}" for name in frames
    }
