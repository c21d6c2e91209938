"""From samples of a band-limited irradiance to its pixel response function on any grid.

Pixel and jitter act on the spatial frequency f (cycles per pixel) as a product of one factor an axis, and so
does trigonometric interpolation. Going from samples to the PRF is therefore one small matrix from the left
and one from the right (a two-sided matrix Fourier transform, Soummer et al. 2007, with the samples' own
transform folded in).
"""

from __future__ import annotations

import math

import numpy as np

from skyforge.optics.psf import Array

# Frequencies that the jitter damps below this cannot be seen in double precision.
NEGLIGIBLE_TRANSFER = 1e-17
# A Gaussian is below 1e-14 of its peak from here on, in units of its standard deviation.
GAUSSIAN_REACH_SIGMA = 8.0


def pixel_transfer(frequency_per_px: Array, jitter_px: float) -> Array:
    """Transfer function along one axis of a square unit pixel and a Gaussian jitter.

    Parameters
    ----------
    frequency_per_px
        Spatial frequency, cycles per pixel; any shape.
    jitter_px
        Standard deviation of the jitter along the axis, pixels.

    Returns
    -------
    ndarray
        sinc(f) exp(−2π²σ²f²).
    """
    transfer: Array = np.sinc(frequency_per_px) * np.exp(
        -2.0 * (math.pi * jitter_px) ** 2 * frequency_per_px**2
    )
    return transfer


def smear_reach_px(jitter_px: float) -> float:
    """Distance beyond which pixel and jitter carry no light, pixels."""
    return 0.5 + GAUSSIAN_REACH_SIGMA * jitter_px


def _frequencies(half_samples: int, spacing_px: float, jitter_px: float) -> tuple[Array, Array]:
    """Non-negative frequencies of a centred odd-length record, with the transfer and the weight of each."""
    frequency = np.arange(half_samples + 1) / ((2 * half_samples + 1) * spacing_px)
    if jitter_px > 0.0:
        seen = math.sqrt(-math.log(NEGLIGIBLE_TRANSFER) / 2.0) / (math.pi * jitter_px)
        frequency = frequency[frequency <= seen]
    weight = 2.0 * pixel_transfer(frequency, jitter_px) / (2 * half_samples + 1)
    weight[0] *= 0.5
    return frequency, weight


def even_response_matrix(offset_px: Array, half_samples: int, spacing_px: float, jitter_px: float) -> Array:
    """Matrix from the samples at 0, d, 2d, … of an even irradiance to its pixel and jitter response.

    Parameters
    ----------
    offset_px
        ``(n,)`` where the response is wanted, pixels, |offset| < half the record.
    half_samples
        Samples at 0, d, … half_samples·d; the irradiance must have faded to nothing at the last.
    spacing_px
        d, at most half a period of the highest frequency in the irradiance, pixels.
    jitter_px
        Standard deviation of the jitter along the axis, pixels.

    Returns
    -------
    ndarray
        ``(n, half_samples + 1)``.
    """
    frequency, weight = _frequencies(half_samples, spacing_px, jitter_px)
    sample = np.arange(half_samples + 1) * spacing_px
    multiplicity = np.full(sample.shape, 2.0)
    multiplicity[0] = 1.0
    outgoing = np.cos(2.0 * math.pi * offset_px[:, None] * frequency) * weight
    incoming = np.cos(2.0 * math.pi * frequency[:, None] * sample) * multiplicity
    matrix: Array = outgoing @ incoming
    return matrix


def response_matrix(offset_px: Array, half_samples: int, spacing_px: float, jitter_px: float) -> Array:
    """Like `even_response_matrix`, for samples at −half_samples·d … half_samples·d without any symmetry.

    Returns
    -------
    ndarray
        ``(n, 2 half_samples + 1)``.
    """
    frequency, weight = _frequencies(half_samples, spacing_px, jitter_px)
    sample = np.arange(-half_samples, half_samples + 1) * spacing_px
    out_phase = 2.0 * math.pi * offset_px[:, None] * frequency
    in_phase = 2.0 * math.pi * frequency[:, None] * sample
    outgoing = np.hstack([np.cos(out_phase) * weight, np.sin(out_phase) * weight])
    matrix: Array = outgoing @ np.vstack([np.cos(in_phase), np.sin(in_phase)])
    return matrix
