"""Frames written by the process that renders them: for runs so small that nothing is gained by others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skyforge.pipeline.frame_file import FrameTask, WrittenFrame, write_frame_file


class InlineWriter:
    """Does what `skyforge.pipeline.writers.Writers` do, each frame at once; it has one slot."""

    def __init__(self, shape: tuple[int, int], written: Callable[[WrittenFrame], None]) -> None:
        self._pixels = np.empty(shape, dtype=np.uint16)
        self._written = written

    def free_slot(self) -> int:
        """Return the number of the slot."""
        return 0

    def pixels(self, slot: int) -> NDArray[np.uint16]:  # noqa: ARG002  (there is one)
        """Return the pixels of the slot, [y, x]; a view, not a copy."""
        return self._pixels

    def submit(self, task: FrameTask) -> None:
        """Write the frame in the slot."""
        self._written(write_frame_file(task, self._pixels))

    def collect(self) -> None:
        """Nothing is left to be collected."""
