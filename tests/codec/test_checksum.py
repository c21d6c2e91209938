"""The checksums of FITS, held against the standard's example of itself: a sealed unit adds up to nothing."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import example, given
from hypothesis import strategies as st

from skyforge import codec
from skyforge.errors import InputError

ALL_ONES = 2**32 - 1


@given(st.integers(0, ALL_ONES), st.booleans())
@example(0, True)
@example(ALL_ONES, True)
def test_the_text_is_that_of_astropy(value, complement):
    theirs = fits.PrimaryHDU()._char_encode(ALL_ONES - value if complement else value)
    assert codec.checksum_text(value, complement=complement) == theirs


@given(st.integers(0, ALL_ONES))
def test_the_text_turns_a_sum_to_nothing(value):
    # As in a header: the card's text begins in its twelfth column, so that its words are turned by one character.
    text = codec.checksum_text(value).encode()
    assert text.isalnum()
    without = codec.datasum(b"   " + b"0" * 16 + b" ")
    assert codec.datasum(b"   " + text + b" ", start=value) == codec.datasum(
        (ALL_ONES).to_bytes(4, "big"), start=without
    )


@given(st.binary(max_size=3000), st.integers(0, ALL_ONES))
def test_a_sum_is_the_ones_complement_sum_of_words(data, start):
    padded = data + bytes(-len(data) % 4)
    total = start + sum(int.from_bytes(padded[i : i + 4], "big") for i in range(0, len(padded), 4))
    while total > ALL_ONES:
        total = (total >> 32) + (total & ALL_ONES)
    assert codec.datasum(data, start=start) == total


def test_a_sum_takes_any_contiguous_bytes():
    words = np.arange(24, dtype=">i4").reshape(4, 6)
    assert codec.datasum(words) == codec.datasum(words.tobytes()) == words.sum()
    with pytest.raises(InputError, match="contiguous bytes"):
        codec.datasum(words[:, ::2])
    with pytest.raises(InputError, match="contiguous bytes"):
        codec.datasum("text")


def test_numbers_out_of_range_are_refused():
    for value in (-1, 2**32):
        with pytest.raises(InputError, match="32-bit words"):
            codec.checksum_text(value)
        with pytest.raises(InputError, match="32-bit words"):
            codec.datasum(b"", start=value)
    with pytest.raises(InputError, match="not negative"):
        codec.datasum_from_sums(-1, 0)
