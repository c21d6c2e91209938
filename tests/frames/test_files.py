"""A file is there when it is complete, and only then; what goes wrong is said in words."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from skyforge.errors import OutputError
from skyforge.frames.files import atomic_file, check_free_space, output_error, readable_size


def test_a_finished_file_has_its_name_and_nothing_lies_beside_it(tmp_path):
    with atomic_file(tmp_path / "a.bin") as file:
        file.write(b"complete")
        assert not (tmp_path / "a.bin").exists()
    assert (tmp_path / "a.bin").read_bytes() == b"complete"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, OutputError])
def test_a_failure_half_way_leaves_nothing_and_is_passed_on(tmp_path, failure):
    def write_half():
        with atomic_file(tmp_path / "a.bin") as file:
            file.write(b"half")
            raise failure

    with pytest.raises(failure):
        write_half()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_the_previous_file_as_it_was(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"previous")

    def write_half():
        with atomic_file(tmp_path / "a.bin") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert (tmp_path / "a.bin").read_bytes() == b"previous"


def test_a_killed_process_leaves_no_file_under_the_final_name(tmp_path):
    program = f"""
        import sys, time
        from skyforge.frames.files import atomic_file
        with atomic_file({str(tmp_path / "a.bin")!r}) as file:
            file.write(b"half")
            print("half", flush=True)
            time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (tmp_path / "a.bin").exists()


def test_a_file_gets_the_permissions_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        with atomic_file(tmp_path / "a.bin") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o640


def test_a_full_disk_is_named_with_what_is_needed_and_free(small_disk):
    def write_too_much():
        with atomic_file(small_disk / "a.bin", expected_bytes=1_000_000) as file:
            file.write(bytes(1_000_000))
            file.write(b"more")

    with pytest.raises(OutputError, match=r"disk is full \(1\.0 MB are needed and .* free in .*small_disk"):
        write_too_much()
    assert list(small_disk.iterdir()) == []


def test_a_read_only_disk_is_named(read_only_disk):
    with (
        pytest.raises(OutputError, match=r"read-only; choose another output folder"),
        atomic_file(read_only_disk / "a.bin"),
    ):
        pytest.fail("the block must not begin")


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "run").write_text("a file")
    with (
        pytest.raises(OutputError, match=r"run is a file, not a folder"),
        atomic_file(tmp_path / "run" / "a.bin"),
    ):
        pytest.fail("the block must not begin")


def test_a_folder_of_the_same_name_is_left_alone(tmp_path):
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(OutputError, match="a folder of that name"), atomic_file(tmp_path / "a.bin"):
        pytest.fail("the block must not begin")
    assert (tmp_path / "a.bin").is_dir()


def test_a_missing_folder_is_named(tmp_path):
    with (
        pytest.raises(OutputError, match=r"missing does not exist"),
        atomic_file(tmp_path / "missing" / "a.bin"),
    ):
        pytest.fail("the block must not begin")


def test_an_error_number_is_found_behind_a_library_that_hides_it(tmp_path):
    hidden = OSError("could not write")
    hidden.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert "disk is full" in str(output_error(hidden, tmp_path / "a.bin"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_every_error_names_the_file_and_ends_with_status_1(number):
    error = output_error(OSError(number, os.strerror(number)), Path("/somewhere/a.bin"))
    assert "cannot write /somewhere/a.bin" in str(error)
    assert error.exit_status == 1


def test_more_than_the_disk_has_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(OutputError, match="disk is full"):
        check_free_space(tmp_path, 10**18)
    check_free_space(tmp_path, 1)


def test_sizes_are_written_as_people_do():
    assert [readable_size(size) for size in (512, 33_554_432, 5e12)] == ["512 bytes", "33.6 MB", "5.0 TB"]
