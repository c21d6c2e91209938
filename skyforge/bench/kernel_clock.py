"""How long each kernel and each copy takes, by events around it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from skyforge.render.gpu.runtime import BLOCK_THREADS, DeviceArray, Event, Runtime

COPY_TO_HOST, COPY_TO_DEVICE, CLEAR = "copy to host", "copy to device", "clear"


class KernelClock:
    """
    A runtime that does what another does, and notes when each piece of work begins and ends.

    Parameters
    ----------
    runtime
        What does the work.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._marks: list[tuple[str, Event, Event]] = []

    @classmethod
    def around(cls, runtime: Runtime) -> tuple[Runtime, KernelClock]:
        """Return a runtime to work with, and its clock to read."""
        clock = cls(runtime)
        return cast("Runtime", clock), clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._runtime, name)

    def launch(
        self,
        name: str,
        blocks: int | tuple[int, int],
        arguments: NDArray[np.void],
        threads: int = BLOCK_THREADS,
    ) -> None:
        """Run a kernel."""
        begin = self._mark()
        self._runtime.launch(name, blocks, arguments, threads)
        self._marks.append((name, begin, self._mark()))

    def clear(self, array: DeviceArray) -> None:
        """Set all bytes to zero."""
        begin = self._mark()
        self._runtime.clear(array)
        self._marks.append((CLEAR, begin, self._mark()))

    def copy_to_host(self, array: DeviceArray, out: NDArray[Any]) -> None:
        """Copy into pinned memory, without waiting."""
        begin = self._mark()
        self._runtime.copy_to_host(array, out)
        self._marks.append((COPY_TO_HOST, begin, self._mark()))

    def copy_to_device(self, host: NDArray[Any], array: DeviceArray) -> None:
        """Copy from pinned memory, without waiting."""
        begin = self._mark()
        self._runtime.copy_to_device(host, array)
        self._marks.append((COPY_TO_DEVICE, begin, self._mark()))

    def read(self) -> dict[str, float]:
        """Wait for all work, return the seconds of each kind of it since the last reading, and start anew."""
        self._runtime.synchronize()
        seconds: dict[str, float] = defaultdict(float)
        for name, begin, end in self._marks:
            seconds[name] += end.seconds_since(begin)
        self._marks.clear()
        return dict(seconds)

    def _mark(self) -> Event:
        return self._runtime.current_stream().record(timed=True)
