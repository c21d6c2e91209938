"""What the renderer asks of a GPU; CuPy gives it, and so does an emulator in the tests."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

BLOCK_THREADS = 256
"""Threads of a block, unless a kernel says otherwise (`SKY_ENTRY_OF` in kernels/entry.h)."""
MOST_ARGUMENT_BYTES = 4096
"""What every driver takes as a kernel's arguments."""


class DeviceArray(Protocol):
    """A contiguous array in the device's memory; freed when nobody holds it any more.

    Memory is given back in the order of the stream that was current when the array was made: whoever uses an array on
    another stream must keep it until that stream is done with it.
    """

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> np.dtype[Any]: ...
    @property
    def size(self) -> int: ...
    @property
    def nbytes(self) -> int: ...
    def reshape(self, *shape: int) -> Self: ...
    def view(self, dtype: DTypeLike) -> Self: ...
    def __getitem__(self, index: int | slice) -> Self: ...


class Event(Protocol):
    """A place in a stream."""

    @property
    def done(self) -> bool:
        """Whether the device has got there."""
        ...

    def synchronize(self) -> None:
        """Wait until the device has got there."""
        ...

    def seconds_since(self, earlier: Self) -> float:
        """Return the device's time between two events that it has passed; both were recorded with ``timed=True``."""
        ...


class Stream(Protocol):
    """A queue of work; queues run beside each other.

    ``with stream:`` makes it the current one of this thread, which all of the runtime's work goes to.
    """

    def record(self, *, timed: bool = False) -> Event:
        """Mark the place behind all work so far."""
        ...

    def wait(self, event: Event) -> None:
        """Let work that is queued from now on begin after an event of another stream."""
        ...

    def synchronize(self) -> None:
        """Wait until all its work is done."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Runtime(Protocol):
    """A device with the kernels loaded. Everything happens in the order of the current stream."""

    @property
    def name(self) -> str:
        """What runs the kernels, for people."""
        ...

    def array(self, host: NDArray[Any]) -> DeviceArray:
        """Copy an array to the device; the host's may be changed as soon as this returns."""
        ...

    def empty(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of unknown contents."""
        ...

    def zeros(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of zeros."""
        ...

    def clear(self, array: DeviceArray) -> None:
        """Set all bytes to zero."""
        ...

    def address(self, array: DeviceArray | None) -> int:
        """Return where an array begins, for a kernel's arguments; 0 for None."""
        ...

    def to_host(self, array: DeviceArray, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Copy an array to the host, and wait for it."""
        ...

    def launch(
        self,
        name: str,
        blocks: int | tuple[int, int],
        arguments: NDArray[np.void],
        threads: int = BLOCK_THREADS,
    ) -> None:
        """
        Run a kernel.

        Parameters
        ----------
        name
            As in ``SKY_ENTRY(name, ...)``.
        blocks
            How many, as a number or as (x, y). None at all is no launch.
        arguments
            A structured array of one element, laid out as the kernel's structure (see `structure`); its bytes are
            taken at once, and what its addresses point to must live until the kernel has run.
        threads
            Of a block.
        """
        ...

    def stream(self) -> Stream:
        """Make a stream that waits for no other."""
        ...

    def current_stream(self) -> Stream:
        """Return the stream that work goes to now."""
        ...

    def pinned(self, shape: int | Sequence[int], dtype: DTypeLike = np.uint8) -> NDArray[Any]:
        """Make a host array of unknown contents that the device can read and write while the host goes on."""
        ...

    def register(self, host: NDArray[Any]) -> Registration:
        """Let the device read and write an existing host array likewise, until the registration is released."""
        ...

    def copy_to_host(self, array: DeviceArray, out: NDArray[Any]) -> None:
        """Copy into a pinned or registered array, without waiting: the stream says when it is there."""
        ...

    def copy_to_device(self, host: NDArray[Any], array: DeviceArray) -> None:
        """Copy from a pinned or registered array, without waiting: the host's may be changed when the stream is past."""
        ...

    def synchronize(self) -> None:
        """Wait until all work of all streams is done."""
        ...

    def memory_used(self) -> int:
        """Return how many bytes of the device's memory arrays occupy."""
        ...

    def memory_free(self) -> int:
        """Return how many bytes more this process could have."""
        ...

    def release_memory(self) -> None:
        """Give memory that no array occupies back to the device."""
        ...


class Registration(Protocol):
    """Page-locked host memory; ``with`` releases it at the end."""

    def release(self) -> None:
        """Hand the memory back to the operating system's care; all copies must be done."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
