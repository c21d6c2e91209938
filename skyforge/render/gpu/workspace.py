"""Device memory that planning and drawing a launch's frames needs; it grows to what is asked and is used again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skyforge.render.gpu import layouts
from skyforge.render.gpu.packing import aligned
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


class Workspace:
    """Memory for the frames of one launch; a launch must be over before its workspace serves the next."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._reports: DeviceArray | None = None
        self._zeroed: DeviceArray | None = None
        self._plain: DeviceArray | None = None
        self._parcel: DeviceArray | None = None
        self._staging: np.ndarray[tuple[int], np.dtype[np.uint8]] | None = None

    def frames(self, memory: FrameMemory, count: int) -> list[dict[str, int]]:
        """Return the device addresses of each frame's memory, with what must be zero set to zero."""
        zeroed, plain = memory.zeroed(), memory.plain()
        head = layouts.FRAME_REPORT.itemsize
        self._reports = self._at_least(self._reports, count * head)
        self._zeroed = self._at_least(self._zeroed, count * zeroed["end"][0])
        self._plain = self._at_least(self._plain, count * plain["end"][0])
        self._runtime.clear(self._reports)
        self._runtime.clear(self._zeroed)
        frames = []
        for index in range(count):
            addresses = {"report": self._runtime.address(self._reports) + index * head}
            for block, places in ((self._zeroed, zeroed), (self._plain, plain)):
                base = self._runtime.address(block) + index * places["end"][0]
                addresses.update({name: base + place for name, (place, _) in places.items()})
            frames.append(addresses)
        return frames

    def parcel(self, nbytes: int) -> tuple[int, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
        """Return where on the device a parcel of so many bytes will lie, and the host memory to write it into."""
        self._parcel = self._at_least(self._parcel, nbytes)
        if self._staging is None or self._staging.size < nbytes:
            self._staging = self._runtime.pinned(int(LISTS_SLACK * nbytes))
        return self._runtime.address(self._parcel), self._staging[:nbytes]

    def send(self, nbytes: int) -> None:
        """Copy the parcel to the device."""
        assert self._parcel is not None
        assert self._staging is not None
        self._runtime.copy_to_device(self._staging[:nbytes], self._parcel)

    def reports(self, count: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
        """Return what the kernels report of each frame, once the launch is over."""
        assert self._reports is not None
        host: np.ndarray[tuple[int], np.dtype[np.uint8]] = self._runtime.to_host(self._reports)
        return host[: count * layouts.FRAME_REPORT.itemsize].view(layouts.FRAME_REPORT)

    def _at_least(self, block: DeviceArray | None, nbytes: int) -> DeviceArray:
        if block is None or block.size < nbytes:
            return self._runtime.empty((int(LISTS_SLACK * nbytes),), np.uint8)
        return block
