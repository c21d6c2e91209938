"""Unsigned 16-bit pixels as the words of a FITS image, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.codec import _codec
from skyforge.codec.arrays import checked_output, checked_pixels
from skyforge.codec.checksum import datasum_from_sums
from skyforge.errors import InputError

WORD = np.dtype(">i2")


def fits_words(adu: NDArray[np.uint16], out: NDArray[Any] | None = None) -> tuple[NDArray[Any], int]:
    """
    Write pixels as the data of a FITS image with BITPIX = 16 and BZERO = 32768.

    Parameters
    ----------
    adu
        Pixels ``[y, x]``, uint16.
    out
        Where the words go, ``'>i2'`` of the same shape, in shared memory for example; may be the memory of `adu`.

    Returns
    -------
    words
        Big-endian int16 ``[y, x]``: ``adu - 32768``.
    datasum
        DATASUM of the data (FITS Standard 4.0, section 4.4.2.7 and appendix J), padded with zeros to whole blocks.

    Raises
    ------
    InputError
        If an array is not what it must be.
    """
    pixels = checked_pixels(adu)
    words = checked_output(out, pixels.shape, WORD)
    even, odd = _codec.fits_words(pixels, words.view(np.uint16), "auto")
    return words, datasum_from_sums(even, odd)


def stored_sums(adu: NDArray[np.uint16]) -> tuple[int, int]:
    """
    Add up the stored values of pixels at even and at odd flat index, each ``adu`` as ``(adu - 32768) mod 2^16``.

    Sums over any split of an image into parts add up; `datasum_from_sums` makes DATASUM of them.

    Parameters
    ----------
    adu
        Pixels ``[y, x]``, uint16.

    Returns
    -------
    even, odd
        The two sums.
    """
    flat = checked_pixels(adu).ravel() ^ np.uint16(0x8000)
    return int(flat[0::2].sum(dtype=np.uint64)), int(flat[1::2].sum(dtype=np.uint64))


def native_pixels(words: NDArray[Any], out: NDArray[np.uint16] | None = None) -> NDArray[np.uint16]:
    """
    Read pixels from the data of a FITS image with BITPIX = 16 and BZERO = 32768: the inverse of `fits_words`.

    Parameters
    ----------
    words
        Big-endian int16 ``[y, x]``.
    out
        Where the pixels go, uint16 of the same shape.

    Returns
    -------
    ndarray
        Pixels ``[y, x]``, uint16.

    Raises
    ------
    InputError
        If an array is not what it must be.
    """
    stored = np.asarray(words)
    if stored.dtype != WORD or stored.ndim != 2 or stored.size == 0:
        raise InputError(
            f"words must be big-endian int16 [y, x], found {stored.dtype} of shape {stored.shape}"
        )
    pixels = checked_output(out, stored.shape, np.uint16)
    _codec.native_pixels(np.ascontiguousarray(stored).view(np.uint16), pixels, "auto")
    return pixels
