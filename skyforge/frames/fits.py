"""Frames as FITS files: unsigned 16-bit pixels, celestial WCS, cards with comments, checksums."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from skyforge import codec
from skyforge.errors import InputError, SkyforgeError
from skyforge.frames.compressed import compressed_file
from skyforge.frames.files import atomic_file
from skyforge.frames.frame import Frame
from skyforge.frames.header import Cards
from skyforge.frames.plain import plain_file
from skyforge.frames.truth import empty_truth

if TYPE_CHECKING:
    import pyarrow as pa

_PROJECTIONS = (["RA---TAN", "DEC--TAN"], ["RA---TAN-SIP", "DEC--TAN-SIP"])
_STRUCTURE = {
    *("SIMPLE", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "EXTEND", "EXTNAME"),
    *("BSCALE", "BZERO", "CHECKSUM", "DATASUM", "ZHECKSUM", "ZDATASUM"),
}
_COMMENTARY = {"COMMENT", "HISTORY", ""}
_KEYWORD_LENGTH = 8
_REMEMBERED = {bool, int, float, str}


def write_fits(frame: Frame, path: Path | str, compress: bool = False) -> None:
    """Write a frame as a FITS file, complete or not at all; equal frames give equal bytes.

    The truth is not in the file: a detection pipeline must not see it.

    Parameters
    ----------
    frame
        The frame.
    path
        Name of the file; an existing file is replaced.
    compress
        Tile-compress the pixels without loss (RICE_1, a row per tile) into an extension of the same file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    cards = frame_cards(frame)
    if compress:
        chunks = compressed_file(cards, codec.rice_compress(frame.data))
    else:
        chunks = plain_file(cards, *codec.fits_words(frame.data))
    with atomic_file(path, expected_bytes=sum(len(chunk) for chunk in chunks)) as file:
        file.writelines(chunks)


def read_fits(path: Path | str, truth: pa.Table | None = None) -> Frame:
    """Read a frame from a FITS file, compressed or not.

    Parameters
    ----------
    path
        A file that `write_fits` wrote.
    truth
        The truth of the frame; by default a table without rows, as the file holds none.

    Returns
    -------
    Frame
        With the pixels in memory; the file is closed.

    Raises
    ------
    InputError
        If the file is missing or holds no image of unsigned 16-bit pixels.
    """
    try:
        with fits.open(path, memmap=False) as hdus:
            image = next((hdu for hdu in hdus if hdu.is_image and hdu.header["NAXIS"] == 2), None)
            if image is None:
                raise InputError(f"{path} holds no image")
            header = image.header.copy()
            data = np.ascontiguousarray(image.data)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read as a FITS file: {error}") from error
    if data.dtype.kind != "u" or data.dtype.itemsize != 2:
        raise InputError(f"{path} holds {data.dtype} pixels; a frame has unsigned 16-bit ones")
    return Frame(
        index=int(header.get("FRAMENO", 0)),
        data=data.astype(np.uint16, copy=False),
        wcs=WCS(header),
        header=_observation_cards(header),
        truth=empty_truth() if truth is None else truth,
    )


def frame_cards(frame: Frame) -> bytes:
    """Return the cards that a frame's file gets beside the structural ones, 80 bytes each: see `header_cards`."""
    header = frame.header
    if "FRAMENO" not in header:
        header = header.copy()
        header["FRAMENO"] = (frame.index, "number of the frame in its run, from 0")
    return header_cards(header, frame.wcs)


def header_cards(header: fits.Header, wcs: WCS) -> bytes:
    """Write the cards of an observation, then those of its WCS.

    Parameters
    ----------
    header
        As `skyforge.frames.cards_header` makes it; structure and WCS in it are left out.
    wcs
        TAN or TAN-SIP.

    Returns
    -------
    bytes
        80 bytes a card.

    Raises
    ------
    SkyforgeError
        If the projection is another.
    """
    places = _wcs_cards(wcs)
    dropped = _STRUCTURE.union(keyword for keyword, _, _ in places)
    text = [
        _card_text(card.keyword, card.value, card.comment) or str(card)
        for card in header.cards
        if card.keyword not in dropped
    ]
    text += [_number_or_text(*place) for place in places]
    return "".join(text).encode("ascii")


