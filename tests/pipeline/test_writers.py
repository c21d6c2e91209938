"""Processes that write frames: whole files only, whoever dies, and no process left."""

from __future__ import annotations

import os
import signal
from itertools import pairwise

import pytest
from frames_of_noise import assert_frame_of_noise, children

from skyforge.errors import OutputError
from skyforge.pipeline.crew import Crew
from skyforge.pipeline.frame_file import FrameTask, Pixels
from skyforge.pipeline.writers import Writers

CREWS = [Crew(1, 2), Crew(1, 5), Crew(3, 4)]


@pytest.fixture(autouse=True)
def no_process_is_left():
    before = children()
    yield
    assert children() <= before


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("crew", CREWS)
def test_every_frame_is_written_and_answered_for(tmp_path, write, crew, compress):
    done = write(12, crew, compress=compress)
    assert sorted(frame.index for frame in done) == list(range(12))
    assert len(list(tmp_path.iterdir())) == 12
    for frame in done:
        assert_frame_of_noise(tmp_path / f"frame_{frame.index:06d}.fits", frame.sha256)


def test_the_files_do_not_depend_on_who_wrote_them(tmp_path, write):
    contents = []
    for number, crew in enumerate(CREWS):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(8, crew, folder)
        contents.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert all(first == second for first, second in pairwise(contents))


def test_a_slot_is_not_given_away_before_its_frame_is_on_the_disk(tmp_path, write):
    def check(writers, index):
        held = {task.slot for writer in writers._writers for task in writer.in_hand}
        assert not held & set(writers._free)
        assert len(held) + len(writers._free) == writers.slots.count

    write(30, Crew(2, 4), meanwhile=check)


def test_a_killed_writer_ends_the_run_with_words_and_whole_files(tmp_path, write):
    def kill(writers, index):
        if index == 5:
            os.kill(writers._writers[0].process.pid, signal.SIGKILL)

    done: list = []
    with pytest.raises(OutputError, match=r"the process that writes it was killed \(SIGKILL\).*memory"):
        write(1000, Crew(2, 5), meanwhile=kill, done=done)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert set(names) >= {f"frame_{frame.index:06d}.fits" for frame in done}
    assert all(name.endswith(".fits") and name.startswith("frame_") for name in names)
    sums = {f"frame_{frame.index:06d}.fits": frame.sha256 for frame in done}
    for name, sha256 in sums.items():
        assert_frame_of_noise(tmp_path / name, sha256)


def test_a_writer_that_is_killed_at_the_end_is_missed_too(write):
    def kill(writers, index):
        if index == 9:
            for writer in writers._writers:
                os.kill(writer.process.pid, signal.SIGKILL)

    with pytest.raises(OutputError, match="was killed"):
        write(10, Crew(2, 5), meanwhile=kill)


def test_a_full_disk_is_an_output_error_and_leaves_whole_frames(small_disk, write):
    done: list = []
    with pytest.raises(OutputError, match=r"frame_\d{6}\.fits: the disk is full"):
        write(1000, Crew(2, 5), small_disk, done=done)
    assert len(done) > 0
    assert {path.name for path in small_disk.iterdir()} == {f"frame_{frame.index:06d}.fits" for frame in done}
    for frame in done:
        assert_frame_of_noise(small_disk / f"frame_{frame.index:06d}.fits", frame.sha256)


def test_a_folder_that_is_gone_is_an_output_error(tmp_path, write):
    with pytest.raises(OutputError, match="does not exist"):
        write(20, Crew(1, 3), tmp_path / "gone")


def test_an_interrupt_lets_the_frames_in_hand_be_finished(tmp_path, write):
    def interrupt(writers, index):
        if index == 6:
            raise KeyboardInterrupt

    done: list = []
    with pytest.raises(KeyboardInterrupt):
        write(1000, Crew(2, 5), meanwhile=interrupt, done=done)
    assert sorted(frame.index for frame in done) == list(range(7))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"frame_{index:06d}.fits" for index in range(7)
    ]


def test_an_error_that_nobody_foresaw_comes_with_its_traceback(tmp_path):
    def write_without_cards():
        with Writers.open(Crew(1, 2), 32, lambda _: None) as writers:
            slot = writers.free_slot()
            writers.submit(FrameTask(0, slot, Pixels(), tmp_path / "x.fits", (4, 4), None, compress=False))

    with pytest.raises(RuntimeError, match=r"writing .*x\.fits failed: Traceback(?s:.*)TypeError"):
        write_without_cards()
    assert list(tmp_path.iterdir()) == []
