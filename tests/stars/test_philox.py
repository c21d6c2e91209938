"""The generator gives the numbers its authors published."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.stars.philox import philox4x32, uniform_from_word


# Random123 1.09, tests/kat_vectors, philox4x32 with 10 rounds.
@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ([0, 0, 0, 0], (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, (0xFFFFFFFF, 0xFFFFFFFF), [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_known_answers(counter, key, expected):
    words = philox4x32(tuple(np.array([word], dtype=np.uint64) for word in counter), key)
    assert [int(word[0]) for word in words] == expected


def test_uniform_numbers_never_reach_the_ends():
    ends = uniform_from_word(np.array([0, 0xFFFFFFFF], dtype=np.uint64))
    assert ends[0] > 0.0
    assert ends[1] < 1.0
