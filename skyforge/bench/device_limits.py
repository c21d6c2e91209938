"""What a GPU can do at best: how fast it copies and computes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from skyforge.bench.effort import Effort
from skyforge.bench.limits import Limits, disk_rate
from skyforge.bench.timing import median_of
from skyforge.render.gpu.runtime import BLOCK_THREADS, Runtime
from skyforge.render.gpu.structure import arguments, struct_dtype

COPY_ARGUMENTS = struct_dtype(**{"from": "u8"}, to="u8", count="u8")
WORK_ARGUMENTS = struct_dtype(out="u8", rounds="u4")
_COPIED_BYTES = 16  # by a thread
_MULTIPLY_ADDS = 8  # of a round


def device_limits(runtime: Runtime, folder: Path | None, effort: Effort) -> Limits:
    """
    Measure a GPU, and the disk of its host.

    Parameters
    ----------
    runtime
        The device.
    folder
        On the disk; None to leave the disk out.
    effort
        How much to measure.
    """
    threads = effort.blocks * BLOCK_THREADS * effort.rounds
    to_device, to_host = bus_rates(runtime, effort)
    return Limits(
        memory_bytes_s=2 * effort.copy_bytes / _copy_seconds(runtime, effort),
        multiply_adds_s=threads * _MULTIPLY_ADDS / _work_seconds(runtime, "bench_multiply_adds", effort),
        random_blocks_s=threads / _work_seconds(runtime, "bench_random_words", effort),
        to_device_bytes_s=to_device,
        to_host_bytes_s=to_host,
        disk_bytes_s=None if folder is None else disk_rate(folder, effort),
    )


def bus_rates(runtime: Runtime, effort: Effort) -> tuple[float, float]:
    """Return bytes per second from pinned memory to the device, and back."""
    host = runtime.pinned(effort.copy_bytes, np.uint8)
    host.fill(1)
    array = runtime.empty(effort.copy_bytes, np.uint8)
    there = median_of(lambda: event_seconds(runtime, lambda: runtime.copy_to_device(host, array)), effort)
    back = median_of(lambda: event_seconds(runtime, lambda: runtime.copy_to_host(array, host)), effort)
    return effort.copy_bytes / there, effort.copy_bytes / back


def event_seconds(runtime: Runtime, work: Callable[[], object]) -> float:
    """Return the device's time of some work on a stream of its own."""
    with runtime.stream() as stream:
        begin = stream.record(timed=True)
        work()
        end = stream.record(timed=True)
        end.synchronize()
    return end.seconds_since(begin)


def _copy_seconds(runtime: Runtime, effort: Effort) -> float:
    source, target = (runtime.zeros(effort.copy_bytes, np.uint8) for _ in range(2))
    count = effort.copy_bytes // _COPIED_BYTES
    addresses = {"from": runtime.address(source), "to": runtime.address(target)}
    packed = arguments(COPY_ARGUMENTS, **addresses, count=count)
    runtime.synchronize()
    return median_of(
        lambda: event_seconds(
            runtime, lambda: runtime.launch("bench_copy", -(-count // BLOCK_THREADS), packed)
        ),
        effort,
    )


def _work_seconds(runtime: Runtime, kernel: str, effort: Effort) -> float:
    out = runtime.empty(effort.blocks * BLOCK_THREADS, np.uint32)
    packed = arguments(WORK_ARGUMENTS, out=runtime.address(out), rounds=effort.rounds)
    return median_of(
        lambda: event_seconds(runtime, lambda: runtime.launch(kernel, effort.blocks, packed)), effort
    )
