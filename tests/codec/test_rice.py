"""RICE_1: pixels come back exactly, and the bytes are those of CFITSIO."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from skyforge import codec
from skyforge.codec import _codec
from skyforge.errors import InputError


def rows_of(image: codec.RiceImage) -> list[bytes]:
    ends = np.cumsum(image.sizes)
    return [image.data[end - size : end].tobytes() for end, size in zip(ends, image.sizes, strict=True)]


def test_pixels_come_back(image):
    assert np.array_equal(codec.rice_decompress(codec.rice_compress(image)), image)


def test_bytes_are_those_of_cfitsio(image, cfitsio_rows):
    assert rows_of(codec.rice_compress(image)) == cfitsio_rows(image)


@given(
    arrays.arrays(
        np.uint16,
        st.tuples(st.integers(1, 4), st.integers(1, 140)),
        elements=st.one_of(st.integers(0, 65535), st.integers(1000, 1003)),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_pixels_come_back_within_the_bound(image):
    compressed = codec.rice_compress(image, threads=1)
    assert np.array_equal(codec.rice_decompress(compressed, threads=1), image)
    assert compressed.sizes.max() <= 4 * codec.rice_row_words(image.shape[1])
    assert compressed.data.size <= codec.rice_bound(image.shape)


@pytest.mark.parametrize("isa", _codec.instruction_sets())
@pytest.mark.parametrize("threads", [1, 3])
def test_every_instruction_set_and_number_of_threads_gives_the_same(image, isa, threads):
    expected = codec.rice_compress(image, threads=1)
    data, sizes = np.empty(codec.rice_bound(image.shape), np.uint8), np.empty(image.shape[0], np.int32)
    used = _codec.rice_compress(image, data, sizes, threads, isa)
    assert np.array_equal(data[:used], expected.data)
    assert np.array_equal(sizes, expected.sizes)
    back = np.empty_like(image)
    assert _codec.rice_decompress(expected.data, expected.sizes, back, threads, isa)[0] == -1
    assert np.array_equal(back, image)


def test_threads_share_a_large_image():
    generator = np.random.default_rng(1)
    image = generator.integers(0, 65536, (700, 2000)).astype(np.uint16)  # several parts, each near the bound
    image[200:400] //= 4096
    one, many = (codec.rice_compress(image, threads=threads) for threads in (1, 4))
    assert np.array_equal(one.data, many.data)
    assert np.array_equal(one.sizes, many.sizes)
    assert np.array_equal(codec.rice_decompress(many, threads=4), image)


def test_the_worst_image_stays_within_the_bound_and_needs_nearly_all_of_it():
    # Differences of 2^14 and more are written in full: 16 bits, and 4 for each block of 32.
    image = np.tile(np.array([0, 25_000], np.uint16), (50, 1024))
    compressed = codec.rice_compress(image)
    assert compressed.sizes.max() == 2 + 2 * 2048 + 4 * 64 // 8
    assert compressed.sizes.max() <= 4 * codec.rice_row_words(2048) <= compressed.sizes.max() + 3
    assert compressed.data.size <= codec.rice_bound(image.shape) <= 1.01 * compressed.data.size


def test_a_flat_image_takes_four_bits_a_block():
    compressed = codec.rice_compress(np.full((8, 3200), 500, np.uint16))
    assert set(compressed.sizes.tolist()) == {2 + 100 // 2}


def test_gaussian_noise_is_coded_near_its_entropy():
    # The entropy of a Gaussian of sigma s is log2(s sqrt(2 pi e)) bits. Differences of independent pixels have a
    # sigma of sqrt(2) s; the code takes a little more than theirs (Pence, White and Seaman 2010, section 2).
    sigma = 20.0
    image = np.random.default_rng(1).normal(1000.0, sigma, (200, 3200)).round().astype(np.uint16)
    entropy = np.log2(np.sqrt(2.0) * sigma * np.sqrt(2.0 * np.pi * np.e))
    bits = 8.0 * codec.rice_compress(image).data.size / image.size
    assert entropy < bits < entropy + 0.35


def test_the_result_can_lie_in_memory_of_the_caller(stars):
    out = np.empty(codec.rice_bound(stars.shape) + 100, np.uint8)
    compressed = codec.rice_compress(stars, out=out)
    assert np.shares_memory(compressed.data, out)
    pair = compressed.sizes, compressed.data.tobytes()
    assert np.array_equal(codec.rice_decompress(pair, stars.shape), stars)


def test_what_does_not_fit_is_refused(stars):
    with pytest.raises(InputError, match="uint16"):
        codec.rice_compress(stars.astype(np.int16))
    with pytest.raises(InputError, match="or longer"):
        codec.rice_compress(stars, out=np.empty(codec.rice_bound(stars.shape) - 1, np.uint8))
    with pytest.raises(InputError, match="threads must be at least 1"):
        codec.rice_compress(stars, threads=0)
    compressed = codec.rice_compress(stars)
    with pytest.raises(InputError, match="has shape"):
        codec.rice_decompress(compressed, (3, 3))
    with pytest.raises(InputError, match="must be given"):
        codec.rice_decompress((compressed.sizes, compressed.data))
    with pytest.raises(InputError, match="as many sizes"):
        codec.rice_decompress((compressed.sizes[:-1], compressed.data), stars.shape)
    with pytest.raises(InputError, match="int32"):
        codec.RiceImage(compressed.sizes.astype(np.int64), compressed.data, stars.shape)
    with pytest.raises(InputError, match="at least one row"):
        codec.rice_bound((0, 4))
