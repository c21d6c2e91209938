"""Errors of the physics, told with the scenario's field that caused them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from skyforge.errors import InputError


@contextmanager
def about(field: str) -> Iterator[None]:
    """Put a field's name before the message of any `InputError` of the block.

    Parameters
    ----------
    field
        Dotted name, as `--set` takes it.
    """
    try:
        yield
    except InputError as error:
        raise InputError(f"{field}: {error}") from error
