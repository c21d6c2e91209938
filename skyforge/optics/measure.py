"""Numbers that describe any point spread function, measured on its pixel response function."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import map_coordinates

from skyforge.errors import InputError
from skyforge.optics.coverage import half_plane_coverage
from skyforge.optics.psf import Array, Psf, offsets_px

# Finest sampling used, and the most samples along half an axis; together they bound the cost of a
# measurement.
FINEST_SAMPLING = 32
MOST_HALF_SAMPLES = 1024
# Circles of a smaller radius in cells are not polygons of straight cuts.
FEWEST_CELLS = 8.0
# A source's phase within a pixel is sampled this often along each axis.
PHASES = 16
DIRECTIONS = 72
# Widths are looked for up to this radius.
WIDEST_RADIUS_PX = 1024


def _sampling(radius_px: float) -> int:
    """Finest power of two of samples a pixel that keeps a window of this radius affordable."""
    affordable = max(MOST_HALF_SAMPLES / 2.0 / max(radius_px, 1.0), 1.0)
    return min(1 << int(math.log2(affordable)), FINEST_SAMPLING)


def encircled_energy(psf: Psf, radii_px: ArrayLike) -> Array:
    """Flux fraction within circles about the source, pixel and jitter folded in.

    Parameters
    ----------
    psf
        Any PSF.
    radii_px
        Radii, pixels; any shape.

    Returns
    -------
    ndarray
        Fraction of the energy in the infinite plane, of the radii's shape.

    Raises
    ------
    InputError
        If a radius is negative.
    """
    radii = np.asarray(radii_px, dtype=np.float64)
    if not np.all(radii >= 0.0):
        raise InputError("radii_px: every radius must be 0 or more")
    sampling = np.array([_sampling(float(radius)) for radius in radii.ravel()], dtype=np.int64)
    energy = np.zeros(radii.size)
    for samples in np.unique(sampling):
        chosen = np.flatnonzero(sampling == samples)
        reach = math.ceil(float(radii.ravel()[chosen].max())) + 1
        response = psf.prf(reach, int(samples))
        axis = offsets_px(reach, int(samples))
        distance = np.hypot(axis[:, None], axis[None, :])
        safe = np.maximum(distance, 1e-12)
        cosine, sine = axis[None, :] / safe, axis[:, None] / safe
        for index in chosen:
            inside = half_plane_coverage((radii.ravel()[index] - distance) * samples, cosine, sine)
            if radii.ravel()[index] * samples < FEWEST_CELLS:
                # Straight cuts miss the area of a circle of few cells: it is put right as a whole.
                inside *= math.pi * (radii.ravel()[index] * samples) ** 2 / inside.sum()
            energy[index] = np.sum(response * inside) / samples**2
    return energy.reshape(radii.shape)


def fwhm_px(psf: Psf) -> float:
    """Full width at half maximum of the azimuthally averaged PRF, pixels.

    Parameters
    ----------
    psf
        Any PSF. The width includes the pixel: it is what an image of a star shows.

    Raises
    ------
    InputError
        If the PSF is wider than 1000 pixels.
    """
    reach = 2
    while reach <= WIDEST_RADIUS_PX:
        samples = _sampling(reach)
        response = psf.prf(reach, samples)
        middle = reach * samples
        radius = np.linspace(0.0, middle, 4 * middle + 1)
        angle = np.arange(DIRECTIONS) * (2.0 * math.pi / DIRECTIONS)
        place = middle + np.stack([np.outer(np.sin(angle), radius), np.outer(np.cos(angle), radius)])
        profile = map_coordinates(response, place, order=3).mean(axis=0)
        half = 0.5 * profile[0]
        below = np.flatnonzero(profile < half)
        if below.size:
            outer = below[0]
            step = (profile[outer - 1] - half) / (profile[outer - 1] - profile[outer])
            return 2.0 * float(radius[outer - 1] + step * (radius[1] - radius[0])) / samples
        reach *= 4
    raise InputError(f"the PSF is wider than {WIDEST_RADIUS_PX} pixels: check its parameters")


def noise_equivalent_area_px(psf: Psf) -> float:
    """Noise-equivalent area 1/Σ PRF² of the optimal filter, mean over the pixel's phases, pixels.

    Parameters
    ----------
    psf
        Any PSF.

    Returns
    -------
    float
        Number of pixels whose background noise the best possible photometry of a faint star takes in
        (King 1983, PASP 95, 163, eq. 5).
    """
    reach = math.ceil(max(16.0, 6.0 * fwhm_px(psf)))
    samples = min(_sampling(reach), PHASES)
    response = psf.prf(reach, samples)
    return float(samples**2 / np.sum(response**2))


def _brightest_over_phases(psf: Psf) -> Array:
    """Flux fraction in the brightest pixel for every phase of the source within its pixel."""
    reach = math.ceil(max(2.0, fwhm_px(psf)))
    samples = min(_sampling(reach), PHASES)
    response = psf.prf(reach, samples)[:-1, :-1]
    pixels = response.reshape(2 * reach, samples, 2 * reach, samples)
    brightest: Array = pixels.max(axis=(0, 2))
    return brightest


def peak_fraction(psf: Psf) -> float:
    """Flux fraction in the brightest pixel of a source that lies on the middle of a pixel."""
    return float(_brightest_over_phases(psf)[0, 0])


def mean_peak_fraction(psf: Psf) -> float:
    """Flux fraction in the brightest pixel, mean over all places of the source within its pixel."""
    return float(_brightest_over_phases(psf).mean())


def strehl(psf: Psf, perfect: Psf) -> float:
    """Peak of a PSF over the peak of the perfect one of the same telescope.

    Parameters
    ----------
    psf, perfect
        The PSF and its reference, for instance `PupilPsf.perfect`. Both peaks are those of the PRF: with
        pixels much smaller than λ/D and no jitter this is the Strehl ratio of the optics.

    Returns
    -------
    float
        The ratio, 1 for a perfect PSF.
    """
    reach = math.ceil(max(2.0, fwhm_px(psf)))
    samples = _sampling(reach)
    return float(psf.prf(reach, samples).max() / perfect.prf(reach, samples).max())
