"""Frames written by the process that renders them: for runs so small that nothing is gained by others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skyforge.pipeline.frame_file import FrameTask, WrittenFrame, write_frame_file
from skyforge.pipeline.slots import PAGE_BYTES


class InlineWriter:
    """Does what `skyforge.pipeline.writers.Writers` do, each frame at once.

    Parameters
    ----------
    frame_bytes
        What a frame needs.
    slots
        How many may be on their way from the renderer.
    written
        Called after each frame whose file is complete.
    """

    def __init__(self, frame_bytes: int, slots: int, written: Callable[[WrittenFrame], None]) -> None:
        self._slot_bytes = -(-frame_bytes // PAGE_BYTES) * PAGE_BYTES
        self.memory: NDArray[np.uint8] = np.empty(slots * self._slot_bytes, np.uint8)
        self._free = deque(range(slots))
        self._written = written

    def free_slot(self) -> int:
        """Return the number of a slot that nobody uses."""
        return self._free.popleft()

    def slot(self, index: int) -> NDArray[np.uint8]:
        """Return the bytes of a slot, by its number from 0; a view, not a copy."""
        return self.memory[index * self._slot_bytes : (index + 1) * self._slot_bytes]

    def submit(self, task: FrameTask) -> None:
        """Write the frame in its slot."""
        self._written(write_frame_file(task, self.slot(task.slot)))
        self._free.append(task.slot)

    def collect(self) -> None:
        """Nothing is left to be collected."""
