"""What the renderer asks of a GPU; CuPy gives it, and so does an emulator in the tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Never, Protocol, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

BLOCK_THREADS = 256
"""Threads of a block, unless a kernel says otherwise (`SKY_ENTRY_OF` in kernels/entry.h)."""
MOST_ARGUMENT_BYTES = 4096
"""What every driver takes as a kernel's arguments."""


@dataclass(frozen=True, eq=False)
class DeviceArray:
    """
    A contiguous array in the device's memory, which the host cannot read; pieces and views share the memory.

    The memory is given back when nobody holds a piece of it any more, in the order of the stream that was current when
    it was made: whoever uses it on another stream must hold it until that stream is done.

    Attributes
    ----------
    memory
        What holds the memory.
    address
        Where the array begins, on the device.
    shape, dtype
        As NumPy has them.
    """

    memory: Any
    address: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Number of bytes."""
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def reshape(self, *shape: int) -> DeviceArray:
        """Return the same elements in another shape."""
        if math.prod(shape) != self.size:
            raise ValueError(f"{self.shape} cannot be reshaped to {shape}")
        return replace(self, shape=shape)

    def view(self, dtype: DTypeLike) -> DeviceArray:
        """Return the same bytes as elements of another type; the last axis grows or shrinks accordingly."""
        kind = np.dtype(dtype)
        last, rest = divmod(self.shape[-1] * self.dtype.itemsize, kind.itemsize)
        if rest:
            raise ValueError(f"rows of {self.shape[-1]} {self.dtype} are no whole number of {kind}")
        return replace(self, shape=(*self.shape[:-1], last), dtype=kind)

    def __getitem__(self, index: int | slice) -> DeviceArray:
        """Return one element, or a run of elements, of the first axis."""
        stride = math.prod(self.shape[1:]) * self.dtype.itemsize
        chosen = range(self.shape[0])[index]
        if isinstance(chosen, int):
            return replace(self, address=self.address + chosen * stride, shape=self.shape[1:])
        if chosen.step != 1:
            raise ValueError("a piece of a device's array is contiguous")
        return replace(
            self, address=self.address + chosen.start * stride, shape=(len(chosen), *self.shape[1:])
        )

    def __array__(self, *_: object, **__: object) -> Never:
        raise TypeError("the host cannot read a device's array; copy it with Runtime.to_host")


class Event(Protocol):
    """A place in a stream."""

    @property
    def handle(self) -> Any:
        """The device's own name of it."""
        ...

    @property
    def done(self) -> bool:
        """Whether the device has got there."""
        ...

    def synchronize(self) -> None:
        """Wait until the device has got there."""
        ...

    def seconds_since(self, earlier: Event) -> float:
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
        """Copy an array to the device, and wait for it: for what is set up once. `copy_to_device` does not wait."""
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
        """Copy from a pinned or registered array, without waiting: the host's may change once the stream is past it."""
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


def address_of(array: DeviceArray | None) -> int:
    """Return where an array begins, for a kernel's arguments; 0 for None."""
    return 0 if array is None else array.address


def checked_copy(array: DeviceArray, host: NDArray[Any]) -> None:
    """
    Make sure that a copy between two arrays means what it says.

    Raises
    ------
    ValueError
        If the host's is not contiguous, or they differ in size.
    """
    if not host.flags.c_contiguous:
        raise ValueError("only contiguous host arrays are copied")
    if array.nbytes != host.nbytes:
        raise ValueError(f"a copy needs arrays of one size, found {array.nbytes} and {host.nbytes} bytes")


def sides_of(shape: int | Sequence[int]) -> tuple[int, ...]:
    """Return a shape as a tuple."""
    return (shape,) if isinstance(shape, int) else tuple(int(side) for side in shape)


def grid_of(blocks: int | tuple[int, int]) -> tuple[int, int]:
    """Return a number of blocks as (x, y)."""
    return (blocks, 1) if isinstance(blocks, int) else (int(blocks[0]), int(blocks[1]))
