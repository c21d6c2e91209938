"""Looking something up by a name that a person typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from skyforge.errors import InputError

Value = TypeVar("Value")

_NAMES_SHOWN = 12


def unknown_name_message(name: str, known: Iterable[str], kind: str) -> str:
    """Return a message that says a name is unknown and suggests the nearest one that is."""
    names = list(known)
    by_lower_case = {candidate.lower(): candidate for candidate in names}
    near = get_close_matches(name.strip().lower(), list(by_lower_case), n=1, cutoff=0.5)
    suggestion = f"did you mean {by_lower_case[near[0]]!r}? " if near else ""
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    return f"unknown {kind} {name!r}: {suggestion}known: {shown}"


def look_up(table: Mapping[str, Value], name: str, kind: str) -> Value:
    """Return ``table[name]``, or say which name was probably meant.

    Raises
    ------
    InputError
        If the name is not in the table.
    """
    try:
        return table[name]
    except KeyError:
        raise InputError(unknown_name_message(name, table, kind)) from None
