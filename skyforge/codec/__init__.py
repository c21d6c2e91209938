"""Pixels to the bytes of FITS files and back: arrays only, no headers and no files."""

from __future__ import annotations

from skyforge.codec.checksum import checksum_text, datasum, datasum_from_sums
from skyforge.codec.rice import RiceImage, rice_bound, rice_compress, rice_decompress, rice_row_words
from skyforge.codec.words import fits_words, native_pixels, stored_sums

__all__ = [
    "RiceImage",
    "checksum_text",
    "datasum",
    "datasum_from_sums",
    "fits_words",
    "native_pixels",
    "rice_bound",
    "rice_compress",
    "rice_decompress",
    "rice_row_words",
    "stored_sums",
]
