"""A user's own scenario, from its file to its frames on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyforge.scenario import Scenario


@dataclass(frozen=True)
class ScenarioFigures:
    """
    A run of a scenario.

    Attributes
    ----------
    scenario, frames, device
        What was rendered.
    seconds
        All of it.
    ready_s
        Of them, for making the scenario ready, once.
    stages
        Seconds by stage, as `skyforge.pipeline.StageSeconds` has them.
    """

    scenario: str
    frames: int
    device: str
    seconds: float
    ready_s: float
    stages: dict[str, float]

    @property
    def frames_s(self) -> float:
        """Frames per second, once the scenario is ready."""
        return self.frames / (self.seconds - self.ready_s)

    @property
    def stalled(self) -> float:
        """Return for which part of the time the renderer waited for a writer, 0 to 1."""
        return self.stages["stall_s"] / (self.seconds - self.ready_s)

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        return {
            "scenario": self.scenario,
            "frames": self.frames,
            "device": self.device,
            "seconds": self.seconds,
            "frames_s": self.frames_s,
            "stalled_percent": 100.0 * self.stalled,
            "stages_s": {name.removesuffix("_s"): seconds for name, seconds in self.stages.items()},
        }


def scenario_figures(
    scenario: Scenario,
    folder: Path,
    *,
    device: str,
    jobs: int | None,
    compress: bool,
    progress: Callable[[int, int], None] | None = None,
) -> ScenarioFigures:
    """
    Render a scenario into a folder, and say where the time went.

    Parameters
    ----------
    scenario
        What to render.
    folder
        For the run; it should be empty.
    device, jobs, compress, progress
        As of `skyforge.pipeline.render_run`.
    """
    from skyforge.pipeline import render_run  # imports the whole simulator

    run = render_run(
        scenario, folder, device=device, jobs=jobs, compress=compress, overwrite=True, progress=progress
    )
    stages = asdict(run.stages)
    return ScenarioFigures(scenario.name, run.frames, run.device, run.seconds, stages["ready_s"], stages)
