"""A frame as a plain FITS file: one unit, its pixels as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from skyforge.errors import SkyforgeError
from skyforge.frames.hdu import data_padding, sealed_header, structure_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNSIGNED_OFFSET = 32768
SCALE_CARDS = (
    structure_card("BSCALE", 1, "adu = BZERO + BSCALE * stored value"),
    structure_card("BZERO", UNSIGNED_OFFSET, "offset of unsigned 16-bit pixels"),
)


def plain_file(cards: bytes, words: NDArray[Any], datasum: int) -> list[bytes | memoryview]:
    """Assemble the FITS file of a frame.

    Parameters
    ----------
    cards
        Cards of the header beside the structural ones, 80 bytes each, as `skyforge.frames.fits.frame_cards` makes them.
    words
        The pixels as FITS stores them, big-endian int16 ``[y, x]``: see `skyforge.codec.fits_words`.
    datasum
        Of these words.

    Returns
    -------
    list of bytes-like
        The file, piece by piece; the pixels are not copied.
    """
    if words.dtype != np.dtype(">i2") or words.ndim != 2 or not words.flags.c_contiguous:
        raise SkyforgeError(f"a plain file holds contiguous '>i2' words [y, x], found {words.dtype}")
    header = sealed_header(_structure(*words.shape) + cards + b"".join(SCALE_CARDS), datasum)
    return [header, words.reshape(-1).view(np.uint8).data, data_padding(words.nbytes)]


@lru_cache(maxsize=8)
def _structure(rows: int, columns: int) -> bytes:
    return b"".join(
        structure_card(*card)
        for card in (
            ("SIMPLE", True, "conforms to FITS standard"),
            ("BITPIX", 16, "array data type"),
            ("NAXIS", 2, "number of array dimensions"),
            ("NAXIS1", columns, "columns"),
            ("NAXIS2", rows, "rows"),
        )
    )