def observation_bytes(cards: Cards, wcs: WCS) -> bytes:
    """Write cards as `header_cards` does, from what `skyforge.frames.observation_cards` makes."""
    places = _wcs_cards(wcs)
    dropped = _STRUCTURE.union(keyword for keyword, _, _ in places)
    text = [
        _card_text(keyword, *card) or str(fits.Card(keyword, *card))
        for keyword, card in cards.items()
        if keyword not in dropped
    ]
    text += [_number_or_text(*place) for place in places]
    return "".join(text).encode("ascii")


def _card_text(keyword: str, value: Any, comment: str) -> str | None:
    """Write a card of the usual kind; others are None."""
    # Most cards are the same in every frame of a run, and writing one takes longer than remembering it.
    if type(value) in _REMEMBERED and len(keyword) <= _KEYWORD_LENGTH and keyword not in _COMMENTARY:
        return _number_or_text(keyword, value, comment)
    return None


def _number_or_text(keyword: str, value: Any, comment: str) -> str:
    if value == 0.0:  # and -0.0, which is equal and written differently
        return str(fits.Card(keyword, value, comment))
    return _remembered(keyword, value, comment)


@lru_cache(maxsize=1024, typed=True)
def _remembered(keyword: str, value: Any, comment: str) -> str:
    return str(fits.Card(keyword, value, comment))


def wcs_header(wcs: WCS) -> fits.Header:
    """Write a TAN or TAN-SIP WCS as FITS cards.

    astropy's own ``to_header`` keeps 12 digits and turns CD into PC and CDELT; these cards keep all digits
    that fit.

    Parameters
    ----------
    wcs
        Two celestial axes in degrees.

    Returns
    -------
    astropy.io.fits.Header
        Every card with a comment.
    """
    return fits.Header(fits.Card(*card) for card in _wcs_cards(wcs))


def _wcs_cards(wcs: WCS) -> list[tuple[str, str | int | float, str]]:
    if list(wcs.wcs.ctype) not in _PROJECTIONS:
        raise SkyforgeError(
            f"a frame's WCS is TAN or TAN-SIP, right ascension first; found {list(wcs.wcs.ctype)}"
        )
    cards: list[tuple[str, str | int | float, str]] = [("WCSAXES", 2, "number of axes of the WCS")]
    for axis, meaning in ((1, "right ascension"), (2, "declination")):
        cards += [
            (f"CTYPE{axis}", str(wcs.wcs.ctype[axis - 1]), f"{meaning}, projection"),
            (f"CUNIT{axis}", "deg", "unit of the axis"),
            (f"CRVAL{axis}", float(wcs.wcs.crval[axis - 1]), f"[deg] {meaning} at reference pixel"),
            (f"CRPIX{axis}", float(wcs.wcs.crpix[axis - 1]), "[pix] reference pixel, first is 1"),
        ]
    matrix = wcs.pixel_scale_matrix
    for row, column in ((1, 1), (1, 2), (2, 1), (2, 2)):
        element = float(matrix[row - 1, column - 1])
        cards.append((f"CD{row}_{column}", element, "[deg/pix] transformation matrix"))
    cards.append(("RADESYS", "ICRS", "celestial reference system"))
    if wcs.sip is not None:
        for name, meaning in (("A", "x"), ("B", "y"), ("AP", "x, inverse"), ("BP", "y, inverse")):
            cards += _sip_cards(name, getattr(wcs.sip, name.lower()), f"SIP distortion in {meaning}")
    return cards


def _sip_cards(
    name: str, coefficients: np.ndarray | None, meaning: str
) -> list[tuple[str, str | int | float, str]]:
    if coefficients is None:
        return []
    terms = zip(*np.nonzero(coefficients), strict=True)
    return [
        (f"{name}_ORDER", coefficients.shape[0] - 1, f"{meaning}: order"),
        *((f"{name}_{p}_{q}", float(coefficients[p, q]), meaning) for p, q in terms),
    ]


def _observation_cards(header: fits.Header) -> fits.Header:
    """Keep what `write_fits` was given: neither structure nor WCS."""
    written = _STRUCTURE.union(keyword for keyword, _, _ in _wcs_cards(WCS(header)))
    kept = header.copy(strip=True)
    for keyword in written & set(kept.keys()):
        del kept[keyword]
    return kept
