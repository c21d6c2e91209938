"""Where the time of a run goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class StageSeconds:
    """Seconds of a run by stage; stages of different processes go on at the same time, so they may sum to more.

    Attributes
    ----------
    ready_s
        Making the scenario ready, once.
    simulate_s
        Working out what the frames are made of; on one thread, ahead of the renderer.
    wait_s
        The renderer waits for an exposure.
    render_s
        Pixels from sources.
    hand_over_s
        Header, and the frame's way to a writer.
    stall_s
        The renderer waits for a writer to be done with an earlier frame.
    record_s
        Truth and journal.
    preview_s
        The run's picture, once.
    finish_s
        The writers finish after the last frame was rendered; then the tables.
    compress_s, write_s
        Sum over the writers: the pixels' sums and compression; the files, until they are on the disk.
    """

    ready_s: float = 0.0
    simulate_s: float = 0.0
    wait_s: float = 0.0
    render_s: float = 0.0
    hand_over_s: float = 0.0
    stall_s: float = 0.0
    record_s: float = 0.0
    preview_s: float = 0.0
    finish_s: float = 0.0
    compress_s: float = 0.0
    write_s: float = 0.0


class StageClock:
    """Adds up the seconds of the stages of one run."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys((stage.name for stage in fields(StageSeconds)), 0.0)

    @contextmanager
    def during(self, stage: str) -> Iterator[None]:
        """Count the block's time towards a stage, whatever becomes of the block."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] += time.perf_counter() - began

    def add(self, stage: str, seconds: float) -> None:
        """Count time towards a stage that was measured elsewhere."""
        self._seconds[stage] += seconds

    def seconds(self) -> StageSeconds:
        """Return what was counted so far."""
        return StageSeconds(**self._seconds)
