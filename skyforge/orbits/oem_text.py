"""The text of orbit ephemeris messages in keyword-value notation (CCSDS 502.0-B-3, sections 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.center_names import center_named, center_names
from skyforge.orbits.ephemeris_frames import READABLE_FRAMES, frame_named, is_earths
from skyforge.orbits.interpolation import Interpolation, StateTable
from skyforge.orbits.message_times import message_times
from skyforge.orbits.trajectory import FloatArray

_REQUIRED: Final = (
    "OBJECT_NAME",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
)
# The standard leaves the method to the reader where the file says nothing; states with velocities are best used so.
_DEFAULT: Final = (Interpolation.HERMITE, 7)
_WITH_VELOCITY, _WITH_ACCELERATION = (
    7,
    10,
)  # columns of a line: time, place, velocity, and the optional acceleration
_MOST_DEGREE: Final = 30


@dataclass
class _Raw:
    """A segment as its lines are: metadata with their line numbers, and data lines."""

    keys: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[int, list[str]]] = field(default_factory=list)
    number: int = 0


@dataclass(frozen=True)
class OemBlock:
    """A segment, understood."""

    name: str
    identifier: str
    center: str
    frame: str
    table: StateTable
    usable_tdb_s: tuple[float, float]


def read_blocks(path: Path) -> list[OemBlock]:
    """Return the segments of a file.

    Raises
    ------
    InputError
        If the file cannot be read or breaks the format; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot read the ephemeris: {error.strerror}") from error
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a text file; an orbit ephemeris message is plain text") from None
    if text.lstrip().startswith("<"):
        raise InputError(
            f"{path}: an orbit ephemeris message in XML; skyforge reads them in KVN (KEYWORD = value)"
        )
    if not text.lstrip().startswith("CCSDS_OEM_VERS"):
        raise InputError(f"{path}, line 1: an orbit ephemeris message begins with CCSDS_OEM_VERS")
    blocks = [_understood(raw, path) for raw in _segments(text.splitlines(), path)]
    if not blocks:
        raise InputError(f"{path}: there is no META_START, and so no ephemeris, in this file")
    return blocks


def _segments(lines: list[str], path: Path) -> Iterator[_Raw]:
    raw: _Raw | None = None
    in_meta = in_covariance = False
    for number, line in enumerate((one.strip() for one in lines), start=1):
        if not line or line.startswith("COMMENT"):
            continue
        if line == "META_START":
            if raw is not None:
                yield raw
            raw, in_meta, in_covariance = _Raw(number=number), True, False
        elif line == "META_STOP":
            in_meta = False
        elif line in ("COVARIANCE_START", "COVARIANCE_STOP"):
            in_covariance = line.endswith("START")
        elif not in_covariance:
            _take_line(raw, in_meta, line, number, path)
    if raw is not None:
        yield raw


def _take_line(raw: _Raw | None, in_meta: bool, line: str, number: int, path: Path) -> None:
    """Put a keyword or a state where it belongs; keywords before the first segment are the header's."""
    where = f"{path}, line {number}"
    if "=" in line:
        key, _, value = (part.strip() for part in line.partition("="))
        if raw is not None and not in_meta:
            raise InputError(f"{where}: the keyword {key} stands outside META_START … META_STOP")
        if raw is not None:
            raw.keys[key] = value
    elif raw is None or in_meta:
        raise InputError(f"{where}: expected KEYWORD = value, found {line[:40]!r}")
    else:
        raw.lines.append((number, line.split()))


def _understood(raw: _Raw, path: Path) -> OemBlock:
    where = f"{path}, the segment of line {raw.number}"
    for key in _REQUIRED:
        if not raw.keys.get(key):
            raise InputError(f"{where}: {key} is missing")
    name = raw.keys["OBJECT_NAME"]
    where = f"{where} ({name})"
    center = center_named(raw.keys["CENTER_NAME"])
    if center is None:
        raise InputError(
            f"{where}: CENTER_NAME is {raw.keys['CENTER_NAME']!r}; skyforge reads {', '.join(center_names())}"
        )
    frame = _frame(raw.keys, center, where)
    times, states = _states(raw, path, where)
    method, degree = _method(raw.keys, where)
    points = (degree + 1) // 2 if method is Interpolation.HERMITE else degree + 1
    table = StateTable(times, states[:, :3], states[:, 3:], method, points)
    return OemBlock(
        name, raw.keys.get("OBJECT_ID", ""), center, frame, table, _usable(raw.keys, times, where)
    )


