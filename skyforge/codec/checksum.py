"""The checksums of FITS (FITS Standard 4.0, section 4.4.2.7 and appendix J; Seaman, Pence and Rots 2012)."""

from __future__ import annotations

from typing import Any

import numpy as np

from skyforge.codec import _codec
from skyforge.errors import InputError

_ALL_ONES = 0xFFFFFFFF
_FIRST_CHARACTER = ord("0")
# The marks between digits, capitals and small letters: no character of a checksum may be one of them (appendix J.2).
_MARKS = frozenset(b":;<=>?@[\\]^_`")


def datasum(data: Any, start: int = 0) -> int:
    """
    Add up bytes as big-endian 32-bit words in ones' complement.

    Parameters
    ----------
    data
        Bytes, or a contiguous array; its end is padded with zeros to a whole word, as blocks of FITS are.
    start
        Sum of what came before, a whole number of words.

    Returns
    -------
    int
        0 to 2³² − 1.

    Raises
    ------
    InputError
        If the data are not contiguous bytes or `start` is out of its range.
    """
    if not 0 <= start <= _ALL_ONES:
        raise InputError(f"a sum of 32-bit words is from 0 to 2^32 - 1, found {start}")
    try:
        octets = np.frombuffer(data, np.uint8)
    except (BufferError, TypeError, ValueError) as error:
        raise InputError(f"a checksum is of contiguous bytes: {error}") from error
    return _codec.word_sum(octets, start, "auto")


def datasum_from_sums(even: int, odd: int) -> int:
    """
    Return DATASUM of an image from plain sums over its stored values, taken in any order.

    Parameters
    ----------
    even, odd
        Sums over the pixels of even and of odd flat index of the stored 16-bit values as unsigned numbers.

    Returns
    -------
    int
        0 to 2³² − 1.

    Raises
    ------
    InputError
        If a sum is negative.
    """
    if even < 0 or odd < 0:
        raise InputError(f"sums of stored values are not negative, found {even} and {odd}")
    total = (int(even) << 16) + int(odd)
    while total > _ALL_ONES:
        total = (total & _ALL_ONES) + (total >> 32)
    return total


def checksum_text(value: int, complement: bool = True) -> str:
    """
    Encode a 32-bit sum as the 16 letters and digits of CHECKSUM (FITS Standard 4.0, appendix J.2).

    Parameters
    ----------
    value
        Sum of the words of an HDU whose CHECKSUM card holds sixteen zeros.
    complement
        Encode its complement, as CHECKSUM wants it, so that the sum of the finished HDU is zero.

    Returns
    -------
    str
        Sixteen characters.

    Raises
    ------
    InputError
        If the value is no 32-bit number.
    """
    if not 0 <= value <= _ALL_ONES:
        raise InputError(f"a sum of 32-bit words is from 0 to 2^32 - 1, found {value}")
    word = _ALL_ONES - value if complement else value
    text = bytearray(16)
    for place, octet in enumerate(word.to_bytes(4, "big")):
        for quarter, character in enumerate(_without_marks(octet)):
            text[4 * quarter + place] = character
    return (text[-1:] + text[:-1]).decode("ascii")


def _without_marks(octet: int) -> list[int]:
    """Spread a byte over four characters that add up to it and to four times '0', none of them a mark."""
    quarter, rest = divmod(octet, 4)
    characters = [_FIRST_CHARACTER + quarter + rest, *[_FIRST_CHARACTER + quarter] * 3]
    while any(character in _MARKS for character in characters):
        for first in (0, 2):
            if characters[first] in _MARKS or characters[first + 1] in _MARKS:
                characters[first] += 1
                characters[first + 1] -= 1
    return characters
