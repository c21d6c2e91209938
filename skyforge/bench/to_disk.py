"""Frames of a scene on their way to the disk, with their truth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from skyforge import frames
from skyforge.bench.effort import Effort
from skyforge.bench.placing import scene_sources
from skyforge.bench.scenes import DETECTOR, SKY_E, Scene
from skyforge.bench.timing import median_seconds
from skyforge.codec import RiceImage, rice_bound, rice_compress
from skyforge.frames.compressed import compressed_file
from skyforge.frames.files import atomic_file
from skyforge.frames.truth import TruthWriter
from skyforge.pipeline.crew import NOBODY, Crew, crew_for, memory_budget_bytes
from skyforge.pipeline.frame_file import FrameTask, Pixels, WrittenFrame
from skyforge.pipeline.inline import InlineWriter
from skyforge.pipeline.writers import Writers
from skyforge.render import Sources, render_frame

if TYPE_CHECKING:
    import pyarrow as pa

CARDS = b"".join(f"KEY{number:<5}= {number:>20}".ljust(80).encode() for number in range(60))
"""As many as a frame of a scenario has."""
_MANY_STARS = 1_000_000  # whose truth takes a second a frame
FILES = 4  # that frames replace by turns, so that a disk needs no room for more


def file_seconds(
    scene: Scene, adu: NDArray[np.uint16], folder: Path, threads: int, effort: Effort
) -> tuple[dict[str, float], int]:
    """
    Return the seconds of compressing and writing a frame and its truth, one after the other, and the file's bytes.

    Parameters
    ----------
    scene
        What was drawn.
    adu
        The frame.
    folder
        On the disk.
    threads
        That compress.
    effort
        How often.
    """
    room = np.empty(rice_bound(adu.shape), np.uint8)
    compressed = rice_compress(adu, threads=threads, out=room)
    chunks = compressed_file(CARDS, compressed)
    table = truth_of(scene.sources(), 0)
    seconds = {
        "compress": median_seconds(lambda: rice_compress(adu, threads=threads, out=room), effort),
        "write": median_seconds(lambda: write_rows(folder / "frame.fits", compressed), effort),
        "truth": median_seconds(lambda: _write_truth(table, folder / "truth.parquet"), effort),
    }
    return seconds, sum(len(chunk) for chunk in chunks)


def write_rows(path: Path, image: RiceImage, heap_sum: int | None = None) -> None:
    """Write a compressed frame's file."""
    with atomic_file(path) as file:
        file.writelines(compressed_file(CARDS, image, heap_sum))


def frames_per_second(scene: Scene, folder: Path, threads: int, effort: Effort) -> float:
    """
    Render, compress and write frames with their truth, all at the same time, as a run does, and return their rate.

    Parameters
    ----------
    scene
        What is drawn; where it moves, anew for each frame.
    folder
        On the disk.
    threads
        That render.
    effort
        How many frames.
    """
    count = effort.frames if scene.stars < _MANY_STARS else max(2, effort.frames // 4)
    crew = crew_for(2 * scene.pixels, count, compress=True, cores=threads, budget_bytes=memory_budget_bytes())
    warm_up = max(1, crew.writers)  # a frame for each process, so that all are there
    done: list[WrittenFrame] = []
    ready = scene_sources(scene, threads)
    with (
        TruthWriter.open(folder / "truth.parquet") as truth,
        _way(scene, crew, done.append) as way,
    ):
        for index in range(warm_up):
            _one_frame(scene, index, next(ready), way, folder, threads)
        _all_written(way, done, warm_up)
        began = time.perf_counter()
        for index in range(warm_up, warm_up + count):
            sources = next(ready)
            _one_frame(scene, index, sources, way, folder, threads)
            truth.append(truth_of(sources, index))
        _all_written(way, done, warm_up + count)
        return count / (time.perf_counter() - began)


def _one_frame(
    scene: Scene, index: int, sources: Sources, way: Writers | InlineWriter, folder: Path, threads: int
) -> None:
    way.collect()
    slot = way.free_slot()
    adu = render_frame(
        sources, scene.bank(), scene.shape, SKY_E, DETECTOR, 1, index, threads=threads, device="cpu"
    )
    np.copyto(way.slot(slot)[: adu.nbytes].view(np.uint16).reshape(adu.shape), adu)
    path = folder / f"frame-{index % FILES}.fits"
    way.submit(FrameTask(index, slot, Pixels(), path, scene.shape, CARDS, compress=True))


def truth_of(sources: Sources, frame: int) -> pa.Table:
    """Return the truth of a scene's frame: as many rows and columns as a scenario's."""
    x, y = sources.x_start, sources.y_start
    return frames.truth_table(
        frame=frame,
        source_id=np.arange(len(x)),
        kind="star",
        ra_deg=x,
        dec_deg=y,
        ra_app_deg=x,
        dec_app_deg=y,
        x=x,
        y=y,
        x_start=x,
        y_start=y,
        x_end=sources.x_end,
        y_end=sources.y_end,
        mag=sources.electrons,
        band="G",
        electrons=sources.electrons,
        peak_electrons=sources.electrons,
        snr=sources.electrons,
        flags=0,
    )


def _write_truth(table: pa.Table, path: Path) -> None:
    with TruthWriter.open(path) as truth:
        truth.append(table)


@contextmanager
def _way(
    scene: Scene, crew: Crew, written: Callable[[WrittenFrame], None]
) -> Iterator[Writers | InlineWriter]:
    frame_bytes = 2 * scene.pixels
    if crew == NOBODY:
        yield InlineWriter(frame_bytes, 1, written)
    else:
        with Writers.open(crew, frame_bytes, written) as writers:
            yield writers


def _all_written(way: Writers | InlineWriter, done: list[WrittenFrame], count: int) -> None:
    while len(done) < count and isinstance(way, Writers):
        way.collect(wait_s=None)
