"""Mistyped commands and options, told in the same words as every other error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from skyforge.cli import INTERRUPTED
from skyforge.cli.reporting import FAILURE, indented


class Commands(TyperGroup):
    """A group of commands whose usage errors are a line or two instead of a panel."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit status."""
        try:
            status = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except (typer.Abort, KeyboardInterrupt):
            if not standalone_mode:
                raise
            typer.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except Exception as error:
            if not standalone_mode:
                raise
            # Not by its class: some versions of Typer bring a Click of their own.
            if not hasattr(error, "format_message"):
                raise
            _show(error)
            sys.exit(getattr(error, "exit_code", FAILURE))
        if standalone_mode:
            sys.exit(status if isinstance(status, int) else 0)
        return status


def _show(error: Any) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    # Pydantic, where Typer validates with it, puts its own words before those of an enumeration.
    message = str(error.format_message()).replace("Value error, ", "").rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "skyforge"
    typer.echo(
        indented("error", f"{message[:1].lower()}{message[1:]}\nsee {command} --help"),
        err=True,
    )
