"""The stars of a scene on the pixels, by the processor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from skyforge.bench.scenes import Scene
from skyforge.render import Sources, project


def projected(
    scene: Scene, directions: NDArray[np.float64], electrons: NDArray[np.float32], frame: int, threads: int
) -> Sources:
    """Put the stars where a frame sees them as the shutter opens and as it closes."""
    view = scene.view(frame)
    x_start, y_start = project(directions, view, threads=threads)
    x_end, y_end = project(directions, view, threads=threads)
    return Sources(x_start, y_start, x_end, y_end, electrons)


def scene_sources(scene: Scene, threads: int) -> Iterator[Sources]:
    """Yield the sources of one frame after the other, projected anew where the scene says so."""
    if not scene.projected:
        sources = scene.sources()
        while True:
            yield sources
    directions, electrons = scene.directions(), scene.electrons()
    index = 0
    while True:
        yield projected(scene, directions, electrons, index, threads)
        index += 1
