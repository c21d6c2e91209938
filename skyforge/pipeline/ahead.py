"""Work of the next frame while this one is rendered."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def worked_ahead(
    work: Callable[[int], Result], count: int, may_wait: Callable[[Result], bool]
) -> Generator[Result, None, None]:
    """Yield the results of some work in order, the next one being worked out on a thread while the last is used.

    Parameters
    ----------
    work
        Called with 0 to ``count - 1``, never by two threads at once.
    count
        How often.
    may_wait
        Whether a result is small enough for the next one to be kept in memory beside it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="exposures") as thread:
        coming = thread.submit(work, 0)
        for following in range(1, count + 1):
            result = coming.result()
            ahead = following < count and may_wait(result)
            if ahead:
                coming = thread.submit(work, following)
            yield result
            del result
            if following < count and not ahead:
                coming = thread.submit(work, following)
