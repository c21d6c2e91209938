"""Damaged bytes: the decoder says so, or gives wrong pixels; it never reads or writes elsewhere."""

from __future__ import annotations

import ctypes
import mmap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyforge import codec
from skyforge.errors import InputError

SHAPE = (6, 150)


def noise(seed=0):
    return np.random.default_rng(seed).normal(3000.0, 12.0, SHAPE).astype(np.uint16)


def at_the_end_of_memory(data: bytes) -> np.ndarray:
    """Put bytes right before memory that must not be touched: reading on would end the process."""
    page = mmap.PAGESIZE
    room = -(-max(len(data), 1) // page) * page
    memory = mmap.mmap(-1, room + page)
    octets = np.frombuffer(memory, np.uint8)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mprotect(ctypes.c_void_p(octets.ctypes.data + room), ctypes.c_size_t(page), 0) == 0
    octets[room - len(data) : room] = np.frombuffer(data, np.uint8)
    return octets[room - len(data) : room]


def decoded(sizes, data) -> np.ndarray | None:
    try:
        return codec.rice_decompress(
            (np.asarray(sizes, np.int32), at_the_end_of_memory(data)), SHAPE, threads=1
        )
    except InputError:
        return None


def test_sound_bytes_at_the_end_of_memory_are_read():
    image = noise()
    compressed = codec.rice_compress(image)
    assert np.array_equal(decoded(compressed.sizes, compressed.data.tobytes()), image)


@pytest.mark.parametrize("row", range(SHAPE[0]))
def test_a_row_that_breaks_off_is_noticed_and_named(row):
    compressed = codec.rice_compress(noise())
    end = int(np.cumsum(compressed.sizes)[row])
    for lost in (1, 2, 7, 40, int(compressed.sizes[row])):
        sizes = compressed.sizes.copy()
        sizes[row] -= lost
        data = np.delete(compressed.data, np.s_[end - lost : end])
        with pytest.raises(InputError, match=f"row {row} ends before its last pixel"):
            codec.rice_decompress((sizes, at_the_end_of_memory(data.tobytes())), SHAPE)


def test_sizes_that_do_not_fit_the_data_are_noticed():
    compressed = codec.rice_compress(noise())
    for change, message in (
        (-1, r"more data follow|ends before"),
        (1, "goes on after the end of the data"),
        (2**31 - 1 - int(compressed.sizes[-1]), "goes on after the end of the data"),
        (-2 * int(compressed.sizes[-1]), "has a negative size"),
    ):
        sizes = compressed.sizes.copy()
        sizes[-1] += change
        with pytest.raises(InputError, match=message):
            codec.rice_decompress((sizes, compressed.data), SHAPE)


def test_bytes_behind_a_row_are_noticed():
    compressed = codec.rice_compress(noise())
    sizes = compressed.sizes.copy()
    sizes[-1] += 3
    with pytest.raises(InputError, match="row 5 goes on after its last pixel"):
        codec.rice_decompress((sizes, np.append(compressed.data, np.zeros(3, np.uint8))), SHAPE)


def test_an_endless_run_of_zeros_is_noticed():
    sizes = np.full(SHAPE[0], 20_000, np.int32)
    data = np.zeros(sizes.sum(), np.uint8)
    data[2::20_000] = 0x10  # a selector of split 0, and then zeros
    with pytest.raises(InputError, match="damaged: row 0"):
        codec.rice_decompress((sizes, at_the_end_of_memory(data.tobytes())), SHAPE)


@given(st.lists(st.integers(0, 300), min_size=SHAPE[0], max_size=SHAPE[0]), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_random_bytes_do_no_harm(sizes, random):
    image = decoded(sizes, random.randbytes(sum(sizes)))
    assert image is None or image.shape == SHAPE


@given(st.integers(0, 10_000_000), st.integers(1, 255), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_flipped_bits_and_lost_ends_do_no_harm(place, flip, lost):
    compressed = codec.rice_compress(noise())
    data = bytearray(compressed.data.tobytes())
    data[place % len(data)] ^= flip
    image = decoded(compressed.sizes, bytes(data[: len(data) - lost]))
    assert image is None or lost == 0
