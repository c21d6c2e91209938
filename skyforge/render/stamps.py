"""Stamps: a pixel-integrated point spread function on a grid of sub-pixel phases."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.render.trail_rules import FAINT_QUADRATURE_ERROR, QUADRATURE_ERROR, panel_lengths

Array = NDArray[np.float64]

SHARPEST_PHASES = 128
COARSEST_PHASES = 4
SURVEY_PHASES = 32
SURVEY_HALF_WIDTH = 3
INTERPOLATION_ERROR = 2.5e-4
"""Largest error of the bilinear look-up between phases, in units of the peak."""
RING_ERROR = 0.01
"""Largest error of the look-up in rings of faint outer light, in units of the ring's own maximum."""
SAMPLE_BITS = 21
FLOOR_BITS = 30
"""Samples keep 21 significant bits, fewer below 2^-9 of the peak: what is left of another host's last bit after that
changes less than one pixel in a thousand frames."""


@dataclass(frozen=True)
class Stamp:
    """
    A stamp table.

    Attributes
    ----------
    samples
        float32, ``(phases + 1, phases + 1, 2 half_width, 2 half_width)``: [phase y, phase x, pixel y, pixel x].
    half_width
        Half the side, pixels.
    phases
        Phases per pixel along an axis, a power of two.
    energy
        Sum over the pixels of any phase, as a fraction of the source.
    panel_lengths
        Longest panel of a trail for the rules of 1, 2, 4 and 8 nodes, pixels.
    """

    samples: NDArray[np.float32]
    half_width: int
    phases: int
    energy: float
    panel_lengths: tuple[float, float, float, float]


def bilinear_correction(fine: Array) -> Array:
    """
    Return what a bilinear look-up lacks on average, per sample: a sixteenth of the second differences.

    Bilinear interpolation overestimates a convex function by up to an eighth of its second difference, half-way between
    samples. Lowering the samples by a sixteenth halves the largest error.

    Parameters
    ----------
    fine
        Samples on a regular grid.

    Returns
    -------
    ndarray
        The correction to subtract; zero along the border.
    """
    correction = np.zeros_like(fine)
    inner = fine[1:-1, 1:-1]
    correction[1:-1, 1:-1] = (
        fine[:-2, 1:-1] + fine[2:, 1:-1] + fine[1:-1, :-2] + fine[1:-1, 2:] - 4.0 * inner
    ) / 16.0
    return correction


def phases_for(survey: Array) -> int:
    """
    Choose how many phases per pixel keep the look-up within `INTERPOLATION_ERROR` of the peak.

    Parameters
    ----------
    survey
        The centre of the point spread function with `SURVEY_PHASES` samples per pixel.

    Returns
    -------
    int
        A power of two.
    """
    error = float(np.abs(bilinear_correction(survey)).max()) / float(survey.max())
    phases = COARSEST_PHASES
    while phases < SHARPEST_PHASES and error * (SURVEY_PHASES / phases) ** 2 > INTERPOLATION_ERROR:
        phases *= 2
    return phases


def phases_for_ring(light: Callable[[int], Array], peak: float, most: int) -> int:
    """
    Choose the phases of a stamp that holds only faint outer light.

    Parameters
    ----------
    light
        Samples the stamp's light with so many phases.
    peak
        Peak of the whole function, fraction of the flux per pixel.
    most
        No more phases than this.

    Returns
    -------
    int
        The fewest that keep the look-up within `RING_ERROR` of the ring's own maximum and well within
        `INTERPOLATION_ERROR` of the peak.
    """
    phases = 1
    while 2 * phases <= max(1, most):
        fine = light(phases)
        error = float(np.abs(bilinear_correction(fine)).max())
        if error <= min(RING_ERROR * float(np.abs(fine).max()), 0.25 * INTERPOLATION_ERROR * peak):
            break
        phases *= 2
    return phases


def whole_quanta(values: Array) -> Array:
    """
    Round to `SAMPLE_BITS` significant bits, and to `FLOOR_BITS` below the largest value.

    Parameters
    ----------
    values
        Any numbers.

    Returns
    -------
    ndarray
        The rounded numbers.
    """
    _, exponent = np.frexp(values)
    _, largest = math.frexp(float(np.abs(values).max()))
    quantum = np.ldexp(1.0, np.maximum(exponent - SAMPLE_BITS, largest - FLOOR_BITS))
    rounded: Array = np.rint(values / quantum) * quantum
    return rounded


def make_stamp(
    fine: Array, half_width: int, phases: int, energy: float | None = None, weight: float = 1.0
) -> Stamp:
    """
    Arrange a finely sampled function by phase, corrected for the bilinear look-up.

    Parameters
    ----------
    fine
        ``(2 half_width phases + 1,) * 2`` pixel-integrated samples.
    half_width
        Half the side, pixels.
    phases
        Samples per pixel along an axis.
    energy
        What each phase shall sum to; by default the mean of what they do sum to.
    weight
        Peak of the stamp in units of the whole function's peak; trails of a faint stamp may be coarser.

    Returns
    -------
    Stamp
        The table; no sample is negative, and every phase sums to the same energy.
    """
    corrected = np.maximum(fine - bilinear_correction(fine), 0.0)
    size = 2 * half_width
    row, column = corrected.strides
    by_phase = np.lib.stride_tricks.as_strided(
        corrected, (phases + 1, phases + 1, size, size), (row, column, phases * row, phases * column)
    )
    sums = by_phase.sum(axis=(2, 3))
    if energy is None:
        energy = float(sums[:-1, :-1].mean())
    scaled = by_phase * (energy / sums)[:, :, None, None] if energy > 0.0 else np.zeros_like(by_phase)
    tolerance = min(FAINT_QUADRATURE_ERROR, QUADRATURE_ERROR / max(weight, 1e-9))
    samples = whole_quanta(scaled).astype(np.float32)
    return Stamp(samples, half_width, phases, energy, panel_lengths(fine, phases, tolerance))
