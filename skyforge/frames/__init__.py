"""What a render leaves on disk: FITS frames, the truth beside them, a preview, a manifest, a run's folder."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyforge.frames.files import atomic_file
    from skyforge.frames.fits import read_fits, write_fits
    from skyforge.frames.frame import Frame
    from skyforge.frames.header import cards_header, observation_cards
    from skyforge.frames.manifest import ManifestWriter, read_manifest
    from skyforge.frames.pixel_sum import pixel_sha256
    from skyforge.frames.preview import write_preview
    from skyforge.frames.run_directory import RunDirectory
    from skyforge.frames.run_writer import RunWriter
    from skyforge.frames.truth import TRUTH_SCHEMA, TruthFlag, TruthWriter, read_truth, truth_table
    from skyforge.frames.wcs import fit_wcs

__all__ = [
    "TRUTH_SCHEMA",
    "Frame",
    "ManifestWriter",
    "RunDirectory",
    "RunWriter",
    "TruthFlag",
    "TruthWriter",
    "atomic_file",
    "cards_header",
    "fit_wcs",
    "observation_cards",
    "pixel_sha256",
    "read_fits",
    "read_manifest",
    "read_truth",
    "truth_table",
    "write_fits",
    "write_preview",
]

_MODULES = {
    "TRUTH_SCHEMA": "truth",
    "Frame": "frame",
    "ManifestWriter": "manifest",
    "RunDirectory": "run_directory",
    "RunWriter": "run_writer",
    "TruthFlag": "truth",
    "TruthWriter": "truth",
    "atomic_file": "files",
    "cards_header": "header",
    "fit_wcs": "wcs",
    "observation_cards": "header",
    "pixel_sha256": "pixel_sum",
    "read_fits": "fits",
    "read_manifest": "manifest",
    "read_truth": "truth",
    "truth_table": "truth",
    "write_fits": "fits",
    "write_preview": "preview",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: a command that only prints help should not pay for astropy and pyarrow.
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
