"""A run: the one place where simulating, rendering and writing meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from skyforge import frames, simulate
from skyforge.caption import Caption, caption
from skyforge.frames.fits import observation_bytes
from skyforge.pipeline.ahead import worked_ahead
from skyforge.pipeline.crew import NOBODY, Crew, crew_for, memory_budget_bytes
from skyforge.pipeline.frame_file import FrameTask, WrittenFrame, native_pixels
from skyforge.pipeline.inline import InlineWriter
from skyforge.pipeline.press import Press, Printed, press_for
from skyforge.pipeline.stages import StageClock, StageSeconds
from skyforge.pipeline.tally import Tally, TargetSummary
from skyforge.pipeline.warnings_once import told_at_once
from skyforge.pipeline.writers import Writers
from skyforge.render.options import checked_threads, resolve_device
from skyforge.scenario import Scenario, dump
from skyforge.studio import darkroom

AHEAD_BYTES = 256 * 2**20
"""Exposures larger than this are not worked out ahead: two of them would be in memory at a time."""

Progress = Callable[[int, int], None]
"""Called with the number of frames done and the number of all."""


@dataclass(frozen=True)
class RunSummary:
    """What a run made.

    Attributes
    ----------
    out, preview
        The run's folder and its picture.
    frames, seconds, device
        How many frames, how long it took, on what.
    stars_per_frame
        Mean number of stars on a frame.
    targets
        What became of each target.
    warnings
        What the user should know.
    stages
        Where the time went.
    """

    out: Path
    preview: Path
    frames: int
    seconds: float
    device: str
    stars_per_frame: float
    targets: tuple[TargetSummary, ...]
    warnings: tuple[str, ...] = field(default=())
    stages: StageSeconds = field(default=StageSeconds())


def render_run(
    scenario: Scenario,
    out: Path,
    *,
    device: str = "auto",
    jobs: int | None = None,
    compress: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
    writers: int | None = None,
    strict: bool = False,
) -> RunSummary:
    """Render all frames of a scenario into a run's folder.

    Parameters
    ----------
    scenario
        What to render.
    out
        Folder of the run.
    device
        auto, cpu or gpu.
    jobs
        Threads on the CPU; all by default.
    compress
        Tile-compress the frames.
    overwrite
        Replace the files of an earlier run in the folder.
    progress
        Told after every frame that is on the disk.
    writers
        Processes that write frames; 0 to write them here. Chosen by default; the files do not depend on it.
    strict
        Make a target that has no place, or no name of its own, an error instead of a warning.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be, or the folder holds something else.
    OutputError
        If the folder cannot be written.
    """
    began = time.perf_counter()
    clock = StageClock()
    with told_at_once() as told:
        resolve_device(device)  # raises where it cannot render
        cores, count = checked_threads(jobs), scenario.time.frames
        needed_bytes = _run_bytes(scenario, compress)
        frames.RunDirectory.check(out, overwrite=overwrite, needed_bytes=needed_bytes)
        # Only a scenario that can be rendered may replace an earlier run.
        with clock.during("ready_s"):
            shared = darkroom(scenario, strict=strict)
            press: Press[_Job] = press_for(shared, device, cores, compress=compress)
        crew = crew_for(
            press.frame_bytes,
            count,
            compress=compress,
            cores=cores,
            budget_bytes=memory_budget_bytes(),
            writers=writers,
            held=press.held,
        )
        run = frames.RunDirectory.create(out, overwrite=overwrite, needed_bytes=needed_bytes)
        production = _Production(shared.plan, press, clock, compress, progress)
        with (
            frames.RunWriter.open(run, dump(scenario), compress=compress) as book,
            _delivery(crew, press, partial(production.note, book)) as delivery,
            press.using(delivery.memory),
        ):
            production.render_all(book, delivery)
            rendered = time.perf_counter()
        clock.add("finish_s", time.perf_counter() - rendered)
        production.tally.log.warn()
    return RunSummary(
        out=run.path,
        preview=run.preview_file,
        frames=count,
        seconds=time.perf_counter() - began,
        device=press.device,
        stars_per_frame=production.tally.stars / count,
        targets=production.tally.targets(),
        warnings=tuple(told),
        stages=clock.seconds(),
    )


@contextmanager
def _delivery(
    crew: Crew, press: Press[_Job], written: Callable[[WrittenFrame], None]
) -> Iterator[Writers | InlineWriter]:
    """Open the way from the renderer to the disk."""
    if crew == NOBODY:
        yield InlineWriter(press.frame_bytes, press.held, written)
    else:
        with Writers.open(crew, press.frame_bytes, written) as writers:
            yield writers


@dataclass(frozen=True)
class _Prepared:
    """An exposure that can be rendered, with all that its file will say, and the seconds that this took."""

    exposure: simulate.Exposure
    caption: Caption
    cards: bytes
    seconds: float


@dataclass(frozen=True)
class _Job:
    """A frame on its way through the press, and when it was asked for."""

    prepared: _Prepared
    slot: int


class _Production:
    """The frames of one run on their way."""

    def __init__(
        self,
        plan: simulate.Plan,
        press: Press[_Job],
        clock: StageClock,
        compress: bool,
        progress: Progress | None,
    ) -> None:
        self.tally = Tally(plan)
        self._plan = plan
        self._press = press
        self._clock = clock
        self._compress = compress
        self._progress = progress
        self._count = plan.scenario.time.frames
        self._done = 0
        self._seconds: dict[int, float] = {}  # of the frames that are not on the disk yet

    def render_all(self, book: frames.RunWriter, delivery: Writers | InlineWriter) -> None:
        """Render every frame and hand it over."""
        with closing(worked_ahead(self._prepare, self._count, _may_wait)) as exposures:
            for _ in range(self._count):
                with self._clock.during("wait_s"):
                    prepared = next(exposures)
                self._render(prepared, book, delivery)
        with self._clock.during("render_s"):
            last = self._press.finish()
        for printed in last:
            self._hand_over(printed, book, delivery)

    def note(self, book: frames.RunWriter, written: WrittenFrame) -> None:
        """Note a frame whose file is complete."""
        self._clock.add("compress_s", written.compress_s)
        self._clock.add("write_s", written.write_s)
        book.note_frame(
            written.index,
            sha256=written.sha256,
            seconds=self._seconds.pop(written.index),
            device=self._press.device,
        )
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._count)

    def _prepare(self, index: int) -> _Prepared:
        """Work out one frame; runs ahead, on a thread of its own."""
        began = time.perf_counter()
        exposure = simulate.exposure(self._plan, index)
        described = caption(self._plan, exposure)
        cards = observation_bytes(described.cards, described.wcs)
        seconds = time.perf_counter() - began
        self._clock.add("simulate_s", seconds)
        return _Prepared(exposure, described, cards, seconds)

    def _render(self, prepared: _Prepared, book: frames.RunWriter, delivery: Writers | InlineWriter) -> None:
        clock = self._clock
        with clock.during("record_s"):
            delivery.collect()
        with clock.during("stall_s"):
            slot = delivery.free_slot()
        began = time.perf_counter()
        ready = self._press.take(_Job(prepared, slot), prepared.exposure, delivery.slot(slot))
        seconds = time.perf_counter() - began
        clock.add("render_s", seconds)
        self._seconds[prepared.exposure.index] = prepared.seconds + seconds
        for printed in ready:
            self._hand_over(printed, book, delivery)

    def _hand_over(
        self, printed: Printed[_Job], book: frames.RunWriter, delivery: Writers | InlineWriter
    ) -> None:
        """Have a frame written, and write what is known of it."""
        clock, prepared, slot = self._clock, printed.job.prepared, printed.job.slot
        exposure, shape = prepared.exposure, self._plan.scenario.detector.shape
        if exposure.index == self._count // 2:
            with clock.during("preview_s"):
                # A copy: the slot is the writer's from now on.
                data = native_pixels(printed.content, delivery.slot(slot), shape).copy()
        with clock.during("hand_over_s"):
            path = book.run.frame_file(exposure.index)
            task = FrameTask(
                exposure.index, slot, printed.content, path, shape, prepared.cards, self._compress
            )
            delivery.submit(task)
        with clock.during("record_s"):
            book.append_truth(exposure.truth)
            self.tally.add(exposure)
        if exposure.index == self._count // 2:
            wcs, header = prepared.caption.wcs, prepared.caption.header
            with clock.during("preview_s"):
                book.write_preview(frames.Frame(exposure.index, data, wcs, header, exposure.truth))


def _may_wait(prepared: _Prepared) -> bool:
    """Say whether there is room for the next exposure beside this one."""
    sources = prepared.exposure.sources
    columns = (sources.x_start, sources.y_start, sources.x_end, sources.y_end, sources.electrons)
    size: int = prepared.exposure.truth.nbytes + sum(column.nbytes for column in columns)
    return size <= AHEAD_BYTES


def _run_bytes(scenario: Scenario, compress: bool) -> int:
    """Return the least that the frames of a run take on disk: two bytes a pixel, a third of that compressed."""
    rows, columns = scenario.detector.shape
    plain = 2 * rows * columns * scenario.time.frames
    return plain // 3 if compress else plain


def explain(scenario: Scenario) -> list[simulate.Budget]:
    """Return the photon budgets of a scenario: a star of G = 15, then the targets; see `skyforge.simulate.explain`."""
    return simulate.explain(scenario)
