"""How fast a stage could be, if nothing but the machine's own limits held it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skyforge.bench.figures import STAGES, Stage
from skyforge.bench.limits import Limits
from skyforge.bench.scenes import Scene

_PIXEL_BYTES = 2
_DIRECTION_BYTES = 3 * 8
_TRACK_BYTES = 4 * 8
_SOURCE_BYTES = _TRACK_BYTES + 4 + 4  # with electrons and the function's index
_ENTRY_BYTES = 8  # of a tile's list
_PHASES = 4  # around a star's place, from which its image is interpolated: a multiply-add each


@dataclass(frozen=True)
class Moved:
    """Bytes of a frame that leave the device and that are written; 0 where none are."""

    to_host: int
    to_disk: int


def stages(scene: Scene, seconds: Mapping[str, float], limits: Limits, moved: Moved) -> tuple[Stage, ...]:
    """
    Put what was measured beside what could be.

    Each byte that a stage must read or write is counted once, each operation that the result needs once: a stage that
    reaches all of its limit could not be made faster on this machine.

    Parameters
    ----------
    scene
        What is drawn.
    seconds
        Of a frame, by stage.
    limits
        Of the machine.
    moved
        What leaves it.
    """
    bounds = _bounds(scene, limits, moved)
    found = []
    for name in STAGES:
        if name in seconds:
            limit, bound = max(bounds.get(name, [("", None)]), key=lambda each: each[1] or 0.0)
            found.append(Stage(name, seconds[name], limit, bound))
    return tuple(found)


def _bounds(scene: Scene, limits: Limits, moved: Moved) -> dict[str, list[tuple[str, float | None]]]:
    memory, pixels, stars = limits.memory_bytes_s, scene.pixels, scene.stars
    bounds: dict[str, list[tuple[str, float | None]]] = {
        "project": [("memory", stars * (_DIRECTION_BYTES + _TRACK_BYTES) / memory)],
        "bin": [("memory", stars * (_SOURCE_BYTES + _ENTRY_BYTES) / memory)],
        "splat": [("multiply-adds", _PHASES * scene.stamp_pixels() / limits.multiply_adds_s)],
        "noise": [
            ("random words", pixels / limits.random_blocks_s),
            ("memory", _PIXEL_BYTES * pixels / memory),
        ],
        "compress": [("memory", (_PIXEL_BYTES * pixels + (moved.to_disk or moved.to_host)) / memory)],
    }
    if limits.to_host_bytes_s:
        bounds["transfer"] = [("bus", moved.to_host / limits.to_host_bytes_s)]
    if limits.disk_bytes_s:
        bounds["write"] = [("disk", moved.to_disk / limits.disk_bytes_s)]
    return bounds
