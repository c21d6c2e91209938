"""What a machine can do at best: how fast it copies, computes, and writes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from skyforge.bench.effort import Effort
from skyforge.bench.timing import median_seconds
from skyforge.frames.files import writing
from skyforge.render import _core

_DISK_FILES = 3


@dataclass(frozen=True)
class Limits:
    """
    Rates of a device, measured.

    Attributes
    ----------
    memory_bytes_s
        Bytes read plus bytes written while memory is copied.
    multiply_adds_s
        Fused multiply-adds of float32, in a loop that does nothing else.
    random_blocks_s
        Blocks of four random words; the noise of a pixel takes one.
    to_device_bytes_s, to_host_bytes_s
        Over the bus, from and to pinned memory; None without a bus.
    disk_bytes_s
        Of a file, until it is on the disk.
    """

    memory_bytes_s: float
    multiply_adds_s: float
    random_blocks_s: float
    to_device_bytes_s: float | None
    to_host_bytes_s: float | None
    disk_bytes_s: float | None

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        return asdict(self)


def cpu_limits(threads: int, folder: Path, effort: Effort) -> Limits:
    """
    Measure the processor's memory, its cores, and a disk.

    Parameters
    ----------
    threads
        That compute at the same time.
    folder
        On the disk.
    effort
        How much to measure.
    """
    random_blocks_s, multiply_adds_s = _issue_rates(threads, effort)
    return Limits(
        memory_bytes_s=_memory_rate(threads, effort),
        multiply_adds_s=multiply_adds_s,
        random_blocks_s=random_blocks_s,
        to_device_bytes_s=None,
        to_host_bytes_s=None,
        disk_bytes_s=disk_rate(folder, effort),
    )


def disk_rate(folder: Path, effort: Effort) -> float:
    """Return bytes per second of files in a folder, each until it is on the disk.

    Raises
    ------
    OutputError
        If nothing can be written there.
    """
    content = memoryview(np.random.default_rng(1).bytes(effort.disk_bytes))
    path = folder / "disk-rate.tmp"
    seconds = []
    for _ in range(_DISK_FILES):
        with writing(path, len(content)):
            began = time.perf_counter()
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            seconds.append(time.perf_counter() - began)
            path.unlink()
    return len(content) / median(seconds)


def _memory_rate(threads: int, effort: Effort) -> float:
    source = np.ones(effort.copy_bytes, np.uint8)
    target = np.zeros_like(source)
    pairs = list(zip(np.array_split(target, threads), np.array_split(source, threads), strict=True))
    with ThreadPoolExecutor(threads) as pool:
        seconds = median_seconds(_all_copied(pool, pairs), effort)
    return 2 * effort.copy_bytes / seconds


def _all_copied(pool: ThreadPoolExecutor, pairs: list[tuple[np.ndarray, np.ndarray]]) -> Callable[[], object]:
    return lambda: list(pool.map(lambda pair: np.copyto(*pair), pairs))


def _issue_rates(threads: int, effort: Effort) -> tuple[float, float]:
    """Return the best that the cores did: what else runs on them can only slow them down."""
    found = [_core.issue_rates(threads) for _ in range(max(2, effort.repeats))]
    return max(blocks for blocks, _ in found), max(adds for _, adds in found)
