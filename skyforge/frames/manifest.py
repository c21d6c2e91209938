"""The manifest of a run: which frames it holds and what their pixels sum to."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skyforge.errors import InputError
from skyforge.frames.files import atomic_file, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

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


def pixel_sha256(data: NDArray[np.uint16]) -> str:
    """Sum up the pixels of a frame, whatever the machine's byte order or the file's compression.

    Parameters
    ----------
    data
        Pixels in ADU, ``uint16``, shape ``(ny, nx)``.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits, of the pixels as little-endian ``uint16``, row after row from the
        lowest.
    """
    return hashlib.sha256(np.ascontiguousarray(data, dtype="<u2").data).hexdigest()


def journal_file(path: Path) -> Path:
    """Return the hidden file beside a manifest that holds its rows while a run goes on."""
    return path.with_name(f".{path.stem}.jsonl")


class ManifestWriter:
    """Notes each finished frame of a run; made by `ManifestWriter.open`."""

    def __init__(self, path: Path, journal: BinaryIO) -> None:
        self._path = path
        self._journal = journal
        self._rows: list[dict[str, Any]] = []

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
            Takes one row per frame.

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
        self._rows.append(row)

    def _finish(self) -> None:
        table = pa.Table.from_pylist(self._rows, schema=MANIFEST_SCHEMA)
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
        lines = journal_file(path).read_bytes().split(b"\n")
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; is {path.parent} a run's folder?") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path} cannot be read as a manifest: {error}") from error
    # What follows the last line break is empty, or a line that a killed run did not finish.
    return pa.Table.from_pylist([json.loads(line) for line in lines[:-1]], schema=MANIFEST_SCHEMA)
