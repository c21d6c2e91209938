"""Frames from sources: the electrons to be expected, and what a detector makes of them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.background import Background, compiled_background
from skyforge.render.detector import Detector
from skyforge.render.options import checked_threads, resolve_device
from skyforge.render.psf_bank import PsfBank
from skyforge.render.random_numbers import checked_frame, checked_seed
from skyforge.render.sources import BAD_LIGHT, Sources, check_functions

if TYPE_CHECKING:
    from skyforge.render.gpu.frames import GpuFrames

LONGEST_SIDE = 65536


def expected_image(
    sources: Sources,
    psf: PsfBank,
    shape: tuple[int, int],
    background: Background = 0.0,
    threads: int | None = None,
    device: str = "auto",
    *,
    isa: str = "auto",
) -> Any:
    """
    Draw sources on a background.

    Parameters
    ----------
    sources
        Points and straight trails, on the frame or off it.
    psf
        The bank that the sources' `psf_index` refers to.
    shape
        ``(ny, nx)``, pixels.
    background
        Electrons per pixel: a number, a float32 map of the frame, or a `CoarseBackground`.
    threads
        CPU threads; all by default.
    device
        "cpu"; "gpu", which leaves the result there as a CuPy array; or "auto": where it is fastest, as a NumPy array.
    isa
        Instruction set; for tests.

    Returns
    -------
    ndarray, ``shape``
        float32 [y, x]: expected photo-electrons; the same bytes whatever the threads and the processor.

    Raises
    ------
    InputError
        If an input is out of range.
    SkyforgeError
        If the device cannot render.
    """
    size = _checked_shape(shape)
    if resolve_device(device) == "gpu":
        return _on_gpu(psf, size, Detector(), device).expected_image(sources, background)
    image = np.empty(size, dtype=np.float32)
    _core.expected_image(
        image,
        _compiled_sources(sources, psf),
        psf.compiled(),
        compiled_background(background, size),
        checked_threads(threads),
        isa,
    )
    return image


def expose(
    expected: Any,
    detector: Detector,
    seed: int,
    frame: int = 0,
    threads: int | None = None,
    device: str = "auto",
    *,
    isa: str = "auto",
) -> Any:
    """
    Expose a detector to expected photo-electrons.

    Parameters
    ----------
    expected
        float32, ``(ny, nx)``: photo-electrons, >= 0.
    detector
        The detector.
    seed
        0 to 2^64 - 1.
    frame
        Number of the frame, 0 to 2^32 - 1; frames of one seed have independent noise.
    threads
        CPU threads; all by default.
    device
        "cpu"; "gpu", which leaves the result there as a CuPy array; or "auto": where it is fastest, as a NumPy array.
    isa
        Instruction set; for tests.

    Returns
    -------
    ndarray, ``(ny, nx)``
        uint16 ADU; the same bytes whatever the threads and the processor.

    Raises
    ------
    InputError
        If an input is out of range.
    SkyforgeError
        If the device cannot render.
    """
    size = _checked_shape(np.shape(expected))
    if resolve_device(device) == "gpu":
        from skyforge.render.gpu.frames import exposed

        stay = device == "gpu"
        return exposed(expected, detector, checked_seed(seed), checked_frame(frame), stay=stay)
    light = np.asarray(expected, dtype=np.float32, order="C")
    image = np.empty(size, dtype=np.uint16)
    model = detector.compiled(size)
    good = _core.expose(
        image, light, model, checked_seed(seed), checked_frame(frame), checked_threads(threads), isa
    )
    _check_light(good)
    return image


def render_frame(
    sources: Sources,
    psf: PsfBank,
    shape: tuple[int, int],
    background: Background,
    detector: Detector,
    seed: int,
    frame: int = 0,
    threads: int | None = None,
    device: str = "auto",
    *,
    isa: str = "auto",
) -> Any:
    """
    Draw sources and expose the detector in one go: the bytes of ``expose(expected_image(...), ...)``.

    Parameters
    ----------
    sources, psf, shape, background
        As for `expected_image`.
    detector, seed, frame
        As for `expose`.
    threads
        CPU threads; all by default.
    device
        "cpu"; "gpu", which leaves the result there as a CuPy array; or "auto": where it is fastest, as a NumPy array.
    isa
        Instruction set; for tests.

    Returns
    -------
    ndarray, ``shape``
        uint16 [y, x], ADU.

    Raises
    ------
    InputError
        If an input is out of range.
    SkyforgeError
        If the device cannot render.
    """
    size = _checked_shape(shape)
    if resolve_device(device) == "gpu":
        return _on_gpu(psf, size, detector, device).render_frame(sources, background, seed, frame)
    image = np.empty(size, dtype=np.uint16)
    good = _core.render_frame(
        image,
        _compiled_sources(sources, psf),
        psf.compiled(),
        compiled_background(background, size),
        detector.compiled(size),
        checked_seed(seed),
        checked_frame(frame),
        checked_threads(threads),
        isa,
    )
    _check_light(good)
    return image


def _on_gpu(psf: PsfBank, shape: tuple[int, int], detector: Detector, device: str) -> GpuFrames:
    from skyforge.render.gpu.frames import GpuFrames  # only who has a GPU pays for it

    return GpuFrames.on_this_machine(psf, shape, detector, stay=device == "gpu")


def _compiled_sources(sources: Sources, psf: PsfBank) -> _core.SourceList:
    check_functions(sources, psf.count)
    return _core.SourceList(
        sources.x_start, sources.y_start, sources.x_end, sources.y_end, sources.electrons, sources.psf_index
    )


def _checked_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    try:
        sides = [operator.index(side) for side in shape]
    except TypeError as error:
        raise InputError(f"a frame's shape is two whole numbers (ny, nx), found {shape!r}") from error
    if (
        len(sides) != 2
        or not all(1 <= side <= LONGEST_SIDE for side in sides)
        or sides[0] * sides[1] >= 2**32
    ):
        raise InputError(f"a frame's shape is (ny, nx), each from 1 to {LONGEST_SIDE}, found {shape!r}")
    return sides[0], sides[1]


def _check_light(good: bool) -> None:
    if not good:
        raise InputError(BAD_LIGHT)
