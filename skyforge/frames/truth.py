"""The truth: one row per source per frame, in columns whose units are written beside them."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from enum import IntFlag
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from skyforge.errors import InputError, SkyforgeError
from skyforge.frames.files import hidden_until_complete, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class TruthFlag(IntFlag):
    """What befell a source; the bits of the column ``flags``."""

    SATURATED = 1
    """A pixel of the source reaches the full well or the converter's last step."""
    OCCULTED = 2
    """Hidden behind the Earth or the Moon at mid-exposure."""
    ECLIPSED = 4
    """In the umbra at mid-exposure: no sunlight falls on it."""
    PENUMBRA = 8
    """Part of the Sun is hidden from it at mid-exposure."""
    EDGE = 16
    """Its image or trail is cut by the detector's edge."""
    OUTSIDE = 32
    """None of its light falls on the detector."""
    SYNTHETIC = 64
    """Drawn from the statistical model of faint stars, not from a catalogue."""


_TEXT = pa.dictionary(pa.int32(), pa.string())


def _column(name: str, kind: pa.DataType, unit: str, meaning: str, *, required: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=not required, metadata={"unit": unit, "description": meaning})


TRUTH_SCHEMA = pa.schema(
    [
        _column("frame", pa.int32(), "", "number of the frame", required=True),
        _column("source_id", pa.int64(), "", "identifier within its kind and catalogue", required=True),
        _column("name", _TEXT, "", "name of a target; null for stars without one"),
        _column("kind", _TEXT, "", "star, satellite, debris, asteroid, ...", required=True),
        _column("ra_deg", pa.float64(), "deg", "astrometric ICRF right ascension", required=True),
        _column("dec_deg", pa.float64(), "deg", "astrometric ICRF declination", required=True),
        _column(
            "ra_app_deg", pa.float64(), "deg", "apparent right ascension, with aberration", required=True
        ),
        _column("dec_app_deg", pa.float64(), "deg", "apparent declination, with aberration", required=True),
        _column("x", pa.float64(), "pix", "column at mid-exposure; 0 is the first pixel's centre"),
        _column("y", pa.float64(), "pix", "row at mid-exposure; 0 is the first pixel's centre"),
        _column("x_start", pa.float64(), "pix", "column where the exposure begins"),
        _column("y_start", pa.float64(), "pix", "row where the exposure begins"),
        _column("x_end", pa.float64(), "pix", "column where the exposure ends"),
        _column("y_end", pa.float64(), "pix", "row where the exposure ends"),
        _column("mag", pa.float32(), "mag", "magnitude in the band of this row"),
        _column("band", _TEXT, "", "G (Gaia, Vega) or V (Johnson)"),
        _column(
            "electrons", pa.float32(), "electron", "expected photo-electrons of the exposure", required=True
        ),
        _column(
            "peak_electrons", pa.float32(), "electron", "expected photo-electrons of the brightest pixel"
        ),
        _column("snr", pa.float32(), "", "signal-to-noise ratio of the optimal filter"),
        _column("range_km", pa.float64(), "km", "distance from the observer; null for stars"),
        _column("phase_angle_deg", pa.float32(), "deg", "angle Sun-target-observer"),
        _column("rate_arcsec_s", pa.float32(), "arcsec/s", "apparent rate against the stars"),
        _column("sunlit_fraction", pa.float32(), "", "visible part of the Sun's disk, 0 to 1"),
        _column("flags", pa.int32(), "", "sum of TruthFlag bits", required=True),
    ],
    metadata={"skyforge.table": "truth", "skyforge.version": "1"},
)
"""Columns of the truth table; each field's metadata holds its ``unit`` and ``description``."""

# Frames share a row group until they have so many rows, or are so many. What a Parquet writer remembers of a row group
# until the file is closed was measured as 20 kB, what a waiting table takes as 12 kB beside its rows.
ROW_GROUP_ROWS = 32_768
ROW_GROUP_FRAMES = 256

_TEXT_COLUMNS = [field.name for field in TRUTH_SCHEMA if pa.types.is_dictionary(field.type)]
# Exponents and mantissas stored apart: a twentieth smaller and no slower, measured on 2.5 million stars.
_COORDINATES = [
    "ra_deg",
    "dec_deg",
    "ra_app_deg",
    "dec_app_deg",
    "x",
    "y",
    "x_start",
    "y_start",
    "x_end",
    "y_end",
]


