"""The same work done by other libraries, in this process, on one thread."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module, metadata
from typing import Any

import numpy as np

from skyforge.bench.effort import Effort
from skyforge.bench.figures import RivalFigures
from skyforge.bench.scenes import DETECTOR, SKY_E, Scene
from skyforge.bench.timing import median_seconds
from skyforge.bench.to_disk import CARDS
from skyforge.codec import rice_bound, rice_compress
from skyforge.errors import InputError, SkyforgeError
from skyforge.frames.compressed import compressed_file
from skyforge.render import expected_image, expose, render_frame

_SCENE = Scene("rivals", "10⁴ stars on 2048²", (2048, 2048), 10_000, fwhm_px=3.5)
_STAMP_PX = 15
_FEW = 2  # they take seconds
_DISTRIBUTIONS = {"photutils": "photutils", "numpy": "numpy", "astropy": "astropy"}
_INSTALL = {"photutils": "pip install photutils"}


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """
    Check the names of rivals.

    Raises
    ------
    InputError
        If there is no such rival.
    SkyforgeError
        If one is not installed.
    """
    for name in names:
        if name not in _DISTRIBUTIONS:
            near = get_close_matches(name, _DISTRIBUTIONS, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise InputError(
                f"--against: nothing is known of {name!r}; {meant}choose from {', '.join(_DISTRIBUTIONS)}"
            )
        try:
            metadata.version(_DISTRIBUTIONS[name])
        except metadata.PackageNotFoundError as error:
            how = _INSTALL.get(name, f"pip install {name}")
            raise SkyforgeError(f"--against: {name} is not installed: {how}") from error
    return tuple(dict.fromkeys(names))


def against(name: str, effort: Effort, scene: Scene = _SCENE) -> RivalFigures:
    """
    Measure one of `chosen` beside ourselves, on the processor.

    Parameters
    ----------
    name
        The rival.
    effort
        How often; theirs at most twice.
    scene
        What both make.
    """
    work, theirs, ours = {"photutils": _stars, "numpy": _detector, "astropy": _compression}[name](scene)
    return RivalFigures(
        rival=name,
        version=metadata.version(_DISTRIBUTIONS[name]),
        work=f"{work} of {scene.title}",
        theirs_s=median_seconds(theirs, replace(effort, repeats=_FEW, seconds=0.0), time.process_time),
        ours_s=median_seconds(ours, effort, time.process_time),
    )


Contest = tuple[str, Callable[[], object], Callable[[], object]]


def _stars(scene: Scene) -> Contest:
    """Draw expected electrons, without noise: `photutils.datasets.make_model_image`."""
    make_model_image: Any = import_module("photutils.datasets").make_model_image
    model: Any = import_module("photutils.psf").GaussianPRF()
    sources, bank = scene.sources(), scene.bank()
    table: Any = import_module("astropy.table").Table(
        {
            "x_0": sources.x_start,
            "y_0": sources.y_start,
            "flux": sources.electrons,
            "x_fwhm": np.full(scene.stars, scene.fwhm_px),
            "y_fwhm": np.full(scene.stars, scene.fwhm_px),
        }
    )
    return (
        "the light",
        lambda: make_model_image(scene.shape, model, table, model_shape=(_STAMP_PX, _STAMP_PX)),
        lambda: expected_image(sources, bank, scene.shape, threads=1, device="cpu"),
    )


def _detector(scene: Scene) -> Contest:
    """Expose a detector: NumPy's ``poisson``, ``normal`` and ``clip``."""
    expected = expected_image(scene.sources(), scene.bank(), scene.shape, SKY_E, device="cpu")
    generator = np.random.default_rng(1)

    def theirs() -> Any:
        electrons = np.minimum(generator.poisson(expected + float(DETECTOR.dark_e)), DETECTOR.full_well_e)
        electrons = electrons + generator.normal(0.0, DETECTOR.read_noise_e, scene.shape)
        adu = electrons / DETECTOR.gain_e_per_adu + DETECTOR.bias_adu + 0.5
        return np.clip(adu, 0, 2**DETECTOR.bits - 1).astype(np.uint16)

    return "the noise", theirs, lambda: expose(expected, DETECTOR, 1, threads=1, device="cpu")


def _compression(scene: Scene) -> Contest:
    """Write a compressed FITS file into memory: `astropy.io.fits.CompImageHDU`."""
    fits: Any = import_module("astropy.io.fits")
    adu = render_frame(scene.sources(), scene.bank(), scene.shape, SKY_E, DETECTOR, 1, device="cpu")
    room = np.empty(rice_bound(scene.shape), np.uint8)

    def theirs() -> None:
        image = fits.CompImageHDU(adu, compression_type="RICE_1", tile_shape=(1, scene.shape[1]))
        fits.HDUList([fits.PrimaryHDU(), image]).writeto(io.BytesIO())

    def ours() -> None:
        io.BytesIO().writelines(compressed_file(CARDS, rice_compress(adu, threads=1, out=room)))

    return "compressed files", theirs, ours
