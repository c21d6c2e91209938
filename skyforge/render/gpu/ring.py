"""Launches on their way beside each other: while one is drawn, the frames of another cross the bus."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skyforge.codec import RiceImage, datasum_from_sums, rice_bound
from skyforge.codec.device import compress_frames, device_frame, rice_buffers
from skyforge.render.gpu import layouts
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.workspace import Workspace

LAUNCHES = 3
"""On their way at a time: one is drawn, one crosses the bus, one is being asked for."""
HostMemory = NDArray[np.uint8]


class Form(StrEnum):
    """In which form frames leave the device."""

    PIXELS = "pixels"
    WORDS = "words"
    RICE = "rice"

    def frame_bytes(self, shape: tuple[int, int]) -> int:
        """Return how much host memory a frame needs at most."""
        return rice_bound(shape) if self is Form.RICE else 2 * shape[0] * shape[1]


@dataclass(frozen=True, eq=False)
class Landed:
    """
    A frame in host memory.

    Attributes
    ----------
    memory
        Its bytes, a view of the memory that was given for it: native pixels, FITS words or RICE_1 rows.
    datasum
        Of words: the frame's; of RICE_1 rows: the rows' bytes; 0 for pixels.
    rice
        Of RICE_1 rows: the image, whose bytes `memory` are.
    """

    memory: HostMemory
    datasum: int = 0
    rice: RiceImage | None = None


class Ring:
    """
    Draws frames into host memory, several launches at a time.

    Parameters
    ----------
    renderer
        What draws.
    form
        How frames leave the device.
    frames
        Frames of a launch at most.
    launches
        On their way at a time.

    Raises
    ------
    SkyforgeError
        If the device has too little memory.
    """

    def __init__(self, renderer: GpuRenderer, form: Form, frames: int = 1, launches: int = LAUNCHES) -> None:
        self._idle = deque(_Lane(renderer, form, frames) for _ in range(launches))
        self._busy: deque[_Lane] = deque()

    def push(self, requests: Sequence[FrameRequest], memory: Sequence[HostMemory]) -> list[Landed]:
        """
        Ask for frames; what is returned are the frames that were asked for some launches ago.

        Parameters
        ----------
        requests
            The frames of one launch.
        memory
            Pinned or registered host memory for each, `Form.frame_bytes` at least.

        Returns
        -------
        list of Landed
            Frames that are there, in the order in which they were asked for; none at first.

        Raises
        ------
        InputError
            If an input was out of range.
        """
        self._idle[0].start(requests, memory)
        self._busy.append(self._idle.popleft())
        return [] if self._idle else self._land()

    def drain(self) -> list[Landed]:
        """Wait for all frames that are still on their way, and return them."""
        landed = []
        while self._busy:
            landed += self._land()
        return landed

    def _land(self) -> list[Landed]:
        lane = self._busy.popleft()
        self._idle.append(lane)  # whatever comes of it
        return lane.finish()


class _Lane:
    """The way of one launch, on a stream of its own."""

    def __init__(self, renderer: GpuRenderer, form: Form, frames: int) -> None:
        self._renderer, self._form, self._runtime = renderer, form, renderer.runtime
        self._stream = self._runtime.stream()
        rows = renderer.shape[0]
        with self._stream:
            self._workspace = Workspace(self._runtime)
            self._frames = self._runtime.empty((frames, *renderer.shape), np.uint16)
            self._rice = rice_buffers(self._runtime, frames, renderer.shape) if form is Form.RICE else None
        self._reports: HostMemory = self._runtime.pinned(frames * layouts.FRAME_REPORT.itemsize, np.uint8)
        self._sizes: NDArray[np.int32] = self._runtime.pinned(frames * rows, np.int32)
        self._offsets: NDArray[np.uint64] = self._runtime.pinned(frames * rows + 1, np.uint64)
        self._sums: NDArray[np.uint64] = self._runtime.pinned(frames, np.uint64)
        self._requests: Sequence[FrameRequest] = ()
        self._memory: Sequence[HostMemory] = ()

    def start(self, requests: Sequence[FrameRequest], memory: Sequence[HostMemory]) -> None:
        """Queue everything that can be asked for at once."""
        self._requests, self._memory, count = requests, memory, len(requests)
        drawn = self._frames[:count]
        with self._stream:
            name = "words" if self._form is Form.WORDS else "image"
            self._renderer.launch(requests, {name: drawn}, self._workspace)
            if self._rice is None:
                for index, place in enumerate(memory):
                    frame = (
                        drawn[index].reshape(self._renderer.shape[0] * self._renderer.shape[1]).view(np.uint8)
                    )
                    self._runtime.copy_to_host(frame, place[: frame.nbytes])
            else:
                rows = count * self._renderer.shape[0]
                compress_frames(self._runtime, drawn, self._rice, count)
                self._runtime.copy_to_host(self._rice.sizes[:rows], self._sizes[:rows])
                self._runtime.copy_to_host(self._rice.offsets[: rows + 1], self._offsets[: rows + 1])
                self._runtime.copy_to_host(self._rice.sums[:count], self._sums[:count])
            self._workspace.copy_reports(self._reports[: count * layouts.FRAME_REPORT.itemsize])
            self._arrived = self._stream.record()

    def finish(self) -> list[Landed]:
        """Wait for the frames; draw them again where lists were too small."""
        self._arrived.synchronize()
        count = len(self._requests)
        reports = self._reports[: count * layouts.FRAME_REPORT.itemsize].view(layouts.FRAME_REPORT)
        if self._renderer.must_redraw(reports):
            self.start(self._requests, self._memory)
            return self.finish()
        if self._rice is not None:
            return self._fetch_rows()
        frame_bytes = self._form.frame_bytes(self._renderer.shape)
        landed = []
        for place, report in zip(self._memory, reports, strict=True):
            sums = (
                datasum_from_sums(int(report["even"]), int(report["odd"])) if self._form is Form.WORDS else 0
            )
            landed.append(Landed(place[:frame_bytes], sums))
        return landed

    def _fetch_rows(self) -> list[Landed]:
        """Copy the compressed rows, now that their lengths are known."""
        assert self._rice is not None  # noqa: S101  (the only caller asked)
        shape = self._renderer.shape
        heap = self._rice.heap.view(np.uint8)
        firsts = range(0, shape[0] * len(self._requests), shape[0])
        places = []
        with self._stream:
            for first, memory in zip(firsts, self._memory, strict=True):
                begin, end = int(self._offsets[first]), int(self._offsets[first + shape[0]])
                self._runtime.copy_to_host(heap[begin:end], memory[: end - begin])
                places.append(memory[: end - begin])
            self._stream.record().synchronize()
        landed = []
        for first, place, total in zip(firsts, places, self._sums, strict=False):
            sizes = self._sizes[first : first + shape[0]].copy()
            frame = device_frame(sizes, int(self._offsets[first]), int(total), place, shape)
            landed.append(Landed(place, frame.heap_sum, frame.image))
        return landed
