"""A standard scene on a GPU: its stages, and its rates from the device to the disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from skyforge.bench.device_scene import device_scene, landing_seconds, launch_seconds
from skyforge.bench.device_stages import kernel_seconds, stage_seconds
from skyforge.bench.effort import Effort
from skyforge.bench.figures import SceneFigures
from skyforge.bench.floors import Moved, stages
from skyforge.bench.limits import Limits
from skyforge.bench.scenes import Scene
from skyforge.bench.to_disk import FILES, file_seconds, truth_of, write_rows
from skyforge.frames.truth import TruthWriter
from skyforge.render.gpu.ring import Form, Landed
from skyforge.render.gpu.runtime import Runtime

_WRITING_THREADS = 8


def device_figures(
    runtime: Runtime, scene: Scene, limits: Limits, folder: Path, threads: int, effort: Effort
) -> SceneFigures:
    """
    Measure a scene on a GPU.

    Parameters
    ----------
    runtime
        The device.
    scene
        What is drawn.
    limits
        Of the device.
    folder
        On the disk that frames go to.
    threads
        Of the host.
    effort
        How much to measure.
    """
    seconds = stage_seconds(kernel_seconds(runtime, scene, effort))
    ready = device_scene(runtime, scene, effort)
    device_s, _ = launch_seconds(ready, effort)
    landed_s, _ = landing_seconds(ready, Form.RICE, effort)
    with ready.runtime.stream():
        drawn = ready.renderer.draw(ready.requests(0)[:1], image=True).image
        if drawn is None:
            raise AssertionError("images were asked for")
        adu = runtime.to_host(drawn[0])
    on_disk, file_bytes = file_seconds(scene, adu, folder, threads, effort)
    seconds |= {"write": on_disk["write"], "truth": on_disk["truth"]}
    return SceneFigures(
        name=scene.name,
        title=scene.title,
        shape=scene.shape,
        stars=scene.stars,
        frames_a_launch=ready.frames,
        stages=stages(scene, seconds, limits, Moved(to_host=adu.nbytes, to_disk=file_bytes)),
        device_only_frames_s=1.0 / device_s,
        to_host_frames_s=1.0 / landed_s,
        end_to_end_frames_s=1.0 / _disk_seconds(runtime, scene, folder, effort),
    )


def _disk_seconds(runtime: Runtime, scene: Scene, folder: Path, effort: Effort) -> float:
    """Return the seconds of a frame from the device to a compressed file, with the truth beside it."""
    few = replace(effort, launches=1, frames_a_launch=min(effort.frames, effort.frames_a_launch))
    ready = device_scene(runtime, scene, few)
    table = truth_of(scene.sources(), 0)
    with (
        TruthWriter.open(folder / "truth.parquet") as truth,
        ThreadPoolExecutor(_WRITING_THREADS) as pool,
    ):

        def write(numbered: tuple[int, Landed]) -> None:
            number, frame = numbered
            if frame.rice is not None:
                write_rows(folder / f"frame-{number % FILES}.fits", frame.rice, frame.datasum)

        def landed(frames: list[Landed]) -> None:
            writing = pool.map(write, enumerate(frames))
            for _ in frames:
                truth.append(table)
            list(writing)

        seconds, _ = landing_seconds(ready, Form.RICE, few, landed)
    return seconds
