"""A star table of the user's own, from any file that astropy reads."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.stars.table import StarTable

# Our name of each column and the unit that a column without a unit is taken to have.
UNITS = {
    "ra": "deg",
    "dec": "deg",
    "g_mag": "mag",
    "bp_rp": "mag",
    "pm_ra": "mas / yr",
    "pm_dec": "mas / yr",
    "parallax": "mas",
    "epoch": "yr",
    "source_id": "",
}
_REQUIRED = ("ra", "dec", "g_mag")
_BRIGHTEST_G, _FAINTEST_G = (
    -30.0,
    40.0,
)  # brighter than the Sun; fainter than any survey: a mark, not a magnitude
# Files whose name does not tell astropy their format, though they hold columns of text.
_TEXT_SUFFIXES = ("", ".asc", ".dat", ".tab", ".tbl", ".tsv", ".txt")
# The Sun's colour: Casagrande & VandenBerg (2018), MNRAS 479, L102.
DEFAULT_BP_RP = 0.82
DEFAULT_EPOCH_JYEAR = 2000.0
_DEFAULTS = {
    "bp_rp": DEFAULT_BP_RP,
    "pm_ra": 0.0,
    "pm_dec": 0.0,
    "parallax": 0.0,
    "epoch": DEFAULT_EPOCH_JYEAR,
}


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known names nearest to `name`, or all of them."""
    names = list(known)
    lowered = {other.lower(): other for other in names}
    close = difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(lowered[other] for other in close) + "?"
    return "it has " + (", ".join(names) if names else "no columns")


def _load(path: Path) -> Any:
    """Return the astropy table in a file."""
    from astropy.io.registry import IORegistryError
    from astropy.table import Table

    if not path.is_file():
        raise InputError(f"there is no star table {path}; give the path of a file that exists")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return Table.read(path)
            except IORegistryError:
                if path.suffix.lower() not in _TEXT_SUFFIXES:
                    raise
                return Table.read(path, format="ascii")
    # The readers of a dozen formats raise whatever their parsers raise.
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise InputError(
            f"cannot read the star table {path} ({reason[0] if reason else type(error).__name__}); "
            "give ECSV, FITS, CSV, VOTable or another format that astropy.table reads"
        ) from error


def _values(column: Any, name: str, where: str) -> NDArray[np.float64]:
    """Return a column's numbers in our unit, NaN where they are masked."""
    import astropy.units as u
    from astropy.coordinates import Angle

    unit = u.Unit(UNITS[name])
    try:
        if column.dtype.kind in "US":
            if name not in ("ra", "dec"):
                raise ValueError("it holds text")  # noqa: TRY301
            # Text is sexagesimal, and then right ascension is in hours.
            text = np.asarray(column.filled("nan") if hasattr(column, "filled") else column, dtype=str)
            angle = Angle(text, unit=u.hourangle if name == "ra" else u.deg)
            return np.asarray(angle.to_value(u.deg), dtype=np.float64)
        mask = np.asarray(getattr(column, "mask", False), dtype=bool)
        plain = np.asarray(getattr(column, "value", column), dtype=np.float64)
        if column.unit is not None:
            plain = np.asarray(u.Quantity(plain, column.unit).to_value(unit), dtype=np.float64)
        return np.where(mask, np.nan, plain)
    except (ValueError, TypeError, u.UnitsError) as error:
        raise InputError(
            f"{where}: the column {column.info.name!r} cannot be used as {name}: {error}"
        ) from error


def _identifiers(column: Any, length: int) -> NDArray[np.int64]:
    """Return integer identifiers; the row numbers, from 1, where the table has none."""
    if column is None or column.dtype.kind not in "iu" or np.any(getattr(column, "mask", False)):
        return np.arange(1, length + 1, dtype=np.int64)
    return np.asarray(column, dtype=np.int64)


