"""The smooth hand-over from the sampled core of a diffraction pattern to its closed-form wings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from skyforge.optics.psf import Array

# At the start and the end of the hand-over the error function is within 8e-9 of its limits.
ERFC_HALF_RANGE = 4.0


@dataclass(frozen=True)
class CoreWindow:
    """A radial window that is 1 up to a radius and 0 from twice that radius on.

    The hand-over is an error function, whose spectrum is a Gaussian: cutting the core out of an infinite
    pattern widens its band by next to nothing.

    Parameters
    ----------
    flat_radius_px
        Radius up to which the window is 1, pixels.
    """

    flat_radius_px: float

    @property
    def end_radius_px(self) -> float:
        """Radius from which on the window is 0, pixels."""
        return 2.0 * self.flat_radius_px

    @property
    def scale_px(self) -> float:
        """Length scale of the error function, pixels."""
        return 0.5 * self.flat_radius_px / ERFC_HALF_RANGE

    def core(self, radius_px: Array) -> Array:
        """Weight of the core at each radius; exactly 0 beyond the end."""
        argument = (radius_px - 1.5 * self.flat_radius_px) / self.scale_px
        return np.where(radius_px < self.end_radius_px, 0.5 * erfc(argument), 0.0)

    def wing(self, radius_px: Array) -> tuple[Array, Array, Array]:
        """Weight of the wings at each radius with its first and second radial derivative."""
        argument = (radius_px - 1.5 * self.flat_radius_px) / self.scale_px
        slope = np.exp(-(argument**2)) / (math.sqrt(math.pi) * self.scale_px)
        return 1.0 - self.core(radius_px), slope, -2.0 * argument * slope / self.scale_px
