"""A GPU that is none: `Runtime` on the emulator, as unhelpful as a GPU may be.

Memory is filled with rubbish, threads and blocks run in the order that the test names, and streams run when and in
what order the schedule says: at once, as late as anybody can tell, or by chance. What depends on luck on a GPU
differs here.
"""

from __future__ import annotations

import ctypes
import math
import random
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from emulator import Emulator, EmulatorError, emulator

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.runtime import DeviceArray, address_of, checked_copy, grid_of, sides_of

RUBBISH = 0xA5
SCHEDULES = ("eager", "lazy", "random")


class Memory:
    """One allocation; given back in the order of the stream it was made on, as CuPy's pool does."""

    def __init__(self, runtime: ReplayRuntime, nbytes: int) -> None:
        self.address = runtime.machine.allocate(nbytes)
        ctypes.memset(self.address, RUBBISH, nbytes)
        stream, machine, address = runtime.current_stream(), runtime.machine, self.address
        runtime.used += nbytes

        owner = weakref.ref(runtime)

        def give_back() -> None:
            living = owner()
            if living is None:
                machine.free(address)
            else:
                living.used -= nbytes
                stream.add(lambda: machine.free(address))

        weakref.finalize(self, give_back).atexit = False


class ReplayEvent:
    def __init__(self, stream: ReplayStream, *, timed: bool) -> None:
        self.stream, self.timed, self.time = stream, timed, math.nan
        stream.add(self._pass)
        self.position = stream.added

    def _pass(self) -> None:
        self.time = time.perf_counter()

    @property
    def done(self) -> bool:
        self.stream.run_one()  # so that who polls gets there
        return self.stream.ran >= self.position

    def synchronize(self) -> None:
        self.stream.run_to(self.position)

    def seconds_since(self, earlier: ReplayEvent) -> float:
        assert self.timed, "the event was not recorded with timed=True"
        assert earlier.timed, "the earlier event was not recorded with timed=True"
        assert self.stream.ran >= self.position, "the device has not passed the event"
        return self.time - earlier.time


class ReplayStream(AbstractContextManager["ReplayStream"]):
    def __init__(self, runtime: ReplayRuntime) -> None:
        self.runtime = runtime
        self.work: deque[Callable[[], object]] = deque()
        self.added = self.ran = 0

    def add(self, operation: Callable[[], object]) -> None:
        with self.runtime.lock:
            self.work.append(operation)
            self.added += 1
            self.runtime.schedule_after(self)

    def run_one(self) -> None:
        with self.runtime.lock:
            if self.work:
                operation = self.work.popleft()
                self.ran += 1
                operation()

    def run_to(self, position: int) -> None:
        with self.runtime.lock:
            while self.ran < position:
                self.run_one()

    def record(self, *, timed: bool = False) -> ReplayEvent:
        return ReplayEvent(self, timed=timed)

    def wait(self, event: ReplayEvent) -> None:
        self.add(event.synchronize)

    def synchronize(self) -> None:
        self.run_to(self.added)

    def __enter__(self) -> ReplayStream:
        self.runtime.stack().append(self)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.runtime.stack().pop() is self


class ReplayRegistration(AbstractContextManager["ReplayRegistration"]):
    def __init__(self, runtime: ReplayRuntime, host: np.ndarray) -> None:
        self.runtime, self.range = runtime, _range_of(host)
        assert self.range not in runtime.locked, "this memory is registered already"
        runtime.locked[self.range] = None

    def release(self) -> None:
        del self.runtime.locked[self.range]

    def __exit__(self, *_: object) -> None:
        self.release()


