"""Sources and backgrounds on their way to the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render.background import Background, CoarseBackground, checked_map
from skyforge.render.gpu import layouts
from skyforge.render.gpu.packing import Parcel
from skyforge.render.gpu.runtime import DeviceArray, Runtime
from skyforge.render.sources import Sources


@dataclass(frozen=True, eq=False)
class Packed:
    """
    A structure some of whose pointers are still offsets in a parcel.

    Attributes
    ----------
    record
        The structure.
    offsets
        Names of the fields that are offsets.
    """

    record: NDArray[np.void]
    offsets: tuple[str, ...]

    def at(self, base: int) -> NDArray[np.void]:
        """Return the structure for a parcel at a device address."""
        record = self.record.copy()
        for name in self.offsets:
            record[name] += np.uint64(base)
        return record


def pack_sources(parcel: Parcel, sources: Sources) -> Packed:
    """Put the columns of sources into a parcel."""
    record = np.zeros((), layouts.SOURCES)
    record["count"] = len(sources)
    columns: dict[str, NDArray[Any]] = {
        "x_start": sources.x_start,
        "y_start": sources.y_start,
        "x_end": sources.x_end,
        "y_end": sources.y_end,
        "electrons": sources.electrons,
        "psf": np.asarray(sources.psf_index, np.int32),
    }
    for name, column in columns.items():
        record[name] = parcel.add(column)
    return Packed(record, tuple(columns))


def pack_background(
    runtime: Runtime, parcel: Parcel, background: Background | DeviceArray, shape: tuple[int, int]
) -> Packed:
    """
    Put a background into a parcel, unless it is a map on the device already.

    Raises
    ------
    InputError
        If a map does not fit the frame, or a value is negative or not finite.
    """
    record = np.zeros((), layouts.BACKGROUND)
    if isinstance(background, CoarseBackground):
        grid = background.electrons
        record["grid"], record["grid_width"] = parcel.add(grid), grid.shape[1]
        for axis, name in ((1, "column"), (0, "row")):
            index, fraction = _interpolation(shape[axis], grid.shape[axis])
            record[f"{name}_index"], record[f"{name}_fraction"] = parcel.add(index), parcel.add(fraction)
        return Packed(record, ("grid", "column_index", "row_index", "column_fraction", "row_fraction"))
    if not isinstance(background, float | int | np.ndarray | np.generic):
        # The kernels look at the sum of all light, so nobody needs to look through the map here.
        record["map"] = runtime.address(_checked_device_map(background, shape))
        return Packed(record, ())
    light = checked_map(background, shape)
    if light.ndim == 0:
        record["value"] = light
        return Packed(record, ())
    record["map"] = parcel.add(light)
    return Packed(record, ("map",))


def _checked_device_map(background: DeviceArray, shape: tuple[int, int]) -> DeviceArray:
    if tuple(background.shape) != shape or background.dtype != np.float32:
        raise InputError(
            f"the background map has shape {background.shape} and type {background.dtype}; "
            f"the frame needs float32 of shape {shape}"
        )
    return background


def _interpolation(pixels: int, nodes: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the node at or before each pixel and the fraction beyond it, as the CPU's engine works them out."""
    place = np.arange(pixels) * float(nodes - 1) / float(pixels - 1) if pixels > 1 else np.zeros(1)
    before = np.minimum(place.astype(np.int32), nodes - 2)
    return before, (place - before).astype(np.float32)
