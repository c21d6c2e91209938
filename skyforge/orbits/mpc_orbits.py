"""Orbits of asteroids and comets as the Minor Planet Center publishes them.

Read are MPCORB.DAT (and its parts, NEA.txt and the like), CometEls.txt, the JSON of the extended catalogue and of the
comets, and single orbits in mpc_orb JSON. All refer to the ecliptic of J2000.0 with the obliquity of IAU 1976,
84381.448" (mpc_orb files say so: EclipticObliquityArcseconds), which is also JPL's; times are TT.
"""

from __future__ import annotations

import difflib
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.heliocentric import HeliocentricElements, concatenated, elements_from_mean_anomaly
from skyforge.orbits.packed_designations import unpacked_designation, unpacked_epoch
from skyforge.orbits.timescales import DAY_S, J2000_JD
from skyforge.orbits.trajectory import FloatArray

_DEFAULT_SLOPE: Final = (
    0.15  # what the catalogue means where G is blank: Bowell et al. 1989, Asteroids II, 524
)
_MJD_ZERO_JD: Final = 2_400_000.5
# Columns from 0: minorplanetcenter.net/iau/info/MPOrbitFormat.html.
_ASTEROID_COLUMNS: Final = {
    "M": (26, 35),
    "Peri": (37, 46),
    "Node": (48, 57),
    "i": (59, 68),
    "e": (70, 79),
    "a": (92, 103),
}
# minorplanetcenter.net/iau/info/CometOrbitFormat.html.
_COMET_COLUMNS: Final = {"q": (30, 39), "e": (41, 49), "Peri": (51, 59), "Node": (61, 69), "i": (71, 79)}
_SHORTEST_ASTEROID, _SHORTEST_COMET = 103, 79
_GZIP: Final = b"\x1f\x8b"


