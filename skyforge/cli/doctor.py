"""skyforge doctor: what this machine can do, and what to do about what it cannot."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import typer

from skyforge.cli.options import AsJson, Debug
from skyforge.cli.reporting import FAILURE, reported
from skyforge.cli.tables import aligned, to_json

if TYPE_CHECKING:
    from skyforge.cli.checks import Check


def doctor(as_json: AsJson = False, debug: Debug = False) -> None:
    """Say what this machine can do: cores, GPU, catalogues, ephemeris, memory, disk."""
    with reported(debug):
        from skyforge.cli.checks import all_checks  # only this command needs them

        checks = all_checks()
        can_render = all(check.good for check in checks if check.needed)
        if as_json:
            typer.echo(
                to_json({"can_render": can_render, "checks": [dataclasses.asdict(check) for check in checks]})
            )
        else:
            typer.echo(_text(checks, can_render))
        if not can_render:
            raise typer.Exit(FAILURE)


def _text(checks: list[Check], can_render: bool) -> str:
    rows = []
    for check in checks:
        mark = "ok" if check.good else ("MISSING" if check.needed else "-")
        rows.append([mark, check.name, check.found])
        rows += [["", "", check.advice]] if check.advice else []
    verdict = "this machine can render" if can_render else "this machine cannot render yet: see MISSING above"
    return f"{aligned(rows)}\n\n{verdict}"
