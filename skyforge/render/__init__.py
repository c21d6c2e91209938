"""The pixel engine: sources and a detector as arrays in, frames as arrays out."""

from __future__ import annotations

from skyforge.render.background import Background, CoarseBackground
from skyforge.render.detector import Detector
from skyforge.render.frame import expected_image, expose, render_frame
from skyforge.render.psf_bank import PsfBank, psf_bank
from skyforge.render.psf_classes import PsfLike
from skyforge.render.random_numbers import standard_normal, uniform
from skyforge.render.sources import Sources

__all__ = [
    "Background",
    "CoarseBackground",
    "Detector",
    "PsfBank",
    "PsfLike",
    "Sources",
    "expected_image",
    "expose",
    "psf_bank",
    "render_frame",
    "standard_normal",
    "uniform",
]