def _check_columns(columns: Mapping[str, str | float], table: Any, where: str) -> None:
    """Refuse a mapping with unknown names on either side, or without the columns that every star needs."""
    for name, theirs in columns.items():
        if name not in UNITS:
            raise InputError(f"{where}: there is no star column {name!r}; {_nearest(name, UNITS)}")
        if isinstance(theirs, str) and theirs not in table.colnames:
            hint = _nearest(theirs, table.colnames)
            raise InputError(f"{where}: the table has no column {theirs!r} (for {name}); {hint}")
        if not isinstance(theirs, str) and name != "epoch":
            raise InputError(f"{where}: {name} must be the name of a column; found {theirs!r}")
    for name in _REQUIRED:
        if name not in columns and name not in table.colnames:
            hint = _nearest(name, table.colnames)
            raise InputError(f"{where}: say which column holds {name}; {hint}")


def _check_places(numbers: Mapping[str, NDArray[np.float64]], where: str) -> None:
    """Refuse stars without a place or a magnitude."""
    for name in _REQUIRED:
        bad = np.flatnonzero(~np.isfinite(numbers[name]))
        if bad.size:
            raise InputError(
                f"{where}: {name} is missing in {bad.size} of {numbers[name].size} rows, "
                f"first in row {bad[0] + 1}; remove these rows or fill them in"
            )
    off = np.flatnonzero(np.abs(numbers["dec"]) > 90.0)
    if off.size:
        value = numbers["dec"][off[0]]
        raise InputError(f"{where}: dec is {value:g} deg in row {off[0] + 1}; it must lie between -90 and 90")
    magnitude = numbers["g_mag"]
    off = np.flatnonzero((magnitude < _BRIGHTEST_G) | (magnitude > _FAINTEST_G))
    if off.size:
        raise InputError(
            f"{where}: g_mag is {magnitude[off[0]]:g} in row {off[0] + 1}; it must lie between {_BRIGHTEST_G:g} and "
            f"{_FAINTEST_G:g}: is it the catalogue's mark for a missing value?"
        )


def read_table(path: str | Path, columns: Mapping[str, str | float] | None = None) -> StarTable:
    """Return the stars of a user's own file: anything that `astropy.table` reads.

    Parameters
    ----------
    path
        ECSV, FITS, CSV, VOTable, Parquet, ...
    columns
        Which of the file's columns holds what, our name → the file's: ra, dec and g_mag are needed, bp_rp,
        pm_ra (with cos dec), pm_dec, parallax, epoch and source_id may be left out. A column that has our
        name already need not be listed. `epoch` may be a Julian year instead. A column's own unit is
        honoured; without one it is degrees, mas, mas/yr, Julian years and magnitudes. Text is sexagesimal,
        with right ascension in hours.

    Returns
    -------
    StarTable
        Missing proper motions and parallaxes are 0, a missing colour is the Sun's (0.82), the epoch J2000.0.

    Raises
    ------
    InputError
        If the file or a column is missing, the format or a unit is not understood, or a star has no place.
    """
    path = Path(path)
    where = str(path)
    table = _load(path)
    mapping: dict[str, str | float] = {name: name for name in UNITS if name in table.colnames}
    mapping.update(columns or {})
    _check_columns(mapping, table, where)
    length = len(table)
    numbers = {}
    for name in UNITS:
        if name == "source_id":
            continue
        theirs = mapping.get(name, _DEFAULTS.get(name, np.nan))
        if isinstance(theirs, str):
            values = _values(table[theirs], name, where)
            # NaN in what is needed is refused below; elsewhere it means "unknown".
            numbers[name] = np.where(np.isnan(values), _DEFAULTS.get(name, np.nan), values)
        else:
            numbers[name] = np.full(length, float(theirs))
    _check_places(numbers, where)
    identifiers = mapping.get("source_id")
    return StarTable(
        source_id=_identifiers(table[identifiers] if isinstance(identifiers, str) else None, length),
        ra_deg=numbers["ra"] % 360.0,
        dec_deg=numbers["dec"],
        epoch_jyear=numbers["epoch"],
        pm_ra_mas_yr=numbers["pm_ra"],
        pm_dec_mas_yr=numbers["pm_dec"],
        parallax_mas=numbers["parallax"],
        g_mag=numbers["g_mag"],
        bp_rp=numbers["bp_rp"],
        catalog=path.stem,
    )
