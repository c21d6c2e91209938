"""The table of windows on disk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from skyforge.errors import InputError
from skyforge.frames import atomic_file

FORMATS = (".csv", ".parquet")


def check_format(path: Path, formats: tuple[str, ...], option: str) -> None:
    """Refuse a file whose ending says no format that is written, or whose folder is not there.

    Raises
    ------
    InputError
        Naming the option.
    """
    if path.suffix.lower() not in formats:
        raise InputError(f"{option}: found {str(path)!r}; its ending must be one of {', '.join(formats)}")
    if not path.parent.is_dir():
        raise InputError(f"{option}: there is no folder {str(path.parent)!r}")


def write_windows(table: pa.Table, path: Path) -> None:
    """Write a table of windows as comma-separated values (instants in UTC) or as Parquet, by the file's ending.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with atomic_file(path) as file:
        if path.suffix.lower() == ".csv":
            pc.write_csv(table, file)
        else:
            pq.write_table(table, file, compression="zstd")
