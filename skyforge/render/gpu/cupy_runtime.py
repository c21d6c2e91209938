"""The GPU through CuPy; the only file that imports it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.compiler import compiled
from skyforge.render.gpu.nvrtc import NEWEST_MAJOR, find_nvrtc
from skyforge.render.gpu.presence import INSTALL_CUPY, find_gpu
from skyforge.render.gpu.runtime import BLOCK_THREADS, MOST_ARGUMENT_BYTES, DeviceArray
from skyforge.render.gpu.source import kernel_units

_MIB = 2**20


class CupyEvent:
    """`runtime.Event`, as CuPy has it."""

    def __init__(self, cupy: Any, stream: Any, *, timed: bool) -> None:
        self._cupy = cupy
        self.event = cupy.cuda.Event(disable_timing=not timed)
        self.event.record(stream)

    @property
    def done(self) -> bool:
        """Whether the device has got there."""
        return bool(self.event.done)

    def synchronize(self) -> None:
        """Wait until the device has got there."""
        with _translated(self._cupy):
            self.event.synchronize()

    def seconds_since(self, earlier: Self) -> float:
        """Return the device's time between two timed events that it has passed."""
        return float(self._cupy.cuda.get_elapsed_time(earlier.event, self.event)) * 1e-3


class CupyStream:
    """`runtime.Stream`, as CuPy has it."""

    def __init__(self, cupy: Any, stream: Any) -> None:
        self._cupy = cupy
        self.stream = stream

    def record(self, *, timed: bool = False) -> CupyEvent:
        """Mark the place behind all work so far."""
        return CupyEvent(self._cupy, self.stream, timed=timed)

    def wait(self, event: CupyEvent) -> None:
        """Let work that is queued from now on begin after an event of another stream."""
        self.stream.wait_event(event.event)

    def synchronize(self) -> None:
        """Wait until all its work is done."""
        with _translated(self._cupy):
            self.stream.synchronize()

    def __enter__(self) -> Self:
        self.stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.__exit__(kind, error, trace)


class CupyRegistration:
    """`runtime.Registration`, as CUDA has it."""

    def __init__(self, cupy: Any, host: NDArray[Any]) -> None:
        self._cupy = cupy
        self._host: NDArray[Any] | None = host
        with _translated(cupy):
            cupy.cuda.runtime.hostRegister(host.ctypes.data, host.nbytes, 0)

    def release(self) -> None:
        """Hand the memory back to the operating system's care."""
        if self._host is not None:
            with _translated(self._cupy):
                self._cupy.cuda.runtime.hostUnregister(self._host.ctypes.data)
            self._host = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class CupyRuntime:
    """
    `runtime.Runtime` on the current device of CuPy.

    Parameters
    ----------
    cupy
        The module.
    """

    def __init__(self, cupy: Any) -> None:
        self._cupy = cupy
        with _translated(cupy):
            device = cupy.cuda.Device()
            major, minor = divmod(int(device.compute_capability), 10)
            properties = cupy.cuda.runtime.getDeviceProperties(device.id)
            driver = cupy.cuda.runtime.driverGetVersion() // 1000
        self._name = str(properties["name"].decode())
        self._functions = _load(cupy, (major, minor), driver)

    @property
    def name(self) -> str:
        """The device's name."""
        return self._name

    def array(self, host: NDArray[Any]) -> DeviceArray:
        """Copy an array to the device."""
        with self._room_for(host.nbytes):
            return _device(self._cupy.array(np.ascontiguousarray(host).view(_plain(host.dtype)))).view(host.dtype)

    def empty(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of unknown contents."""
        sides = _sides(shape)
        with self._room_for(math.prod(sides) * np.dtype(dtype).itemsize):
            return _device(self._cupy.empty(sides, dtype))

    def zeros(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of zeros."""
        array = self.empty(shape, dtype)
        self.clear(array)
        return array

    def clear(self, array: DeviceArray) -> None:
        """Set all bytes to zero."""
        if array.nbytes:
            with _translated(self._cupy):
                self._cupy.cuda.runtime.memsetAsync(self.address(array), 0, array.nbytes, self._stream_pointer())

    def address(self, array: DeviceArray | None) -> int:
        """Return where an array begins; 0 for None."""
        return 0 if array is None else int(array.data.ptr)  # type: ignore[attr-defined]
