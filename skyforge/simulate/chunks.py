"""Long columns in pieces that fit a processor's cache, on all processors."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_ROWS = 1 << 15


def over_chunks(rows: int, work: Callable[[slice], None]) -> None:
    """Call `work` for consecutive slices of a number of rows, in any order and at the same time.

    NumPy lets go of the interpreter while it computes, so threads help; and a step on a piece that fits the cache
    is some times faster than the same step on a whole column. Each call must write to its own rows only.
    """
    slices = [slice(first, min(first + _ROWS, rows)) for first in range(0, rows, _ROWS)]
    if len(slices) < 2:
        for piece in slices:
            work(piece)
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.map(work, slices):
            pass
