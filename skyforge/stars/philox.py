"""Random numbers without a state: Philox4x32-10, vectorised over its counter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (SC'11), section 4.3.
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_KEY_STEP_0 = 0x9E3779B9
_KEY_STEP_1 = 0xBB67AE85
_ROUNDS = 10
_LOW_WORD = np.uint64(0xFFFFFFFF)
_WORD_BITS = np.uint64(32)

Words = NDArray[np.uint64]


def philox4x32(
    counter: tuple[Words, Words, Words, Words], key: tuple[int, int]
) -> tuple[Words, Words, Words, Words]:
    """Return four 32-bit random words for each counter.

    Parameters
    ----------
    counter
        Four arrays of shape (n,), or arrays that broadcast to it, of 32-bit words held in uint64.
    key
        Two 32-bit words.

    Returns
    -------
    tuple
        Four arrays of shape (n,) of 32-bit words held in uint64.

    Notes
    -----
    Salmon et al. (2011), SC'11, section 4.3: ten rounds.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(_ROUNDS):
        product_0 = c0 * _MULTIPLIER_0
        product_1 = c2 * _MULTIPLIER_1
        c0 = (product_1 >> _WORD_BITS) ^ c1 ^ np.uint64(k0)
        c2 = (product_0 >> _WORD_BITS) ^ c3 ^ np.uint64(k1)
        c1 = product_1 & _LOW_WORD
        c3 = product_0 & _LOW_WORD
        k0 = (k0 + _KEY_STEP_0) & 0xFFFFFFFF
        k1 = (k1 + _KEY_STEP_1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def uniform_from_word(word: Words) -> NDArray[np.float64]:
    """Return 32-bit words as numbers strictly between 0 and 1: (word + ½)/2³²."""
    return (word.astype(np.float64) + 0.5) * 2.0**-32
