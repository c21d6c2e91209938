"""How many write, and how much may wait: within the memory, whatever the frames and their number."""

from __future__ import annotations

import itertools

import pytest

from skyforge.pipeline.crew import (
    MEMORY_BUDGET_BYTES,
    NOBODY,
    Crew,
    crew_for,
    memory_budget_bytes,
)

MEBIBYTE = 2**20


def crew(side: int, frames: int = 1000, *, compress: bool = False, cores: int = 8, **options: int) -> Crew:
    budget = options.pop("budget_bytes", 2048 * MEBIBYTE)
    return crew_for(2 * side**2, frames, compress=compress, cores=cores, budget_bytes=budget, **options)


def test_the_budget_is_fixed_and_leaves_most_of_the_machine_to_others():
    assert 0 < memory_budget_bytes() <= MEMORY_BUDGET_BYTES


@pytest.mark.parametrize(
    ("side", "compress", "cores"),
    list(itertools.product((64, 1024, 4096, 16384, 32768), (False, True), (1, 8, 128))),
)
def test_what_is_on_its_way_fits_the_budget_and_does_not_grow_with_the_run(side, compress, cores):
    budget = 1024 * MEBIBYTE
    few, many = (
        crew(side, frames, compress=compress, cores=cores, budget_bytes=budget)
        for frames in (1000, 1_000_000)
    )
    frame = 2 * side**2
    assert many.slots * frame + many.writers * compress * frame <= budget
    if few != NOBODY:
        assert few == many


def test_a_frame_can_be_rendered_while_every_writer_has_one():
    for side in (512, 4096, 8192):
        chosen = crew(side)
        assert chosen.slots > chosen.writers > 0


def test_frames_too_large_to_wait_are_written_before_the_next_one():
    assert crew(32768, budget_bytes=3 * 1024 * MEBIBYTE) == NOBODY


def test_a_run_that_is_written_before_a_process_could_start_has_none():
    assert crew(256, frames=8) == NOBODY
    assert crew(16384, frames=1) == NOBODY
    assert crew(256, frames=1000) != NOBODY


def test_writers_leave_half_of_the_cores_to_the_renderer():
    assert [crew(2048, cores=cores).writers for cores in (1, 2, 8, 16)] == [1, 1, 4, 8]


def test_there_are_no_more_writers_than_frames():
    assert crew(4096, frames=3, cores=64).writers == 3


def test_the_user_may_choose():
    assert crew(64, frames=8, writers=3).writers == 3
    assert crew(4096, writers=0) == NOBODY
