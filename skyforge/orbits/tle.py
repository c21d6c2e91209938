"""Reading two-line element sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.satellite import Satellite
from skyforge.orbits.timescales import tdb_seconds

BrokenSet = Callable[[InputError], None]
"""Told why an element set of a file cannot be read."""

_LINE_LENGTH: Final = 69
_SUM_LENGTH: Final = 68
_CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0e-\x19\x7f]")  # 0x1a ends files of old systems
# What stands where, columns counted from 0: CelesTrak, "NORAD two-line element set format".
_EXPONENT_FIELD: Final = r"[ +-]\s*\d*[ +-]\d"
_FIELDS: Final = {
    "1": (
        ("catalogue number", 2, 7, r"\s*\d+|[A-HJ-NP-Z]\d{4}"),
        ("epoch year", 18, 20, r"\s*\d+"),
        ("epoch day", 20, 32, r"\s*\d+\.\d+"),
        ("first derivative of the mean motion", 33, 43, r"\s*[+-]?\s*\d*\.\d+\s*"),
        ("second derivative of the mean motion", 44, 52, _EXPONENT_FIELD),
        ("drag term B*", 53, 61, _EXPONENT_FIELD),
    ),
    "2": (
        ("catalogue number", 2, 7, r"\s*\d+|[A-HJ-NP-Z]\d{4}"),
        ("inclination", 8, 16, r"\s*\d+\.\d+\s*"),
        ("right ascension of the ascending node", 17, 25, r"\s*\d+\.\d+\s*"),
        ("eccentricity", 26, 33, r"\s*\d+\s*"),
        ("argument of perigee", 34, 42, r"\s*\d+\.\d+\s*"),
        ("mean anomaly", 43, 51, r"\s*\d+\.\d+\s*"),
        ("mean motion", 52, 63, r"\s*\d+\.\d+\s*"),
    ),
}


def tle_checksum(line: str) -> int:
    """Return the sum of the digits in a line's first 68 characters, a minus sign counting one, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[:_SUM_LENGTH] if c in "0123456789-") % 10


def _check_line(line: str, where: str) -> None:
    if len(line) != _LINE_LENGTH:
        raise InputError(f"{where}: an element line has {_LINE_LENGTH} characters, this one has {len(line)}")
    if not line.isascii():
        raise InputError(f"{where}: an element line holds plain ASCII characters only")
    for name, start, end, pattern in _FIELDS[line[0]]:
        if not re.fullmatch(pattern, line[start:end]):
            raise InputError(
                f"{where}, columns {start + 1}-{end}: the {name} is {line[start:end]!r}, not a number"
            )
    if not line[_SUM_LENGTH].isdigit():
        raise InputError(
            f"{where}, column {_LINE_LENGTH}: the checksum is {line[_SUM_LENGTH]!r}, not a digit"
        )
    expected, found = tle_checksum(line), int(line[_SUM_LENGTH])
    if expected != found:
        raise InputError(
            f"{where}: the checksum is broken: the line adds up to {expected}, its last digit is {found}; "
            "fetch the elements again"
        )


def _check_second_line(first: str, second: str, where: str) -> None:
    _check_line(second, where)
    if first[2:7] != second[2:7]:
        raise InputError(
            f"{where}: line 2 belongs to satellite {second[2:7].strip()}, line 1 to {first[2:7].strip()}"
        )


def _is_element_line(line: str, number: str) -> bool:
    return line.startswith(number + " ")


def _pairs(lines: list[str], path: Path, on_broken: BrokenSet | None) -> list[tuple[str, str, str]]:
    """Return (name, line 1, line 2) of every element set, all checked; broken ones raise, or are told and left out."""
    found: list[tuple[str, str, str]] = []
    name = ""
    index = 0
    while index < len(lines):
        try:
            name, index = _next(lines, index, name, path, found)
        except InputError as error:
            if on_broken is None:
                raise
            on_broken(InputError(f"{name}: {error}") if name else error)
            has_second = _is_element_line(lines[index], "1") and lines[index + 1 : index + 2]
            index += 2 if has_second and _is_element_line(lines[index + 1], "2") else 1
            name = ""
    if name:
        unfinished = InputError(
            f"{path}, line {len(lines)}: the name {name!r} is not followed by an element set"
        )
        if on_broken is None:
            raise unfinished
        on_broken(unfinished)
    return found


