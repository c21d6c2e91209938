"""Many host arrays in one block of memory, so that one copy takes them to the device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 256
Array = np.ndarray[Any, np.dtype[Any]]


def aligned(size: int) -> int:
    """Round a size in bytes up to the next place where an array may begin."""
    return -(-size // ALIGNMENT) * ALIGNMENT


class Parcel:
    """Arrays to be copied together; each is told at which offset it will lie."""

    def __init__(self) -> None:
        self._arrays: list[tuple[int, Array]] = []
        self.nbytes = 0

    def add(self, array: Array) -> int:
        """Add an array and return its offset; it may still be filled before `write`."""
        offset = self.nbytes
        self._arrays.append((offset, np.ascontiguousarray(array)))
        self.nbytes = aligned(offset + max(array.nbytes, 1))
        return offset

    def write(self, memory: NDArray[np.uint8]) -> None:
        """Write all arrays into a block of at least `nbytes`."""
        for offset, array in self._arrays:
            memory[offset : offset + array.nbytes] = array.reshape(-1).view(np.uint8)
