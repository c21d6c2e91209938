"""Fraunhofer diffraction: from a pupil with a wavefront to the irradiance in the focal plane."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from skyforge.optics.aperture import EDGE_SIGMA_CELLS, Aperture
from skyforge.optics.psf import Array
from skyforge.optics.wavefront import Wavefront

# The irradiance has no frequency above 1/(λ/D), which two samples would just hold.
SAMPLES_PER_LAMBDA_OVER_D = 2.1


def polychromatic_irradiance(
    aperture: Aperture,
    wavefront: Wavefront | None,
    *,
    wavelength_nm: Sequence[float],
    lambda_over_d_px: Sequence[float],
    weight: Sequence[float],
    cells_across: int,
    reach_px: float,
) -> tuple[Array, float]:
    """Irradiance of a point source, summed over wavelengths, on a square grid.

    Parameters
    ----------
    aperture
        The clear pupil.
    wavefront
        Its optical path difference; None for none.
    wavelength_nm, lambda_over_d_px, weight
        Wavelengths (nanometres), diffraction scales (pixels) and the energy in each.
    cells_across
        Cells across the pupil at the longest wavelength, with more at shorter ones, so that all patterns
        repeat with one period: cells_across times the longest λ/D.
    reach_px
        Half width of the grid, pixels; less than half a period is returned in any case.

    Returns
    -------
    tuple of ndarray and float
        Irradiance per square pixel, ``(2h + 1, 2h + 1)``, ``[y, x]``, unit energy, and the grid's spacing in
        pixels. The pattern's own repetitions overlap in it: they are weak where it is near the middle of a
        period.

    References
    ----------
    Goodman 2005, Introduction to Fourier Optics, §4.3 and §5.2.
    """
    period = cells_across * max(lambda_over_d_px)
    record = fft.next_fast_len(math.ceil(period / min(lambda_over_d_px) * SAMPLES_PER_LAMBDA_OVER_D))
    spacing = period / record
    half = min(math.ceil(reach_px / spacing), (record - 1) // 2)
    total = np.zeros((2 * half + 1, 2 * half + 1))
    for wavelength, scale, share in zip(wavelength_nm, lambda_over_d_px, weight, strict=True):
        axis, clear = aperture.transmission(scale / period)
        pupil = clear.astype(np.complex128)
        if wavefront is not None:
            pupil *= _softened_phasor(wavefront, 2.0 * axis, wavelength)
        power = _power_spectrum(pupil, record, half)
        total += power * (share / (clear.sum() * period**2))
    # The pupil's soft edges dim the pattern by a Gaussian, which is one factor an axis.
    phase = np.arange(-half, half + 1, dtype=np.float64) / record
    restored = np.exp((2.0 * math.pi * EDGE_SIGMA_CELLS * phase) ** 2)
    total *= np.outer(restored, restored)
    return total, spacing


def _softened_phasor(wavefront: Wavefront, axis: Array, wavelength_nm: float) -> NDArray[np.complex128]:
    """Phase factor of a wavefront after the Gaussian that softens the pupil's edges.

    Within a cell the phase is a plane wave, which the Gaussian dims according to its wave number.
    """
    wave_number = 2.0 * math.pi / wavelength_nm
    softening = EDGE_SIGMA_CELLS * (axis[1] - axis[0]) * wave_number
    phasor: NDArray[np.complex128] = np.exp(
        1j * wave_number * wavefront.path_difference_nm(axis)
        - 0.5 * softening**2 * wavefront.squared_slope_nm2(axis)
    )
    return phasor


def _power_spectrum(pupil: NDArray[np.complex128], record: int, half: int) -> Array:
    """Squared modulus of the zero-padded transform at the frequencies −half … half."""
    index = np.arange(-half, half + 1) % record
    # Only what is kept is transformed along the second axis.
    image = fft.fft(pupil, record, axis=1)[:, index]
    image = fft.fft(image, record, axis=0)[index]
    power: Array = image.real**2 + image.imag**2
    return power
