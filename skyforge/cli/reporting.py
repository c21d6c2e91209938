"""How commands fail and warn: a line or two on standard error, and an exit status."""

from __future__ import annotations

import contextlib
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import typer

from skyforge.cli import INTERRUPTED
from skyforge.errors import SkyforgeError, SkyforgeWarning

FAILURE = 1


@contextlib.contextmanager
def reported(debug: bool) -> Iterator[None]:
    """Turn what is raised inside into a message and an exit status, and show each warning once.

    Parameters
    ----------
    debug
        Print the traceback too, and the warnings of other libraries.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("default" if debug else "ignore")
        warnings.simplefilter("always", SkyforgeWarning)
        warnings.showwarning = _WarningPrinter()
        try:
            yield
        except (typer.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:  # noqa: BLE001  (whatever it is, the user gets a message and a status)
            if debug:
                traceback.print_exc()
            typer.echo(indented("error", _message(error)), err=True)
            status = error.exit_status if isinstance(error, SkyforgeError) else FAILURE
            raise typer.Exit(status) from None


class _WarningPrinter:
    """Prints one line for each warning, the first time it comes."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, message: Warning | str, *_: Any, **__: Any) -> None:
        text = str(message)
        if text not in self._seen:
            self._seen.add(text)
            # Not typer.echo: a progress bar that stands there takes over sys.stderr, and moves out of the way.
            sys.stderr.write(indented("warning", text) + "\n")


def _message(error: Exception) -> str:
    """Return what the user reads of an error."""
    if isinstance(error, SkyforgeError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, ImportError):
        return f"the installation is not complete: {error}\nrun skyforge doctor to see what is missing"
    if isinstance(error, MemoryError):
        return "out of memory; render fewer pixels (detector.shape) or fewer stars (stars.limit)"
    text = " ".join(str(error).split())
    return f"unexpected {type(error).__name__}: {text}\nrun again with --debug for the traceback"


def indented(prefix: str, text: str) -> str:
    """Return a text of some lines behind a prefix, such as "error", the lines below each other."""
    return f"{prefix}: " + f"\n{' ' * (len(prefix) + 2)}".join(text.splitlines())
