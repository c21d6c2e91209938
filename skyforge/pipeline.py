"""From a scenario to a run on disk: the one place where simulating, rendering and writing meet."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skyforge import frames, simulate
from skyforge.errors import SkyforgeWarning
from skyforge.render.options import check_device
from skyforge.scenario import Scenario, dump
from skyforge.studio import studio

DEVICE = "cpu"
"""What renders the frames of this version, as the manifest says it."""

Progress = Callable[[int, int], None]
"""Called with the number of frames done and the number of all."""


@dataclass(frozen=True)
class TargetSummary:
    """What became of one target over a run; magnitudes and signal are those of its brightest frame in the field."""

    name: str
    in_field_frames: int
    v_mag: float | None
    snr: float | None
    rate_arcsec_s: float | None
    range_km: float | None


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
    """

    out: Path
    preview: Path
    frames: int
    seconds: float
    device: str
    stars_per_frame: float
    targets: tuple[TargetSummary, ...]
    warnings: tuple[str, ...] = field(default=())


def render_run(
    scenario: Scenario,
    out: Path,
    *,
    device: str = "auto",
    jobs: int | None = None,
    compress: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
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
        Told after every frame.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be, or the folder holds something else.
    OutputError
        If the folder cannot be written.
    """
    began = time.perf_counter()
    with _told_at_once() as told:
        check_device(device)
        needed_bytes = _run_bytes(scenario, compress)
        frames.RunDirectory.check(out, overwrite=overwrite, needed_bytes=needed_bytes)
        # Only a scenario that can be rendered may replace an earlier run.
        stage = studio(scenario)
        run = frames.RunDirectory.create(out, overwrite=overwrite, needed_bytes=needed_bytes)
        tally = _Tally(stage.plan)
        with frames.RunWriter.open(run, dump(scenario), compress=compress) as writer:
            count = scenario.time.frames
            for index in range(count):
                started = time.perf_counter()
                exposure = simulate.exposure(stage.plan, index)
                frame = stage.develop(exposure, device=device, threads=jobs)
                writer.write_frame(frame, seconds=time.perf_counter() - started, device=DEVICE)
                tally.add(exposure)
                if index == count // 2:
                    writer.write_preview(frame)
                if progress is not None:
                    progress(index + 1, count)
        tally.log.warn()
    return RunSummary(
        out=run.path,
        preview=run.preview_file,
        frames=scenario.time.frames,
        seconds=time.perf_counter() - began,
        device=DEVICE,
        stars_per_frame=tally.stars / scenario.time.frames,
        targets=tally.targets(),
        warnings=tuple(told),
    )


@contextmanager
def _told_at_once() -> Iterator[list[str]]:
    """Pass each warning of skyforge on when it comes, but once only; yield the list that they are noted in."""
    told: list[str] = []
    with warnings.catch_warnings():
        pass_on = warnings.showwarning
        warnings.simplefilter("always", SkyforgeWarning)

        def note(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, SkyforgeWarning):
                pass_on(message, category, *where, **more)
            elif str(message) not in told:
                told.append(str(message))
                pass_on(message, category, *where, **more)

        warnings.showwarning = note
        yield told


def _run_bytes(scenario: Scenario, compress: bool) -> int:
    """Return the least that the frames of a run take on disk: two bytes a pixel, a third of that compressed."""
    rows, columns = scenario.detector.shape
    plain = 2 * rows * columns * scenario.time.frames
    return plain // 3 if compress else plain


class _Tally:
    """Counts over the frames of a run what its summary says."""

    def __init__(self, plan: simulate.Plan) -> None:
        self.log = simulate.FieldLog(plan.instrument.camera)
        self.stars = 0
        self._names = [body.name for body in plan.bodies]
        self._in_field = dict.fromkeys(self._names, 0)
        self._best: dict[str, dict[str, float | None]] = {}

    def add(self, exposure: simulate.Exposure) -> None:
        """Count one exposure."""
        self.log.add(exposure.plate, exposure.targets, exposure.in_the_way)
        stars = exposure.truth.num_rows - len(exposure.targets)
        self.stars += stars
        for row in exposure.truth.slice(stars).to_pylist():
            name = row["name"]
            if row["flags"] & frames.TruthFlag.OUTSIDE:
                continue
            self._in_field[name] += 1
            best = self._best.get(name)
            if best is None or (row["snr"] or 0.0) > (best["snr"] or 0.0):
                self._best[name] = {key: row[key] for key in ("mag", "snr", "rate_arcsec_s", "range_km")}

    def targets(self) -> tuple[TargetSummary, ...]:
        """Return what became of each target."""
        nothing: dict[str, float | None] = dict.fromkeys(("mag", "snr", "rate_arcsec_s", "range_km"))
        summaries = []
        for name in self._names:
            best = self._best.get(name, nothing)
            summaries.append(
                TargetSummary(
                    name,
                    self._in_field[name],
                    best["mag"],
                    best["snr"],
                    best["rate_arcsec_s"],
                    best["range_km"],
                )
            )
        return tuple(summaries)


def explain(scenario: Scenario) -> list[simulate.Budget]:
    """Return the photon budgets of a scenario: a star of G = 15, then the targets; see `skyforge.simulate.explain`."""
    return simulate.explain(scenario)
