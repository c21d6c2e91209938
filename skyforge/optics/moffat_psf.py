"""Moffat point spread function."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from skyforge.errors import InputError
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.gaussian_psf import integrated_gaussian
from skyforge.optics.psf import Array, half_offsets_px, unfold_quadrant

# The widest Gaussian of the mixture: what is wider than this is flat, and below 1e-9 of the local level, in
# any window of up to some thousand pixels.
WIDEST_SIGMA_PX = 1e7
# exp(−t) has left double precision beyond this.
LARGEST_RATE = 45.0


@dataclass(frozen=True)
class MoffatPsf:
    """A circular Moffat PSF, I ∝ (1 + r²/α²)^−β, integrated over pixels.

    A Moffat profile is a Gamma mixture of Gaussians, (1 + r²/α²)^−β = ∫ t^(β−1) exp(−t) exp(−t r²/α²) dt /
    Γ(β), and a Gaussian's pixel integral and jitter are known in closed form. The trapezoidal rule in log t
    converges exponentially, so that the sum of some hundred separable Gaussians is the exact PRF, far wings
    included.

    Parameters
    ----------
    fwhm_px
        Full width at half maximum before pixel and jitter, pixels.
    beta
        Exponent, greater than 1 (at 1 the energy is infinite). 4.765 is Kolmogorov seeing (Trujillo et al.
        2001).
    jitter_px
        Standard deviation per axis of the pointing jitter, pixels.

    Raises
    ------
    InputError
        If the width is not positive, β is not above 1, or the jitter is negative.

    References
    ----------
    Moffat 1969, A&A 3, 455.
    """

    fwhm_px: float
    beta: float
    jitter_px: float = 0.0

    def __post_init__(self) -> None:
        require_positive("fwhm_px", self.fwhm_px)
        require_not_negative("jitter_px", self.jitter_px)
        if not (math.isfinite(self.beta) and self.beta > 1.0):
            raise InputError(f"beta = {self.beta:g}: must be greater than 1, or the energy is infinite")

    @property
    def alpha_px(self) -> float:
        """Core radius α, pixels."""
        return 0.5 * self.fwhm_px / math.sqrt(math.expm1(math.log(2.0) / self.beta))

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function; see `Psf.prf`."""
        offset = half_offsets_px(radius_px, samples_per_pixel)
        sigma, weight = self._mixture()
        profiles = integrated_gaussian(offset[:, None], np.hypot(sigma, self.jitter_px)[None, :])
        return unfold_quadrant((profiles * weight) @ profiles.T)

    def _mixture(self) -> tuple[Array, Array]:
        """Widths (pixels) and weights (energy) of the Gaussians that make up the profile."""
        # The rule's error is |Γ(β + 2πi/step)/Γ(β)|: e^(−π²/step) for small β, e^(−2π²/(step² β)) for large.
        step = min(0.3, 0.9 / math.sqrt(self.beta))
        smallest = min(self.alpha_px**2 / (2.0 * WIDEST_SIGMA_PX**2), 1e-6)
        largest = LARGEST_RATE + 4.0 * self.beta
        log_rate = np.arange(math.log(smallest), math.log(largest), step)
        rate = np.exp(log_rate)
        # β − 1, not β: the energy of exp(−t r²/α²) is itself proportional to 1/t, and the total to 1/(β − 1).
        weight = step * np.exp((self.beta - 1.0) * log_rate - rate - gammaln(self.beta - 1.0))
        return self.alpha_px / np.sqrt(2.0 * rate), weight


def moffat(*, fwhm_px: float, beta: float, jitter_px: float = 0.0) -> MoffatPsf:
    """Moffat PSF from its full width at half maximum (pixels) and exponent; see `MoffatPsf`."""
    return MoffatPsf(fwhm_px, beta, jitter_px)
