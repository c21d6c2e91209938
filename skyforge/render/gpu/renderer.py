"""Frames on the device: many in one launch, the same bytes as on a CPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.detector import Detector
from skyforge.render.gpu import layouts
from skyforge.render.gpu.inputs import Packed, pack_background, pack_sources
from skyforge.render.gpu.packing import Parcel
from skyforge.render.gpu.requests import DeviceSources, Drawn, FrameRequest, HaloGrid
from skyforge.render.gpu.runtime import BLOCK_THREADS, DeviceArray, Runtime
from skyforge.render.gpu.structure import arguments
from skyforge.render.gpu.tasks import (
    FrameInputs,
    all_halo_nodes,
    frame_task,
    halo_nodes,
    largest,
    tiles_across,
)
from skyforge.render.gpu.uploads import exposure_record, upload_bank, upload_detector
from skyforge.render.gpu.workspace import Capacity, FrameMemory, Workspace
from skyforge.render.psf_bank import PsfBank
from skyforge.render.sources import BAD_LIGHT, Sources, check_functions

_OUTPUTS = {"expected": np.float32, "image": np.uint16, "words": np.uint16}


class GpuRenderer:
    """
    Draws frames of one shape with one bank and one detector.

    Parameters
    ----------
    runtime
        The device.
    psf
        The bank that the sources' `psf_index` refers to.
    shape
        ``(ny, nx)``, pixels.
    detector
        What exposes the frames; left out where only expected images are wanted.

    Raises
    ------
    InputError
        If a map of the detector does not fit the frame.
    SkyforgeError
        If the device has too little memory.
    """

    def __init__(
        self, runtime: Runtime, psf: PsfBank, shape: tuple[int, int], detector: Detector | None = None
    ) -> None:
        self.runtime = runtime
        self.shape = shape
        self._psf = psf
        self._compiled_psf = psf.compiled()
        self._bank = upload_bank(runtime, psf)
        self._detector = upload_detector(runtime, detector or Detector(), shape)
        self._workspace = Workspace(runtime)
        self._capacity = Capacity()

    def upload(self, sources: Sources) -> DeviceSources:
        """Copy sources to the device, to be drawn in many frames."""
        check_functions(sources, self._psf.count)
        parcel = Parcel()
        packed = pack_sources(parcel, sources)
        block = np.zeros(parcel.nbytes, np.uint8)
        parcel.write(block)
        array = self.runtime.array(block)
        record = packed.at(self.runtime.address(array))
        return DeviceSources(len(sources), record, self.halo(sources.electrons), (array,))

    def draw(
        self,
        requests: Sequence[FrameRequest],
        *,
        expected: bool = False,
        image: bool = False,
        words: bool = False,
    ) -> Drawn:
        """
        Draw frames in one launch, and wait for them.

        Parameters
        ----------
        requests
            The frames.
        expected, image, words
            What is wanted of each.

        Returns
        -------
        Drawn
            The frames, on the device.

        Raises
        ------
        InputError
            If an input is out of range.
        SkyforgeError
            If the device has too little memory.
        """
        wanted = {"expected": expected, "image": image, "words": words}
        outputs = {
            name: self.runtime.empty((len(requests), *self.shape), dtype)
            for name, dtype in _OUTPUTS.items()
            if wanted[name]
        }
        self.launch(requests, outputs, self._workspace)
        reports = self._workspace.reports(len(requests))
        while self.must_redraw(reports):
            self.launch(requests, outputs, self._workspace)
            reports = self._workspace.reports(len(requests))
        sums = np.stack([reports["even"], reports["odd"]], axis=1)
        return Drawn(outputs.get("expected"), outputs.get("image"), outputs.get("words"), sums)

    def launch(
        self, requests: Sequence[FrameRequest], outputs: Mapping[str, DeviceArray], workspace: Workspace
    ) -> None:
        """
        Queue all work for some frames on the current stream; their reports tell `must_redraw` later how it went.

        Parameters
        ----------
        requests
            The frames; what they hold on the device must live until they are drawn.
        outputs
            What is wanted, ``(n, ny, nx)`` each: any of expected (float32), image (uint16), words (uint16).
        workspace
            That no launch uses that is still on its way.
        """
        parcel = Parcel()
        packed: dict[int, tuple[Packed, HaloGrid]] = {}
        for request in requests:
            if isinstance(request.sources, DeviceSources) and request.sources.ready is not None:
                self.runtime.current_stream().wait(request.sources.ready)
            if isinstance(request.sources, Sources) and id(request.sources) not in packed:
                check_functions(request.sources, self._psf.count)
                packed[id(request.sources)] = (
                    pack_sources(parcel, request.sources),
                    self.halo(request.sources.electrons),
                )
        backgrounds = [
            pack_background(self.runtime, parcel, request.background, self.shape) for request in requests
        ]
        tasks = np.zeros(len(requests), layouts.FRAME_TASK)
        tasks_at = parcel.add(tasks)
        base, staging = workspace.parcel(parcel.nbytes)
        inputs = []
        for request, background in zip(requests, backgrounds, strict=True):
            sources, halo = _placed(request, packed, base)
            detector = exposure_record(self._detector, request.seed, request.frame)
            inputs.append(FrameInputs(sources, background.at(base), halo, detector))
        halo = largest([each.halo for each in inputs])
        rows, columns = tiles_across(self.shape)
        memory = FrameMemory(rows * columns, all_halo_nodes(halo), self._capacity)
        places = workspace.frames(memory, len(requests))
        for index, (each, place) in enumerate(zip(inputs, places, strict=True)):
            slices = {
                name: self.runtime.address(array) + index * (array.nbytes // len(requests))
                for name, array in outputs.items()
            }
            tasks[index] = frame_task(each, self.shape, place, self._capacity, slices)
        parcel.write(staging)
        workspace.send(parcel.nbytes)
        self._run(tasks, base + tasks_at, halo)

    def _run(self, tasks: NDArray[np.void], address: int, halo: HaloGrid) -> None:
        """Plan the frames, spread their far light, draw them."""
        frames = len(tasks)
        rows, columns = tiles_across(self.shape)
        sources = _blocks(int(tasks["sources"]["count"].max()))

        def run(name: str, blocks: int, level: int = 0) -> None:
            self.runtime.launch(
                name,
                (blocks, frames),
                arguments(layouts.FRAMES_ARGUMENTS, frames=address, bank=self._bank.record, level=level),
            )

        run("plan_count", sources)
        run("plan_offsets", 1)
        run("plan_fill", sources)
        run("plan_sort", rows * columns if sources else 0)
        for level in range(halo[0]):
            run("halo_gather", _blocks(halo_nodes(halo, level)), level)
        for level in reversed(range(halo[0])):
            run("halo_spread", _blocks(halo_nodes(halo, level)), level)
        self.runtime.launch(
            "draw_frames",
            (rows * columns, frames),
            arguments(layouts.DRAW_ARGUMENTS, frames=address, bank=self._bank.record),
        )

    def halo(self, electrons: NDArray[np.float32]) -> HaloGrid:
        """Return the grids for the far light of sources with so many electrons, float32 ``(n,)``."""
        return _core.halo_grid(self._compiled_psf, self.shape[1], self.shape[0], electrons)

    def must_redraw(self, reports: NDArray[np.void]) -> bool:
        """
        Say whether some lists were too small; the next launch has larger ones.

        Raises
        ------
        InputError
            If expected light was negative or not finite, or the lists cannot be large enough.
        """
        if (reports["problems"] & layouts.LISTS_TOO_SMALL).any():
            points, runs, trails = (int(reports[name].max()) for name in ("points", "runs", "trails"))
            if runs >= layouts.MOST_RUNS:
                raise InputError("the trails of a frame cross too many tiles for a GPU; use device 'cpu'")
            self._capacity = self._capacity.holding(points, runs, trails)
            return True
        if (reports["problems"] & layouts.BAD_LIGHT).any():
            raise InputError(BAD_LIGHT)
        return False


def _placed(
    request: FrameRequest, packed: dict[int, tuple[Packed, HaloGrid]], base: int
) -> tuple[NDArray[np.void], HaloGrid]:
    """Return where a request's sources lie on the device, and the grids of their halo."""
    if isinstance(request.sources, DeviceSources):
        return request.sources.record, request.sources.halo
    sources, halo = packed[id(request.sources)]
    return sources.at(base), halo


def _blocks(items: int) -> int:
    return -(-items // BLOCK_THREADS)
