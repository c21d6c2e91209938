"""Warnings of a run: told when they come, and only once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skyforge.errors import SkyforgeWarning


@contextmanager
def told_at_once() -> Iterator[list[str]]:
    """Pass each warning of skyforge on when it comes, but once only; yield the list that they are noted in."""
    told: list[str] = []
    with warnings.catch_warnings():
        pass_on = warnings.showwarning
        warnings.simplefilter("always", SkyforgeWarning)

        def note(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, SkyforgeWarning):
                pass_on(message, category, *where, **more)
            elif str(message) not in told:
                told.append(str(message))
                pass_on(message, category, *where, **more)

        warnings.showwarning = note
        yield told