class ReplayRuntime:
    """
    The kernels on a CPU.

    Parameters
    ----------
    order
        Of threads and blocks: "ascending", "descending" or "shuffled".
    seed
        Of the shuffle and of the random schedule.
    schedule
        When streams work: "eager", "lazy" or "random".
    machine
        The emulator; of all the project's kernels by default.
    memory
        Bytes that the pretended device has.
    """

    name = "emulated GPU"

    def __init__(
        self,
        order: str = "ascending",
        seed: int = 0,
        schedule: str = "eager",
        machine: Emulator | None = None,
        memory: int = 4 * 2**30,
    ) -> None:
        assert schedule in SCHEDULES
        self.order, self.seed, self.schedule, self.memory = order, seed, schedule, memory
        self.machine = emulator() if machine is None else machine
        self.lock = threading.RLock()
        self.chance = random.Random(seed)  # noqa: S311  (chance, not secrets)
        self.locked: dict[tuple[int, int], None] = {}
        self.used = 0
        self.launches: list[str] = []
        self._threads = threading.local()
        self._running = False
        self._default = ReplayStream.__new__(ReplayStream)
        self.streams: weakref.WeakSet[ReplayStream] = weakref.WeakSet()
        self._default.__init__(self)
        self.streams.add(self._default)

    def schedule_after(self, stream: ReplayStream) -> None:
        if self._running:
            return  # something freed its memory while we ran something else
        self._running = True
        try:
            if self.schedule == "eager":
                stream.run_to(stream.added)
            elif self.schedule == "random":
                for _ in range(self.chance.randrange(4)):
                    self.chance.choice(sorted(self.streams, key=id)).run_one()
        finally:
            self._running = False

    def stack(self) -> list[ReplayStream]:
        if not hasattr(self._threads, "stack"):
            self._threads.stack = [self._default]
        return self._threads.stack

    def current_stream(self) -> ReplayStream:
        return self.stack()[-1]

    def stream(self) -> ReplayStream:
        stream = ReplayStream(self)
        self.streams.add(stream)
        return stream

    def empty(self, shape: Any, dtype: Any) -> DeviceArray:
        shape, dtype = sides_of(shape), np.dtype(dtype)
        nbytes = math.prod(shape) * dtype.itemsize
        if self.used + nbytes > self.memory:
            raise SkyforgeError(f"the GPU has no room for {nbytes} bytes; {self.memory_free()} are free")
        memory = Memory(self, max(1, nbytes))
        return DeviceArray(memory, memory.address, shape, dtype)

    def zeros(self, shape: Any, dtype: Any) -> DeviceArray:
        array = self.empty(shape, dtype)
        self.clear(array)
        return array

    def clear(self, array: DeviceArray) -> None:
        self._add(lambda: _contents(array).fill(0))

    def array(self, host: np.ndarray) -> DeviceArray:
        array = self.empty(host.shape, host.dtype)
        contents = np.frombuffer(host.tobytes(), np.uint8)
        self._add(lambda: np.copyto(_contents(array), contents))
        self.current_stream().synchronize()
        return array

    def address(self, array: DeviceArray | None) -> int:
        return address_of(array)

    def to_host(self, array: DeviceArray, out: np.ndarray | None = None) -> np.ndarray:
        result = np.empty(array.shape, array.dtype) if out is None else out
        checked_copy(array, result)
        self.current_stream().synchronize()
        _bytes_of(result)[:] = _contents(array)
        return result

    def launch(
        self, name: str, blocks: int | tuple[int, int], arguments: np.ndarray, threads: int = 256
    ) -> None:
        entry = self.machine.entries.get(name)
        grid = grid_of(blocks)
        if entry is None:
            raise EmulatorError(f"there is no kernel {name}")
        if arguments.size != 1 or arguments.nbytes != entry.bytes:
            raise EmulatorError(
                f"{name} takes {entry.bytes} bytes ({entry.structure}), found {arguments.nbytes}"
            )
        if threads != entry.threads:
            raise EmulatorError(f"{name} has blocks of {entry.threads} threads, found {threads}")
        if not (0 <= grid[0] < 2**31 and 0 <= grid[1] < 2**16):
            raise EmulatorError(f"a GPU has no grid of {grid} blocks")
        if 0 in grid:
            return
        taken = arguments.tobytes()
        self.launches.append(name)
        self._add(lambda: self.machine.launch(name, grid, taken, self.order, self.seed))

    def pinned(self, shape: Any, dtype: Any = np.uint8) -> np.ndarray:
        array = np.empty(shape, dtype)
        array.view(np.uint8).fill(RUBBISH)
        place = _range_of(array)
        self.locked[place] = None
        weakref.finalize(array, self.locked.pop, place, None).atexit = False
        return array

    def register(self, host: np.ndarray) -> ReplayRegistration:
        return ReplayRegistration(self, host)

    def copy_to_host(self, array: DeviceArray, out: np.ndarray) -> None:
        checked_copy(array, out)
        self._check_locked(out)
        self._add(lambda: np.copyto(_bytes_of(out), _contents(array)))

    def copy_to_device(self, host: np.ndarray, array: DeviceArray) -> None:
        checked_copy(array, host)
        self._check_locked(host)
        self._add(lambda: np.copyto(_contents(array), _bytes_of(host)))

    def synchronize(self) -> None:
        for stream in list(self.streams):
            stream.synchronize()

    def memory_used(self) -> int:
        return self.used

    def memory_free(self) -> int:
        return self.memory - self.used

    def release_memory(self) -> None:
        pass

    def _add(self, operation: Callable[[], object]) -> None:
        self.current_stream().add(operation)

    def _check_locked(self, host: np.ndarray) -> None:
        begin, end = _range_of(host)
        if not any(first <= begin and end <= last for first, last in self.locked):
            raise EmulatorError(
                "the host's array is neither pinned nor registered: the copy would wait for the device"
            )


def _range_of(host: np.ndarray) -> tuple[int, int]:
    return host.ctypes.data, host.ctypes.data + host.nbytes


def _bytes_of(host: np.ndarray) -> np.ndarray:
    return host.reshape(-1).view(np.uint8)


def _contents(array: DeviceArray) -> np.ndarray:
    """Return the memory as NumPy sees it."""
    return np.frombuffer((ctypes.c_uint8 * array.nbytes).from_address(array.address), np.uint8)
