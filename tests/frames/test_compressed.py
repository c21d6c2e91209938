"""Compressed files, put together by hand: astropy and CFITSIO read them back to identical pixels."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from astropy.io import fits

from skyforge import codec
from skyforge.frames.compressed import compressed_file
from skyforge.frames.fits import frame_cards, write_fits


def noise(shape, sigma=12.0):
    return np.random.default_rng(1).normal(2000.0, sigma, shape).clip(0, 65535).astype(np.uint16)


def extremes(shape):
    image = np.zeros(shape, np.uint16)
    image[:, ::2] = 65535
    return image


IMAGES = {
    "noise": noise((64, 200)),
    "full range": np.random.default_rng(2).integers(0, 65536, (20, 100)).astype(np.uint16),
    "constant": np.full((30, 40), 7, np.uint16),
    "saturated": np.full((5, 70), 65535, np.uint16),
    "extremes": extremes((9, 333)),
    "one pixel": noise((1, 1)),
    "one column": noise((77, 1)),
    "narrow": noise((12, 17)),
    "odd": noise((3, 4097)),
}


@pytest.fixture(params=IMAGES)
def path_and_image(request, tmp_path, frame):
    """A compressed file and the pixels in it."""
    image = IMAGES[request.param]
    path = tmp_path / "frame.fits"
    path.write_bytes(b"".join(compressed_file(frame_cards(frame), codec.rice_compress(image))))
    return path, image


def test_astropy_reads_the_same_pixels_and_agrees_with_all_checksums(path_and_image):
    path, image = path_and_image
    for as_stored in (False, True):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a wrong checksum is a warning
            with fits.open(path, checksum=True, disable_image_compression=as_stored) as hdus:
                hdus.verify("exception")
                assert [hdu.name for hdu in hdus] == ["PRIMARY", "FRAME"]
                if as_stored:
                    assert all("CHECKSUM" in hdu.header and "DATASUM" in hdu.header for hdu in hdus)
                    assert all(card.comment for hdu in hdus for card in hdu.header.cards)
                else:
                    assert hdus[1].data.dtype == np.uint16
                    assert np.array_equal(hdus[1].data, image)


def test_cfitsio_reads_the_same_pixels_and_agrees_with_all_checksums(path_and_image):
    fitsio = pytest.importorskip("fitsio", reason="fitsio carries CFITSIO")
    path, image = path_and_image
    with fitsio.FITS(path) as file:
        assert file[1].is_compressed()
        assert np.array_equal(file[1].read(), image)
        for hdu in file:
            hdu.verify_checksum()  # raises where one is wrong


def test_a_file_is_as_long_as_that_of_cfitsio(tmp_path, frame):
    fitsio = pytest.importorskip("fitsio", reason="fitsio carries CFITSIO")
    image = noise((256, 512))
    path = tmp_path / "cfitsio.fits"
    fitsio.write(path, image, compress="RICE", tile_dims=(1, 512))
    with fitsio.FITS(path, "rw") as file:
        file[1].write_checksum()
    ours = sum(len(piece) for piece in compressed_file(b"", codec.rice_compress(image)))
    assert ours == path.stat().st_size
    # With the frame's own cards, it is longer by their blocks alone.
    cards = frame_cards(frame)
    with_cards = sum(len(piece) for piece in compressed_file(cards, codec.rice_compress(image)))
    assert with_cards - ours <= -(-len(cards) // 2880) * 2880


def test_the_cards_of_the_frame_are_all_there(frame):
    cards = frame_cards(frame)
    file = io.BytesIO(b"".join(compressed_file(cards, codec.rice_compress(frame.data))))
    header = fits.getheader(file, 1)
    for card in fits.Header.fromstring(cards).cards:
        assert (header[card.keyword], header.comments[card.keyword]) == (card.value, card.comment)


def test_a_sum_that_is_known_is_taken(frame):
    compressed = codec.rice_compress(frame.data)
    cards = frame_cards(frame)
    known = compressed_file(cards, compressed, heap_sum=codec.datasum(compressed.data))
    assert b"".join(known) == b"".join(compressed_file(cards, compressed))


def test_write_fits_writes_that_file(tmp_path, frame):
    write_fits(frame, tmp_path / "frame.fits", compress=True)
    expected = b"".join(compressed_file(frame_cards(frame), codec.rice_compress(frame.data)))
    assert (tmp_path / "frame.fits").read_bytes() == expected


def test_no_card_holds_the_time_of_day(frame):
    file = b"".join(compressed_file(frame_cards(frame), codec.rice_compress(frame.data)))
    assert b"2026" not in file[: 5 * 2880]
    assert b"updated" not in file
