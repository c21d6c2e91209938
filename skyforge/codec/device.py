"""RICE_1 on a GPU: many frames a launch, the same bytes as on a CPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skyforge.codec.arrays import checked_shape
from skyforge.codec.rice import RiceImage, rice_row_words
from skyforge.errors import InputError

_ADDRESS = "u8"
# The structures that kernels/rice_entries.cu reads, field by field; the tests hold them to the kernels' own.
ROWS_ARGUMENTS = np.dtype(
    [
        ("pixels", _ADDRESS),
        ("scratch", _ADDRESS),
        ("sizes", _ADDRESS),
        ("rows", "u8"),
        ("width", "i4"),
        ("stride_words", "u4"),
    ],
    align=True,
)
OFFSETS_ARGUMENTS = np.dtype([("sizes", _ADDRESS), ("offsets", _ADDRESS), ("rows", "u8")], align=True)
GATHER_ARGUMENTS = np.dtype(
    [
        ("scratch", _ADDRESS),
        ("sizes", _ADDRESS),
        ("offsets", _ADDRESS),
        ("heap", _ADDRESS),
        ("sums", _ADDRESS),
        ("rows", "u8"),
        ("stride_words", "u4"),
        ("frame_rows", "u4"),
    ],
    align=True,
)
_GATHERED_ROWS = 8  # by a block of threads, a warp each
_ALL_ONES = 0xFFFFFFFF
_WORD_BYTES = 4


class Device(Protocol):
    """What the encoder asks of a GPU with the kernels loaded; work is done in the order in which it is asked for."""

    def empty(self, shape: int, dtype: DTypeLike) -> Any:
        """Make an array of unknown contents."""
        ...

    def clear(self, array: Any) -> None:
        """Set all bytes to zero."""
        ...

    def address(self, array: Any) -> int:
        """Return where an array begins."""
        ...

    def launch(self, name: str, blocks: int, arguments: NDArray[np.void]) -> None:
        """Run a kernel in blocks of 256 threads."""
        ...


@dataclass(frozen=True, eq=False)
class RiceBuffers:
    """
    Arrays on a device, for frames of one shape; they can be used again and again.

    Attributes
    ----------
    frames, shape
        How many frames they have room for, and their ``(ny, nx)``.
    scratch
        Rows at equal distances, uint32.
    sizes
        Bytes of each row, int32, frame after frame.
    offsets
        Where each row begins in the heap, and behind the last where all end, uint64.
    heap
        The rows' bytes end to end, in uint32 words: little-endian, so that its bytes are in order.
    sums
        Of each frame's words in the heap, uint64.
    """

    frames: int
    shape: tuple[int, int]
    scratch: Any
    sizes: Any
    offsets: Any
    heap: Any
    sums: Any


@dataclass(frozen=True, eq=False)
class DeviceFrame:
    """
    A frame that a device compressed.

    Attributes
    ----------
    image
        Its rows; the bytes are a view of the heap.
    heap_sum
        ``skyforge.codec.datasum(image.data)``.
    """

    image: RiceImage
    heap_sum: int


def rice_buffers(device: Device, frames: int, shape: tuple[int, int]) -> RiceBuffers:
    """
    Make room on a device for the compression of frames, four bytes a pixel.

    Parameters
    ----------
    device
        Where the frames are.
    frames
        How many are compressed in one launch.
    shape
        Of a frame, ``(ny, nx)``.

    Returns
    -------
    RiceBuffers
        For `compress_frames`.

    Raises
    ------
    InputError
        If there is no frame.
    """
    rows, width = checked_shape(shape)
    if frames < 1:
        raise InputError(f"at least one frame is compressed, found {frames}")
    words = frames * rows * rice_row_words(width)
    return RiceBuffers(
        frames=frames,
        shape=(rows, width),
        scratch=device.empty(words, np.uint32),
        sizes=device.empty(frames * rows, np.int32),
        offsets=device.empty(frames * rows + 1, np.uint64),
        heap=device.empty(words, np.uint32),
        sums=device.empty(frames, np.uint64),
    )


def compress_frames(device: Device, pixels: Any, buffers: RiceBuffers, frames: int | None = None) -> None:
    """
    Compress frames on a device; nothing is waited for.

    Parameters
    ----------
    device
        Where the frames are.
    pixels
        Native uint16 ``[frame, y, x]`` in the device's memory.
    buffers
        Where `sizes`, `offsets`, `heap` and `sums` are found when the device has done its work.
    frames
        How many, where they are fewer than the buffers have room for.

    Raises
    ------
    InputError
        If there are none, or more than the buffers have room for.
    """
    frames = buffers.frames if frames is None else frames
    if not 1 <= frames <= buffers.frames:
        raise InputError(f"the buffers have room for 1 to {buffers.frames} frames, found {frames}")
    rows, width = buffers.shape
    common = {
        "sizes": device.address(buffers.sizes),
        "rows": frames * rows,
        "scratch": device.address(buffers.scratch),
        "stride_words": rice_row_words(width),
        "offsets": device.address(buffers.offsets),
    }
    in_rows = _filled(ROWS_ARGUMENTS, **common, pixels=device.address(pixels), width=width)
    in_heap = _filled(
        GATHER_ARGUMENTS,
        **common,
        heap=device.address(buffers.heap),
        sums=device.address(buffers.sums),
        frame_rows=rows,
    )
    device.clear(buffers.sums)
    device.launch("rice_rows", frames * rows, in_rows)
    device.launch("rice_offsets", 1, _filled(OFFSETS_ARGUMENTS, **common))
    device.launch("rice_gather", -(-frames * rows // _GATHERED_ROWS), in_heap)


def device_frame(
    sizes: NDArray[np.int32], begin: int, total: int, data: NDArray[np.uint8], shape: tuple[int, int]
) -> DeviceFrame:
    """
    Make sense of what `compress_frames` left of one frame, once it is on the host.

    Parameters
    ----------
    sizes
        Its part of the buffers' sizes.
    begin
        Where its rows begin in the heap: the offset of its first row.
    total
        Its number among the buffers' sums.
    data
        Its bytes of the heap, ``sizes.sum()`` of them.
    shape
        Of the frame.

    Returns
    -------
    DeviceFrame
        Its rows and the sum of their words.
    """
    return DeviceFrame(RiceImage(sizes, data, shape), _own_sum(total, begin))


def _own_sum(total: int, begin: int) -> int:
    """Turn a sum over words of the whole heap into one over words that start with the frame."""
    while total > _ALL_ONES:
        total = (total & _ALL_ONES) + (total >> 32)
    # In ones' complement arithmetic, bytes moved up within their words turn the sum round.
    turn = 8 * (begin % _WORD_BYTES)
    return ((total << turn) | (total >> (32 - turn))) & _ALL_ONES


def _filled(dtype: np.dtype[np.void], **values: int) -> NDArray[np.void]:
    arguments = np.zeros(1, dtype)
    for name in dtype.names or ():
        arguments[name] = values[name]
    return arguments
