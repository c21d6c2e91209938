"""What can go wrong, in words a user can act on.

Every error that skyforge raises on purpose derives from `SkyforgeError`. Its message is one or two lines that
say what was found and what to do. The command line prints the message and exits with `exit_status`.
"""

from __future__ import annotations


class SkyforgeError(Exception):
    """A failure that skyforge foresaw; the message tells the user what to do."""

    exit_status = 1


class InputError(SkyforgeError):
    """The user's input is wrong: a scenario, a file it names, or an option."""

    exit_status = 2


class OutputError(SkyforgeError):
    """A result could not be written: read-only folder, full disk, existing run."""

    exit_status = 1


class SkyforgeWarning(UserWarning):
    """Something the user should know, though the run goes on."""
