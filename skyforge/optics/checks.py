"""Refusals of unphysical parameters that name the parameter."""

from __future__ import annotations

import math

from skyforge.errors import InputError

# Beyond this the patterns that resolve both λ/D and the jitter's reach need more than a gigabyte.
MOST_JITTER_LAMBDA_OVER_D = 30.0


def require_positive(name: str, value: float) -> None:
    """Raise `InputError` unless the value is finite and greater than zero."""
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name} = {value:g}: must be a finite number greater than 0")


def require_not_negative(name: str, value: float) -> None:
    """Raise `InputError` unless the value is finite and at least zero."""
    if not (math.isfinite(value) and value >= 0.0):
        raise InputError(f"{name} = {value:g}: must be a finite number, 0 or more")


def require_resolvable_jitter(jitter_px: float, lambda_over_d_px: float) -> None:
    """Raise `InputError` where a jitter hides all diffraction, which is then not worth its computation."""
    require_not_negative("jitter_px", jitter_px)
    if jitter_px > MOST_JITTER_LAMBDA_OVER_D * lambda_over_d_px:
        raise InputError(
            f"jitter_px = {jitter_px:g}: more than {MOST_JITTER_LAMBDA_OVER_D:g} λ/D "
            f"(λ/D = {lambda_over_d_px:g} px) hides the diffraction pattern; use a Gaussian or Moffat PSF"
        )


def require_obstruction(value: float) -> None:
    """Raise `InputError` unless the linear central obstruction lies in [0, 1)."""
    if not 0.0 <= value < 1.0:
        raise InputError(
            f"obstruction = {value:g}: must be at least 0 and less than 1 "
            "(diameter of the obstruction over diameter of the aperture)"
        )
