"""One frame from its slot to its file: summed, compressed where that is wanted, complete or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skyforge.codec import fits_words, rice_compress
from skyforge.frames.compressed import compressed_file
from skyforge.frames.files import atomic_file
from skyforge.frames.pixel_sum import pixel_sha256
from skyforge.frames.plain import plain_file


@dataclass(frozen=True)
class FrameTask:
    """A frame that waits for being written.

    Attributes
    ----------
    index
        Number of the frame in its run.
    slot
        Where its pixels lie.
    path
        Final name of its file.
    shape
        ``(ny, nx)``, pixels.
    cards
        Cards of its header beside the structural ones, as `skyforge.frames.fits.observation_bytes` makes them.
    compress
        Tile-compress the pixels.
    """

    index: int
    slot: int
    path: Path
    shape: tuple[int, int]
    cards: bytes
    compress: bool


@dataclass(frozen=True)
class WrittenFrame:
    """A frame whose file is complete: its number, the sum of its pixels, and seconds that it took."""

    index: int
    sha256: str
    compress_s: float
    write_s: float


def write_frame_file(
    task: FrameTask, adu: NDArray[np.uint16], still_wanted: Callable[[], None] | None = None
) -> WrittenFrame:
    """Write one frame.

    Parameters
    ----------
    task
        What to write.
    adu
        The pixels, uint16 [y, x]; overwritten with the words of the file where they are not compressed.
    still_wanted
        Called when the file is on the disk and before it gets its name; raises if it must not get it.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    began = time.perf_counter()
    sha256 = pixel_sha256(adu)
    chunks = _assembled(task, adu)
    assembled = time.perf_counter()
    with atomic_file(task.path, expected_bytes=sum(len(chunk) for chunk in chunks)) as file:
        file.writelines(chunks)
        if still_wanted is not None:
            file.flush()
            os.fsync(file.fileno())
            still_wanted()
    return WrittenFrame(task.index, sha256, assembled - began, time.perf_counter() - assembled)


def _assembled(task: FrameTask, adu: NDArray[np.uint16]) -> list[bytes | memoryview]:
    """Return the file of a frame piece by piece."""
    if task.compress:
        return compressed_file(task.cards, rice_compress(adu, threads=1))
    words, datasum = fits_words(adu, out=adu.view(">i2"))
    return plain_file(task.cards, words, datasum)
