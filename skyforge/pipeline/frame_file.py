"""One frame from its slot to its file: summed, compressed where that is wanted, complete or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skyforge import codec
from skyforge.frames.compressed import compressed_file
from skyforge.frames.files import atomic_file
from skyforge.frames.pixel_sum import pixel_sha256
from skyforge.frames.plain import plain_file


@dataclass(frozen=True)
class Pixels:
    """A slot holds uint16 pixels in the machine's byte order."""


@dataclass(frozen=True)
class Words:
    """A slot holds the words of a FITS image, and this is their DATASUM."""

    datasum: int


@dataclass(frozen=True, eq=False)
class Rows:
    """A slot holds rows that are compressed already: bytes of each, and `skyforge.codec.datasum` of them all."""

    sizes: NDArray[np.int32]
    heap_sum: int


Content = Pixels | Words | Rows


@dataclass(frozen=True)
class FrameTask:
    """A frame that waits for being written.

    Attributes
    ----------
    index
        Number of the frame in its run.
    slot
        Where its pixels lie.
    content
        In which form.
    path
        Final name of its file.
    shape
        ``(ny, nx)``, pixels.
    cards
        Cards of its header beside the structural ones, as `skyforge.frames.fits.observation_bytes` makes them.
    compress
        Tile-compress the pixels; those that are compressed already stay so.
    """

    index: int
    slot: int
    content: Content
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


def native_pixels(content: Content, memory: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint16]:
    """Return the pixels in a slot, uint16 [y, x] in the machine's byte order; a view where they lie so."""
    if isinstance(content, Pixels):
        return _pixels(memory, shape).view(np.uint16)
    if isinstance(content, Words):
        return codec.native_pixels(_pixels(memory, shape).view(">i2"))
    return codec.rice_decompress(_rows(content, memory, shape), threads=1)


def write_frame_file(
    task: FrameTask, memory: NDArray[np.uint8], still_wanted: Callable[[], None] | None = None
) -> WrittenFrame:
    """Write one frame.

    Parameters
    ----------
    task
        What to write.
    memory
        Its slot; pixels are overwritten with the words of the file where they are not compressed.
    still_wanted
        Called when the file is on the disk and before it gets its name; raises if it must not get it.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    began = time.perf_counter()
    sha256 = pixel_sha256(native_pixels(task.content, memory, task.shape))
    chunks = _assembled(task, memory)
    assembled = time.perf_counter()
    with atomic_file(task.path, expected_bytes=sum(len(chunk) for chunk in chunks)) as file:
        file.writelines(chunks)
        if still_wanted is not None:
            file.flush()
            os.fsync(file.fileno())
            still_wanted()
    return WrittenFrame(task.index, sha256, assembled - began, time.perf_counter() - assembled)


def _assembled(task: FrameTask, memory: NDArray[np.uint8]) -> list[bytes | memoryview]:
    """Return the file of a frame piece by piece."""
    content = task.content
    if isinstance(content, Rows):
        return compressed_file(task.cards, _rows(content, memory, task.shape), content.heap_sum)
    if task.compress:
        adu = native_pixels(content, memory, task.shape)
        return compressed_file(task.cards, codec.rice_compress(adu, threads=1))
    words = _pixels(memory, task.shape).view(">i2")
    if isinstance(content, Words):
        return plain_file(task.cards, words, content.datasum)
    return plain_file(task.cards, *codec.fits_words(words.view(np.uint16), out=words))


def _pixels(memory: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint16]:
    return memory[: 2 * shape[0] * shape[1]].view(np.uint16).reshape(shape)


def _rows(content: Rows, memory: NDArray[np.uint8], shape: tuple[int, int]) -> codec.RiceImage:
    return codec.RiceImage(content.sizes, memory[: int(content.sizes.sum(dtype=np.int64))], shape)
