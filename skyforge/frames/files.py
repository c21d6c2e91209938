"""Files that appear under their final name only when complete, and errors that say what to do."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from skyforge.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY_SUFFIX = ".part"

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_ELSEWHERE = "choose another output folder"


@contextmanager
def atomic_file(path: Path | str, expected_bytes: int | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only once it is complete and on the disk.

    The bytes go to a hidden file in the same folder, which is renamed when the block ends and removed when
    the block is left by any exception, an interrupt included. A killed process leaves the hidden file, never
    a partial one under the final name.

    Parameters
    ----------
    path
        Final name; a file that is already there is replaced.
    expected_bytes
        Size of the finished file where known, for the message on a full disk.

    Yields
    ------
    BinaryIO
        The open file, writable and seekable.

    Raises
    ------
    OutputError
        If the file cannot be written; the message says why and what to do.
    """
    with writing(Path(path), expected_bytes), hidden_until_complete(Path(path)) as file:
        yield file


@contextmanager
def writing(path: Path, expected_bytes: int | None = None) -> Iterator[None]:
    """Raise an `OutputError` about a file in place of any ``OSError`` of the block.

    Parameters
    ----------
    path
        The file or folder that the block writes.
    expected_bytes
        Size of the finished file where known.
    """
    try:
        yield
    except OSError as error:
        raise output_error(error, path, expected_bytes) from error


@contextmanager
def hidden_until_complete(path: Path) -> Iterator[BinaryIO]:
    """Do what `atomic_file` does, but leave the block's own errors as they are.

    For blocks that do more than write: an ``OSError`` from elsewhere must not read as a failure to write.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}")
    try:
        with writing(path):
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            # os.open rather than tempfile: the finished file gets the permissions the user's umask asks for.
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        file = os.fdopen(descriptor, "w+b")
        try:
            yield file
            with writing(path):
                file.flush()
                os.fsync(file.fileno())
        finally:
            with suppress(OSError):  # what a full disk left in the buffer must not hide the first error
                file.close()
        with writing(path):
            temporary.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power failure, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def output_error(error: OSError, path: Path, expected_bytes: int | None = None) -> OutputError:
    """Turn an operating system's error into a message that says what to do.

    Parameters
    ----------
    error
        The error, possibly wrapped by a library that dropped its number.
    path
        The file or folder that was to be written.
    expected_bytes
        Size of the finished file where known.

    Returns
    -------
    OutputError
        The same failure, in words for the user.
    """
    number = _error_number(error)
    if number in _DISK_FULL:
        return OutputError(_disk_full_message(path, expected_bytes))
    reasons = {
        errno.EROFS: f"the file system is read-only; {_ELSEWHERE}",
        errno.EACCES: f"no permission to write in {_nearest_folder(path)}; allow it or {_ELSEWHERE}",
        errno.ENOTDIR: f"{_first_non_folder(path)} is a file, not a folder; rename it or {_ELSEWHERE}",
        errno.EISDIR: "a folder of that name is in the way; remove or rename it",
        errno.ENOENT: _missing_message(path),
        errno.EFBIG: "the file would exceed the largest size that this account or disk allows",
    }
    reasons[errno.EPERM] = reasons[errno.EACCES]
    reasons[errno.EEXIST] = reasons[errno.ENOTDIR]
    return OutputError(f"cannot write {path}: {reasons.get(number or 0, error.strerror or str(error))}")


def check_free_space(folder: Path, needed_bytes: int) -> None:
    """Refuse early where a disk cannot hold what is going to be written.

    Parameters
    ----------
    folder
        An existing folder on that disk.
    needed_bytes
        How much will be written.

    Raises
    ------
    OutputError
        If less is free.
    """
    if shutil.disk_usage(folder).free < needed_bytes:
        raise OutputError(_disk_full_message(folder, needed_bytes))


def readable_size(size_bytes: float) -> str:
    """Write a number of bytes as people do: ``33.6 MB``."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size_bytes < 1000.0:
            return f"{size_bytes:.0f} bytes" if unit == "bytes" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000.0
    return f"{size_bytes:.1f} TB"


def _error_number(error: BaseException | None) -> int | None:
    """Find the errno of an error or of the one it was raised from (astropy re-raises without the number)."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error.errno
        error = error.__cause__ or error.__context__
    return None


def _disk_full_message(path: Path, needed_bytes: int | None) -> str:
    folder = _nearest_folder(path)
    free = readable_size(shutil.disk_usage(folder).free)
    needed = "" if needed_bytes is None else f"{readable_size(needed_bytes)} are needed and "
    return (
        f"cannot write {path}: the disk is full ({needed}{free} are free in {folder}); free some space or "
        f"{_ELSEWHERE}"
    )


def _missing_message(path: Path) -> str:
    # Folders like /proc are there, yet nothing can be made in them.
    if path.absolute().parent.is_dir():
        return f"nothing can be made in {path.absolute().parent}; {_ELSEWHERE}"
    return f"the folder {path.parent} does not exist; create it first"


def _nearest_folder(path: Path) -> Path:
    return next((folder for folder in path.absolute().parents if folder.is_dir()), Path("/"))


def _first_non_folder(path: Path) -> Path:
    lineage = [*reversed(path.absolute().parents), path.absolute()]
    return next((place for place in lineage if place.exists() and not place.is_dir()), path)
