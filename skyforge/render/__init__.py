"""The pixel engine: sources and a detector as arrays in, frames as arrays out."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from skyforge.render.background import Background, CoarseBackground
from skyforge.render.detector import Detector
from skyforge.render.frame import expected_image, expose, render_frame
from skyforge.render.projection import View, project
from skyforge.render.psf_bank import PsfBank, psf_bank
from skyforge.render.psf_classes import PsfLike
from skyforge.render.random_numbers import standard_normal, uniform
from skyforge.render.renderers import Renderer, renderer
from skyforge.render.sources import Sources

__all__ = [
    "Background",
    "CoarseBackground",
    "Detector",
    "PsfBank",
    "PsfLike",
    "Renderer",
    "Sources",
    "View",
    "expected_image",
    "expose",
    "project",
    "psf_bank",
    "render_frame",
    "renderer",
    "standard_normal",
    "uniform",
]


class _RenderModule(ModuleType):
    """The package itself, which is also what `skyforge.render(scenario)` calls.

    The name is both the pixel engine and what a user wants done with a scenario. The engine knows no scenarios, so the
    call goes to the room that does, found by name only when someone calls.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return import_module("skyforge.studio").render_one(*arguments, **options)


sys.modules[__name__].__class__ = _RenderModule
