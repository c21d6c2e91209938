"""Diffraction-limited point spread function of a round aperture with a central obstruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline

from skyforge.optics.annulus import annular_irradiance, annular_wings
from skyforge.optics.bandlimited import even_response_matrix, smear_reach_px
from skyforge.optics.checks import require_obstruction, require_resolvable_jitter
from skyforge.optics.geometry import lambda_over_d_px
from skyforge.optics.psf import Array, half_offsets_px, unfold_quadrant
from skyforge.optics.spectrum import checked_spectrum
from skyforge.optics.window import CoreWindow

# From 64 λ/D on the asymptotic rings are good to 1e-9 of the peak, from 8 px on so is the plane-wave pixel,
# and from 16 σ on the second-order smear of the jitter is good to a percent of the local level.
CORE_RADIUS_LAMBDA_OVER_D = 64.0
CORE_RADIUS_PX = 8.0
CORE_RADIUS_JITTER = 16.0
# The irradiance has no frequency above 1/(λ/D), which two samples would just hold; the window adds a little.
SAMPLES_PER_LAMBDA_OVER_D = 2.4
# Knots of the radial table: a cubic spline between them is good to 2e-8 of the peak.
TABLE_KNOTS_PER_LAMBDA_OVER_D = 128
# Memory bound (0.1 GB): only a jitter of many λ/D meets it, and that hides the rings it would resolve.
MOST_HALF_SAMPLES = 3600


@dataclass(frozen=True)
class AiryPsf:
    """A perfect telescope: the annular diffraction pattern, integrated over pixels and jitter.

    The core is sampled in closed form and transformed without loss (it is band-limited); beyond 64 λ/D the
    asymptotic rings and their r⁻³ mean take over, so that the wings hold out to any radius and nothing wraps
    around.

    Parameters
    ----------
    aperture_m, focal_length_m
        Diameter of the entrance pupil and effective focal length, metres.
    pixel_um
        Pixel pitch, micrometres.
    wavelength_nm
        Wavelengths, nanometres.
    weight
        Detected electrons at each wavelength; normalised to a sum of 1. Equal if empty.
    obstruction
        Linear central obstruction, 0 … 1.
    jitter_px
        Standard deviation per axis of the pointing jitter, pixels.

    Raises
    ------
    InputError
        If a length, wavelength or weight is out of range, with its name.
    """

    aperture_m: float
    focal_length_m: float
    pixel_um: float
    wavelength_nm: tuple[float, ...]
    weight: tuple[float, ...] = ()
    obstruction: float = 0.0
    jitter_px: float = 0.0

    def __post_init__(self) -> None:
        wavelength, weight = checked_spectrum(self.wavelength_nm, self.weight or None)
        object.__setattr__(self, "wavelength_nm", wavelength)
        object.__setattr__(self, "weight", weight)
        require_obstruction(self.obstruction)
        require_resolvable_jitter(self.jitter_px, max(self.lambda_over_d_px))

    @property
    def lambda_over_d_px(self) -> tuple[float, ...]:
        """Diffraction scale at each wavelength, pixels."""
        return tuple(
            lambda_over_d_px(value, self.aperture_m, self.focal_length_m, self.pixel_um)
            for value in self.wavelength_nm
        )

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function; see `Psf.prf`."""
        total = annular_wings(
            radius_px,
            samples_per_pixel,
            lambda_over_d_px=self.lambda_over_d_px,
            weight=self.weight,
            obstruction=self.obstruction,
            jitter_px=self.jitter_px,
            window=self._window,
        )
        offset = half_offsets_px(radius_px, samples_per_pixel)
        offset = offset[offset <= self._window.end_radius_px + smear_reach_px(self.jitter_px)]
        samples, spacing = self._core
        matrix = even_response_matrix(offset, samples.shape[0] - 1, spacing, self.jitter_px)
        core = unfold_quadrant(matrix @ samples @ matrix.T)
        margin = (total.shape[0] - core.shape[0]) // 2
        inner = slice(margin, margin + core.shape[0])
        total[inner, inner] += core
        # Rounding may leave −1e-19 where there is no light.
        return np.maximum(total, 0.0)

    @cached_property
    def _window(self) -> CoreWindow:
        return CoreWindow(
            max(
                CORE_RADIUS_LAMBDA_OVER_D * max(self.lambda_over_d_px),
                CORE_RADIUS_PX,
                CORE_RADIUS_JITTER * self.jitter_px,
            )
        )

    @cached_property
    def _core(self) -> tuple[Array, float]:
        """Samples of the windowed irradiance (per square pixel) where x, y ≥ 0, and their spacing."""
        window, finest = self._window, min(self.lambda_over_d_px)
        record = window.end_radius_px + smear_reach_px(self.jitter_px)
        half_samples = min(int(np.ceil(record * SAMPLES_PER_LAMBDA_OVER_D / finest)), MOST_HALF_SAMPLES)
        spacing = record / half_samples
        knots = np.linspace(
            0.0, window.end_radius_px, int(window.end_radius_px / finest * TABLE_KNOTS_PER_LAMBDA_OVER_D)
        )
        profile = np.zeros_like(knots)
        for scale, share in zip(self.lambda_over_d_px, self.weight, strict=True):
            profile += share * annular_irradiance(knots, scale, self.obstruction)
        profile *= window.core(knots)
        axis = np.arange(half_samples + 1) * spacing
        radius = np.hypot(axis[:, None], axis[None, :])
        inside = radius < window.end_radius_px
        samples = np.zeros_like(radius)
        samples[inside] = CubicSpline(knots, profile)(radius[inside])
        return samples, spacing


def airy(
    *,
    aperture_m: float,
    focal_length_m: float,
    pixel_um: float,
    wavelength_nm: float | Sequence[float] | Array,
    weight: Sequence[float] | Array | None = None,
    obstruction: float = 0.0,
    jitter_px: float = 0.0,
) -> AiryPsf:
    """Airy PSF from a telescope, at one wavelength or summed over several; see `AiryPsf`."""
    wavelengths, weights = checked_spectrum(wavelength_nm, weight)
    return AiryPsf(aperture_m, focal_length_m, pixel_um, wavelengths, weights, obstruction, jitter_px)
