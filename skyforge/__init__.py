"""Simulate what a telescope sees of objects in space.

>>> import skyforge
>>> scenario = skyforge.load("minimal", ["detector.shape=[64, 64]"])
>>> frame = skyforge.render(scenario)
>>> frame.data.shape
(64, 64)
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _version
from typing import Any

__version__ = _version("skyforge-sim")

__all__ = ["__version__", "load", "render", "stream"]

_PLACES = {"load": "skyforge.scenario", "stream": "skyforge.studio"}


def __getattr__(name: str) -> Any:
    # Loaded on first use: importing skyforge, or asking for help, should not cost an import of astropy.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    if name == "render":
        return import_module("skyforge.render")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
