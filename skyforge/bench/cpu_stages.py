"""The stages of a frame on the processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skyforge.bench.effort import Effort
from skyforge.bench.figures import SceneFigures
from skyforge.bench.floors import Moved, stages
from skyforge.bench.limits import Limits
from skyforge.bench.placing import projected
from skyforge.bench.scenes import DETECTOR, SKY_E, Scene
from skyforge.bench.timing import median_seconds
from skyforge.bench.to_disk import file_seconds, frames_per_second
from skyforge.render import Sources, _core, render_frame
from skyforge.render.background import compiled_background

_DRAWN = ("bin", "halo", "splat", "noise")


def cpu_figures(scene: Scene, limits: Limits, folder: Path, threads: int, effort: Effort) -> SceneFigures:
    """
    Measure a scene on the processor.

    Parameters
    ----------
    scene
        What is drawn.
    limits
        Of the machine.
    folder
        On the disk that frames go to.
    threads
        That work at the same time.
    effort
        How much to measure.
    """
    seconds: dict[str, float] = {}
    sources = scene.sources()
    if scene.projected:
        directions, electrons = scene.directions(), scene.electrons()
        seconds["project"] = median_seconds(
            lambda: projected(scene, directions, electrons, 1, threads), effort
        )
        sources = projected(scene, directions, electrons, 0, threads)
    seconds |= drawing_seconds(scene, sources, threads, effort)
    frame_s = median_seconds(lambda: _frame(scene, sources, threads), effort)
    on_disk, file_bytes = file_seconds(scene, _frame(scene, sources, threads), folder, threads, effort)
    return SceneFigures(
        name=scene.name,
        title=scene.title,
        shape=scene.shape,
        stars=scene.stars,
        frames_a_launch=1,
        stages=stages(scene, seconds | on_disk, limits, Moved(to_host=0, to_disk=file_bytes)),
        device_only_frames_s=1.0 / (frame_s + seconds.get("project", 0.0)),
        to_host_frames_s=None,
        end_to_end_frames_s=frames_per_second(scene, folder, threads, effort),
    )


def drawing_seconds(scene: Scene, sources: Sources, threads: int, effort: Effort) -> dict[str, float]:
    """Return the seconds of what drawing a frame consists of, each the median of some frames."""
    expected, image = np.empty(scene.shape, np.float32), np.empty(scene.shape, np.uint16)
    found: list[tuple[float, ...]] = []
    arguments = (
        _core.SourceList(
            sources.x_start,
            sources.y_start,
            sources.x_end,
            sources.y_end,
            sources.electrons,
            sources.psf_index,
        ),
        scene.bank().compiled(),
        compiled_background(SKY_E, scene.shape),
        DETECTOR.compiled(scene.shape),
        threads,
    )
    median_seconds(lambda: found.append(_core.stage_seconds(expected, image, *arguments)), effort)
    seconds: dict[str, float] = dict(zip(_DRAWN, np.median(found[1:], axis=0).tolist(), strict=True))
    return seconds if scene.bank().halo_begin else {name: seconds[name] for name in _DRAWN if name != "halo"}


def _frame(scene: Scene, sources: Sources, threads: int) -> np.ndarray:
    frame: np.ndarray = render_frame(
        sources, scene.bank(), scene.shape, SKY_E, DETECTOR, seed=1, threads=threads, device="cpu"
    )
    return frame
