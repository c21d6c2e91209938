"""A run's folder: where its files lie, and what may be overwritten."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skyforge.errors import OutputError
from skyforge.frames.files import TEMPORARY_SUFFIX, check_free_space, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRAME_NAME = re.compile(r"frame_\d{6,}\.fits")
_TOP_LEVEL = (
    "scenario.yaml",
    "truth.parquet",
    "preview.png",
    "manifest.parquet",
    ".manifest.jsonl",
    "report.html",
)
# What later steps derive from the frames: worthless, and misleading, beside the frames of another run.
_DERIVED = ("detections/*.parquet", "scores/*.json", "scores/*/*.parquet")


@dataclass(frozen=True)
class RunDirectory:
    """The folder of one run.

    Parameters
    ----------
    path
        The folder; `RunDirectory.create` makes one.
    made
        Folders that were made for it, the innermost first.
    """

    path: Path
    made: tuple[Path, ...] = ()

    @classmethod
    def create(cls, path: Path | str, overwrite: bool = False, needed_bytes: int = 0) -> RunDirectory:
        """Make the folder of a new run, or refuse before anything is computed.

        Parameters
        ----------
        path
            The folder; its parents are made where missing.
        overwrite
            Replace a previous run: the files of that run are removed, any others stay.
        needed_bytes
            How much will be written, where known.

        Returns
        -------
        RunDirectory
            An empty run, which can be written.

        Raises
        ------
        OutputError
            If the folder holds a run and `overwrite` is False, holds something else, cannot be written, or if
            the disk has less than `needed_bytes` free.
        """
        run = cls(Path(path), _missing_folders(Path(path)))
        run._approve(overwrite, needed_bytes)
        with writing(run.path):
            run._remove_own_files()
            run.frames_directory.mkdir(exist_ok=True)
            run.journal_file.touch()
        return run

    @classmethod
    def check(cls, path: Path | str, overwrite: bool = False, needed_bytes: int = 0) -> None:
        """Find out whether `create` would succeed, and leave everything as it is; raises as it does."""
        run = cls(Path(path), _missing_folders(Path(path)))
        run._approve(overwrite, needed_bytes)
        run._remove_made_folders()

    def _approve(self, overwrite: bool, needed_bytes: int) -> None:
        """Make the folder, and raise unless it may be used and can be written."""
        with writing(self.path):
            occupied = self.path.exists() and any(self.path.iterdir())
        if occupied and not self.is_run():
            raise OutputError(
                f"{self.path} holds files that are no run's; choose another or an empty output folder"
            )
        if occupied and not overwrite:
            raise OutputError(
                f"{self.path} already holds a run; choose another output folder or allow overwriting"
            )
        try:
            with writing(self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                self._prove_writable()
            freed = sum(file.stat().st_size for file in self._own_files())
            check_free_space(self.path, needed_bytes - freed)
        except BaseException:
            self._remove_made_folders()
            raise

    @property
    def scenario_file(self) -> Path:
        """The resolved scenario."""
        return self.path / "scenario.yaml"

    @property
    def frames_directory(self) -> Path:
        """The folder of the frames."""
        return self.path / "frames"

    def frame_file(self, index: int) -> Path:
        """Return the file of a frame, by its number from 0."""
        return self.frames_directory / f"frame_{index:06d}.fits"

    @property
    def truth_file(self) -> Path:
        """The truth of all frames."""
        return self.path / "truth.parquet"

    @property
    def preview_file(self) -> Path:
        """The picture a person looks at first."""
        return self.path / "preview.png"

    @property
    def manifest_file(self) -> Path:
        """The list of frames; it is there when the run is complete."""
        return self.path / "manifest.parquet"

    @property
    def journal_file(self) -> Path:
        """The list of frames so far; it is there while the run is not complete."""
        return self.path / ".manifest.jsonl"

    def is_run(self) -> bool:
        """Say whether the folder holds a run of skyforge, complete or not."""
        return self.manifest_file.is_file() or self.journal_file.is_file()

    def is_complete(self) -> bool:
        """Say whether the folder holds a run that came to its end."""
        return self.manifest_file.is_file()

    def remove_if_without_frames(self) -> None:
        """Remove the run's files and empty folders if it has no frame yet; files of others stay."""
        if any(_FRAME_NAME.fullmatch(file.name) for file in self.frames_directory.glob("*")):
            return
        with suppress(OSError):
            self._remove_own_files()
            self.path.rmdir()
        self._remove_made_folders()

    def _remove_made_folders(self) -> None:
        with suppress(OSError):  # others may have found them useful
            for folder in self.made:
                if folder.exists():
                    folder.rmdir()

    def _own_files(self) -> Iterator[Path]:
        yield from (self.path / name for name in _TOP_LEVEL if (self.path / name).is_file())
        yield from (file for file in self.frames_directory.glob("*") if _FRAME_NAME.fullmatch(file.name))
        for pattern in _DERIVED:
            yield from self.path.glob(pattern)
        for folder in (self.path, self.frames_directory):
            yield from folder.glob(f".*{TEMPORARY_SUFFIX}")  # left by a killed process

    def _remove_own_files(self) -> None:
        for file in list(self._own_files()):
            file.unlink()
        for folder in (
            self.frames_directory,
            self.path / "detections",
            *self.path.glob("scores/*"),
            self.path / "scores",
        ):
            with suppress(OSError):  # missing, or it holds files of others
                folder.rmdir()

    def _prove_writable(self) -> None:
        probe = self.path / f".probe.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}"
        try:
            probe.write_bytes(b"\0")
        finally:
            probe.unlink(missing_ok=True)


def _missing_folders(path: Path) -> tuple[Path, ...]:
    with writing(path):
        return tuple(folder for folder in (path, *path.parents) if not folder.exists())
