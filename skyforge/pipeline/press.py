"""What turns exposures into pixels in the memory that writers read: the CPU at once, a GPU several frames at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from skyforge import render, simulate
from skyforge.pipeline.frame_file import Content, Pixels, Rows, Words
from skyforge.render.options import resolve_device
from skyforge.studio import Darkroom, background

if TYPE_CHECKING:
    from skyforge.render.gpu.renderer import GpuRenderer
    from skyforge.render.gpu.ring import Landed

Job = TypeVar("Job")
Memory = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Printed(Generic[Job]):
    """A frame that lies in its memory, for the job that it was asked for with."""

    job: Job
    content: Content


class Press(Protocol[Job]):
    """Renders exposures into memory, in the order in which they come."""

    @property
    def device(self) -> str:
        """What renders, as the manifest says it."""
        ...

    @property
    def frame_bytes(self) -> int:
        """Memory that a frame needs at most."""
        ...

    @property
    def held(self) -> int:
        """How many frames may be on their way at a time."""
        ...

    def using(self, memory: Memory) -> AbstractContextManager[None]:
        """Make ready the memory that the frames' pieces are cut from."""
        ...

    def take(self, job: Job, exposure: simulate.Exposure, memory: Memory) -> list[Printed[Job]]:
        """Ask for an exposure; return the frames that are ready, not always this one."""
        ...

    def finish(self) -> list[Printed[Job]]:
        """Wait for the frames that are still on their way."""
        ...


class CpuPress(Generic[Job]):
    """`Press` on the CPU's threads."""

    held = 1

    def __init__(self, shared: Darkroom, threads: int | None) -> None:
        self._renderer = render.renderer(shared.psf, shared.shape, shared.detector, "cpu", threads)
        self._shape, self._seed = shared.shape, shared.plan.scenario.seed
        self.device = self._renderer.device
        self.frame_bytes = 2 * shared.shape[0] * shared.shape[1]

    def using(self, memory: Memory) -> AbstractContextManager[None]:  # noqa: ARG002  (any memory will do)
        """Nothing is to be done."""
        return nullcontext()

    def take(self, job: Job, exposure: simulate.Exposure, memory: Memory) -> list[Printed[Job]]:
        """Render an exposure."""
        pixels = memory[: self.frame_bytes].view(np.uint16).reshape(self._shape)
        pixels[:] = self._renderer.render_frame(
            exposure.sources, background(exposure), self._seed, exposure.index
        )
        return [Printed(job, Pixels())]

    def finish(self) -> list[Printed[Job]]:
        """Nothing is on its way."""
        return []


class GpuPress(Generic[Job]):
    """
    `Press` on a GPU: while one frame is drawn, the one before crosses the bus, in the form in which it is stored.

    Parameters
    ----------
    renderer
        What draws.
    seed
        Of the run.
    compress
        Let the device compress the frames.
    """

    def __init__(self, renderer: GpuRenderer, seed: int, *, compress: bool) -> None:
        from skyforge.render.gpu.ring import LAUNCHES, Form, Ring  # only who has a GPU pays for it

        form = Form.RICE if compress else Form.WORDS
        self._runtime, self._seed = renderer.runtime, seed
        self._ring = Ring(renderer, form)
        self._jobs: deque[Job] = deque()
        self.device = renderer.runtime.name
        self.frame_bytes = form.frame_bytes(renderer.shape)
        self.held = LAUNCHES

    @contextmanager
    def using(self, memory: Memory) -> Iterator[None]:
        """Let the device write to the memory itself."""
        with self._runtime.register(memory):
            try:
                yield
            finally:
                self._runtime.synchronize()  # a copy on its way must not outlive the memory

    def take(self, job: Job, exposure: simulate.Exposure, memory: Memory) -> list[Printed[Job]]:
        """Ask for an exposure."""
        from skyforge.render.gpu.requests import FrameRequest

        self._jobs.append(job)
        request = FrameRequest(exposure.sources, background(exposure), self._seed, exposure.index)
        return self._printed(self._ring.push([request], [memory]))

    def finish(self) -> list[Printed[Job]]:
        """Wait for the frames that are still on their way."""
        return self._printed(self._ring.drain())

    def _printed(self, landed: list[Landed]) -> list[Printed[Job]]:
        return [Printed(self._jobs.popleft(), _content(frame)) for frame in landed]


def _content(frame: Landed) -> Content:
    return Words(frame.datasum) if frame.rice is None else Rows(frame.rice.sizes, frame.datasum)


def press_for(
    shared: Darkroom, device: str, threads: int | None, *, compress: bool
) -> CpuPress[Job] | GpuPress[Job]:
    """
    Choose what renders the frames of a run.

    Raises
    ------
    SkyforgeError
        If the device cannot render.
    """
    if resolve_device(device) == "cpu":
        return CpuPress(shared, threads)
    from skyforge.render.gpu.cupy_runtime import cupy_runtime
    from skyforge.render.gpu.renderer import GpuRenderer

    renderer = GpuRenderer(cupy_runtime(), shared.psf, shared.shape, shared.detector)
    return GpuPress(renderer, shared.plan.scenario.seed, compress=compress)
