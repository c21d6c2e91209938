"""Which stamps a source of a given brightness is drawn with, and what it leaves to the halo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render.halo import REACH, HaloKernels, coarse_error, ring, within_reach
from skyforge.render.stamps import (
    SURVEY_HALF_WIDTH,
    SURVEY_PHASES,
    Stamp,
    make_stamp,
    phases_for,
    phases_for_ring,
)
from skyforge.render.windows import beyond, radius_grid, trimmed

Array = NDArray[np.float64]

HALF_WIDTHS = (4, 8, 12, 16, 24, 32, 48, 64)
"""Half-widths of stamps, pixels; multiples of 4, because the kernel adds eight pixels at a time."""
NEAR = HALF_WIDTHS[-1]
WIDEST_RING = 256
"""Half-width of the widest stamp, pixels; what lies beyond is the halo's even for the brightest source."""
TABLE_SIDE = 512
"""Samples from the centre to the edge of the largest table: bounds its memory to about 5 MB."""
LEAST_ENERGY, MOST_ENERGY = 0.9, 1.01
"""Sums within reach that a point spread function may have."""
NO_HALO = 3e-6
"""Light beyond `NEAR` that may be put back into the stamps."""
FAINT_EDGE = 3e-4
"""What a trimmed stamp leaves out in any pixel, in units of the peak."""
FAINT_CUT = 1e-4
"""What a trimmed stamp may leave out in all where no halo takes it up, as a fraction of the flux."""
LEFT_OUT = 0.1
"""Electrons that a source's stamps may misplace."""
BRIGHT_CUT = 1e-5
"""Or this fraction of the flux, whichever is more."""
FAINT_TABLE_SIDE = 768
"""As `TABLE_SIDE`, for trimmed stamps wider than the core where there is no halo: about 10 MB."""
SMALLEST_TAIL = 1e-10
"""Where a function falls below this fraction of the flux per pixel, stamps need not go on."""


class PsfLike(Protocol):
    """A point spread function as the renderer needs it; every `skyforge.optics` function is one."""

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """
        Return the pixel-integrated point spread function.

        Parameters
        ----------
        radius_px
            Half the side, pixels.
        samples_per_pixel
            Samples per pixel along an axis.

        Returns
        -------
        ndarray, ``(2 radius_px samples_per_pixel + 1,) * 2``
            [y, x]: the fraction of the light that falls on a unit pixel centred at each offset from the source.
        """


@dataclass(frozen=True)
class PsfClass:
    """
    Sources up to one brightness.

    Attributes
    ----------
    electrons
        The brightest source of the class.
    stamps
        Which of the function's stamps are drawn.
    halo_level
        The halo's level that takes up the rest, or -1.
    halo_energy
        The rest, as a fraction of the flux.
    trails
        Whether trails may use the class.
    """

    electrons: float
    stamps: tuple[int, ...]
    halo_level: int
    halo_energy: float
    trails: bool


@dataclass(frozen=True)
class Survey:
    """
    What a first look at a function shows.

    Attributes
    ----------
    psf
        The function.
    near
        One sample per pixel to `NEAR` pixels.
    wide
        One sample per pixel to `REACH`, summing to 1; none where the function needs no halo.
    scale
        Factor that makes the light within reach sum to 1.
    phases
        Phases per pixel of the innermost stamp.
    """

    psf: PsfLike
    near: Array
    wide: Array | None
    scale: float
    phases: int

    @property
    def peak(self) -> float:
        """The largest fraction of the flux in one pixel."""
        return float(self.near.max())

    def sampled(self, half_width: int, phases: int) -> Array:
        """Sample the function, scaled."""
        return checked_prf(self.psf, half_width, phases) * self.scale


