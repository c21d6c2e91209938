"""The manifest of a run: which frames it holds and what their pixels sum to."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from skyforge.errors import InputError
from skyforge.frames.files import atomic_file, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST_SCHEMA = pa.schema(
    [
        pa.field(
            "file", pa.string(), nullable=False, metadata={"description": "path inside the run's folder"}
        ),
        pa.field("frame", pa.int32(), nullable=False, metadata={"description": "number of the frame"}),
        pa.field("sha256", pa.string(), nullable=False, metadata={"description": "SHA-256 of the pixels"}),
        pa.field(
            "seconds", pa.float64(), nullable=False, metadata={"description": "time to make it", "unit": "s"}
        ),
        pa.field("device", pa.string(), nullable=False, metadata={"description": "what rendered it"}),
    ],
    metadata={"skyforge.table": "manifest", "skyforge.version": "1"},
)
"""Columns of the manifest, one row per frame."""


def journal_file(path: Path) -> Path:
    """Return the hidden file beside a manifest that holds its rows while a run goes on."""
    return path.with_name(f".{path.stem}.jsonl")


class ManifestWriter:
    """Notes each finished frame of a run; made by `ManifestWriter.open`."""

    def __init__(self, path: Path, journal: BinaryIO) -> None:
        self._path = path
        self._journal = journal

    @classmethod
    @contextmanager
    def open(cls, path: Path | str) -> Iterator[ManifestWriter]:
        """Open the manifest of a run; it appears under its name when the block ends without an error.

        Until then every row stands, as a line of JSON, in a hidden journal beside it, so that a run that was
        interrupted or killed still says which of its frames are complete. `read_manifest` reads either.

        Parameters
        ----------
        path
            Final name: ``manifest.parquet`` in the run's folder.

        Yields
        ------
        ManifestWriter
            Takes one row per frame, in any order; the manifest has them in the order of the frames.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = Path(path)
        with writing(path):
            journal = journal_file(path).open("wb")
        try:
            writer = cls(path, journal)
            yield writer
        finally:
            with suppress(OSError):  # what a full disk left in the buffer must not hide the first error
                journal.close()
        writer._finish()

    def append(self, *, file: str, frame: int, sha256: str, seconds: float, device: str) -> None:
        """Note a frame whose file is complete.

        Parameters
        ----------
        file
            Path inside the run's folder.
        frame
            Number of the frame.
        sha256
            As `pixel_sha256` gives it.
        seconds
            Time it took to make the frame.
        device
            What rendered it.

        Raises
        ------
        OutputError
            If the journal cannot be written.
        """
        row = {
            "file": file,
            "frame": int(frame),
            "sha256": sha256,
            "seconds": float(seconds),
            "device": device,
        }
        with writing(self._path):
            self._journal.write(json.dumps(row).encode() + b"\n")
            self._journal.flush()

    def _finish(self) -> None:
        # From the journal rather than from memory: a run may have a million frames.
        table = _read_journal(journal_file(self._path)).sort_by("frame")
        with atomic_file(self._path) as file:
            pq.write_table(table, file, compression="zstd")
        with writing(self._path):
            journal_file(self._path).unlink(missing_ok=True)


def read_manifest(path: Path | str) -> pa.Table:
    """Read the manifest of a run, finished or not.

    Parameters
    ----------
    path
        The file ``manifest.parquet`` of a run; where the run was interrupted, its journal is read.

    Returns
    -------
    pyarrow.Table
        One row per complete frame, in the columns of `MANIFEST_SCHEMA`.

    Raises
    ------
    InputError
        If neither manifest nor journal is there, or the manifest is not one.
    """
    path = Path(path)
    try:
        if path.is_file():
            return pq.read_table(path, schema=MANIFEST_SCHEMA)
        return _read_journal(journal_file(path))
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; is {path.parent} a run's folder?") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path} cannot be read as a manifest: {error}") from error


def _read_journal(path: Path) -> pa.Table:
    """Read the rows of a journal, in the order in which the frames were complete."""
    lines, _, _unfinished = path.read_bytes().rpartition(b"\n")  # a killed run may have left half a line
    if not lines:
        return MANIFEST_SCHEMA.empty_table()
    options = pj.ParseOptions(explicit_schema=pa.schema(list(MANIFEST_SCHEMA)))
    return pj.read_json(pa.BufferReader(lines), parse_options=options).cast(MANIFEST_SCHEMA)
