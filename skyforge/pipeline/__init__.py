"""From a scenario to a run on disk: exposures, pixels and files of successive frames at the same time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyforge.pipeline.run import RunSummary, explain, render_run
    from skyforge.pipeline.stages import StageSeconds
    from skyforge.pipeline.tally import TargetSummary

__all__ = ["RunSummary", "StageSeconds", "TargetSummary", "explain", "render_run"]

_MODULES = {
    "RunSummary": "run",
    "StageSeconds": "stages",
    "TargetSummary": "tally",
    "explain": "run",
    "render_run": "run",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: a process that only writes frames should not pay for the whole simulator.
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