def checked_prf(psf: PsfLike, half_width: int, samples_per_pixel: int) -> Array:
    """
    Sample a function and make sure that it is what the protocol promises.

    Raises
    ------
    InputError
        If the samples have the wrong shape, are not finite, or are all zero.
    """
    values = np.asarray(psf.prf(half_width, samples_per_pixel), dtype=np.float64)
    side = 2 * half_width * samples_per_pixel + 1
    if values.shape != (side, side):
        raise InputError(
            f"prf({half_width}, {samples_per_pixel}) returned shape {values.shape}, not {(side, side)}"
        )
    if not np.isfinite(values).all() or values.max() <= 0.0:
        raise InputError("a point spread function must be finite and brighter than zero somewhere")
    return values


def survey(psf: PsfLike) -> Survey:
    """
    Take a first look at a function.

    Raises
    ------
    InputError
        If its light does not sum to 1.
    """
    near = checked_prf(psf, NEAR, 1)
    kept = near * trimmed(radius_grid(NEAR, 1), NEAR)
    inside, edge = float(kept.sum()), float((near - kept).max())
    phases = phases_for(checked_prf(psf, SURVEY_HALF_WIDTH, SURVEY_PHASES))
    if abs(1.0 - inside) <= NO_HALO and edge <= SMALLEST_TAIL:
        return Survey(psf, near / inside, None, 1.0 / inside, phases)
    sampled = checked_prf(psf, REACH, 1)
    total = float(sampled.sum())
    if not LEAST_ENERGY < total < MOST_ENERGY:
        raise InputError(
            f"a point spread function must sum to 1; within {REACH} px this one sums to {total:.4g}"
        )
    wide = within_reach(sampled)
    scale = float(wide[REACH, REACH] / sampled[REACH, REACH]) if sampled[REACH, REACH] > 0.0 else 1.0 / total
    return Survey(psf, near * scale, wide, scale, phases)


@dataclass(frozen=True)
class Layers:
    """Nested stamps: each takes over where the one before fades."""

    half_widths: tuple[int, ...]
    stamps: tuple[Stamp, ...]


def _outermost(look: Survey) -> int:
    """Return the half-width beyond which a function without a halo has nothing to show."""
    radius = radius_grid(NEAR, 1)
    for half_width in HALF_WIDTHS[:-1]:
        left_out = look.near * (1.0 - trimmed(radius, half_width))
        if left_out.max() <= SMALLEST_TAIL and left_out.sum() <= NO_HALO:
            return half_width
    return NEAR


