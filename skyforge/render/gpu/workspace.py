"""Device memory that planning and drawing a launch's frames needs; it grows to what is asked and is used again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.render.gpu import layouts
from skyforge.render.gpu.packing import ALIGNMENT, aligned
from skyforge.render.gpu.runtime import DeviceArray, Runtime

LISTS_SLACK = 1.25
"""Room beyond what a launch asked for, so that the next, a little fuller, fits as well."""
FEWEST_ITEMS = 4096


@dataclass(frozen=True)
class Capacity:
    """
    How many items a frame's lists hold.

    Attributes
    ----------
    points, runs, trails
        Stamps of points on tiles, runs of trails through tiles, trails.
    """

    points: int = FEWEST_ITEMS
    runs: int = FEWEST_ITEMS
    trails: int = FEWEST_ITEMS

    def holding(self, points: int, runs: int, trails: int) -> Capacity:
        """Return a capacity that holds so many, and no less than this one."""
        wanted = zip((points, runs, trails), (self.points, self.runs, self.trails), strict=True)
        return Capacity(*(max(has, int(LISTS_SLACK * needs)) for needs, has in wanted))


@dataclass(frozen=True)
class FrameMemory:
    """
    What one frame needs besides its sources: offsets in bytes from the frame's part of the workspace.

    Attributes
    ----------
    tiles
        Tiles of a frame.
    halo_nodes
        Nodes of all levels of the halo's grids; 0 without.
    capacity
        Of the lists.
    """

    tiles: int
    halo_nodes: int
    capacity: Capacity

    def zeroed(self) -> dict[str, tuple[int, int]]:
        """Return place and size of what must be zero before a launch, with their sum as ``end``."""
        return _placed(
            point_counts=4 * self.tiles,
            point_filled=4 * self.tiles,
            run_counts=4 * self.tiles,
            run_filled=4 * self.tiles,
            quanta=8 * self.halo_nodes,
        )

    def plain(self) -> dict[str, tuple[int, int]]:
        """Return place and size of all else, with their sum as ``end``."""
        return _placed(
            point_offsets=8 * (self.tiles + 1),
            run_offsets=8 * (self.tiles + 1),
            point_keys=8 * self.capacity.points,
            run_keys=8 * self.capacity.runs,
            panels=layouts.PANELS.itemsize * self.capacity.runs,
            trails=layouts.TRAIL.itemsize * self.capacity.trails,
            deposits=4 * self.halo_nodes,
            halo_values=4 * self.halo_nodes,
        )

    @property
    def nbytes(self) -> int:
        """Memory of one frame."""
        return self.zeroed()["end"][0] + self.plain()["end"][0]


def _placed(**sizes: int) -> dict[str, tuple[int, int]]:
    places, end = {}, 0
    for name, size in sizes.items():
        places[name] = (end, size)
        end = aligned(end + size)
    places["end"] = (end, 0)
    return places


class _Block:
    """Device memory that grows to what is asked."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.array = runtime.empty(ALIGNMENT, np.uint8)

    def at_least(self, nbytes: int) -> DeviceArray:
        """Return memory of so many bytes at least; what was there before is lost where it grows."""
        if self.array.nbytes < nbytes:
            self.array = self._runtime.empty(int(LISTS_SLACK * nbytes), np.uint8)
        return self.array


class Workspace:
    """Memory for the frames of one launch; a launch must be over before its workspace serves the next."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._reports, self._zeroed, self._plain, self._parcel = (_Block(runtime) for _ in range(4))
        self._staging: NDArray[np.uint8] = runtime.pinned(ALIGNMENT, np.uint8)

    def frames(self, memory: FrameMemory, count: int) -> list[dict[str, int]]:
        """Return the device addresses of each frame's memory, with what must be zero set to zero."""
        head = layouts.FRAME_REPORT.itemsize
        reports = self._reports.at_least(count * head)
        blocks = []
        for block, places in ((self._zeroed, memory.zeroed()), (self._plain, memory.plain())):
            blocks.append((self._runtime.address(block.at_least(count * places["end"][0])), places))
        self._runtime.clear(reports)
        self._runtime.clear(self._zeroed.array)
        frames = []
        for index in range(count):
            addresses = {"report": self._runtime.address(reports) + index * head}
            for base, places in blocks:
                start = base + index * places["end"][0]
                addresses.update({name: start + place for name, (place, _) in places.items()})
            frames.append(addresses)
        return frames

    def parcel(self, nbytes: int) -> tuple[int, NDArray[np.uint8]]:
        """Return where on the device a parcel of so many bytes will lie, and the host memory to write it into."""
        if self._staging.nbytes < nbytes:
            self._staging = self._runtime.pinned(int(LISTS_SLACK * nbytes), np.uint8)
        return self._runtime.address(self._parcel.at_least(nbytes)), self._staging[:nbytes]

    def send(self, nbytes: int) -> None:
        """Copy the parcel to the device."""
        self._runtime.copy_to_device(self._staging[:nbytes], self._parcel.array[:nbytes])

    def copy_reports(self, host: NDArray[np.uint8]) -> None:
        """Copy the reports into pinned memory, behind the launch."""
        self._runtime.copy_to_host(self._reports.array[: host.nbytes], host)

    def reports(self, count: int) -> NDArray[np.void]:
        """Wait for the launch, and return what the kernels report of each frame."""
        size = count * layouts.FRAME_REPORT.itemsize
        return self._runtime.to_host(self._reports.array[:size]).view(layouts.FRAME_REPORT)
