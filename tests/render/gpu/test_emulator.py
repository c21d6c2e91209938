"""The emulator: it computes what CUDA documents, and refuses what CUDA leaves undefined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from emulator import EmulatorError, emulator

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.source import KERNEL_FOLDERS
from skyforge.render.gpu.structure import POINTER, arguments, struct_dtype

CASE = struct_dtype(out=POINTER, into=POINTER, count="u4")
THREADS, WARP = 256, 32
VALUES = np.random.default_rng(5).integers(1, 1000, 1000).astype(np.uint32)


@pytest.fixture
def cases(emulated):
    """Make emulated GPUs with the cases on them."""
    machine = emulator((Path(__file__).parent / "cases", *KERNEL_FOLDERS))
    return lambda **options: emulated(machine=machine, **options)


def _run(runtime, name, words, given=None, blocks=1, count=None):
    out = runtime.zeros(words, np.uint32)
    into = runtime.array(np.zeros(1, np.uint32) if given is None else given)
    count = words if count is None else count
    runtime.launch(
        name, blocks, arguments(CASE, out=runtime.address(out), into=runtime.address(into), count=count)
    )
    return runtime.to_host(out)


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_a_sum_by_shuffles_shared_memory_and_atomics(cases, order):
    sums = _run(cases(order=order), "case_sum", 5, VALUES, blocks=4, count=VALUES.size)
    padded = np.pad(VALUES, (0, 24)).reshape(4, THREADS)
    np.testing.assert_array_equal(sums, [*padded.sum(axis=1), VALUES.sum()])


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_functions_of_warps_and_blocks(cases, order):
    values = VALUES[:THREADS]
    found = _run(cases(order=order), "case_functions", 12 * THREADS, values).reshape(THREADS, 12).T
    lane, warps = np.arange(THREADS) % WARP, values.reshape(-1, WARP)
    first = np.arange(THREADS) - lane

    def from_lane(source):
        return values[first + source]

    def over_warps(function):
        return np.repeat(function(warps), WARP)

    expected = [
        from_lane(lane * 7 % WARP),
        from_lane(np.where(lane % 8 >= 3, lane - 3, lane)),
        from_lane(np.where(lane % 16 + 5 < 16, lane + 5, lane)),
        from_lane(lane ^ 21),
        over_warps(lambda w: ((w & 1) << np.arange(WARP)).sum(axis=1)),
        over_warps(lambda w: (w > 1000).any(axis=1) + 2 * (w > 0).all(axis=1)),
        np.full(THREADS, (values > 500).sum()),
        np.full(THREADS, 2),
        [((warps[i // WARP] & 3 == value & 3) << np.arange(WARP)).sum() for i, value in enumerate(values)],
        over_warps(lambda w: w.max(axis=1)),
        over_warps(lambda w: (w.min(axis=1).astype(np.int64) - 500).astype(np.uint32)),
        from_lane(np.where(lane < 16, lane ^ 1, lane ^ 2)),
    ]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_bits_of_numbers(cases):
    values = np.random.default_rng(6).integers(0, 2**32, THREADS, dtype=np.uint32)
    found = _run(cases(), "case_bits", 10 * THREADS, values).reshape(THREADS, 10)
    for i, row in enumerate(found.tolist()):
        a, b = int(values[i]), int(values[(i + 1) % THREADS])
        both = b << 32 | a
        four = [(both >> 8 * select) & 255 for select in (5, 7, 1, 3)]
        signed = a - 2**32 if a >= 2**31 else a
        fused = np.float32(1.25 * float(np.uint32(0x3F800000 | a >> 9).view(np.float32)) - 0.75)
        assert row == [
            a.bit_count(),
            32 - a.bit_length(),
            (a & -a).bit_length(),
            a * b >> 32,
            sum(byte << 8 * place for place, byte in enumerate(four)),
            int(f"{a:032b}"[::-1], 2),
            (both << 9 >> 32) & (2**32 - 1),
            (both >> 9) & (2**32 - 1),
            int(fused.view(np.uint32)),
            (min(signed, 7) & (2**32 - 1)) ^ max(a, b),
        ]


def test_a_race_shows_as_a_difference(cases):
    one, other = (_run(cases(order=order), "case_race", THREADS) for order in ("ascending", "descending"))
    assert (one != other).any()


def test_shared_memory_that_nobody_wrote_shows_as_a_difference(cases):
    found = {int(_run(cases(seed=seed), "case_unwritten", THREADS)[0]) for seed in range(8)}
    assert len(found) > 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "case_some_are_gone",
            "threads do not meet: thread .* waits for the block at .*, but thread .* has ended",
        ),
        ("case_two_barriers", "threads do not meet"),
        ("case_lane_missing", "lanes do not meet: .* but thread 37 has ended"),
        ("case_lane_not_asked", "reads lane 9, which does not take part"),
        ("case_behind_the_end", "touches memory .* bytes behind an array of 1024 bytes"),
        ("case_stack", "has used up its stack"),
    ],
)
@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_what_a_gpu_forbids_ends_the_launch(cases, name, words, order):
    with pytest.raises(EmulatorError, match=words):
        _run(cases(order=order), name, THREADS)


def test_a_word_behind_the_end_is_found(cases):
    with pytest.raises(EmulatorError, match="behind an array of 396 bytes"):
        _run(cases(), "case_just_behind_the_end", 99)


def test_the_emulator_goes_on_after_a_failure(cases):
    runtime = cases()
    with pytest.raises(EmulatorError):
        _run(runtime, "case_behind_the_end", THREADS)
    assert _run(runtime, "case_sum", 5, VALUES, blocks=4, count=VALUES.size)[4] == VALUES.sum()


def test_memory_is_freed_in_the_order_of_its_stream(cases):
    runtime = cases(schedule="lazy")
    side = runtime.stream()
    array = runtime.zeros(THREADS, np.uint32)
    runtime.synchronize()
    values = arguments(CASE, out=runtime.address(array), into=0, count=1)
    with side:  # uses what belongs to the other stream, and does not hold it
        runtime.launch("case_race", 1, values)
    del array
    runtime.current_stream().synchronize()
    with pytest.raises(EmulatorError, match="where there is no array"):
        side.synchronize()


def test_copies_that_nobody_waited_for_are_not_there(cases):
    runtime = cases(schedule="lazy")
    array, out = runtime.array(VALUES), runtime.pinned(VALUES.shape, np.uint32)
    rubbish = out.copy()
    runtime.copy_to_host(array, out)
    event = runtime.current_stream().record()
    np.testing.assert_array_equal(out, rubbish)
    event.synchronize()
    np.testing.assert_array_equal(out, VALUES)


def test_a_stream_waits_for_the_event_of_another(cases):
    runtime = cases(schedule="lazy")
    one, other = runtime.stream(), runtime.stream()
    array, out = runtime.empty(VALUES.shape, np.uint32), runtime.pinned(VALUES.shape, np.uint32)
    given = runtime.pinned(VALUES.shape, np.uint32)
    given[:] = VALUES
    with one:
        runtime.copy_to_device(given, array)
        uploaded = one.record()
    with other:
        other.wait(uploaded)
        runtime.copy_to_host(array, out)
    other.synchronize()
    np.testing.assert_array_equal(out, VALUES)


def test_wrong_launches_are_refused(cases):
    runtime = cases()
    values = arguments(CASE, out=0, into=0, count=0)
    with pytest.raises(EmulatorError, match="no kernel"):
        runtime.launch("case_of_nobody", 1, values)
    with pytest.raises(EmulatorError, match="takes 24 bytes"):
        runtime.launch("case_sum", 1, np.zeros(1, struct_dtype(out=POINTER)))
    with pytest.raises(EmulatorError, match="blocks of 256 threads"):
        runtime.launch("case_sum", 1, values, threads=128)
    with pytest.raises(EmulatorError, match="no grid"):
        runtime.launch("case_sum", (1, 70_000), values)
    with pytest.raises(EmulatorError, match="neither pinned nor registered"):
        runtime.copy_to_host(runtime.empty(4, np.uint32), np.empty(4, np.uint32))
    with pytest.raises(SkyforgeError, match="no room"):
        cases(memory=1000).empty(1001, np.uint8)
    with pytest.raises(TypeError, match="to_host"):
        np.asarray(runtime.zeros(4, np.uint32))
