"""Writes a whole run, in the order that keeps it honest if it breaks off."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from skyforge.frames.files import atomic_file
from skyforge.frames.fits import write_fits
from skyforge.frames.manifest import ManifestWriter
from skyforge.frames.pixel_sum import pixel_sha256
from skyforge.frames.preview import write_preview
from skyforge.frames.truth import TruthWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from skyforge.frames.frame import Frame
    from skyforge.frames.run_directory import RunDirectory


class RunWriter:
    """Takes the frames of one run as they are made; made by `RunWriter.open`."""

    def __init__(
        self, run: RunDirectory, truth: TruthWriter, manifest: ManifestWriter, compress: bool
    ) -> None:
        self.run = run
        self._truth = truth
        self._manifest = manifest
        self._compress = compress

    @classmethod
    @contextmanager
    def open(cls, run: RunDirectory, scenario_yaml: str, compress: bool = False) -> Iterator[RunWriter]:
        """Open a run for writing.

        When the block ends, truth and manifest appear and the run is complete. When an exception leaves it,
        the frames written so far stay, noted in the manifest's journal, with the scenario that renders the
        rest; a run without any frame is removed.

        Parameters
        ----------
        run
            As `RunDirectory.create` makes it.
        scenario_yaml
            The resolved scenario.
        compress
            Tile-compress the frames.

        Yields
        ------
        RunWriter
            Takes one frame after the other.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        try:
            with ExitStack() as stack:
                with atomic_file(run.scenario_file) as file:
                    file.write(scenario_yaml.encode())
                manifest = stack.enter_context(ManifestWriter.open(run.manifest_file))
                truth = stack.enter_context(TruthWriter.open(run.truth_file))
                yield cls(run, truth, manifest, compress)
        except BaseException:
            run.remove_if_without_frames()
            raise

    def write_frame(self, frame: Frame, *, seconds: float, device: str) -> Path:
        """Write one frame, its truth and its row of the manifest.

        Parameters
        ----------
        frame
            The frame.
        seconds
            Time it took to make.
        device
            What rendered it.

        Returns
        -------
        pathlib.Path
            The frame's file.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        path = self.run.frame_file(frame.index)
        self.append_truth(frame.truth)
        write_fits(frame, path, compress=self._compress)
        self.note_frame(frame.index, sha256=pixel_sha256(frame.data), seconds=seconds, device=device)
        return path

    def append_truth(self, truth: pa.Table) -> None:
        """Write the truth of the next frame; for those who write the frames themselves, in the frames' order."""
        self._truth.append(truth)

    def note_frame(self, index: int, *, sha256: str, seconds: float, device: str) -> None:
        """Note a frame whose file is complete; for those who write the frames themselves, in any order.

        Parameters
        ----------
        index
            Number of the frame.
        sha256
            As `skyforge.frames.pixel_sha256` gives it.
        seconds
            Time it took to make.
        device
            What rendered it.

        Raises
        ------
        OutputError
            If the journal cannot be written.
        """
        self._manifest.append(
            file=self.run.frame_file(index).relative_to(self.run.path).as_posix(),
            frame=index,
            sha256=sha256,
            seconds=seconds,
            device=device,
        )

    def write_preview(self, frame: Frame) -> Path:
        """Write the picture a person looks at first, and return its file."""
        write_preview(frame, self.run.preview_file)
        return self.run.preview_file
