"""The manifest: sums that anyone can repeat, and rows that survive a run that breaks off."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pyarrow.parquet as pq
import pytest

from skyforge.errors import InputError, OutputError
from skyforge.frames.manifest import (
    MANIFEST_SCHEMA,
    ManifestWriter,
    journal_file,
    read_manifest,
)
from skyforge.frames.pixel_sum import pixel_sha256

ROW = {"file": "frames/frame_000000.fits", "frame": 0, "sha256": "0" * 64, "seconds": 0.25, "device": "cpu"}


def test_the_sum_is_that_of_the_little_endian_pixels_row_by_row():
    data = np.array([[1, 2], [256, 65535]], dtype=np.uint16)
    by_hand = hashlib.sha256(bytes([1, 0, 2, 0, 0, 1, 255, 255])).hexdigest()
    assert pixel_sha256(data) == by_hand
    assert pixel_sha256(data.astype(">u2")) == by_hand
    assert pixel_sha256(np.asfortranarray(data)) == by_hand


def test_a_finished_manifest_is_a_parquet_file_alone(tmp_path):
    with ManifestWriter.open(tmp_path / "manifest.parquet") as manifest:
        for frame in range(3):
            manifest.append(**{**ROW, "frame": frame})
        assert not (tmp_path / "manifest.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.parquet"]
    table = pq.read_table(tmp_path / "manifest.parquet")
    assert table.schema.equals(MANIFEST_SCHEMA, check_metadata=True)
    assert read_manifest(tmp_path / "manifest.parquet").to_pylist() == [
        {**ROW, "frame": frame} for frame in range(3)
    ]


def test_a_killed_run_still_says_which_frames_are_complete(tmp_path):
    program = f"""
        import time
        from skyforge.frames.manifest import ManifestWriter
        with ManifestWriter.open({str(tmp_path / "manifest.parquet")!r}) as manifest:
            for frame in range(2):
                manifest.append(file=f"{{frame}}", frame=frame, sha256="", seconds=1.0, device="cpu")
            print("two", flush=True)
            time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"two\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (tmp_path / "manifest.parquet").exists()
    with journal_file(tmp_path / "manifest.parquet").open("ab") as journal:
        journal.write(b'{"file": "frames/fra')  # a line that was not finished
    assert read_manifest(tmp_path / "manifest.parquet")["frame"].to_pylist() == [0, 1]


def test_a_full_disk_is_an_output_error(small_disk):
    def write_too_much():
        with ManifestWriter.open(small_disk / "manifest.parquet") as manifest:
            for frame in range(10_000):
                manifest.append(**{**ROW, "frame": frame})

    with pytest.raises(OutputError, match="disk is full"):
        write_too_much()
    assert not (small_disk / "manifest.parquet").exists()


def test_reading_what_is_no_manifest_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"is .* a run's folder"):
        read_manifest(tmp_path / "manifest.parquet")
    (tmp_path / "manifest.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="cannot be read as a manifest"):
        read_manifest(tmp_path / "manifest.parquet")
