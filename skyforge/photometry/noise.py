"""Signal against noise: what an ideal matched filter makes of a source."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]


def noise_equivalent_area_px(pixel_fractions: ArrayLike) -> float:
    """Return the noise-equivalent area of an image, (Σ P)² / Σ P² (King 1983, PASP 95, 163, eq. 6).

    Parameters
    ----------
    pixel_fractions
        Share of the light in each pixel, any shape.

    Returns
    -------
    float
        Area in pixels.
    """
    fractions = np.asarray(pixel_fractions, dtype=np.float64)
    squares = float(np.sum(fractions**2))
    if not squares > 0:
        raise InputError("an image without light has no noise-equivalent area")
    return float(np.sum(fractions)) ** 2 / squares


def optimal_snr(
    electrons: ArrayLike,
    background_e_per_px: ArrayLike,
    read_noise_e: float,
    noise_equivalent_area_px: ArrayLike,
) -> Floats:
    """Return the signal-to-noise ratio of a source under a matched filter, S / √(S + N (B + r²)).

    The noise-equivalent area N holds where background and read noise dominate (King 1983, eq. 6); the
    source's own noise is added to it. Right in both limits; in between up to 9 % above what an ideal fit
    reaches.

    Parameters
    ----------
    electrons
        Electrons S of the source in the exposure, shape (n,).
    background_e_per_px
        Sky and dark electrons B of a pixel in the exposure.
    read_noise_e
        Read noise r in electrons.
    noise_equivalent_area_px
        N in pixels, a number or (n,).

    Returns
    -------
    NDArray
        Signal-to-noise ratio, shape (n,).
    """
    signal = np.asarray(electrons, dtype=np.float64)
    pixel_variance = np.asarray(background_e_per_px, np.float64) + read_noise_e**2
    variance = signal + np.asarray(noise_equivalent_area_px, np.float64) * pixel_variance
    snr: Floats = np.divide(signal, np.sqrt(variance), out=np.zeros_like(variance), where=variance > 0)
    return snr


def electrons_for_snr(
    snr: ArrayLike, background_e_per_px: ArrayLike, read_noise_e: float, noise_equivalent_area_px: float
) -> Floats:
    """Return the electrons a source needs for a signal-to-noise ratio: `optimal_snr` solved for S.

    Parameters
    ----------
    snr
        Signal-to-noise ratio, shape (n,).
    background_e_per_px, read_noise_e, noise_equivalent_area_px
        As for `optimal_snr`.

    Returns
    -------
    NDArray
        Electrons, shape (n,).
    """
    ratio = np.asarray(snr, dtype=np.float64)
    pixels = noise_equivalent_area_px * (np.asarray(background_e_per_px, np.float64) + read_noise_e**2)
    electrons: Floats = 0.5 * (ratio**2 + ratio * np.sqrt(ratio**2 + 4.0 * pixels))
    return electrons


def saturating_magnitude(
    electrons_at_zero: float, brightest_pixel_fraction: float, full_well_e: float, background_e_per_px: float
) -> float:
    """Return the magnitude at which the brightest pixel of a source reaches the full well.

    Parameters
    ----------
    electrons_at_zero
        Electrons of a source of magnitude 0 in the exposure.
    brightest_pixel_fraction
        Share of them in the brightest pixel, 0…1.
    full_well_e
        Full well in electrons.
    background_e_per_px
        Sky and dark electrons of a pixel in the exposure.

    Returns
    -------
    float
        Magnitude in the system of `electrons_at_zero`; brighter sources saturate. +inf where the background
        alone does.
    """
    room = full_well_e - background_e_per_px
    if room <= 0:
        return float("inf")
    return float(2.5 * np.log10(electrons_at_zero * brightest_pixel_fraction / room))
