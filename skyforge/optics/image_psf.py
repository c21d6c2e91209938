"""Point spread function given as an image: measured, or computed by another program."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.interpolate import BSpline, CubicSpline
from scipy.ndimage import spline_filter

from skyforge.errors import InputError, SkyforgeWarning
from skyforge.optics.bandlimited import GAUSSIAN_REACH_SIGMA
from skyforge.optics.checks import require_not_negative, require_positive
from skyforge.optics.psf import Array, offsets_px

# Zeros beyond the image's edge: the spline's coefficients decay by 0.27 a sample, to 1e-9 over 16 of them.
MARGIN_SAMPLES = 16
# The table of the jittered kernel resolves the spline's pieces and the Gaussian; good to 1e-7 of its peak.
TABLE_STEPS_PER_SAMPLE = 16
TABLE_STEPS_PER_SIGMA = 4
# A jitter below this changes no PRF by more than 1e-9.
NEGLIGIBLE_JITTER_PX = 4e-5
# Noise about zero is common in measured images; more negative light than this says that the background is
# off.
TOLERATED_NEGATIVE_FRACTION = 0.01


@dataclass(frozen=True, eq=False)
class ImagePsf:
    """A PSF sampled in an image, interpolated by cubic splines and integrated over pixels and jitter.

    Parameters
    ----------
    image
        ``(ny, nx)``, ``[y, x]``, irradiance in any linear unit.
    samples_per_pixel
        Image samples along one detector pixel; need not be whole.
    center_sample
        (x, y) of the source in the image, samples, (0, 0) the middle of the first.
    pixel_integrated
        Whether the samples already hold the integral over a detector pixel.
    energy_in_image
        Fraction of all the light that falls into the image; what lies outside is not modelled.
    jitter_px
        Standard deviation per axis of the pointing jitter, detector pixels.

    Raises
    ------
    InputError
        If the image is not two-dimensional, not finite or without light, or a parameter is out of range.
    """

    image: Array = field(repr=False)
    samples_per_pixel: float
    center_sample: tuple[float, float]
    pixel_integrated: bool = False
    energy_in_image: float = 1.0
    jitter_px: float = 0.0

    def __post_init__(self) -> None:
        require_positive("samples_per_pixel", self.samples_per_pixel)
        require_not_negative("jitter_px", self.jitter_px)
        if not 0.0 < self.energy_in_image <= 1.0:
            raise InputError(f"energy_in_image = {self.energy_in_image:g}: must be above 0 and at most 1")
        object.__setattr__(self, "image", checked_image(self.image))

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function; see `Psf.prf`."""
        offset = offsets_px(radius_px, samples_per_pixel)
        down = self._response(offset, 0)
        across = self._response(offset, 1)
        # Splines and noise dip below zero, light does not.
        return np.maximum(down @ self._coefficients @ across.T, 0.0)

    @cached_property
    def _coefficients(self) -> Array:
        """Coefficients of the cubic B-splines, per square pixel."""
        padded = np.pad(self.image, MARGIN_SAMPLES)
        coefficients: Array = spline_filter(padded, order=3)
        energy: float = coefficients.sum() / self.samples_per_pixel**2
        return coefficients * (self.energy_in_image / energy)

    def _response(self, offset_px: Array, axis: int) -> Array:
        """Matrix from spline coefficients to the response at each offset along one axis."""
        center = self.center_sample[1 - axis] + MARGIN_SAMPLES
        sample = (np.arange(self.image.shape[axis] + 2 * MARGIN_SAMPLES) - center) / self.samples_per_pixel
        distance = offset_px[:, None] - sample[None, :]
        matrix = np.zeros_like(distance)
        sharp_reach = 2.0 / self.samples_per_pixel + (0.0 if self.pixel_integrated else 0.5)
        if self.jitter_px < NEGLIGIBLE_JITTER_PX:
            near = np.abs(distance) < sharp_reach
            matrix[near] = self._sharp_kernel(distance[near])
            return matrix
        reach = sharp_reach + GAUSSIAN_REACH_SIGMA * self.jitter_px
        step = min(
            1.0 / self.samples_per_pixel / TABLE_STEPS_PER_SAMPLE, self.jitter_px / TABLE_STEPS_PER_SIGMA
        )
        table = self._jittered_kernel(math.ceil(reach / step), step)
        near = np.abs(distance) < reach
        matrix[near] = table(distance[near])
        return matrix

    def _sharp_kernel(self, distance_px: Array) -> Array:
        """Cubic B-spline on the samples, integrated over a pixel unless the samples already are."""
        basis = BSpline.basis_element(np.arange(-2.0, 3.0), extrapolate=False)
        scaled = distance_px * self.samples_per_pixel
        if self.pixel_integrated:
            return np.asarray(np.nan_to_num(basis(scaled)), dtype=np.float64)
        integral, half = basis.antiderivative(), 0.5 * self.samples_per_pixel
        upper = integral(np.clip(scaled + half, -2.0, 2.0))
        lower = integral(np.clip(scaled - half, -2.0, 2.0))
        return np.asarray((upper - lower) / self.samples_per_pixel, dtype=np.float64)

    def _jittered_kernel(self, half_steps: int, step_px: float) -> CubicSpline:
        """Cubic spline through the kernel convolved with the jitter."""
        distance = np.arange(-half_steps, half_steps + 1, dtype=np.float64) * step_px
        tail = math.ceil(GAUSSIAN_REACH_SIGMA * self.jitter_px / step_px)
        lag = np.arange(-tail, tail + 1, dtype=np.float64) * step_px
        gaussian: Array = np.exp(-0.5 * (lag / self.jitter_px) ** 2)
        smeared = np.convolve(self._sharp_kernel(distance), gaussian / gaussian.sum(), mode="same")
        return CubicSpline(distance, smeared)


def checked_image(image: Array) -> Array:
    """Return the image as float64, or refuse it where it cannot be a PSF.

    Raises
    ------
    InputError
        If it is not two-dimensional, has a value that is not finite, or its sum is not positive.
    """
    values = np.asarray(image)
    if values.ndim != 2:
        raise InputError(f"the image has {values.ndim} dimensions; a PSF needs exactly 2")
    values = values.astype(np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise InputError(f"{bad} of {values.size} values are NaN or infinite; replace them first")
    total = float(values.sum())
    if total <= 0.0:
        raise InputError(f"the sum of all values is {total:g}; a PSF must hold light (sum above 0)")
    negative = -float(values[values < 0.0].sum()) / total
    if negative > TOLERATED_NEGATIVE_FRACTION:
        warnings.warn(
            f"negative values make up {negative:.1%} of the PSF image: check its background",
            SkyforgeWarning,
            stacklevel=2,
        )
    return values
