"""Reading orbit mean-elements messages (CCSDS 502.0-B-3, section 4): XML, KVN, CSV and JSON.

They carry what two-line element sets carry, with catalogue numbers of any length.
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.satellite import Satellite
from skyforge.orbits.timescales import quiet_future, tdb_seconds
from skyforge.orbits.tle import BrokenSet

Fields = dict[str, str]

_REVOLUTIONS_DAY_TO_RAD_MIN: Final = 2.0 * np.pi / 1440.0
_MINUTES_PER_DAY: Final = 1440.0
# SGP4's interface counts its epoch in days from 1949 December 31 00:00 UTC.
_SGP4_EPOCH_JD: Final = 2_433_281.5
_LARGEST_ALPHA_5_NUMBER: Final = 339_999
_EXPECTED: Final = {
    "CENTER_NAME": ("EARTH",),
    "REF_FRAME": ("TEME",),
    "TIME_SYSTEM": ("UTC",),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
}


def _from_xml(text: str, path: Path) -> list[Fields]:
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise InputError(f"{path}: an XML message must not declare a document type or entities")
    try:
        root = ET.fromstring(text)  # noqa: S314  (no entities: refused above)
    except ET.ParseError as error:
        raise InputError(f"{path}: not well-formed XML: {error}") from None
    return [
        {_local_name(one.tag): (one.text or "").strip() for one in segment.iter()}
        for segment in root.iter()
        if _local_name(segment.tag) == "segment"
    ]


def _local_name(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _from_kvn(text: str, path: Path) -> list[Fields]:
    messages: list[Fields] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("COMMENT"):
            continue
        key, separator, value = line.partition("=")
        if not separator:
            raise InputError(f"{path}, line {number}: expected KEYWORD = value, found {line[:40]!r}")
        key = key.strip()
        if not messages or (key in ("CCSDS_OMM_VERS", "OBJECT_NAME") and key in messages[-1]):
            messages.append({})
        messages[-1][key] = value.split("[")[0].strip()
    return messages


def _from_csv(text: str, path: Path) -> list[Fields]:
    rows = list(csv.DictReader(io.StringIO(text)))
    if any(None in row or None in row.values() for row in rows):
        raise InputError(f"{path}: a row has more or fewer columns than the header")
    return [{key.strip(): value.strip() for key, value in row.items()} for row in rows]


def _from_json(text: str, path: Path) -> list[Fields]:
    try:
        content: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: not JSON: {error.msg}") from None
    messages = content if isinstance(content, list) else [content]
    if not all(isinstance(message, dict) for message in messages):
        raise InputError(f"{path}: expected a list of objects with the keywords of an OMM")
    return [{str(key): str(value) for key, value in one.items() if value is not None} for one in messages]


def _messages(text: str, path: Path) -> list[Fields]:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _from_xml(start, path)
    if start.startswith(("[", "{")):
        return _from_json(start, path)
    if "=" in start.split("\n", 1)[0] or start.startswith("COMMENT"):
        return _from_kvn(start, path)
    return _from_csv(start, path)


def _number(fields: Fields, key: str, where: str, default: float | None = None) -> float:
    text = fields.get(key, "")
    if not text:
        if default is None:
            raise InputError(f"{where}: {key} is missing")
        return default
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{where}: {key} is {text!r}, not a number") from None
    if not np.isfinite(value):
        raise InputError(f"{where}: {key} is {text!r}, not a finite number")
    return value


def _check_conventions(fields: Fields, where: str) -> None:
    for key, allowed in _EXPECTED.items():
        value = fields.get(key, allowed[0]).upper()
        if value not in allowed:
            raise InputError(f"{where}: {key} is {value!r}; skyforge reads {' or '.join(allowed)}")


def _mean_motion(fields: Fields, where: str) -> float:
    """Return the mean motion in revolutions a day, from itself or from the semi-major axis."""
    if fields.get("MEAN_MOTION") or not fields.get("SEMI_MAJOR_AXIS"):
        return _number(fields, "MEAN_MOTION", where)
    gm = _number(fields, "GM", where, default=398_600.8)  # WGS72, SGP4's own
    axis = _number(fields, "SEMI_MAJOR_AXIS", where)
    if axis <= 0.0:
        raise InputError(f"{where}: SEMI_MAJOR_AXIS is {axis:g} km; it must be above 0")
    return float(np.sqrt(gm / axis**3) * 86_400.0 / (2.0 * np.pi))


def _satellite(fields: Fields, where: str) -> Satellite:
    from astropy.time import Time
    from sgp4.api import WGS72, Satrec

    _check_conventions(fields, where)
    number = int(_number(fields, "NORAD_CAT_ID", where))
    name = fields.get("OBJECT_NAME") or f"NORAD {number}"
    where = f"{where} ({name})"
    motion = _mean_motion(fields, where)
    eccentricity = _number(fields, "ECCENTRICITY", where)
    if motion <= 0.0 or not 0.0 <= eccentricity < 1.0:
        raise InputError(f"{where}: MEAN_MOTION {motion:g} and ECCENTRICITY {eccentricity:g} are no orbit's")
    try:
        with quiet_future():
            epoch = Time(fields.get("EPOCH", "").removesuffix("Z"), scale="utc")
    except ValueError:
        raise InputError(
            f"{where}: EPOCH is {fields.get('EPOCH', '')!r}, not a time like 2030-03-01T00:00:00"
        ) from None
    angles = np.deg2rad(
        [
            _number(fields, key, where)
            for key in ("ARG_OF_PERICENTER", "INCLINATION", "MEAN_ANOMALY", "RA_OF_ASC_NODE")
        ]
    )
    model = Satrec()
    model.sgp4init(
        WGS72,
        "i",
        # SGP4 keeps the number only to show it, and has room for five characters.
        number if 0 <= number <= _LARGEST_ALPHA_5_NUMBER else 0,
        (epoch.jd1 - _SGP4_EPOCH_JD) + epoch.jd2,
        _number(fields, "BSTAR", where, default=0.0),
        _number(fields, "MEAN_MOTION_DOT", where, default=0.0)
        * _REVOLUTIONS_DAY_TO_RAD_MIN
        / _MINUTES_PER_DAY,
        _number(fields, "MEAN_MOTION_DDOT", where, default=0.0)
        * _REVOLUTIONS_DAY_TO_RAD_MIN
        / _MINUTES_PER_DAY**2,
        eccentricity,
        angles[0],
        angles[1],
        angles[2],
        motion * _REVOLUTIONS_DAY_TO_RAD_MIN,
        angles[3],
    )
    return Satellite(name, number, float(tdb_seconds(epoch)), model)


def load_omm(path: Path | str, on_broken: BrokenSet | None = None) -> list[Satellite]:
    """Read orbit mean-elements messages in XML, KVN, CSV or JSON; the content tells which.

    Parameters
    ----------
    path
        The file; one message or many.
    on_broken
        Told of each message that is no orbit, which is then left out; without it the first is an error.

    Returns
    -------
    list of Satellite
        In the order of the file; catalogue numbers of six and more digits are kept.

    Raises
    ------
    InputError
        If the file cannot be read, holds no message, lacks an element, or is not meant for SGP4.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot read the mean elements: {error.strerror}") from error
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a text file") from None
    messages = _messages(text, path)
    if not messages:
        raise InputError(f"{path}: there is no orbit mean-elements message in this file")
    found = []
    for index, fields in enumerate(messages, start=1):
        try:
            found.append(_satellite(fields, f"{path}, message {index}"))
        except InputError as error:
            if on_broken is None:
                raise
            on_broken(error)
    return found
