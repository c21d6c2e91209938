"""A ring of slots in memory that processes share: each holds the pixels of one frame on its way to the disk."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
from numpy.typing import NDArray

PAGE_BYTES = mmap.PAGESIZE


class Slots:
    """Equal pieces of one shared memory, each beginning on a page; made by `Slots.open`.

    The memory has no name: nothing of it can be left behind, however its processes end. Other processes reach it
    through its file descriptor, which they inherit.
    """

    def __init__(self, descriptor: int, count: int, slot_bytes: int) -> None:
        self.descriptor = descriptor
        self.count = count
        self.slot_bytes = slot_bytes
        self.memory: NDArray[np.uint8] = np.frombuffer(mmap.mmap(descriptor, count * slot_bytes), np.uint8)
        """All slots as bytes, at an address that stays: what a driver may pin."""

    @classmethod
    @contextmanager
    def open(cls, count: int, frame_bytes: int) -> Iterator[Slots]:
        """Make slots.

        Parameters
        ----------
        count
            How many.
        frame_bytes
            What each must hold; rounded up to whole pages.

        Yields
        ------
        Slots
            Empty; memory is taken from the machine when a slot is first written to.
        """
        slot_bytes = -(-frame_bytes // PAGE_BYTES) * PAGE_BYTES
        descriptor = _nameless_file()
        try:
            os.ftruncate(descriptor, count * slot_bytes)
            yield cls(descriptor, count, slot_bytes)
        finally:
            os.close(descriptor)

    def slot(self, index: int) -> NDArray[np.uint8]:
        """Return the bytes of a slot, by its number from 0; a view, not a copy."""
        return self.memory[index * self.slot_bytes : (index + 1) * self.slot_bytes]


def _nameless_file() -> int:
    """Return the descriptor of a file without a name that lies in memory where the system can."""
    with suppress(AttributeError, OSError):  # not on every system
        return os.memfd_create("skyforge-slots")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
