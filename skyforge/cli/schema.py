"""skyforge schema: the JSON schema of a scenario, for editors."""

from __future__ import annotations

import typer

from skyforge.cli.options import Debug
from skyforge.cli.reporting import reported
from skyforge.cli.tables import to_json


def schema(debug: Debug = False) -> None:
    """Print the JSON schema of a scenario, which editors use to check and complete YAML."""
    with reported(debug):
        from skyforge.scenario import schema as scenario_schema  # imports astropy

        typer.echo(to_json(scenario_schema()))
