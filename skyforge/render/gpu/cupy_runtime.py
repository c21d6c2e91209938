"""The GPU through CuPy; the only file that imports it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.compiler import compiled
from skyforge.render.gpu.nvrtc import find_nvrtc
from skyforge.render.gpu.presence import INSTALL_CUPY, Gpu, find_gpu
from skyforge.render.gpu.runtime import (
    BLOCK_THREADS,
    DeviceArray,
    Event,
    Runtime,
    address_of,
    checked_copy,
    grid_of,
    sides_of,
)
from skyforge.render.gpu.source import kernel_units

_MIB = 2**20
_PORTABLE = 1  # cudaHostRegisterPortable and cudaHostAllocPortable, CUDA runtime API: for all contexts


class CupyEvent:
    """`runtime.Event`, as CuPy has it."""

    def __init__(self, cupy: Any, stream: Any, *, timed: bool) -> None:
        self._cupy = cupy
        with _translated(cupy):
            self.handle = cupy.cuda.Event(disable_timing=not timed)
            self.handle.record(stream)

    @property
    def done(self) -> bool:
        """Whether the device has got there."""
        return bool(self.handle.done)

    def synchronize(self) -> None:
        """Wait until the device has got there."""
        with _translated(self._cupy):
            self.handle.synchronize()

    def seconds_since(self, earlier: Event) -> float:
        """Return the device's time between two timed events that it has passed."""
        with _translated(self._cupy):
            return 1e-3 * float(self._cupy.cuda.get_elapsed_time(earlier.handle, self.handle))


class CupyStream:
    """`runtime.Stream`, as CuPy has it."""

    def __init__(self, cupy: Any, stream: Any) -> None:
        self._cupy = cupy
        self._stream = stream

    def record(self, *, timed: bool = False) -> CupyEvent:
        """Mark the place behind all work so far."""
        return CupyEvent(self._cupy, self._stream, timed=timed)

    def wait(self, event: Event) -> None:
        """Let work that is queued from now on begin after an event of another stream."""
        with _translated(self._cupy):
            self._stream.wait_event(event.handle)

    def synchronize(self) -> None:
        """Wait until all its work is done."""
        with _translated(self._cupy):
            self._stream.synchronize()

    def __enter__(self) -> Self:
        self._stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.__exit__(kind, error, trace)


