"""What people type. Commands parse, call and show; the work is done elsewhere."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""Exit status after an interrupt, as shells use it: 128 and the signal's number."""


def main() -> None:
    """Run the command line; the entry point of `skyforge`."""
    from skyforge.cli.app import app  # nothing heavy before the arguments are known

    try:
        app(prog_name="skyforge")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
