"""The point spread functions of a frame, prepared for drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.halo import HaloKernels, coarse_error, fit_halo, ring
from skyforge.render.psf_classes import PsfClass, PsfLike, Survey, stamps_and_classes, survey
from skyforge.render.stamps import Stamp

HALO_BEGINS = (16, 32, 64)
"""Half-widths of stamps, pixels, where a halo may begin."""
HALO_ERROR = 1e-4
"""What the finest level of the halo may get wrong in any pixel, in units of the peak."""
SIGNIFICANT = 9


class BankTables(NamedTuple):
    """
    A bank as the kernels read it; classes and stamps of all functions one after the other.

    Attributes
    ----------
    samples
        float32: the stamps' samples.
    first_sample, half_width, phase_bits
        Of each stamp: where its samples begin, half its side in pixels, and log2 of its phases per pixel.
    panel_lengths
        ``(stamps, 4)``: longest panel of a trail for each rule, pixels.
    first_class, first_trail_class
        Of each function; `first_class` has one more for the end.
    class_electrons, first_class_stamp, class_halo_level, class_halo_fraction
        Of each class: its brightest source, where its stamps begin in `class_stamps` (one more for the end), the level
        of the halo that takes up the rest (-1: none) and how much of the flux that is.
    class_stamps
        Stamps of all classes.
    halo_spacing_bits
        log2 of the spacing of the halo's finest grid in pixels.
    first_tap, tap_offsets, tap_weights
        The halo's kernels: where each level's taps begin (one more for the end), row and column, weight.
    """

    samples: NDArray[np.float32]
    first_sample: NDArray[np.uint64]
    half_width: NDArray[np.int32]
    phase_bits: NDArray[np.int32]
    panel_lengths: NDArray[np.float64]
    first_class: NDArray[np.int32]
    first_trail_class: NDArray[np.int32]
    class_electrons: NDArray[np.float64]
    first_class_stamp: NDArray[np.int32]
    class_stamps: NDArray[np.int32]
    class_halo_level: NDArray[np.int32]
    class_halo_fraction: NDArray[np.float64]
    halo_spacing_bits: int
    first_tap: NDArray[np.int32]
    tap_offsets: NDArray[np.int32]
    tap_weights: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PsfBank:
    """
    Point spread functions as tables; make one with `psf_bank`.

    Attributes
    ----------
    count
        How many functions it holds; a source's `psf_index` is below it.
    halo_begin
        Where the common halo takes over from the stamps of faint sources, pixels; 0 if there is none.
    tables
        What the kernels read.
    """

    count: int
    halo_begin: int
    tables: BankTables = field(repr=False)

    def compiled(self) -> _core.Bank:
        """Return the bank as the kernels take it."""
        return _core.Bank(*self.tables)

    @property
    def nbytes(self) -> int:
        """Memory of the tables, bytes."""
        return sum(value.nbytes for value in self.tables if isinstance(value, np.ndarray))


def psf_bank(psfs: Sequence[PsfLike] | PsfLike) -> PsfBank:
    """
    Prepare point spread functions for drawing.

    A function is drawn as stamps, tabulated over sub-pixel phases; how wide a stamp a source gets depends on its
    brightness, so that no more than a tenth of an electron is out of place. Where a function has wings (diffraction,
    a Moffat's), their light within 512 px reaches every pixel through a halo common to the bank; light that a function
    sends farther is put back inside, in proportion. The bank shares one shape of halo, and each function has its own
    share of it.

    Parameters
    ----------
    psfs
        One or more functions; each with ``prf(radius_px, samples_per_pixel)``.

    Returns
    -------
    PsfBank
        The bank; sources refer to its functions by their place in `psfs`.

    Raises
    ------
    InputError
        If there is none, or one is not a point spread function.
    """
    functions = list(psfs) if isinstance(psfs, Sequence) else [psfs]
    if not functions:
        raise InputError("a bank needs at least one point spread function")
    looks = [survey(function) for function in functions]
    halo = _common_halo(looks)
    drawn = [stamps_and_classes(look, halo) for look in looks]
    return _flatten(drawn, halo)


def _common_halo(looks: list[Survey]) -> HaloKernels | None:
    wides = [look.wide for look in looks if look.wide is not None]
    if not wides:
        return None
    peaks = [look.peak for look in looks if look.wide is not None]
    for begin in HALO_BEGINS:
        halo = fit_halo(wides, begin)
        errors = [_first_level_error(wide, halo) / peak for wide, peak in zip(wides, peaks, strict=True)]
        if max(errors) <= HALO_ERROR:
            break
    return halo


def _first_level_error(wide: NDArray[np.float64], halo: HaloKernels) -> float:
    light = ring(wide, halo.begin, 0)
    share = sum(
        float(ring(wide, halo.begin, level).sum()) for level in range(halo.levels)
    ) / halo.energy_from(0)
    return coarse_error(light, halo.kernels[0] * share, halo.spacing(0))


def _rounded(value: float) -> float:
    """Round to 9 digits, so that a host's last bit cannot reach a pixel."""
    return float(f"{value:.{SIGNIFICANT}g}")


def _halo_fraction(each: PsfClass, halo: HaloKernels | None) -> float:
    """Return what to deposit per electron, so that the halo's levels hold the energy that the class leaves them."""
    if halo is None or each.halo_level < 0:
        return 0.0
    return each.halo_energy / halo.energy_from(each.halo_level)


def _flatten(drawn: list[tuple[list[Stamp], list[PsfClass]]], halo: HaloKernels | None) -> PsfBank:
    stamps = [stamp for own, _ in drawn for stamp in own]
    classes = [each for _, own in drawn for each in own]
    first_stamp = np.concatenate([[0], np.cumsum([len(own) for own, _ in drawn])])
    first_class = np.concatenate([[0], np.cumsum([len(own) for _, own in drawn])])
    trail_class = [
        first + next(i for i, each in enumerate(own) if each.trails)
        for first, (_, own) in zip(first_class[:-1], drawn, strict=True)
    ]
    class_stamps = [
        [int(first) + stamp for stamp in each.stamps]
        for first, (_, own) in zip(first_stamp[:-1], drawn, strict=True)
        for each in own
    ]
    fractions = [_halo_fraction(each, halo) for each in classes]
    sizes = [stamp.samples.size for stamp in stamps]
    first_tap, tap_offsets, tap_weights = _taps(halo)
    tables = BankTables(
        np.concatenate([stamp.samples.reshape(-1) for stamp in stamps]),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.uint64),
        np.array([stamp.half_width for stamp in stamps], dtype=np.int32),
        np.array([stamp.phases.bit_length() - 1 for stamp in stamps], dtype=np.int32),
        np.array([stamp.panel_lengths for stamp in stamps], dtype=np.float64),
        first_class.astype(np.int32),
        np.array(trail_class, dtype=np.int32),
        np.array([_rounded(each.electrons) for each in classes], dtype=np.float64),
        np.concatenate([[0], np.cumsum([len(own) for own in class_stamps])]).astype(np.int32),
        np.concatenate(class_stamps).astype(np.int32),
        np.array([each.halo_level for each in classes], dtype=np.int32),
        np.array([_rounded(fraction) for fraction in fractions], dtype=np.float64),
        0 if halo is None else halo.spacing(0).bit_length() - 1,
        first_tap,
        tap_offsets,
        tap_weights,
    )
    return PsfBank(len(drawn), 0 if halo is None else halo.begin, tables)


def _taps(halo: HaloKernels | None) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """List the kernels' non-zero weights; a node receives from where the kernel, mirrored, points."""
    if halo is None:
        return np.zeros(1, np.int32), np.zeros((0, 2), np.int32), np.zeros(0, np.float32)
    counts, offsets, weights = [0], [], []
    for kernel in halo.kernels:
        centre = kernel.shape[0] // 2
        rows, columns = np.nonzero(kernel)
        offsets.append(np.stack([centre - rows, centre - columns], axis=1))
        weights.append(kernel[rows, columns])
        counts.append(counts[-1] + len(rows))
    return (
        np.array(counts, dtype=np.int32),
        np.ascontiguousarray(np.concatenate(offsets), dtype=np.int32),
        np.concatenate(weights).astype(np.float32),
    )
