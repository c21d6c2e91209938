"""Pixels as FITS stores them, held against astropy."""

from __future__ import annotations

import io

import numpy as np
import pytest
from astropy.io import fits

from skyforge import codec
from skyforge.codec import _codec
from skyforge.errors import InputError


def test_words_and_their_sum_are_those_of_astropy(image):
    hdu = fits.PrimaryHDU(image)
    hdu.add_datasum()
    memory = io.BytesIO()
    hdu.writeto(memory)
    stored = memory.getvalue()[-(-(-image.nbytes // 2880) * 2880) :][: image.nbytes]
    words, datasum = codec.fits_words(image)
    assert words.tobytes() == stored
    assert words.dtype == ">i2"
    assert datasum == int(hdu.header["DATASUM"])


def test_pixels_come_back(image):
    assert np.array_equal(codec.native_pixels(codec.fits_words(image)[0]), image)


@pytest.mark.parametrize("isa", _codec.instruction_sets())
def test_every_instruction_set_gives_the_same(image, isa):
    words, back = np.empty_like(image), np.empty_like(image)
    sums = _codec.fits_words(image, words, isa)
    _codec.native_pixels(words, back, isa)
    assert sums == codec.stored_sums(image)
    assert np.array_equal(words.view(">i2"), codec.fits_words(image)[0])
    assert np.array_equal(back, image)


def test_sums_of_parts_add_up_in_any_order(stars):
    parts = [codec.stored_sums(stars[rows]) for rows in (slice(100, 200), slice(0, 40), slice(40, 100))]
    even, odd = (sum(part[k] for part in parts) for k in (0, 1))
    assert codec.datasum_from_sums(even, odd) == codec.fits_words(stars)[1]


def test_a_large_bright_image_overflows_no_sum():
    image = np.full((700, 1001), 32767, np.uint16)  # stored as -1: all bits are set
    assert codec.stored_sums(image) == (350_350 * 65535, 350_350 * 65535)
    assert codec.fits_words(image)[1] == 0xFFFFFFFF


def test_the_result_can_lie_in_memory_of_the_caller(stars):
    memory = bytearray(stars.nbytes)
    words = np.frombuffer(memory, ">i2").reshape(stars.shape)
    result, datasum = codec.fits_words(stars, out=words)
    assert result is words
    assert codec.datasum(memory) == datasum
    pixels = np.empty_like(stars)
    assert codec.native_pixels(words, out=pixels) is pixels
    assert np.array_equal(pixels, stars)


def test_words_can_take_the_place_of_the_pixels(stars):
    own = stars.copy()
    words, datasum = codec.fits_words(own, out=own.view(">i2"))
    expected, expected_sum = codec.fits_words(stars)
    assert np.array_equal(words, expected)
    assert datasum == expected_sum


def test_pixels_need_not_be_contiguous(stars):
    turned = stars.T[::2]
    assert np.array_equal(codec.native_pixels(codec.fits_words(turned)[0]), turned)


def test_what_is_no_image_is_refused(stars):
    with pytest.raises(InputError, match=r"uint16 \[y, x\], found float32"):
        codec.fits_words(stars.astype(np.float32))
    with pytest.raises(InputError, match=r"of shape \(0, 5\)"):
        codec.fits_words(np.empty((0, 5), np.uint16))
    with pytest.raises(InputError, match="big-endian int16"):
        codec.native_pixels(stars)
    for wrong in (np.empty((3, 3), ">i2"), np.empty_like(stars), bytearray(4)):
        with pytest.raises(InputError, match="out must be a writeable, contiguous array"):
            codec.fits_words(stars, out=wrong)
    fixed = np.empty(stars.shape, ">i2")
    fixed.flags.writeable = False
    with pytest.raises(InputError, match="writeable"):
        codec.fits_words(stars, out=fixed)
