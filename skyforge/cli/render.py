"""skyforge render: a scenario in, frames with their truth and a preview out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyforge.cli.options import (
    AsJson,
    Assignments,
    Debug,
    Device,
    DeviceOption,
    Jobs,
    Out,
    Quiet,
    Seed,
    Strict,
)
from skyforge.cli.progress import progress_bar
from skyforge.cli.reporting import reported
from skyforge.cli.tables import aligned, number, to_json
from skyforge.errors import InputError

if TYPE_CHECKING:
    from skyforge.scenario import Scenario

BUILT_IN_SCENARIO = "kazsat-from-lunar-orbit"
_RUNS = Path("runs")
_TARGET_COLUMNS = (
    ("name", "target", ""),
    ("in_field_frames", "frames", ""),
    ("v_mag", "V", "mag"),
    ("snr", "SNR", ""),
    ("rate_arcsec_s", "rate", "arcsec/s"),
    ("range_km", "range", "km"),
)
_TABLE_DIGITS = 4
_MOST_TARGETS = 40


def render(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A YAML file, a run folder, or a preset's name.")
    ] = BUILT_IN_SCENARIO,
    *,
    assignments: Assignments = None,
    device: DeviceOption = Device.AUTO,
    seed: Seed = None,
    out: Out = None,
    jobs: Jobs = None,
    compress: Annotated[bool, typer.Option("--compress", help="Compress the frames, without loss.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the run in the folder.")] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Print the photon budget of a star and the targets; render nothing."),
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Render the frames that a telescope would take, with truth and a preview.

    Without a SCENARIO the built-in one is rendered: KAZSAT-3 from an orbit around the Moon.
    """
    with reported(debug):
        loaded = _load(scenario, assignments or [], seed)
        if explain:
            _explain(loaded, as_json)
            return
        folder = out if out is not None else _RUNS / loaded.name
        _require_free(folder, overwrite)
        summary = _render(
            loaded,
            folder,
            device=device,
            jobs=jobs,
            compress=compress,
            overwrite=overwrite,
            strict=strict,
            show_progress=not (quiet or as_json),
        )
        if as_json:
            typer.echo(to_json(summary))
        elif not quiet:
            typer.echo(summary_text(summary))


def _load(source: str, assignments: list[str], seed: int | None) -> Scenario:
    from skyforge.scenario import load  # imports astropy

    overrides = assignments if seed is None else [*assignments, f"seed={seed}"]
    return load(source, overrides)


def _require_free(folder: Path, overwrite: bool) -> None:
    """Refuse before anything is computed, as a mistyped option would be."""
    if not overwrite and folder.is_dir() and any(folder.iterdir()):
        raise InputError(
            f"{folder} is not empty; choose another folder with --out, or replace the run with --overwrite"
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; choose a folder with --out")


def _render(
    scenario: Scenario,
    folder: Path,
    *,
    device: Device,
    jobs: int | None,
    compress: bool,
    overwrite: bool,
    strict: bool,
    show_progress: bool,
) -> dict[str, Any]:
    from skyforge.pipeline import render_run  # imports the whole simulator

    with progress_bar("rendering", show_progress) as update:
        summary = render_run(
            scenario,
            folder,
            device=device.value,
            jobs=jobs,
            compress=compress,
            overwrite=overwrite,
            progress=update,
            strict=strict,
        )
    return dataclasses.asdict(summary)


def summary_text(summary: Mapping[str, Any]) -> str:
    """Return what a person wants to know of a finished run."""
    rows = [
        ["run", str(summary["out"])],
        ["preview", str(summary["preview"])],
        ["frames", f"{summary['frames']} in {number(float(summary['seconds']), 3)} s on {summary['device']}"],
        ["stars a frame", number(summary["stars_per_frame"], _TABLE_DIGITS)],
    ]
    text = aligned(rows)
    return f"{text}\n\n{_target_table(summary['targets'])}" if summary["targets"] else text


def _target_table(targets: list[Mapping[str, Any]]) -> str:
    heads = [name for _, name, _ in _TARGET_COLUMNS]
    units = [unit for _, _, unit in _TARGET_COLUMNS]
    # Of very many, those that stand out most.
    many = len(targets) > _MOST_TARGETS
    shown = sorted(targets, key=lambda one: -(one["snr"] or 0.0))[:_MOST_TARGETS] if many else targets
    body = [[number(target.get(key), _TABLE_DIGITS) for key, _, _ in _TARGET_COLUMNS] for target in shown]
    table = aligned([heads, units, *body], right=range(1, len(heads)))
    if not many:
        return table
    inside = sum(target["in_field_frames"] > 0 for target in targets)
    return f"{table}\n… and {len(targets) - len(shown)} more; {inside} of {len(targets)} were in the field"


def _explain(scenario: Scenario, as_json: bool) -> None:
    from skyforge.pipeline import explain  # imports the whole simulator

    budgets = explain(scenario)
    if as_json:
        rows = [
            {
                "title": title,
                "rows": [{"label": label, "value": value, "unit": unit} for label, value, unit in lines],
            }
            for title, lines in budgets
        ]
        typer.echo(to_json({"scenario": scenario.name, "budgets": rows}))
        return
    for position, (title, lines) in enumerate(budgets):
        if position:
            typer.echo("")
        typer.echo(title)
        typer.echo(aligned([[f"  {label}", number(value), unit] for label, value, unit in lines], right=(1,)))
