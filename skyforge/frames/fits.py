"""Frames as FITS files: unsigned 16-bit pixels, celestial WCS, cards with comments, checksums."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from skyforge.errors import InputError, SkyforgeError
from skyforge.frames.files import atomic_file
from skyforge.frames.frame import Frame
from skyforge.frames.truth import empty_truth

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK = 2880  # bytes of a FITS block (FITS Standard 4.0, section 3.1)
_HEADER_BLOCKS = 4
_PROJECTIONS = (["RA---TAN", "DEC--TAN"], ["RA---TAN-SIP", "DEC--TAN-SIP"])
# Cards of the structure that astropy leaves without a comment.
_STRUCTURE_COMMENTS = {
    "NAXIS1": "columns",
    "NAXIS2": "rows",
    "BSCALE": "adu = BZERO + BSCALE * stored value",
    "BZERO": "offset of unsigned 16-bit pixels",
    "EXTEND": "extensions may follow",
    "ZNAXIS1": "columns",
    "ZNAXIS2": "rows",
    "TTYPE1": "name of the column",
    "TFORM1": "format of the column",
}
_STRUCTURE = {
    *("SIMPLE", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "EXTEND", "EXTNAME"),
    *("BSCALE", "BZERO", "CHECKSUM", "DATASUM", "ZHECKSUM", "ZDATASUM"),
}


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
    header = file_header(frame)
    with atomic_file(path, expected_bytes=frame.data.nbytes + _HEADER_BLOCKS * _BLOCK) as file:
        file.write(_in_memory(_compressed(frame.data, header) if compress else _plain(frame.data, header)))


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


def file_header(frame: Frame) -> fits.Header:
    """Return the cards that a frame's file gets beside the structural ones: its header, then its WCS."""
    header = frame.header.copy(strip=True)
    if "FRAMENO" not in header:
        header["FRAMENO"] = (frame.index, "number of the frame in its run, from 0")
    header.update(wcs_header(frame.wcs))
    return header


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
    if list(wcs.wcs.ctype) not in _PROJECTIONS:
        raise SkyforgeError(
            f"a frame's WCS is TAN or TAN-SIP, right ascension first; found {list(wcs.wcs.ctype)}"
        )
    header = fits.Header()
    header["WCSAXES"] = (2, "number of axes of the WCS")
    matrix = wcs.pixel_scale_matrix
    for axis, meaning in ((1, "right ascension"), (2, "declination")):
        header[f"CTYPE{axis}"] = (wcs.wcs.ctype[axis - 1], f"{meaning}, projection")
        header[f"CUNIT{axis}"] = ("deg", "unit of the axis")
        header[f"CRVAL{axis}"] = (float(wcs.wcs.crval[axis - 1]), f"[deg] {meaning} at reference pixel")
        header[f"CRPIX{axis}"] = (float(wcs.wcs.crpix[axis - 1]), "[pix] reference pixel, first is 1")
    for row, column in ((1, 1), (1, 2), (2, 1), (2, 2)):
        header[f"CD{row}_{column}"] = (float(matrix[row - 1, column - 1]), "[deg/pix] transformation matrix")
    header["RADESYS"] = ("ICRS", "celestial reference system")
    if wcs.sip is not None:
        for name, meaning in (("A", "x"), ("B", "y"), ("AP", "x, inverse"), ("BP", "y, inverse")):
            _add_sip(header, name, getattr(wcs.sip, name.lower()), f"SIP distortion in {meaning}")
    return header


def _add_sip(header: fits.Header, name: str, coefficients: np.ndarray | None, meaning: str) -> None:
    if coefficients is None:
        return
    header[f"{name}_ORDER"] = (coefficients.shape[0] - 1, f"{meaning}: order")
    for p, q in zip(*np.nonzero(coefficients), strict=True):
        header[f"{name}_{p}_{q}"] = (float(coefficients[p, q]), meaning)


def _plain(data: np.ndarray, header: fits.Header) -> fits.HDUList:
    image = fits.PrimaryHDU(data=data, header=header, uint=True)
    return fits.HDUList([_sealed(image)])


def _compressed(data: np.ndarray, header: fits.Header) -> fits.HDUList:
    """Compress first and sum afterwards: only so can the checksum's card carry no wall-clock time."""
    image = fits.CompImageHDU(data=data, header=header, compression_type="RICE_1", uint=True, name="FRAME")
    memory = BytesIO(_in_memory(fits.HDUList([fits.PrimaryHDU(), image])))
    hdus = fits.open(memory, disable_image_compression=True, memmap=False)
    for hdu in hdus:
        _sealed(hdu)
    return hdus


def _in_memory(hdus: fits.HDUList) -> memoryview:
    """Write a file in memory: astropy, writing to a full disk, loses the reason."""
    memory = BytesIO()
    hdus.writeto(memory, output_verify="exception")
    return memory.getbuffer()


def _sealed(hdu: fits.PrimaryHDU | fits.BinTableHDU) -> fits.PrimaryHDU | fits.BinTableHDU:
    for keyword, comment in _STRUCTURE_COMMENTS.items():
        if keyword in hdu.header and not hdu.header.comments[keyword]:
            hdu.header.comments[keyword] = comment
    hdu.add_datasum(when="checksum of the data")
    hdu.add_checksum(when="checksum of header and data", override_datasum=True)
    return hdu


def _observation_cards(header: fits.Header) -> fits.Header:
    """Keep what `write_fits` was given: neither structure nor WCS."""
    written = {*_STRUCTURE, *wcs_header(WCS(header)).keys()}
    kept = header.copy(strip=True)
    for keyword in written & set(kept.keys()):
        del kept[keyword]
    return kept