class CupyRegistration:
    """`runtime.Registration`, as CUDA has it."""

    def __init__(self, cupy: Any, host: NDArray[Any]) -> None:
        self._cupy = cupy
        self._host: NDArray[Any] | None = (
            host  # so that the memory lives as long as the device may write to it
        )
        with _translated(cupy):
            cupy.cuda.runtime.hostRegister(host.ctypes.data, host.nbytes, _PORTABLE)

    def release(self) -> None:
        """Hand the memory back to the operating system's care."""
        if self._host is not None:
            address, self._host = self._host.ctypes.data, None
            with _translated(self._cupy):
                self._cupy.cuda.runtime.hostUnregister(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class CupyRuntime(Runtime):
    """
    `runtime.Runtime` on CuPy's current device; make it with `cupy_runtime`.

    Parameters
    ----------
    cupy
        The module.
    gpu
        The device.
    """

    def __init__(self, cupy: Any, gpu: Gpu) -> None:
        self._cupy = cupy
        self._runtime = cupy.cuda.runtime
        self._name = gpu.name
        self._functions = _load(cupy, gpu)

    @property
    def name(self) -> str:
        """The device's name."""
        return self._name

    def array(self, host: NDArray[Any]) -> DeviceArray:
        """Copy an array to the device, and wait for it."""
        array = self.empty(host.shape, host.dtype)
        contiguous = np.ascontiguousarray(host)
        self._copy(array.address, contiguous.ctypes.data, array.nbytes, self._runtime.memcpyHostToDevice)
        self.current_stream().synchronize()
        return array

    def empty(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of unknown contents."""
        array = DeviceArray(None, 0, sides_of(shape), np.dtype(dtype))
        with _translated(self._cupy, asked=array.nbytes):
            memory = self._cupy.cuda.alloc(max(1, array.nbytes))
        return DeviceArray(memory, int(memory.ptr), array.shape, array.dtype)

    def zeros(self, shape: int | Sequence[int], dtype: DTypeLike) -> DeviceArray:
        """Make an array of zeros."""
        array = self.empty(shape, dtype)
        self.clear(array)
        return array

    def clear(self, array: DeviceArray) -> None:
        """Set all bytes to zero."""
        if array.nbytes:
            with _translated(self._cupy):
                self._runtime.memsetAsync(array.address, 0, array.nbytes, self._current().ptr)

    def address(self, array: DeviceArray | None) -> int:
        """Return where an array begins; 0 for None."""
        return address_of(array)

    def to_host(self, array: DeviceArray, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Copy an array to the host, and wait for it."""
        result: NDArray[Any] = np.empty(array.shape, array.dtype) if out is None else out
        checked_copy(array, result)
        self._copy(result.ctypes.data, array.address, array.nbytes, self._runtime.memcpyDeviceToHost)
        self.current_stream().synchronize()
        return result

    def launch(
        self,
        name: str,
        blocks: int | tuple[int, int],
        arguments: NDArray[np.void],
        threads: int = BLOCK_THREADS,
    ) -> None:
        """Run a kernel on the current stream."""
        grid = grid_of(blocks)
        if 0 in grid:
            return
        with _translated(self._cupy, doing=name):
            self._functions[name]((*grid, 1), (threads, 1, 1), (arguments,))

    def stream(self) -> CupyStream:
        """Make a stream that waits for no other."""
        with _translated(self._cupy):
            return CupyStream(self._cupy, self._cupy.cuda.Stream(non_blocking=True))

    def current_stream(self) -> CupyStream:
        """Return the stream that work goes to now."""
        return CupyStream(self._cupy, self._current())

    def pinned(self, shape: int | Sequence[int], dtype: DTypeLike = np.uint8) -> NDArray[Any]:
        """Make a page-locked host array."""
        wanted = DeviceArray(None, 0, sides_of(shape), np.dtype(dtype))
        with _translated(self._cupy):
            # Not from CuPy's pool, which rounds up to a power of two and keeps what it has.
            memory = self._cupy.cuda.PinnedMemory(max(1, wanted.nbytes), _PORTABLE)
            pointer = self._cupy.cuda.PinnedMemoryPointer(memory, 0)
        return np.frombuffer(pointer, wanted.dtype, wanted.size).reshape(wanted.shape)

    def register(self, host: NDArray[Any]) -> CupyRegistration:
        """Page-lock an existing host array until the registration is released."""
        return CupyRegistration(self._cupy, host)

    def copy_to_host(self, array: DeviceArray, out: NDArray[Any]) -> None:
        """Copy into a pinned or registered array, without waiting."""
        checked_copy(array, out)
        self._copy(out.ctypes.data, array.address, array.nbytes, self._runtime.memcpyDeviceToHost)

    def copy_to_device(self, host: NDArray[Any], array: DeviceArray) -> None:
        """Copy from a pinned or registered array, without waiting."""
        checked_copy(array, host)
        self._copy(array.address, host.ctypes.data, array.nbytes, self._runtime.memcpyHostToDevice)

    def synchronize(self) -> None:
        """Wait until all work of all streams is done."""
        with _translated(self._cupy):
            self._runtime.deviceSynchronize()

    def memory_used(self) -> int:
        """Return how many bytes of the device's memory arrays occupy."""
        return int(self._cupy.get_default_memory_pool().used_bytes())

    def memory_free(self) -> int:
        """Return how many bytes more this process could have."""
        with _translated(self._cupy):
            return int(self._runtime.memGetInfo()[0]) + int(self._cupy.get_default_memory_pool().free_bytes())

    def release_memory(self) -> None:
        """Give memory that no array occupies back to the device."""
        self._cupy.get_default_memory_pool().free_all_blocks()

    def cupy_array(self, array: DeviceArray) -> Any:
        """Return a CuPy array of the same memory, which it keeps."""
        memory = array.memory
        pointer = memory + (array.address - memory.ptr)
        return self._cupy.ndarray(array.shape, array.dtype, memptr=pointer)

    def device_array(self, array: Any) -> DeviceArray:
        """Return what the renderer knows of an array in the device's memory, CuPy's or another's; it keeps it."""
        known = self._cupy.ascontiguousarray(array)
        return DeviceArray(known.data, int(known.data.ptr), known.shape, known.dtype)

    def _copy(self, to: int, source: int, nbytes: int, kind: int) -> None:
        if nbytes:
            with _translated(self._cupy):
                self._runtime.memcpyAsync(to, source, nbytes, kind, self._current().ptr)

    def _current(self) -> Any:
        return self._cupy.cuda.get_current_stream()


@cache
def cupy_runtime() -> CupyRuntime:
    """
    Make the runtime of this machine's first GPU, with all kernels loaded; one for the process.

    Raises
    ------
    GpuMissingError
        If there is none that can render.
    SkyforgeError
        If the kernels do not compile, or the device fails.
    """
    gpu = find_gpu()
    try:
        cupy = import_module("cupy")
    except ImportError as error:
        raise SkyforgeError(f"CuPy is installed but does not work ({error}): {INSTALL_CUPY}") from error
    return CupyRuntime(cupy, gpu)


def _load(cupy: Any, gpu: Gpu) -> dict[str, Any]:
    """Compile the kernels, or take them from the cache, and load them."""
    nvrtc = find_nvrtc(gpu.nvrtc[0])
    functions = {}
    for unit in kernel_units():
        cubin = compiled(unit, gpu.compute_capability, nvrtc)
        with _translated(cupy):
            module = cupy.cuda.function.Module()
            module.load(cubin)
            functions.update({name: module.get_function(name) for name in unit.entries})
    return functions


@contextmanager
def _translated(cupy: Any, *, asked: int = 0, doing: str = "") -> Iterator[None]:
    """Let CuPy's errors leave as our own."""
    failures = (cupy.cuda.runtime.CUDARuntimeError, cupy.cuda.driver.CUDADriverError)
    try:
        yield
    except cupy.cuda.memory.OutOfMemoryError as error:
        free = int(cupy.cuda.runtime.memGetInfo()[0]) + int(cupy.get_default_memory_pool().free_bytes())
        raise SkyforgeError(
            f"the GPU has no room for {asked / _MIB:.0f} MiB, {free / _MIB:.0f} MiB are free: "
            "render fewer or smaller frames at a time, or use device 'cpu'"
        ) from error
    except failures as error:
        what = f"the GPU failed in {doing}" if doing else "the GPU failed"
        raise SkyforgeError(f"{what}: {error}") from error