def load_mpc_orbits(path: Path | str) -> HeliocentricElements:
    """Read a file of the Minor Planet Center; its content tells which kind.

    Parameters
    ----------
    path
        MPCORB.DAT or a part of it, CometEls.txt, mpcorb_extended.json, cometels.json, or an mpc_orb JSON file; gzip
        is unpacked.

    Returns
    -------
    HeliocentricElements
        In the order of the file; H is NaN where it is blank. Names are "433 Eros", "2020 AV2", "1P/Halley".

    Raises
    ------
    InputError
        If the file cannot be read or a line is broken; the message names it.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8", errors="replace")
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot read the orbits: {error}") from error
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _from_json(start, path)
    return _from_lines(text.splitlines(), path)


def find_body(elements: HeliocentricElements, query: str, source: str = "the file") -> int:
    """Return the row of a body by its number, designation or name, or all of them; letter case does not matter.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest.
    """
    wanted = " ".join(unpacked_designation(query).lower().split())
    whole = [name.lower() for name in elements.names]
    if wanted in whole:
        return whole.index(wanted)
    for row, name in enumerate(whole):
        number, _, rest = name.partition(" ")
        if wanted == number.removeprefix("(").removesuffix(")") or (number.isdigit() and wanted == rest):
            return row
        if "/" in name and wanted in (name.split("/")[0], name.split("/", 1)[1]):
            return row
    near = difflib.get_close_matches(wanted, whole, n=1, cutoff=0.5)
    hint = f"did you mean {elements.names[whole.index(near[0])]!r}? " if near else ""
    raise InputError(f"{source}: unknown body {query!r}: {hint}it holds {len(whole)} orbits")


def tdb_of_tt_julian_date(julian_date: FloatArray) -> FloatArray:
    """Return TDB seconds since J2000.0 of Julian dates TT; their 2 ms of difference move no asteroid by a metre."""
    return np.asarray((julian_date - J2000_JD) * DAY_S, dtype=np.float64)


def _julian_date(year: int, month: int, day: float) -> float:
    import erfa

    whole = int(day)
    zero, date = erfa.cal2jd(year, month, whole)
    return float(zero + date + (day - whole))


# fixed columns ------------------------------------------------------------------------------------
def _from_lines(lines: list[str], path: Path) -> HeliocentricElements:
    rule = next((n for n, line in enumerate(lines) if line.startswith("-----")), -1)
    rows = [(n, line) for n, line in enumerate(lines[rule + 1 :], start=rule + 2) if line.strip()]
    if not rows:
        raise InputError(f"{path}: there is no orbit in this file")
    if _is_comet_line(rows[0][1]):
        return _comets([_comet_line(line, f"{path}, line {n}") for n, line in rows], path)
    return _asteroid_lines(rows, path)


def _is_comet_line(line: str) -> bool:
    return len(line) > 4 and line[4:5] in "CPDXAI" and line[14:18].strip().isdigit() and line[18:19] == " "


def _column(rows: Sequence[tuple[int, str]], name: str, span: tuple[int, int], path: Path) -> FloatArray:
    try:
        return np.array([line[slice(*span)] for _, line in rows]).astype(np.float64)
    except ValueError:
        for number, line in rows:
            _number(line[slice(*span)], name, f"{path}, line {number}")
        raise


def _number(text: str, name: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{where}: {name} is {text.strip()!r}, not a number") from None


def _asteroid_lines(rows: list[tuple[int, str]], path: Path) -> HeliocentricElements:
    for number, line in rows:
        if len(line) < _SHORTEST_ASTEROID:
            raise InputError(
                f"{path}, line {number}: an orbit line has {_SHORTEST_ASTEROID} characters or more, this one "
                f"{len(line)}"
            )
    packed = np.array([line[20:25] for _, line in rows])
    epochs, inverse = np.unique(packed, return_inverse=True)
    dates = np.empty(epochs.size)
    for index, epoch in enumerate(epochs):
        try:
            dates[index] = _julian_date(*unpacked_epoch(str(epoch)))
        except InputError as error:
            number = rows[int(np.flatnonzero(inverse == index)[0])][0]
            raise InputError(f"{path}, line {number}: {error}") from None
    column = {name: _column(rows, name, span, path) for name, span in _ASTEROID_COLUMNS.items()}
    return elements_from_mean_anomaly(
        [_asteroid_name(line) for _, line in rows],
        column["a"],
        column["e"],
        column["i"],
        column["Node"],
        column["Peri"],
        column["M"],
        tdb_of_tt_julian_date(dates[inverse]),
        absolute_magnitude=_magnitudes(rows, (8, 13), np.nan),
        slope=_magnitudes(rows, (14, 19), _DEFAULT_SLOPE),
    )


def _magnitudes(rows: list[tuple[int, str]], span: tuple[int, int], blank: float) -> FloatArray:
    return np.array([float(line[slice(*span)].strip() or blank) for _, line in rows])


def _asteroid_name(line: str) -> str:
    """Return the readable designation of a line, without the brackets around a number; or its packed one, unpacked."""
    readable = line[166:194].strip()
    if not readable:
        return unpacked_designation(line[:7])
    number, bracket, name = readable.partition(")")
    return f"{number[1:]}{name}".strip() if bracket and number.startswith("(") else readable


def _comet_line(line: str, where: str) -> dict[str, Any]:
    if len(line.rstrip()) < _SHORTEST_COMET:
        raise InputError(
            f"{where}: a comet's line has {_SHORTEST_COMET} characters or more, this one {len(line)}"
        )
    fields: dict[str, Any] = {
        name: _number(line[slice(*span)], name, where) for name, span in _COMET_COLUMNS.items()
    }
    fields["passage"] = _date([line[14:18], line[19:21], line[22:29]], "the perihelion passage", where)
    epoch = [line[81:85], line[85:87], line[87:89]]
    fields["epoch"] = _date(epoch, "the epoch", where) if epoch[0].strip() else fields["passage"]
    fields["H"] = line[91:95].strip() or np.nan
    fields["name"] = line[102:158].strip() or unpacked_designation(line[5:12])
    return fields


def _date(parts: Sequence[Any], name: str, where: str) -> float:
    try:
        return _julian_date(int(parts[0]), int(parts[1]), float(parts[2]))
    except (ValueError, TypeError):
        shown = " ".join(str(part).strip() for part in parts)
        raise InputError(f"{where}: {name} is {shown!r}, not a date") from None


def _comets(rows: list[dict[str, Any]], path: Path) -> HeliocentricElements:
    def column(name: str) -> FloatArray:
        try:
            return np.array([float(row[name]) for row in rows])
        except (KeyError, TypeError, ValueError):
            bad = next((row for row in rows if not _is_number(row.get(name))), rows[0])
            raise InputError(
                f"{path} ({bad.get('name', 'an orbit')}): {name} is missing or not a number"
            ) from None

    return HeliocentricElements(
        names=tuple(str(row["name"]) for row in rows),
        perihelion_au=column("q"),
        eccentricity=column("e"),
        inclination_deg=column("i"),
        node_deg=column("Node"),
        argument_of_perihelion_deg=column("Peri"),
        perihelion_time_tdb_s=tdb_of_tt_julian_date(column("passage")),
        epoch_tdb_s=tdb_of_tt_julian_date(column("epoch")),
        absolute_magnitude=column("H"),
        slope=np.full(len(rows), _DEFAULT_SLOPE),
    )


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


# JSON ---------------------------------------------------------------------------------------------
def _from_json(text: str, path: Path) -> HeliocentricElements:
    try:
        content: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: not JSON: {error.msg}") from None
    rows = content if isinstance(content, list) else [content]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{path}: expected an orbit, or a list of orbits, as the Minor Planet Center writes them"
        )
    parts = [
        reader([row for row in rows if _kind(row, path) == kind], path)
        for kind, reader in (("asteroid", _asteroid_rows), ("comet", _comet_rows), ("mpc_orb", _mpc_orb_rows))
        if any(_kind(row, path) == kind for row in rows)
    ]
    return parts[0] if len(parts) == 1 else concatenated(parts)


def _kind(row: dict[str, Any], path: Path) -> str:
    if "COM" in row and "epoch_data" in row:
        return "mpc_orb"
    if "Perihelion_dist" in row:
        return "comet"
    if "M" in row and "a" in row:
        return "asteroid"
    raise InputError(
        f"{path}: an entry is no orbit as the Minor Planet Center writes them: it has {', '.join(row)[:80]}"
    )


def _asteroid_rows(rows: list[dict[str, Any]], path: Path) -> HeliocentricElements:
    names = [
        " ".join(
            part
            for part in (
                str(row.get("Number") or "").strip("()"),
                str(row.get("Name") or ("" if row.get("Number") else row.get("Principal_desig") or "")),
            )
            if part
        )
        for row in rows
    ]

    def column(key: str, default: float | None = None) -> FloatArray:
        values = np.empty(len(rows))
        for index, row in enumerate(rows):
            value: Any = default if row.get(key) is None else row[key]
            if not _is_number(value):
                raise InputError(f"{path} ({names[index]}): {key} is {row.get(key)!r}, not a number")
            values[index] = float(value)
        return values

    return elements_from_mean_anomaly(
        names,
        column("a"),
        column("e"),
        column("i"),
        column("Node"),
        column("Peri"),
        column("M"),
        tdb_of_tt_julian_date(column("Epoch")),
        absolute_magnitude=column("H", np.nan),
        slope=column("G", _DEFAULT_SLOPE),
    )


def _comet_rows(rows: list[dict[str, Any]], path: Path) -> HeliocentricElements:
    plain = []
    for row in rows:
        name = str(row.get("Designation_and_name") or "a comet")
        passage, epoch = (
            [row.get(f"{part}{suffix}") for part in parts]
            for parts, suffix in (
                (("Year", "Month", "Day"), "_of_perihelion"),
                (("Epoch_year", "Epoch_month", "Epoch_day"), ""),
            )
        )
        fields = {**row, "q": row.get("Perihelion_dist"), "name": name, "H": row.get("H", np.nan)}
        fields["passage"] = _date(passage, "the perihelion passage", f"{path} ({name})")
        known = epoch[0] is not None
        fields["epoch"] = _date(epoch, "the epoch", f"{path} ({name})") if known else fields["passage"]
        plain.append(fields)
    return _comets(plain, path)


def _mpc_orb_rows(rows: list[dict[str, Any]], path: Path) -> HeliocentricElements:
    return _comets([_mpc_orb_row(row, path) for row in rows], path)


def _mpc_orb_row(row: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the cometary elements of an orbit in mpc_orb JSON (version 0.4 and later)."""
    about = row.get("designation_data") or {}
    name = str(about.get("permid") or about.get("unpacked_primary_provisional_designation") or "a body")
    if about.get("permid") and about.get("name"):
        name = f"{name} {about['name']}"
    where = f"{path} ({name})"
    com, epoch = row["COM"], row["epoch_data"]
    values = dict(zip(com.get("coefficient_names", ()), com.get("coefficient_values", ()), strict=False))
    if epoch.get("timeform", "MJD") != "MJD" or epoch.get("timesystem", "TDT") not in ("TDT", "TT"):
        raise InputError(
            f"{where}: its epoch is in {epoch.get('timeform')} {epoch.get('timesystem')}, not in MJD TT"
        )
    missing = [key for key in ("q", "e", "i", "node", "argperi", "peri_time") if key not in values]
    if missing or not _is_number(epoch.get("epoch")):
        raise InputError(f"{where}: COM lacks {', '.join(missing) or 'its epoch'}")
    magnitude = row.get("magnitude_data") or {}
    return {
        "name": name,
        "q": values["q"],
        "e": values["e"],
        "i": values["i"],
        "Node": values["node"],
        "Peri": values["argperi"],
        "passage": float(values["peri_time"]) + _MJD_ZERO_JD,
        "epoch": float(epoch["epoch"]) + _MJD_ZERO_JD,
        "H": magnitude.get("H") if magnitude.get("H") is not None else np.nan,
    }