def truth_table(**columns: Any) -> pa.Table:
    """Make a truth table from columns.

    Parameters
    ----------
    **columns
        Columns of `TRUTH_SCHEMA`: arrays of shape ``(n,)``, or one value that every row shares. A column that
        may be null can be left out; NaN is stored as null. At least one column is an array.

    Returns
    -------
    pyarrow.Table
        With the columns in the schema's order. Tables of stars and targets join with
        ``pyarrow.concat_tables``.

    Raises
    ------
    SkyforgeError
        If a column is unknown, missing, of another length, or null where a value is required.
    """
    unknown = sorted(set(columns) - set(TRUTH_SCHEMA.names))
    if unknown:
        raise SkyforgeError(
            f"the truth has no column {unknown[0]!r}; its columns are {', '.join(TRUTH_SCHEMA.names)}"
        )
    lengths = {name: len(value) for name, value in columns.items() if not _is_scalar(value)}
    if not lengths:
        raise SkyforgeError("the truth needs at least one column given as an array")
    if len(set(lengths.values())) > 1:
        raise SkyforgeError(f"columns of the truth differ in length: {lengths}")
    rows = next(iter(lengths.values()))
    arrays = [_array(field, columns.get(field.name), rows) for field in TRUTH_SCHEMA]
    return pa.Table.from_arrays(arrays, schema=TRUTH_SCHEMA)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str) or np.ndim(value) == 0


def _array(field: pa.Field, value: Any, rows: int) -> pa.Array:
    if value is None:
        array = pa.nulls(rows, field.type)
    elif pa.types.is_dictionary(field.type):
        array = _text_array(value, rows)
    elif _is_scalar(value):
        array = pa.array(np.full(rows, value, dtype=field.type.to_pandas_dtype()), from_pandas=True)
    elif isinstance(value, pa.Array | pa.ChunkedArray):
        array = value.cast(field.type)
    else:
        array = pa.array(np.asarray(value, dtype=field.type.to_pandas_dtype()), from_pandas=True)
    if array.null_count and not field.nullable:
        raise SkyforgeError(f"column {field.name!r} of the truth needs a value in every row")
    return array


def _text_array(value: Any, rows: int) -> pa.DictionaryArray:
    if isinstance(value, str):
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array([value]))
    if isinstance(value, pa.ChunkedArray):
        value = value.combine_chunks()
    if not isinstance(value, pa.Array):
        value = pa.array([None if item is None else str(item) for item in value], pa.string())
    return value.cast(_TEXT) if pa.types.is_dictionary(value.type) else value.dictionary_encode().cast(_TEXT)


def empty_truth() -> pa.Table:
    """Return a truth table without rows."""
    return TRUTH_SCHEMA.empty_table()


class TruthWriter:
    """Writes the truth of a run frame by frame; made by `TruthWriter.open`."""

    def __init__(self, path: Path, writer: pq.ParquetWriter) -> None:
        self._path = path
        self._writer = writer
        self._waiting: list[pa.Table] = []

    @classmethod
    @contextmanager
    def open(cls, path: Path | str) -> Iterator[TruthWriter]:
        """Open one Parquet file for the truth of a run; it appears under its name when the block ends.

        A large frame is a row group of its own, so that it can be read alone; small ones share one. Only what
        is on its way to a row group is held in memory.

        Parameters
        ----------
        path
            Final name of the file.

        Yields
        ------
        TruthWriter
            Takes one table per frame.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        path = Path(path)
        with hidden_until_complete(path) as file:
            writer = pq.ParquetWriter(
                file,
                TRUTH_SCHEMA,
                compression="zstd",
                use_dictionary=_TEXT_COLUMNS,
                use_byte_stream_split=_COORDINATES,
            )
            truth = cls(path, writer)
            try:
                yield truth
                if truth._waiting:
                    truth._write_waiting()
            except BaseException:
                # A writer left open would try to finish the file when it is collected, when it is gone.
                with suppress(Exception):
                    writer.close()
                raise
            with writing(path):
                writer.close()

    def append(self, table: pa.Table) -> None:
        """Write the truth of the next frame.

        Parameters
        ----------
        table
            As `truth_table` makes it.

        Raises
        ------
        OutputError
            If the file cannot be written.
        SkyforgeError
            If the columns are not those of the truth.
        """
        if not table.schema.equals(TRUTH_SCHEMA):
            raise SkyforgeError(
                "a truth table must have the columns and types of TRUTH_SCHEMA; use truth_table()"
            )
        self._waiting.append(table)
        rows = sum(waiting.num_rows for waiting in self._waiting)
        if rows >= ROW_GROUP_ROWS or len(self._waiting) >= ROW_GROUP_FRAMES:
            self._write_waiting()

    def _write_waiting(self) -> None:
        table = pa.concat_tables([TRUTH_SCHEMA.empty_table(), *self._waiting]).unify_dictionaries()
        self._waiting.clear()
        with writing(self._path):
            self._writer.write_table(table, row_group_size=max(table.num_rows, 1))


def read_truth(path: Path | str, frame: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
    """Read the truth of a run, or of one of its frames.

    Parameters
    ----------
    path
        The file ``truth.parquet`` of a run.
    frame
        Number of the frame wanted; all of them by default.
    columns
        Names of the columns wanted; all of them by default.

    Returns
    -------
    pyarrow.Table
        The rows in the order they were written.

    Raises
    ------
    InputError
        If the file is missing or is not a truth table.
    """
    filters = None if frame is None else pc.field("frame") == frame
    try:
        return pq.read_table(path, columns=columns, filters=filters)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; a finished run has one") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path} cannot be read as a truth table: {error}") from error
