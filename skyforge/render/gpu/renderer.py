"""Frames on the device: many in one launch, the same bytes as on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.background import Background, CoarseBackground, checked_light
from skyforge.render.detector import Detector
from skyforge.render.gpu import layouts
from skyforge.render.gpu.packing import Parcel
from skyforge.render.gpu.runtime import DeviceArray, Runtime
from skyforge.render.gpu.uploads import Shared, exposure_record, upload_bank, upload_detector
from skyforge.render.gpu.workspace import Capacity, FrameMemory, Workspace
from skyforge.render.psf_bank import PsfBank
from skyforge.render.sources import Sources

Record = np.void
COLUMNS = ("x_start", "y_start", "x_end", "y_end", "electrons", "psf")


@dataclass(frozen=True, eq=False)
class DeviceSources:
    """
    Sources in the device's memory, to be drawn in as many frames as wanted.

    Attributes
    ----------
    count
        How many.
    columns
        Device addresses of the columns of `Sources`, by name.
    halo
        The halo's grids for their light: levels, spacing_bits, cells_x, cells_y, quantum.
    arrays
        What the addresses point into.
    """

    count: int
    columns: dict[str, int]
    halo: tuple[int, int, int, int, float]
    arrays: tuple[DeviceArray, ...]


@dataclass(frozen=True, eq=False)
class FrameRequest:
    """
    One frame of a launch.

    Attributes
    ----------
    sources
        What shines, on the host or on the device.
    background
        Electrons per pixel: as for `skyforge.render.render_frame`, or a map in the device's memory, such as an
        expected image drawn before.
    seed, frame
        Of the noise.
    """

    sources: Sources | DeviceSources
    background: Background | DeviceArray
    seed: int = 0
    frame: int = 0


@dataclass(frozen=True, eq=False)
class Drawn:
    """
    The frames of a launch, ``(n, ny, nx)``; None where they were not asked for.

    Attributes
    ----------
    expected
        float32 electrons.
    image
        uint16 ADU.
    words
        The same as FITS stores it: big-endian, 32768 below.
    sums
        Sums of the words of even and of odd index in each frame, ``(n, 2)`` uint64 on the host.
    """

    expected: DeviceArray | None
    image: DeviceArray | None
    words: DeviceArray | None
    sums: NDArray[np.uint64]


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
        What exposes the frames; None if only expected images are wanted.
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
        self._kept: list[DeviceArray] = []

    def upload(self, sources: Sources) -> DeviceSources:
        """Copy sources to the device, to be drawn in many frames."""
        _check_sources(sources, self._psf)
        parcel = Parcel()
        offsets = _add_columns(parcel, sources)
        block = np.zeros(parcel.nbytes, np.uint8)
        parcel.write(block)
        array = self.runtime.array(block)
        base = self.runtime.address(array)
        return DeviceSources(
            len(sources),
            {name: base + offset for name, offset in offsets.items()},
            self._halo_grid(sources),
            (array,),
        )

    def draw(
        self,
        requests: Sequence[FrameRequest],
        *,
        expected: bool = False,
        image: bool = False,
        words: bool = False,
    ) -> Drawn:
        """
        Draw frames in one launch.

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
        whole = (len(requests), *self.shape)
        drawn = {
            "expected": self.runtime.empty(whole, np.float32) if expected else None,
            "image": self.runtime.empty(whole, np.uint16) if image else None,
            "words": self.runtime.empty(whole, np.uint16) if words else None,
        }
        while True:
            self._launch(requests, drawn)
            reports = self._workspace.reports(len(requests))
            if not (reports["problems"] & layouts.LISTS_TOO_SMALL).any():
                break
            wanted = (int(reports[name].max()) for name in ("points", "runs", "trails"))
            self._capacity = self._capacity.holding(*wanted)
            if self._capacity.runs >= layouts.MOST_RUNS:
                raise InputError("the trails of a frame cross too many tiles for a GPU; use device 'cpu'")
        if (reports["problems"] & layouts.BAD_LIGHT).any():
            raise InputError("expected electrons must be finite and not negative in every pixel")
        sums = np.stack([reports["even"], reports["odd"]], axis=1)
        return Drawn(drawn["expected"], drawn["image"], drawn["words"], sums)

    def expose(self, expected: Any, seed: int, frame: int) -> DeviceArray:
        """Expose the detector to a map of expected electrons, on the host or the device; uint16 ADU, `shape`."""
        light = self.runtime.array(expected)
        image, bad = self.runtime.empty(self.shape, np.uint16), self.runtime.zeros((1,), np.uint32)
        pixels = self.shape[0] * self.shape[1]
        arguments = np.zeros((), layouts.EXPOSE_ARGUMENTS)
        arguments["detector"] = exposure_record(self._detector, seed, frame)
        arguments["expected"], arguments["image"] = self.runtime.address(light), self.runtime.address(image)
        arguments["bad"], arguments["pixels"] = self.runtime.address(bad), pixels
        self.runtime.launch("expose_image", _blocks(pixels), arguments)
        if self.runtime.to_host(bad)[0]:
            raise InputError("expected electrons must be finite and not negative in every pixel")
        return image

    def _launch(self, requests: Sequence[FrameRequest], drawn: dict[str, DeviceArray | None]) -> None:
        """Send what the frames are made of, plan them and draw them."""
        tasks, parcel, tasks_at = self._tasks(requests, drawn)
        frames, base = len(requests), self._parcel_base
        self._workspace.send(parcel.nbytes)
        levels = int(tasks["grid"]["levels"].max())
        arguments = np.zeros((), layouts.FRAMES_ARGUMENTS)
        arguments["frames"], arguments["bank"] = base + tasks_at, self._bank.record
        most = int(tasks["sources"]["count"].max())
        tiles = int(tasks["canvas"]["tiles_x"][0]) * int(tasks["canvas"]["tiles_y"][0])
        launch = self.runtime.launch
        if most:
            launch("plan_count", (_blocks(most), frames), arguments)
        launch("plan_offsets", (1, frames), arguments)
        if most:
            launch("plan_fill", (_blocks(most), frames), arguments)
            launch("plan_sort", (tiles, frames), arguments)
        grids = tasks["grid"][tasks["grid"]["levels"] > 0]
        for level in range(levels):
            arguments["level"] = level
            launch("halo_gather", (_blocks(_nodes(grids[0], level)), frames), arguments)
        for level in range(levels - 1, -1, -1):
            arguments["level"] = level
            launch("halo_spread", (_blocks(_nodes(grids[0], level)), frames), arguments)
        drawing = np.zeros((), layouts.DRAW_ARGUMENTS)
        drawing["frames"], drawing["bank"] = arguments["frames"], arguments["bank"]
        launch("draw_frames", (tiles, frames), drawing)

    def _tasks(
        self, requests: Sequence[FrameRequest], drawn: dict[str, DeviceArray | None]
    ) -> tuple[NDArray[np.void], Parcel, int]:
        """Fill in the frames' structures; what is on the host goes into one parcel."""
        parcel, self._kept = Parcel(), []
        places: dict[int, tuple[dict[str, int], tuple[int, int, int, int, float]]] = {}
        for request in requests:
            if isinstance(request.sources, Sources) and id(request.sources) not in places:
                _check_sources(request.sources, self._psf)
                places[id(request.sources)] = (
                    _add_columns(parcel, request.sources),
                    self._halo_grid(request.sources),
                )
        backgrounds = [self._background(parcel, request.background) for request in requests]
        tasks = np.zeros(len(requests), layouts.FRAME_TASK)
        tasks_at = parcel.add(tasks)
        base, staging = self._workspace.parcel(parcel.nbytes)
        self._parcel_base = base
        halos = [
            request.sources.halo
            if isinstance(request.sources, DeviceSources)
            else places[id(request.sources)][1]
            for request in requests
        ]
        memory = FrameMemory(self._tiles, max(_halo_nodes(halo) for halo in halos), self._capacity)
        frames = self._workspace.frames(memory, len(requests))
        for index, (request, addresses) in enumerate(zip(requests, frames, strict=True)):
            task = tasks[index]
            if isinstance(request.sources, DeviceSources):
                columns = request.sources.columns
                count = request.sources.count
            else:
                columns = {name: base + at for name, at in places[id(request.sources)][0].items()}
                count = len(request.sources)
            task["sources"] = (count, *(columns[name] for name in COLUMNS))
            task["canvas"] = self._canvas(backgrounds[index], base, halos[index], addresses)
            task["detector"] = exposure_record(self._detector, request.seed, request.frame)
            task["grid"] = halos[index]
            _point_to_memory(task, addresses, self._capacity)
            for name, array in drawn.items():
                if array is not None:
                    task[name] = self.runtime.address(array) + index * (array.nbytes // len(requests))
        parcel.write(staging)
        return tasks, parcel, tasks_at

    @property
    def _tiles(self) -> int:
        rows, columns = (-(-side // layouts.TILE) for side in self.shape)
        return rows * columns

    def _halo_grid(self, sources: Sources) -> tuple[int, int, int, int, float]:
        return _core.halo_grid(self._compiled_psf, self.shape[1], self.shape[0], sources.electrons)

    def _canvas(
        self,
        background: NDArray[np.void],
        base: int,
        halo: tuple[int, int, int, int, float],
        addresses: dict[str, int],
    ) -> NDArray[np.void]:
        canvas = np.zeros((), layouts.CANVAS)
        canvas["width"], canvas["height"] = self.shape[1], self.shape[0]
        canvas["tiles_x"], canvas["tiles_y"] = (-(-side // layouts.TILE) for side in self.shape[::-1])
        for name in ("map", "grid", "column_index", "row_index", "column_fraction", "row_fraction"):
            if background[name] and name not in self._device_maps(background):
                background[name] += np.uint64(base)
        canvas["background"] = background
        levels, spacing_bits, cells_x, _, _ = halo
        if levels:
            canvas["halo"] = (
                addresses["halo_values"], spacing_bits, cells_x + 1, layouts.HALO_PADDING >> spacing_bits,
            )
        return canvas
