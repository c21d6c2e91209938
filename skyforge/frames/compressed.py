"""A frame as a tile-compressed FITS file: an empty primary unit, and a table whose heap holds the rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from skyforge.codec import datasum
from skyforge.codec.rice import BLOCK_PIXELS, PIXEL_BYTES
from skyforge.errors import SkyforgeError
from skyforge.frames.hdu import data_padding, sealed_header, structure_card
from skyforge.frames.plain import SCALE_CARDS

if TYPE_CHECKING:
    from skyforge.codec import RiceImage

EXTENSION = "FRAME"
_DESCRIPTOR = np.dtype(">i4")  # of a variable-length array "P": its length, then its place in the heap
_LARGEST_HEAP = 2**31 - 1


def compressed_file(cards: bytes, image: RiceImage, heap_sum: int | None = None) -> list[bytes | memoryview]:
    """Assemble the FITS file of a compressed frame (FITS Standard 4.0, section 10.1).

    Parameters
    ----------
    cards
        Cards of the header beside the structural ones, 80 bytes each, as `skyforge.frames.fits.frame_cards` makes them.
    image
        The pixels, a row a tile.
    heap_sum
        ``skyforge.codec.datasum(image.data)``, where it is known.

    Returns
    -------
    list of bytes-like
        The file, piece by piece; the compressed pixels are not copied.

    Raises
    ------
    SkyforgeError
        If they take 2 GiB or more.
    """
    if image.data.size > _LARGEST_HEAP:
        raise SkyforgeError(f"a compressed frame has at most 2 GiB, found {image.data.size} bytes")
    table = _descriptors(image).tobytes()
    heap_sum = datasum(image.data) if heap_sum is None else heap_sum
    # The table is whole words long, so that its sum and the heap's add up.
    header = sealed_header(_structure(image) + b"".join(SCALE_CARDS) + cards, datasum(table, start=heap_sum))
    return [_primary() + header + table, image.data.data, data_padding(len(table) + image.data.size)]


def _descriptors(image: RiceImage) -> np.ndarray:
    table = np.empty((image.shape[0], 2), _DESCRIPTOR)
    table[:, 0] = image.sizes
    table[0, 1] = 0
    np.cumsum(image.sizes[:-1], out=table[1:, 1])
    return table


def _structure(image: RiceImage) -> bytes:
    rows, columns = image.shape
    return b"".join(
        structure_card(*card)
        for card in (
            ("XTENSION", "BINTABLE", "binary table extension"),
            ("BITPIX", 8, "bytes"),
            ("NAXIS", 2, "a table"),
            ("NAXIS1", 2 * _DESCRIPTOR.itemsize, "bytes of a row of the table"),
            ("NAXIS2", rows, "rows of the table"),
            ("PCOUNT", image.data.size, "bytes of the heap"),
            ("GCOUNT", 1, "one group"),
            ("TFIELDS", 1, "columns of the table"),
            ("TTYPE1", "COMPRESSED_DATA", "name of the column"),
            ("TFORM1", f"1PB({image.sizes.max()})", "format of the column"),
            ("ZIMAGE", True, "a tile-compressed image"),
            ("ZSIMPLE", True, "conforms to FITS standard"),
            ("ZBITPIX", 16, "array data type"),
            ("ZNAXIS", 2, "number of array dimensions"),
            ("ZNAXIS1", columns, "columns"),
            ("ZNAXIS2", rows, "rows"),
            ("ZTILE1", columns, "columns of a tile"),
            ("ZTILE2", 1, "rows of a tile"),
            ("ZCMPTYPE", "RICE_1", "algorithm of compression"),
            ("ZNAME1", "BLOCKSIZE", "name of a parameter"),
            ("ZVAL1", BLOCK_PIXELS, "pixels of a block"),
            ("ZNAME2", "BYTEPIX", "name of a parameter"),
            ("ZVAL2", PIXEL_BYTES, "bytes of a pixel"),
            ("EXTNAME", EXTENSION, "name of this extension"),
        )
    )


@cache
def _primary() -> bytes:
    cards = (
        ("SIMPLE", True, "conforms to FITS standard"),
        ("BITPIX", 8, "array data type"),
        ("NAXIS", 0, "number of array dimensions"),
        ("EXTEND", True, "extensions may follow"),
    )
    return sealed_header(b"".join(structure_card(*card) for card in cards), 0)
