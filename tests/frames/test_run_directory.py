"""What a run may write and remove: its own files, nobody else's."""

from __future__ import annotations

import pytest

from skyforge.errors import OutputError
from skyforge.frames.run_directory import RunDirectory


def finished_run(path):
    run = RunDirectory.create(path)
    run.scenario_file.write_text("name: first\n")
    run.frame_file(0).write_bytes(b"frame")
    run.truth_file.write_bytes(b"truth")
    run.manifest_file.write_bytes(b"manifest")
    run.journal_file.unlink()
    return run


def test_a_new_folder_is_made_with_its_parents_and_is_a_run_at_once(tmp_path):
    run = RunDirectory.create(tmp_path / "runs" / "demo")
    assert run.is_run()
    assert not run.is_complete()
    assert run.frame_file(7) == tmp_path / "runs" / "demo" / "frames" / "frame_000007.fits"
    assert run.frame_file(7).parent.is_dir()


def test_an_empty_folder_is_taken(tmp_path):
    assert RunDirectory.create(tmp_path).is_run()


def test_a_previous_run_is_kept_unless_it_may_be_overwritten(tmp_path):
    finished_run(tmp_path / "run")
    with pytest.raises(OutputError, match="already holds a run"):
        RunDirectory.create(tmp_path / "run")
    assert (tmp_path / "run" / "truth.parquet").read_bytes() == b"truth"
    again = RunDirectory.create(tmp_path / "run", overwrite=True)
    assert not again.frame_file(0).exists()
    assert not again.truth_file.exists()


def test_an_interrupted_run_may_be_overwritten(tmp_path):
    run = RunDirectory.create(tmp_path / "run")
    run.frame_file(0).write_bytes(b"frame")
    assert not RunDirectory.create(tmp_path / "run", overwrite=True).frame_file(0).exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_of_someone_else_is_never_touched(tmp_path, overwrite):
    (tmp_path / "frames").mkdir()
    for name in ("scenario.yaml", "thesis.tex", "frames/frame_000000.fits"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match="holds files that are no run's"):
        RunDirectory.create(tmp_path, overwrite=overwrite)
    assert (tmp_path / "thesis.tex").read_text() == "mine"
    assert (tmp_path / "frames" / "frame_000000.fits").read_text() == "mine"


def test_overwriting_spares_what_the_user_put_beside_the_run(tmp_path):
    run = finished_run(tmp_path / "run")
    (run.path / "notes.txt").write_text("mine")
    (run.frames_directory / "frame_000000_annotated.png").write_text("mine")
    (run.path / "detections").mkdir()
    (run.path / "detections" / "sep.parquet").write_text("of the old frames")
    (run.frames_directory / ".frame_000001.fits.0a1b2c3d.part").write_text("left by a killed process")
    RunDirectory.create(run.path, overwrite=True)
    left = sorted(path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file())
    assert left == [".manifest.jsonl", "frames/frame_000000_annotated.png", "notes.txt"]
    assert not (run.path / "detections").exists()


def test_a_file_of_that_name_is_refused(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        RunDirectory.create(tmp_path / "run")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        RunDirectory.create(tmp_path / "run" / "below")
    assert (tmp_path / "run").read_text() == "a file"


def test_a_read_only_disk_is_found_before_anything_is_computed(read_only_disk):
    with pytest.raises(OutputError, match="read-only"):
        RunDirectory.create(read_only_disk / "run")
    with pytest.raises(OutputError, match="read-only"):
        RunDirectory.create(read_only_disk)


def test_a_disk_that_is_too_small_is_found_before_anything_is_computed(small_disk):
    with pytest.raises(OutputError, match="disk is full"):
        RunDirectory.create(small_disk / "run", needed_bytes=33_000_000)


def test_what_the_previous_run_frees_counts_as_room(small_disk):
    run = finished_run(small_disk / "run")
    run.frame_file(0).write_bytes(bytes(150_000))
    RunDirectory.create(run.path, overwrite=True, needed_bytes=200_000)


def test_a_disk_that_is_too_small_costs_no_previous_run(small_disk):
    run = finished_run(small_disk / "run")
    with pytest.raises(OutputError, match="disk is full"):
        RunDirectory.create(run.path, overwrite=True, needed_bytes=33_000_000)
    assert run.is_complete()
    assert run.frame_file(0).exists()


def test_a_run_without_frames_can_be_taken_back(tmp_path):
    run = RunDirectory.create(tmp_path / "run")
    run.remove_if_without_frames()
    assert not run.path.exists()
    finished = finished_run(tmp_path / "finished")
    finished.remove_if_without_frames()
    assert finished.is_complete()
