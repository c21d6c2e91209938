"""The structures of a launch's frames, filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.render.gpu import layouts
from skyforge.render.gpu.requests import HaloGrid
from skyforge.render.gpu.workspace import Capacity


@dataclass(frozen=True, eq=False)
class FrameInputs:
    """What a frame is made of, once it has a place on the device."""

    sources: NDArray[np.void]
    background: NDArray[np.void]
    halo: HaloGrid
    detector: NDArray[np.void]


def frame_task(
    inputs: FrameInputs,
    shape: tuple[int, int],
    memory: dict[str, int],
    capacity: Capacity,
    outputs: dict[str, int],
) -> NDArray[np.void]:
    """
    Fill in one frame's structure.

    Parameters
    ----------
    inputs
        What it is made of.
    shape
        ``(ny, nx)``.
    memory
        Device addresses of its part of the workspace.
    capacity
        Of its lists.
    outputs
        Device addresses of what is wanted: any of expected, image, words.
    """
    task = np.zeros((), layouts.FRAME_TASK)
    task["canvas"] = _canvas(inputs, shape, memory)
    task["sources"], task["detector"], task["grid"] = inputs.sources, inputs.detector, inputs.halo
    for name, room in (("point", capacity.points), ("run", capacity.runs)):
        places = (memory[f"{name}_{part}"] for part in ("counts", "filled", "offsets", "keys"))
        task[f"{name}s"] = (*places, room)
    for name in ("panels", "trails", "quanta", "deposits", "halo_values", "report"):
        task[name] = memory[name]
    task["trail_capacity"] = capacity.trails
    for name, address in outputs.items():
        task[name] = address
    return task


def tiles_across(shape: tuple[int, int]) -> tuple[int, int]:
    """Return the tiles of a frame, (rows, columns)."""
    return -(-shape[0] // layouts.TILE), -(-shape[1] // layouts.TILE)


def halo_nodes(halo: HaloGrid, level: int) -> int:
    """Return the nodes of one level of a frame's halo."""
    _, _, cells_x, cells_y, _ = halo
    return ((cells_x >> level) + 1) * ((cells_y >> level) + 1)


def all_halo_nodes(halo: HaloGrid) -> int:
    """Return the nodes of all levels."""
    return sum(halo_nodes(halo, level) for level in range(halo[0]))


def largest(halos: Sequence[HaloGrid]) -> HaloGrid:
    """Return the halo of a launch: frames have the same grids, or none."""
    return max(halos)


def _canvas(inputs: FrameInputs, shape: tuple[int, int], memory: dict[str, int]) -> NDArray[np.void]:
    canvas = np.zeros((), layouts.CANVAS)
    canvas["height"], canvas["width"] = shape
    canvas["tiles_y"], canvas["tiles_x"] = tiles_across(shape)
    canvas["background"] = inputs.background
    levels, spacing_bits, cells_x, _, _ = inputs.halo
    if levels:
        canvas["halo"] = (
            memory["halo_values"],
            spacing_bits,
            cells_x + 1,
            layouts.HALO_PADDING >> spacing_bits,
        )
    return canvas
