"""Plain files, put together by hand: the bytes that astropy would write, and checksums that hold."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from astropy.io import fits

from skyforge import codec
from skyforge.errors import SkyforgeError
from skyforge.frames.fits import frame_cards, header_cards, write_fits
from skyforge.frames.plain import plain_file

COMMENTS = {
    "NAXIS1": "columns",
    "NAXIS2": "rows",
    "BSCALE": "adu = BZERO + BSCALE * stored value",
    "BZERO": "offset of unsigned 16-bit pixels",
}


def written_by_astropy(data, cards):
    hdu = fits.PrimaryHDU(data, header=fits.Header.fromstring(cards), uint=True)
    for keyword, comment in COMMENTS.items():
        hdu.header.comments[keyword] = comment
    hdu.add_datasum(when="checksum of the data")
    hdu.add_checksum(when="checksum of header and data", override_datasum=True)
    memory = io.BytesIO()
    hdu.writeto(memory, output_verify="exception")
    return memory.getvalue()


def plain_bytes(data, cards):
    return b"".join(plain_file(cards, *codec.fits_words(data)))


@pytest.mark.parametrize("shape", [(96, 128), (1, 1), (1, 1440), (2, 1440), (31, 33), (36, 40)])
def test_a_file_is_byte_for_byte_what_astropy_writes(frames, shape):
    frame = frames(shape)
    cards = frame_cards(frame)
    assert plain_bytes(frame.data, cards) == written_by_astropy(frame.data, cards)


@pytest.mark.parametrize("count", [0, 1, 25, 26, 27, 28, 29, 100])
def test_a_header_of_any_length_is_whole_blocks(count):
    data = np.arange(12, dtype=np.uint16).reshape(3, 4)
    header = fits.Header([(f"KEY{k}", k * 1.5, "[m] a number") for k in range(count)])
    cards = header.tostring(endcard=False, padding=False).encode()
    assert plain_bytes(data, cards) == written_by_astropy(data, cards)


def test_write_fits_writes_that_file(tmp_path, frame):
    write_fits(frame, tmp_path / "frame.fits")
    assert (tmp_path / "frame.fits").read_bytes() == plain_bytes(frame.data, frame_cards(frame))


def test_cfitsio_agrees_with_pixels_and_checksums(tmp_path, frame):
    fitsio = pytest.importorskip("fitsio", reason="fitsio carries CFITSIO")
    write_fits(frame, tmp_path / "frame.fits")
    with fitsio.FITS(tmp_path / "frame.fits") as file:
        file[0].verify_checksum()  # raises where one is wrong
        assert np.array_equal(file[0].read(), frame.data)


def test_the_pixels_are_not_copied(frame):
    words, datasum = codec.fits_words(frame.data)
    pieces = plain_file(frame_cards(frame), words, datasum)
    assert any(np.shares_memory(np.frombuffer(piece, np.uint8), words) for piece in pieces if len(piece))


def test_pixels_of_another_kind_are_refused(frame):
    for words in (frame.data, codec.fits_words(frame.data)[0][:, ::2], np.zeros(4, ">i2")):
        with pytest.raises(SkyforgeError, match="'>i2' words"):
            plain_file(b"", words, 0)


def test_cards_are_those_that_astropy_writes(frame):
    header = frame.header.copy()
    for keyword, value in (("ZERO", 0.0), ("MINUS", -0.0), ("FALSE", False), ("NONE", None), ("WHOLE", 0)):
        header[keyword] = (value, "a card that is easily taken for another")
    header["LONG"] = ("a text that needs more than one card" * 4, "and a comment")
    header["HIERARCH a long keyword"] = 1
    header["HISTORY"] = "by hand"
    once, again = (header_cards(header, frame.wcs) for _ in range(2))
    assert once == again
    assert once.startswith(header.tostring(endcard=False, padding=False).encode())
    header["ONE"], header["UNITY"] = 1, 1.0
    assert header_cards(header, frame.wcs).count(b"=                  1.0") == 1


def test_structure_and_places_in_a_header_do_not_come_twice(frame):
    header = frame.header.copy()
    header["BITPIX"], header["CRVAL1"], header["CHECKSUM"] = -32, 7.0, "0" * 16
    assert header_cards(header, frame.wcs) == header_cards(frame.header, frame.wcs)


def test_files_are_put_together_without_astropy():
    # A process that only writes frames starts in a fraction of the time.
    program = """
        import sys
        from skyforge import codec
        from skyforge.frames.compressed import compressed_file
        from skyforge.frames.plain import plain_file
        assert not {"astropy", "pyarrow", "scipy"} & set(sys.modules)
    """
    program = "\n".join(line.strip() for line in program.splitlines())
    subprocess.run([sys.executable, "-c", program], check=True)
