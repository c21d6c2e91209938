"""A whole run on disk, and what is left of one that breaks off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.io import fits

from skyforge.errors import OutputError
from skyforge.frames.frame import Frame
from skyforge.frames.manifest import read_manifest
from skyforge.frames.pixel_sum import pixel_sha256
from skyforge.frames.run_directory import RunDirectory
from skyforge.frames.run_writer import RunWriter
from skyforge.frames.truth import read_truth


def numbered(frame: Frame, index: int) -> Frame:
    truth = frame.truth.set_column(
        0, frame.truth.schema.field(0), pa.array([index] * frame.truth.num_rows, pa.int32())
    )
    return Frame(index, frame.data + np.uint16(index), frame.wcs, frame.header, truth)


def test_a_run_has_all_its_files_and_they_agree(tmp_path, frame):
    run = RunDirectory.create(tmp_path / "run")
    with RunWriter.open(run, "name: demo\n") as writer:
        for index in range(3):
            writer.write_frame(numbered(frame, index), seconds=0.1, device="cpu")
        writer.write_preview(frame)
    assert run.is_complete()
    files = sorted(path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file())
    assert files == [
        *(f"frames/frame_{index:06d}.fits" for index in range(3)),
        "manifest.parquet",
        "preview.png",
        "scenario.yaml",
        "truth.parquet",
    ]
    for row in pq.read_table(run.manifest_file).to_pylist():
        assert pixel_sha256(fits.getdata(run.path / row["file"])) == row["sha256"]
    assert read_truth(run.truth_file)["frame"].to_pylist() == [0, 0, 1, 1, 2, 2]


def test_an_interrupt_leaves_complete_frames_and_says_which(tmp_path, frame):
    run = RunDirectory.create(tmp_path / "run")

    def break_off():
        with RunWriter.open(run, "name: demo\n") as writer:
            writer.write_frame(numbered(frame, 0), seconds=0.1, device="cpu")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert not run.is_complete()
    files = sorted(path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file())
    assert files == [".manifest.jsonl", "frames/frame_000000.fits", "scenario.yaml"]
    assert read_manifest(run.manifest_file)["frame"].to_pylist() == [0]


def test_a_failure_before_the_first_frame_leaves_nothing(tmp_path):
    run = RunDirectory.create(tmp_path / "run")

    def fail():
        with RunWriter.open(run, "name: demo\n"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_complete_frames_only(small_disk, frames):
    run = RunDirectory.create(small_disk / "run")
    frame = frames((128, 256))

    def write_too_many():
        with RunWriter.open(run, "name: demo\n") as writer:
            for index in range(10):
                writer.write_frame(numbered(frame, index), seconds=0.1, device="cpu")

    with pytest.raises(OutputError, match="disk is full"):
        write_too_many()
    complete = read_manifest(run.manifest_file).to_pylist()
    assert 0 < len(complete) < 10
    assert [path.name for path in sorted(run.frames_directory.iterdir())] == [
        row["file"].rpartition("/")[2] for row in complete
    ]
    for row in complete:
        assert pixel_sha256(fits.getdata(run.path / row["file"])) == row["sha256"]
