"""Gaussian point spread function."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from skyforge.errors import InputError
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.psf import Array, half_offsets_px, unfold_quadrant

FWHM_PER_SIGMA = 2.0 * math.sqrt(2.0 * math.log(2.0))


def integrated_gaussian(offset_px: Array, sigma_px: float | Array) -> Array:
    """Fraction of a one-dimensional Gaussian that falls in a unit interval.

    Parameters
    ----------
    offset_px
        Distance of the interval's middle from the Gaussian's, pixels; any shape.
    sigma_px
        Standard deviation, pixels; broadcast against the offsets.

    Returns
    -------
    ndarray
        The fraction, 0 … 1.
    """
    # erfc of the absolute offset keeps relative accuracy in the tail, where erf differences cancel.
    distance = np.abs(offset_px)
    scale = math.sqrt(2.0) * np.asarray(sigma_px)
    fraction: Array = 0.5 * (erfc((distance - 0.5) / scale) - erfc((distance + 0.5) / scale))
    return fraction


@dataclass(frozen=True)
class GaussianPsf:
    """A circular Gaussian PSF, integrated over pixels in closed form.

    Parameters
    ----------
    fwhm_px
        Full width at half maximum before pixel and jitter, pixels.
    jitter_px
        Standard deviation per axis of the pointing jitter, pixels.

    Raises
    ------
    InputError
        If the width is not positive or the jitter is negative.
    """

    fwhm_px: float
    jitter_px: float = 0.0

    def __post_init__(self) -> None:
        require_positive("fwhm_px", self.fwhm_px)
        require_not_negative("jitter_px", self.jitter_px)

    @property
    def sigma_px(self) -> float:
        """Standard deviation per axis with the jitter added in quadrature, pixels."""
        return math.hypot(self.fwhm_px / FWHM_PER_SIGMA, self.jitter_px)

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function; see `Psf.prf`."""
        profile = integrated_gaussian(half_offsets_px(radius_px, samples_per_pixel), self.sigma_px)
        return unfold_quadrant(np.outer(profile, profile))


def gaussian(
    *, fwhm_px: float | None = None, sigma_px: float | None = None, jitter_px: float = 0.0
) -> GaussianPsf:
    """Gaussian PSF from its width, given either way.

    Parameters
    ----------
    fwhm_px, sigma_px
        Full width at half maximum or standard deviation, pixels; exactly one of them.
    jitter_px
        Standard deviation per axis of the pointing jitter, pixels.

    Raises
    ------
    InputError
        If not exactly one width is given, or a value is out of range.
    """
    if sigma_px is not None and fwhm_px is None:
        require_positive("sigma_px", sigma_px)
        return GaussianPsf(sigma_px * FWHM_PER_SIGMA, jitter_px)
    if fwhm_px is not None and sigma_px is None:
        return GaussianPsf(fwhm_px, jitter_px)
    raise InputError("a Gaussian PSF needs exactly one of fwhm_px and sigma_px")
