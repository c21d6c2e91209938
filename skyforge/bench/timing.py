"""Clocks, and what to make of their readings."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from skyforge.bench.effort import Effort

_FEWEST = 3


def median_seconds(
    work: Callable[[], object], effort: Effort, clock: Callable[[], float] = time.perf_counter
) -> float:
    """
    Return the median time of some work, after a first time that does not count.

    Parameters
    ----------
    work
        What is done.
    effort
        How often, and for how long.
    clock
        Seconds; on the wall by default.
    """
    return median_of(lambda: _seconds(work, clock), effort)


def median_of(measured: Callable[[], float], effort: Effort) -> float:
    """Return the median of what some measurement finds, after a first time that does not count."""
    measured()
    found: list[float] = []
    deadline = time.perf_counter() + effort.seconds
    while len(found) < min(_FEWEST, effort.repeats) or (
        len(found) < effort.repeats and time.perf_counter() < deadline
    ):
        found.append(measured())
    return median(found)


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began
