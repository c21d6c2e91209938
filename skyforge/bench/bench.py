"""The whole benchmark: limits of the machine, standard scenes, rivals, a scenario."""

from __future__ import annotations

import datetime as dt
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyforge import __version__
from skyforge.bench.effort import FULL, QUICK, Effort
from skyforge.bench.figures import SCHEMA, RivalFigures, SceneFigures
from skyforge.bench.limits import Limits, cpu_limits
from skyforge.bench.own_scenario import ScenarioFigures, scenario_figures
from skyforge.bench.rivals import against, chosen
from skyforge.bench.scenes import QUICK_SCENES, STANDARD, Scene
from skyforge.errors import InputError
from skyforge.frames.files import writing
from skyforge.render import _core
from skyforge.render.gpu.runtime import Runtime
from skyforge.render.options import checked_threads, resolve_device
from skyforge.scenario import Scenario, load

Progress = Callable[[int, int], None]
"""Called with the number of parts done and the number of all."""


@dataclass(frozen=True)
class Wanted:
    """
    What to measure; make it with `wanted`, which refuses what cannot be.

    Attributes
    ----------
    device
        cpu or gpu.
    threads
        Of the processor.
    effort
        How much.
    scenes
        Standard scenes.
    rivals
        Names of other libraries.
    scenario
        A user's own, instead of the standard scenes.
    compress
        Whether its frames are compressed.
    folder
        On the disk that frames go to.
    """

    device: str
    threads: int
    effort: Effort
    scenes: tuple[Scene, ...]
    rivals: tuple[str, ...]
    scenario: Scenario | None
    compress: bool
    folder: Path


@dataclass(frozen=True)
class Report:
    """What was found."""

    machine: dict[str, Any]
    device: str
    threads: int
    quick: bool
    limits: Limits
    scenes: tuple[SceneFigures, ...]
    rivals: tuple[RivalFigures, ...]
    scenario: ScenarioFigures | None

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        return {
            "schema": SCHEMA,
            "date": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
            "skyforge": __version__,
            "machine": self.machine,
            "device": self.device,
            "threads": self.threads,
            "quick": self.quick,
            "limits": self.limits.as_json(),
            "scenes": [scene.as_json() for scene in self.scenes],
            "rivals": [rival.as_json() for rival in self.rivals],
            "scenario": None if self.scenario is None else self.scenario.as_json(),
        }


def wanted(
    *,
    device: str = "auto",
    jobs: int | None = None,
    quick: bool = False,
    scenes: Sequence[str] = (),
    rivals: Sequence[str] = (),
    scenario: str | None = None,
    assignments: Sequence[str] = (),
    compress: bool = True,
    folder: Path = Path(),
) -> Wanted:
    """
    Check what is to be measured before anything is.

    Parameters
    ----------
    device
        auto, cpu or gpu.
    jobs
        Threads of the processor; all by default.
    quick
        Fewer repeats and fewer scenes.
    scenes
        Names of standard scenes; all by default.
    rivals
        Names of other libraries.
    scenario, assignments
        A scenario as `skyforge.load` takes it; then no standard scene is measured that is not named.
    compress
        Whether its frames are compressed.
    folder
        Where frames are written, and removed again.

    Raises
    ------
    InputError
        If something is unknown or cannot be.
    SkyforgeError
        If the device cannot render, or a rival is not installed.
    """
    if not folder.is_dir():
        raise InputError(f"--folder: {folder} is no folder; create it first, or name another")
    if scenario is None and assignments:
        raise InputError("--set needs a SCENARIO; the standard scenes are the same everywhere")
    usual = QUICK_SCENES if quick else STANDARD
    return Wanted(
        device=resolve_device(device),
        threads=checked_threads(jobs),
        effort=QUICK if quick else FULL,
        scenes=_named(scenes) if scenes or scenario is not None else usual,
        rivals=chosen(rivals),
        scenario=None if scenario is None else load(scenario, assignments),
        compress=compress,
        folder=folder,
    )


def bench(what: Wanted, progress: Progress | None = None) -> Report:
    """
    Measure.

    Parameters
    ----------
    what
        From `wanted`.
    progress
        Told after each part.

    Raises
    ------
    OutputError
        If frames cannot be written.
    """
    parts = 1 + len(what.scenes) + len(what.rivals) + (what.scenario is not None)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, parts)

    with _temporary(what.folder) as folder:
        runtime, limits = _machine(what, folder)
        step()
        scenes, rivals, own = [], [], None
        for scene in what.scenes:
            scenes.append(_scene_figures(what, runtime, scene, limits, folder))
            step()
        for name in what.rivals:
            rivals.append(against(name, what.effort))
            step()
        if what.scenario is not None:
            own = scenario_figures(
                what.scenario, folder / "run", device=what.device, jobs=what.threads, compress=what.compress
            )
            step()
    return Report(
        machine=_about(what, runtime),
        device=what.device,
        threads=what.threads,
        quick=what.effort is QUICK,
        limits=limits,
        scenes=tuple(scenes),
        rivals=tuple(rivals),
        scenario=own,
    )


def _machine(what: Wanted, folder: Path) -> tuple[Runtime | None, Limits]:
    if what.device == "cpu":
        return None, cpu_limits(what.threads, folder, what.effort)
    from skyforge.bench.device_limits import device_limits  # only where there is a GPU
    from skyforge.render.gpu.cupy_runtime import cupy_runtime

    runtime: Runtime = cupy_runtime()
    return runtime, device_limits(runtime, folder, what.effort)


def _scene_figures(
    what: Wanted, runtime: Runtime | None, scene: Scene, limits: Limits, folder: Path
) -> SceneFigures:
    if runtime is None:
        from skyforge.bench.cpu_stages import cpu_figures

        return cpu_figures(scene, limits, folder, what.threads, what.effort)
    from skyforge.bench.device_figures import device_figures

    figures = device_figures(runtime, scene, limits, folder, what.threads, what.effort)
    runtime.release_memory()
    return figures


def _named(names: Sequence[str]) -> tuple[Scene, ...]:
    scenes = {scene.name: scene for scene in STANDARD}
    for name in names:
        if name not in scenes:
            raise InputError(f"--scene: there is none called {name!r}; choose from {', '.join(scenes)}")
    return tuple(scenes[name] for name in dict.fromkeys(names))


def _about(what: Wanted, runtime: Runtime | None) -> dict[str, Any]:
    return {
        "processor": processor(),
        "cores": checked_threads(None),
        "instruction_set": str(_core.instruction_sets()[-1]),
        "gpu": None if runtime is None else runtime.name,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "folder": str(what.folder.resolve()),
    }


def processor() -> str:
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """Make a folder for frames, and remove it with all that is in it."""
    with writing(folder):
        made = tempfile.TemporaryDirectory(dir=folder, prefix="skyforge-bench-", ignore_cleanup_errors=True)
    with made as name:
        yield Path(name)
