"""Diffraction spikes of the vanes of a spider, far from the core."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from skyforge.optics.aperture import Aperture
from skyforge.optics.bandlimited import pixel_transfer, smear_reach_px
from skyforge.optics.psf import Array, offsets_px
from skyforge.optics.window import CoreWindow

# Across a spike its light falls off over λ/L, L the vane's length: 40 λ/D on either side hold all but 1e-2 of
# it, and the remainder is not told apart from the wings of the aperture's edge.
STRIP_LAMBDA_OVER_D = 40.0
# A pixel's response needs this much room beside it.
STRIP_PX = 4.0
SAMPLES_PER_LAMBDA_OVER_D = 16.0


def _spike_lines(aperture: Aperture) -> list[tuple[float, tuple[float, ...]]]:
    """Vanes gathered by line: its direction (0 … π) and the side (±1) on which each of its vanes lies."""
    lines: list[tuple[float, tuple[float, ...]]] = []
    for direction in aperture.vane_directions_rad:
        side = 1.0 if math.sin(direction) > 1e-9 or math.cos(direction) > 1.0 - 1e-9 else -1.0
        angle = direction % math.pi
        for index, (other, sides) in enumerate(lines):
            if abs(math.remainder(angle - other, math.pi)) < 1e-9:
                lines[index] = (other, (*sides, side))
                break
        else:
            lines.append((angle, (side,)))
    return lines


def _profile_across(
    sides: tuple[float, ...],
    cosine: float,
    sine: float,
    *,
    cutoff: float,
    obstruction: float,
    jitter_px: float,
) -> tuple[Array, Array]:
    """Tabulate the squared amplitude of the vanes on one line across their spike, after pixel and jitter."""
    reach = STRIP_LAMBDA_OVER_D / cutoff + STRIP_PX + smear_reach_px(jitter_px)
    half = math.ceil(reach * SAMPLES_PER_LAMBDA_OVER_D * cutoff)
    offset = np.arange(-half, half + 1) / (SAMPLES_PER_LAMBDA_OVER_D * cutoff)
    length, middle = 0.5 * (1.0 - obstruction) * cutoff, 0.25 * (1.0 + obstruction) * cutoff
    phase = sum(np.exp(-2j * math.pi * side * middle * offset) for side in sides)
    power = np.abs(length * np.sinc(length * offset) * phase) ** 2
    frequency = np.fft.rfftfreq(offset.size, offset[1] - offset[0])
    transfer = pixel_transfer(frequency * cosine, jitter_px) * pixel_transfer(frequency * sine, jitter_px)
    smeared: Array = np.fft.irfft(np.fft.rfft(power) * transfer, offset.size)
    return offset, smeared


def spike_wings(
    radius_px: int,
    samples_per_pixel: int,
    *,
    aperture: Aperture,
    lambda_over_d_px: Sequence[float],
    weight: Sequence[float],
    clear_area: float,
    jitter_px: float,
    window: CoreWindow,
) -> Array:
    """Pixel response function of the diffraction spikes in the wings: the window's share of it.

    A vane is a slit: by Babinet's principle its far pattern is sinc²(w q) along the spike and sinc²(L p)
    across, with two vanes on one line interfering. The cross terms with the rings of the aperture's edge
    average out along the spike and are left out.

    Parameters
    ----------
    radius_px, samples_per_pixel
        As in `Psf.prf`.
    aperture
        The pupil.
    lambda_over_d_px, weight
        Diffraction scales, pixels, and the energy in each.
    clear_area
        Clear area of the pupil in squared diameters.
    jitter_px
        Standard deviation per axis of the jitter, pixels.
    window
        The hand-over from core to wings.

    Returns
    -------
    ndarray
        As from `Psf.prf`.
    """
    axis = offsets_px(radius_px, samples_per_pixel)
    total = np.zeros((axis.size, axis.size))
    if math.sqrt(2.0) * radius_px < window.flat_radius_px:
        return total
    for direction, sides in _spike_lines(aperture):
        cosine, sine = math.cos(direction), math.sin(direction)
        across = axis[:, None] * sine + axis[None, :] * cosine
        widest = STRIP_LAMBDA_OVER_D * max(lambda_over_d_px) + STRIP_PX
        row, column = np.nonzero(np.abs(across) < widest)
        p, q = across[row, column], axis[row] * cosine - axis[column] * sine
        share = window.wing(np.hypot(p, q))[0]
        outside = share > 1e-9
        row, column, p, share = row[outside], column[outside], p[outside], share[outside]
        # The strip crosses q = 0 only inside the core; the floor keeps its corners finite.
        q = np.maximum(np.abs(q[outside]), window.scale_px)
        value = np.zeros_like(p)
        for scale, energy in zip(lambda_over_d_px, weight, strict=True):
            cutoff = 1.0 / scale
            offset, profile = _profile_across(
                sides, cosine, sine, cutoff=cutoff, obstruction=aperture.obstruction, jitter_px=jitter_px
            )
            wave_number = aperture.vane_width * cutoff
            transfer = float(
                pixel_transfer(np.array(wave_number * sine), jitter_px)
                * pixel_transfer(np.array(wave_number * cosine), jitter_px)
            )
            along = (1.0 - transfer * np.cos(2.0 * math.pi * wave_number * q)) / (2.0 * (math.pi * q) ** 2)
            near = np.abs(p) < STRIP_LAMBDA_OVER_D * scale + STRIP_PX
            value[near] += (
                energy / (clear_area * cutoff**2) * along[near] * np.interp(p[near], offset, profile)
            )
        total[row, column] += share * value
    return total