def _next(
    lines: list[str], index: int, name: str, path: Path, found: list[tuple[str, str, str]]
) -> tuple[str, int]:
    """Read what stands at a line, note a set that is complete; return the name that waits, and the next line."""
    line = lines[index]
    where = f"{path}, line {index + 1}"
    if not line.strip() or line.lstrip().startswith("#"):
        return name, index + 1
    if _is_element_line(line, "1"):
        _check_line(line, where)
        if index + 1 >= len(lines) or not _is_element_line(lines[index + 1], "2"):
            raise InputError(f"{where}: line 1 of an element set must be followed by its line 2")
        second = lines[index + 1]
        _check_second_line(line, second, f"{path}, line {index + 2}")
        found.append((name, line, second))
        return "", index + 2
    if _is_element_line(line, "2"):
        raise InputError(f"{where}: line 2 of an element set without its line 1 before it")
    if name:
        raise InputError(
            f"{where}: expected line 1 of the element set of {name!r}, found {line.strip()[:40]!r}"
        )
    return line.removeprefix("0 ").strip(), index + 1


def load_tle(path: Path | str, on_broken: BrokenSet | None = None) -> list[Satellite]:
    """Read a file of two-line element sets, with or without name lines.

    Empty lines and lines that begin with # are passed over; "0 " before a name is dropped; catalogue numbers
    may be in the Alpha-5 scheme.

    Parameters
    ----------
    path
        The file.
    on_broken
        Told of each element set that is broken, which is then left out; without it the first is an error.

    Returns
    -------
    list of Satellite
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, holds no element set, or a line is broken; the message names the line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: cannot read the element sets: {error.strerror}") from error
    if _CONTROL_CHARACTERS.search(text):
        raise InputError(f"{path}: not a text file; two-line element sets are plain text")
    lines = text.splitlines()
    sets = _pairs([line.rstrip() for line in lines], path, on_broken)
    if not sets:
        raise InputError(f"{path}: there is no two-line element set in this file")
    return _satellites(sets)


def satellites_from_lines(sets: list[tuple[str, str, str]]) -> list[Satellite]:
    """Return the satellites of element lines that stand in a scenario instead of a file.

    Parameters
    ----------
    sets
        (name, line 1, line 2) of each; an empty name becomes "NORAD n".

    Returns
    -------
    list of Satellite

    Raises
    ------
    InputError
        If a line is broken; the message names the satellite and the line.
    """
    trimmed = [(name, first.rstrip(), second.rstrip()) for name, first, second in sets]
    for name, first, second in trimmed:
        where = f"the elements of {name or 'a satellite'}"
        for number, line in (("1", first), ("2", second)):
            if not _is_element_line(line, number):
                raise InputError(f"{where}: line {number} begins with {line[:2]!r} instead of '{number} '")
        _check_line(first, f"{where}, line 1")
        _check_second_line(first, second, f"{where}, line 2")
    return _satellites(trimmed)


def _satellites(sets: list[tuple[str, str, str]]) -> list[Satellite]:
    from astropy.time import Time
    from sgp4.api import Satrec

    from skyforge.orbits.timescales import quiet_future

    models = [Satrec.twoline2rv(first, second) for _, first, second in sets]
    with quiet_future():
        epochs = Time(
            np.array([model.jdsatepoch for model in models]),
            np.array([model.jdsatepochF for model in models]),
            format="jd",
            scale="utc",
        )
    seconds = np.atleast_1d(tdb_seconds(epochs))
    return [
        Satellite(name or f"NORAD {model.satnum}", int(model.satnum), float(epoch), model)
        for (name, _, _), model, epoch in zip(sets, models, seconds, strict=True)
    ]
