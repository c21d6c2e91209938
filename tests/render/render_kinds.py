"""The point spread functions that the render tests draw with, and their banks, made once."""

from __future__ import annotations

from functools import cache

from render_oracle import Airy, Gaussian, Moffat

from skyforge import render

FUNCTIONS = {
    "gaussian 0.5": Gaussian(0.5),
    "gaussian 1": Gaussian(1.0),
    "gaussian 4": Gaussian(4.0),
    "moffat 2.5": Moffat(2.5, 2.5),
    "moffat 1.5, steep": Moffat(1.5, 4.765),
    "moffat 4": Moffat(4.0, 3.5),
    "airy 2, obstructed": Airy(2.0, 0.3),
    "airy 0.5, obstructed": Airy(0.5, 0.35),
}


@cache
def bank_of(name):
    """The bank of one function."""
    return render.psf_bank(FUNCTIONS[name])
