"""Simulate what a telescope sees of objects in space."""

from importlib.metadata import version as _version

__version__ = _version("skyforge-sim")