def _frame(keys: dict[str, str], center: str, where: str) -> str:
    frame = frame_named(keys["REF_FRAME"])
    if frame is None:
        raise InputError(f"{where}: REF_FRAME is {keys['REF_FRAME']!r}; skyforge reads {READABLE_FRAMES}")
    if is_earths(frame) and center != "earth":
        raise InputError(
            f"{where}: REF_FRAME {keys['REF_FRAME']} is the Earth's, but CENTER_NAME is {keys['CENTER_NAME']}"
        )
    return frame


def _states(raw: _Raw, path: Path, where: str) -> tuple[FloatArray, FloatArray]:
    """Return times (n,) in TDB seconds and states (n, 6)."""
    if not raw.lines:
        raise InputError(f"{where}: there is no state in it")
    for number, parts in raw.lines:
        if len(parts) not in (_WITH_VELOCITY, _WITH_ACCELERATION):
            raise InputError(
                f"{path}, line {number}: expected a time with 6 or 9 numbers, found {len(parts)} entries"
            )
    try:
        states = np.array([[float(value) for value in parts[1:_WITH_VELOCITY]] for _, parts in raw.lines])
    except ValueError:
        raise _wrong_number(raw, path) from None
    if not np.all(np.isfinite(states)):
        number = raw.lines[int(np.flatnonzero(~np.isfinite(states).all(axis=1))[0])][0]
        raise InputError(f"{path}, line {number}: a state must be finite numbers")
    try:
        times = message_times([parts[0] for _, parts in raw.lines], raw.keys["TIME_SYSTEM"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    backwards = np.flatnonzero(np.diff(times) <= 0.0)
    if backwards.size:
        number = raw.lines[int(backwards[0]) + 1][0]
        raise InputError(f"{path}, line {number}: the time is not after that of the line before")
    return times, states


def _wrong_number(raw: _Raw, path: Path) -> InputError:
    for number, parts in raw.lines:
        for value in parts[1:_WITH_VELOCITY]:
            try:
                float(value)
            except ValueError:
                return InputError(f"{path}, line {number}: {value!r} is not a number")
    return InputError(f"{path}: a state is not made of numbers")


def _method(keys: dict[str, str], where: str) -> tuple[Interpolation, int]:
    text = keys.get("INTERPOLATION", "").upper()
    if not text:
        return _DEFAULT
    if text not in Interpolation.__members__:
        known = ", ".join(Interpolation.__members__)
        raise InputError(f"{where}: INTERPOLATION is {text!r}; skyforge reads {known}")
    method = Interpolation[text]
    if method is Interpolation.LINEAR:
        return method, 1
    degree = keys.get("INTERPOLATION_DEGREE", "")
    if not degree.isdigit() or not 1 <= int(degree) <= _MOST_DEGREE:
        raise InputError(
            f"{where}: INTERPOLATION_DEGREE is {degree!r}; a whole number from 1 to {_MOST_DEGREE} is needed"
        )
    return method, int(degree)


def _usable(keys: dict[str, str], times: FloatArray, where: str) -> tuple[float, float]:
    """Return the span in which the file may be used, never beyond its states."""
    wanted = [keys.get(f"USEABLE_{end}_TIME") or keys[f"{end}_TIME"] for end in ("START", "STOP")]
    try:
        start, stop = message_times(wanted, keys["TIME_SYSTEM"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    usable = (max(float(start), float(times[0])), min(float(stop), float(times[-1])))
    if usable[1] < usable[0]:
        raise InputError(f"{where}: its usable span, {wanted[0]} to {wanted[1]}, holds none of its states")
    return usable
