"""Diffraction pattern of an annular aperture: closed form near, asymptotic form far out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import j1

from skyforge.optics.bandlimited import pixel_transfer
from skyforge.optics.psf import Array, half_offsets_px, unfold_quadrant
from skyforge.optics.window import CoreWindow

# Wings are not evaluated where the window gives them less weight than this: it is below 1e-12 of the peak.
NEGLIGIBLE_WING = 1e-9


def annular_irradiance(radius_px: Array, lambda_over_d_px: float, obstruction: float) -> Array:
    """Irradiance of a point source through an annular aperture, unit energy, per square pixel.

    Parameters
    ----------
    radius_px
        Distance from the centre, pixels; any shape.
    lambda_over_d_px
        Diffraction scale λ/D, pixels.
    obstruction
        Linear central obstruction, 0 … 1.

    Returns
    -------
    ndarray
        Flux fraction per square pixel, before pixel and jitter (Born & Wolf 1999, §8.6.2, eq. 31).
    """
    cutoff = 1.0 / lambda_over_d_px
    # A radius of 1e-9 λ/D is as good as zero and spares the limit J₁(v)/v → 1/2 a branch.
    radius = np.maximum(radius_px, 1e-9 * lambda_over_d_px)
    v = math.pi * cutoff * radius
    amplitude = cutoff / (2.0 * radius) * (j1(v) - obstruction * j1(obstruction * v))
    irradiance: Array = amplitude**2 / (math.pi / 4.0 * cutoff**2 * (1.0 - obstruction**2))
    return irradiance


def annular_wing_coefficient(lambda_over_d_px: float, obstruction: float) -> float:
    """Coefficient c of the mean far irradiance c/r³ of an annular aperture, pixels.

    From J₁(v)² → (1/πv)(1 + …): c = (λ/D) / (π³ (1 − ε)), pixels (cf. Born & Wolf 1999, §8.5.2).
    """
    return lambda_over_d_px / (math.pi**3 * (1.0 - obstruction))


def annular_wings(
    radius_px: int,
    samples_per_pixel: int,
    *,
    lambda_over_d_px: Sequence[float],
    weight: Sequence[float],
    obstruction: float,
    jitter_px: float,
    window: CoreWindow,
) -> Array:
    """Pixel response function of the wings of an annular aperture: the window's share of it.

    Far out the pattern is a smooth c/r³ plus rings that are, over the breadth of a pixel, plane waves. Pixel
    and jitter multiply each wave by their transfer function at its wave vector; on the smooth part they act
    through the second derivatives.

    Parameters
    ----------
    radius_px, samples_per_pixel
        As in `Psf.prf`.
    lambda_over_d_px, weight
        Diffraction scales, pixels, and the energy in each.
    obstruction
        Linear central obstruction.
    jitter_px
        Standard deviation per axis of the jitter, pixels.
    window
        The hand-over from core to wings.

    Returns
    -------
    ndarray
        As from `Psf.prf`.
    """
    half = half_offsets_px(radius_px, samples_per_pixel)
    quadrant = np.zeros((half.size, half.size))
    row, column = np.tril_indices(half.size)
    radius = np.hypot(half[row], half[column])
    far = window.wing(radius)[0] > NEGLIGIBLE_WING
    row, column, radius = row[far], column[far], radius[far]
    if radius.size == 0:
        return unfold_quadrant(quadrant)
    coefficient = [annular_wing_coefficient(scale, obstruction) for scale in lambda_over_d_px]
    value = _smeared_mean(radius, float(np.dot(weight, coefficient)), jitter_px, window)
    rings = np.zeros_like(radius)
    for scale, share, mean in zip(lambda_over_d_px, weight, coefficient, strict=True):
        rings += (share * mean) * _rings(
            radius,
            half[row] / radius,
            half[column] / radius,
            cutoff=1.0 / scale,
            obstruction=obstruction,
            jitter_px=jitter_px,
        )
    value += window.wing(radius)[0] * rings / radius**3
    quadrant[row, column] = value
    quadrant[column, row] = value
    return unfold_quadrant(quadrant)


def _smeared_mean(radius: Array, coefficient: float, jitter_px: float, window: CoreWindow) -> Array:
    """Windowed c/r³ after pixel and jitter, to second order in their breadth over the radius."""
    weight, slope, curvature = window.wing(radius)
    mean = coefficient / radius**3
    # ∇²(w c r⁻³) with ∇²(r⁻³) = 9 r⁻⁵; a unit pixel has the variance 1/12 per axis.
    laplacian = mean * (9.0 * weight / radius**2 - 5.0 * slope / radius + curvature)
    return weight * mean + (1.0 / 24.0 + 0.5 * jitter_px**2) * laplacian


def _rings(
    radius: Array, cosine: Array, sine: Array, *, cutoff: float, obstruction: float, jitter_px: float
) -> Array:
    """Rings about the mean far irradiance, relative to it, after pixel and jitter.

    The squared amplitude J₁(v) − ε J₁(εv) with the Hankel asymptotic form of J₁ to second order (Abramowitz &
    Stegun 1964, eq. 9.2.5): waves of the frequencies f, εf and (1 ± ε)f/2, f the optical cut-off.
    """
    v = math.pi * cutoff * radius
    outer = v - 0.75 * math.pi + 0.375 / v
    waves = [(1.0, 1.0, 2.0 * outer)]
    if obstruction > 0.0:
        inner = obstruction * v - 0.75 * math.pi + 0.375 / (obstruction * v)
        cross = -2.0 * math.sqrt(obstruction)
        waves += [
            (obstruction, obstruction, 2.0 * inner),
            (cross, 0.5 * (1.0 - obstruction), outer - inner),
            (cross, 0.5 * (1.0 + obstruction), outer + inner),
        ]
    total = np.zeros_like(radius)
    for amplitude, frequency, phase in waves:
        wave_number = frequency * cutoff
        transfer = pixel_transfer(wave_number * cosine, jitter_px) * pixel_transfer(
            wave_number * sine, jitter_px
        )
        total += amplitude / (1.0 + obstruction) * np.cos(phase) * transfer
    return total
