"""RICE_1, the lossless code of FITS tile compression, for 16-bit pixels: a row a tile, blocks of 32 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.codec import _codec
from skyforge.codec.arrays import checked_output, checked_pixels, checked_shape, checked_threads
from skyforge.errors import InputError

BLOCK_PIXELS = 32  # that share a split (BLOCKSIZE)
PIXEL_BYTES = 2  # BYTEPIX
_PIXEL_BITS = 8 * PIXEL_BYTES
_SELECTOR_BITS = 4
_WORD_BITS = 32


@dataclass(frozen=True, eq=False)
class RiceImage:
    """
    A compressed image.

    Attributes
    ----------
    sizes
        Bytes of each row, int32, shape ``(ny,)``.
    data
        The rows' bytes end to end, uint8: the heap of a FITS binary table.
    shape
        Of the image, ``(ny, nx)``.

    Raises
    ------
    InputError
        If the three do not go together.
    """

    sizes: NDArray[np.int32]
    data: NDArray[np.uint8]
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        shape = checked_shape(self.shape)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "sizes", _bytes_or_sizes(self.sizes, np.int32, "sizes"))
        object.__setattr__(self, "data", _bytes_or_sizes(self.data, np.uint8, "data"))
        if self.sizes.shape != shape[:1]:
            raise InputError(f"an image of {shape[0]} rows has as many sizes, found {self.sizes.size}")


def rice_bound(shape: tuple[int, int]) -> int:
    """
    Return how many bytes the encoder needs room for: what the worst image takes, and a little of its own.

    A row takes at most ``ceil((16 (nx + 1) + 4 ceil(nx / 32)) / 8)`` bytes, 2.02 bytes a pixel where rows are long.

    Parameters
    ----------
    shape
        Of the image, ``(ny, nx)``.

    Returns
    -------
    int
        Bytes.
    """
    rows, width = checked_shape(shape)
    return _codec.rice_bound(width, rows)


def rice_row_words(width: int) -> int:
    """
    Return how many 32-bit words the longest row of some width takes: what the rows of a scratch must lie apart.

    Parameters
    ----------
    width
        Pixels of a row.

    Returns
    -------
    int
        Words.
    """
    _, pixels = checked_shape((1, width))
    blocks = -(-pixels // BLOCK_PIXELS)
    return -(-(_PIXEL_BITS * (pixels + 1) + _SELECTOR_BITS * blocks) // _WORD_BITS)


def rice_compress(
    adu: NDArray[np.uint16], threads: int | None = None, out: NDArray[np.uint8] | None = None
) -> RiceImage:
    """
    Compress pixels without loss by RICE_1 (FITS Standard 4.0, section 10.4.1), with BZERO = 32768 taken off.

    The bytes are those that CFITSIO makes, and the same with any number of threads.

    Parameters
    ----------
    adu
        Pixels ``[y, x]``, uint16.
    threads
        CPU threads; all that this process may run on by default.
    out
        Where the bytes go, uint8, at least ``rice_bound(adu.shape)`` of them; the result is a view of it.

    Returns
    -------
    RiceImage
        Its rows.

    Raises
    ------
    InputError
        If an array is not what it must be.
    """
    pixels = checked_pixels(adu)
    data = checked_output(out, (rice_bound(pixels.shape),), np.uint8, least=True)
    sizes = np.empty(pixels.shape[0], np.int32)
    used = _codec.rice_compress(pixels, data, sizes, checked_threads(threads), "auto")
    return RiceImage(sizes, data[:used], pixels.shape)


def rice_decompress(
    image: RiceImage | tuple[NDArray[np.int32], Any],
    shape: tuple[int, int] | None = None,
    threads: int | None = None,
) -> NDArray[np.uint16]:
    """
    Restore the pixels of a compressed image.

    Parameters
    ----------
    image
        As `rice_compress` makes it; or bytes of each row and the rows' bytes end to end.
    shape
        Of the image, ``(ny, nx)``; needed where `image` does not say it.
    threads
        CPU threads; all that this process may run on by default.

    Returns
    -------
    ndarray
        Pixels ``[y, x]``, uint16.

    Raises
    ------
    InputError
        If the bytes are no such image; nothing outside them is ever read.
    """
    if not isinstance(image, RiceImage):
        if shape is None:
            raise InputError("the shape (ny, nx) of a compressed image must be given beside its bytes")
        image = RiceImage(image[0], image[1], shape)
    elif shape is not None and tuple(shape) != image.shape:
        raise InputError(f"the compressed image has shape {image.shape}, not {tuple(shape)}")
    adu = np.empty(image.shape, np.uint16)
    row, what = _codec.rice_decompress(image.data, image.sizes, adu, checked_threads(threads), "auto")
    if row >= 0:
        raise InputError(f"the compressed image is damaged: row {row} {what}")
    return adu


def _bytes_or_sizes(values: Any, dtype: type[np.generic], name: str) -> NDArray[Any]:
    array = np.frombuffer(values, dtype) if isinstance(values, bytes | bytearray | memoryview) else values
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != 1:
        raise InputError(f"{name} of a compressed image must be {np.dtype(dtype)} in one dimension")
    return np.ascontiguousarray(array)
