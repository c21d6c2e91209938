"""The Minor Planet Center's packed designations and epochs, unpacked.

The schemes: minorplanetcenter.net/iau/info/PackedDes.html and PackedDates.html.
"""

from __future__ import annotations

import re
import string
from typing import Final

from skyforge.errors import InputError

_DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase  # of base 62
_CENTURIES: Final = {"I": "18", "J": "19", "K": "20", "L": "21"}
_SURVEYS: Final = {"PLS": "P-L", "T1S": "T-1", "T2S": "T-2", "T3S": "T-3"}
_EXTENDED_FROM: Final = 620_000  # numbers that five characters of the older scheme cannot hold
_NUMBERED: Final = re.compile(r"[0-9A-Za-z]\d{4}")
_NUMBERED_EXTENDED: Final = re.compile(r"~[0-9A-Za-z]{4}")
_PROVISIONAL: Final = re.compile(r"([IJKL])(\d{2})([A-Z])([0-9A-Za-z])(\d)([A-Z])")
_PROVISIONAL_EXTENDED: Final = re.compile(r"_([0-9A-Za-z])([A-Z])([0-9A-Za-z]{4})")
_EXTENDED_CYCLE_FROM: Final = (
    15_500  # the first half-month sequence number of the extended provisional scheme
)
_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # of an object in its half month: I is left out
_EPOCH: Final = re.compile(r"([IJKL])(\d{2})([1-9A-C])([1-9A-V])(\d*)")


def unpacked_designation(packed: str) -> str:
    """Return a designation as people write it: "00433" is "433", "K20A02V" is "2020 AV2"; others as they are."""
    text = packed.strip()
    if _NUMBERED.fullmatch(text):
        return str(10_000 * _DIGITS.index(text[0]) + int(text[1:]))
    if _NUMBERED_EXTENDED.fullmatch(text):
        return str(_EXTENDED_FROM + _base_62(text[1:]))
    if text[:3] in _SURVEYS and text[3:].isdigit():
        return f"{text[3:]} {_SURVEYS[text[:3]]}"
    if match := _PROVISIONAL.fullmatch(text):
        century, year, month, tens, units, letter = match.groups()
        cycle = 10 * _DIGITS.index(tens) + int(units)
        return f"{_CENTURIES[century]}{year} {month}{letter}{cycle or ''}"
    if match := _PROVISIONAL_EXTENDED.fullmatch(text):
        year_letter, month, sequence = match.groups()
        number = _EXTENDED_CYCLE_FROM + _base_62(sequence)
        return f"{2000 + _DIGITS.index(year_letter)} {month}{_LETTERS[number % 25]}{number // 25}"
    return text


def _base_62(text: str) -> int:
    value = 0
    for digit in text:
        value = 62 * value + _DIGITS.index(digit)
    return value


def unpacked_epoch(packed: str) -> tuple[int, int, float]:
    """Return year, month and day with its fraction of a packed epoch such as K24AH, 2024-10-17.

    Raises
    ------
    InputError
        If it is none.
    """
    match = _EPOCH.fullmatch(packed.strip())
    if match is None:
        raise InputError(f"the epoch {packed!r} is no packed date such as K24AH")
    century, year, month, day, fraction = match.groups()
    share = float(f"0.{fraction}") if fraction else 0.0
    return int(_CENTURIES[century] + year), _DIGITS.index(month), _DIGITS.index(day) + share
