"""The commands under one name."""

from __future__ import annotations

from typing import Annotated

import typer

from skyforge.cli.bench import bench
from skyforge.cli.doctor import doctor
from skyforge.cli.orbit import orbit
from skyforge.cli.presets import presets
from skyforge.cli.render import render
from skyforge.cli.schema import schema
from skyforge.cli.usage import Commands
from skyforge.cli.visibility import visibility

app = typer.Typer(
    name="skyforge",
    cls=Commands,
    help="Simulate what a telescope sees of objects in space.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from skyforge import __version__  # read from the installation's metadata

        typer.echo(f"skyforge {__version__}")
        raise typer.Exit


@app.callback()
def skyforge(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Simulate what a telescope sees of objects in space."""


app.command(name="render")(render)
app.command(name="visibility")(visibility)
app.command(name="presets")(presets)
app.command(name="orbit")(orbit)
app.command(name="schema")(schema)
app.command(name="doctor")(doctor)
app.command(name="bench")(bench)