def _half_widths(look: Survey, halo: HaloKernels | None) -> tuple[int, ...]:
    """From the innermost stamp, whose table the phases keep small, doubling outwards."""
    if look.wide is None or halo is None:
        last = _outermost(look)
        if last * look.phases <= TABLE_SIDE:
            return (last,)
    else:
        last = WIDEST_RING
    largest = min(TABLE_SIDE // look.phases, halo.begin if halo else last)
    innermost = 2 ** (max(4, largest).bit_length() - 1)
    chain = [innermost]
    while chain[-1] < last:
        chain.append(2 * chain[-1])
    return tuple(chain)


def make_layers(look: Survey, halo: HaloKernels | None) -> Layers:
    """
    Cut a function into nested stamps.

    Parameters
    ----------
    look
        The function.
    halo
        The bank's halo, if it has one.

    Returns
    -------
    Layers
        Stamps from the core outwards.
    """
    half_widths = _half_widths(look, halo)
    stamps: list[Stamp] = []
    for index, half_width in enumerate(half_widths):
        last_of_all = look.wide is None and index + 1 == len(half_widths)

        def light(
            phases: int, half_width: int = half_width, index: int = index, last: bool = last_of_all
        ) -> Array:
            radius = radius_grid(half_width, phases)
            share = trimmed(radius, half_width) if last else 1.0 - beyond(radius, half_width)
            if index:
                share = share - (1.0 - beyond(radius, half_widths[index - 1]))
            return look.sampled(half_width, phases) * share

        phases = (
            look.phases if index == 0 else phases_for_ring(light, look.peak, TABLE_SIDE // (2 * half_width))
        )
        fine = light(phases)
        energy = 1.0 - sum(stamp.energy for stamp in stamps) if last_of_all else None
        stamps.append(make_stamp(fine, half_width, phases, energy, float(np.abs(fine).max()) / look.peak))
    return Layers(half_widths, tuple(stamps))


def _faint_classes(
    look: Survey, layers: Layers, halo: HaloKernels | None
) -> tuple[list[Stamp], list[PsfClass]]:
    """Trimmed stamps, for sources of which no more than `LEFT_OUT` electrons lie outside."""
    radius = radius_grid(NEAR, 1)
    has_halo = look.wide is not None and halo is not None
    inside_halo = 1.0 - beyond(radius, halo.begin) if has_halo and halo else np.ones_like(radius)
    line_peak = float(look.near.sum(axis=0).max())
    stamps: list[Stamp] = []
    classes: list[PsfClass] = []
    for half_width in HALF_WIDTHS:
        if stamps and half_width < 1.5 * stamps[-1].half_width:
            continue
        if half_width >= layers.half_widths[0] and (
            stamps or has_halo or half_width * look.phases > FAINT_TABLE_SIDE or len(layers.stamps) == 1
        ):
            continue
        left_out = look.near * (1.0 - trimmed(radius, half_width)) * inside_halo
        edge, cut = float(left_out.max()), float(left_out.sum())
        if edge > FAINT_EDGE * look.peak or (cut > FAINT_CUT and not has_halo):
            continue
        fine = look.sampled(half_width, look.phases) * trimmed(
            radius_grid(half_width, look.phases), half_width
        )
        stamp = make_stamp(fine, half_width, look.phases, None if has_halo else 1.0)
        brightest = LEFT_OUT / max(edge, 1e-30)
        if cut > BRIGHT_CUT:
            brightest = min(brightest, LEFT_OUT / cut)
        line_edge = max(float(left_out.sum(axis=axis).max()) for axis in (0, 1)) / line_peak
        level = 0 if has_halo else -1
        classes.append(
            PsfClass(brightest, (len(stamps),), level, 1.0 - stamp.energy, line_edge <= FAINT_EDGE)
        )
        stamps.append(stamp)
    return stamps, classes


def _layer_classes(look: Survey, layers: Layers, halo: HaloKernels | None, first: int) -> list[PsfClass]:
    """One class for each halo level that sources may begin at: the brighter, the farther out."""
    everything = tuple(range(first, first + len(layers.stamps)))
    if look.wide is None or halo is None:
        return [PsfClass(np.inf, everything, -1, 0.0, True)]
    errors = []
    for level in range(halo.levels):
        light = ring(look.wide, halo.begin, level)
        energy = sum(float(ring(look.wide, halo.begin, k).sum()) for k in range(level, halo.levels))
        kernel = halo.kernels[level] * (energy / halo.energy_from(level))
        errors.append(coarse_error(light, kernel, halo.spacing(level)))
    classes = []
    for count, half_width in enumerate(layers.half_widths, start=1):
        if half_width < halo.begin:
            continue
        level = (half_width // halo.begin).bit_length() - 1
        brightest = np.inf if half_width == WIDEST_RING else LEFT_OUT / max(*errors[level:], 1e-30)
        rest = 1.0 - sum(stamp.energy for stamp in layers.stamps[:count])
        classes.append(PsfClass(brightest, everything[:count], level, rest, True))
    return classes


def stamps_and_classes(look: Survey, halo: HaloKernels | None) -> tuple[list[Stamp], list[PsfClass]]:
    """
    Decide how one function is drawn.

    Parameters
    ----------
    look
        The function.
    halo
        The bank's halo, if it has one.

    Returns
    -------
    list of Stamp, list of PsfClass
        The stamps, and the classes in order of brightness.
    """
    layers = make_layers(look, halo)
    stamps, classes = _faint_classes(look, layers, halo)
    classes += _layer_classes(look, layers, halo, len(stamps))
    return stamps + list(layers.stamps), classes
