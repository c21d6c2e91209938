"""Refusals of unphysical parameters that name the parameter."""

from __future__ import annotations

import math

from skyforge.errors import InputError


def require_positive(name: str, value: float) -> None:
    """Raise `InputError` unless the value is finite and greater than zero."""
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name} = {value:g}: must be a finite number greater than 0")


def require_not_negative(name: str, value: float) -> None:
    """Raise `InputError` unless the value is finite and at least zero."""
    if not (math.isfinite(value) and value >= 0.0):
        raise InputError(f"{name} = {value:g}: must be a finite number, 0 or more")


def require_obstruction(value: float) -> None:
    """Raise `InputError` unless the linear central obstruction lies in [0, 1)."""
    if not 0.0 <= value < 1.0:
        raise InputError(
            f"obstruction = {value:g}: must be at least 0 and less than 1 "
            "(diameter of the obstruction over diameter of the aperture)"
        )
