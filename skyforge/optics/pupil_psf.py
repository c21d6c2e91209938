"""Point spread function of a pupil with obstruction, spider and wavefront error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from skyforge.optics.annulus import annular_wings
from skyforge.optics.aperture import Aperture, Spider
from skyforge.optics.bandlimited import response_matrix, smear_reach_px
from skyforge.optics.centroid import windowed_centroid
from skyforge.optics.checks import require_not_negative, require_obstruction, require_resolvable_jitter
from skyforge.optics.diffraction import polychromatic_irradiance
from skyforge.optics.gaussian_psf import FWHM_PER_SIGMA
from skyforge.optics.geometry import lambda_over_d_px
from skyforge.optics.psf import Array, offsets_px
from skyforge.optics.spectrum import checked_spectrum
from skyforge.optics.spikes import spike_wings
from skyforge.optics.wavefront import Wavefront, random_wavefront, zernike_wavefront
from skyforge.optics.window import CoreWindow

FEWEST_CELLS_ACROSS = 512
MOST_CELLS_ACROSS = 1024
# A pupil of N cells repeats its pattern every N λ/D. Up to 0.15 of that period the pattern is used alone, up
# to 0.3 with the closed-form wings blended in; there the repetition has less than 2 % of the irradiance.
CORE_SHARE_OF_PERIOD = 0.15
CORE_RADIUS_PX = 8.0
CORE_RADIUS_JITTER = 16.0
# The place of the image is found in a small coarse pattern, sampled this finely over a few widths.
CENTERING_CELLS_ACROSS = 128
CENTERING_WIDTHS = 4.0
CENTERING_SAMPLES = 161


@dataclass(frozen=True)
class PupilPsf:
    """The PSF of a real pupil by Fourier optics, integrated over pixels and jitter.

    The pupil is drawn with soft edges, at each wavelength with as many cells as put all patterns on
    one grid; their sum is band-limited and is transformed to the PRF without loss. Beyond 0.15 of the
    pattern's period (77 λ/D or more) the closed form of the rings, the r⁻³ mean and the diffraction spikes
    take over: smooth wavefront errors move the rings there but not their mean. The source lies where
    astrometry would find it: at the windowed centroid (`windowed_centroid`) of the image.

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
    spider
        The vanes; none by default.
    wavefront_error_nm
        Root mean square over the clear pupil of a random smooth wavefront error, nanometres; see
        `random_wavefront`.
    wavefront_seed
        Seed of the random wavefront.
    zernikes_nm
        Pairs of Noll index (4 or more) and coefficient, nanometres, added to it.
    jitter_px
        Standard deviation per axis of the pointing jitter, pixels.

    Raises
    ------
    InputError
        If a length, wavelength, weight or coefficient is out of range, with its name.

    References
    ----------
    Goodman 2005, Introduction to Fourier Optics, §5.2 and §6.3.
    """

    aperture_m: float
    focal_length_m: float
    pixel_um: float
    wavelength_nm: tuple[float, ...]
    weight: tuple[float, ...] = ()
    obstruction: float = 0.0
    spider: Spider | None = None
    wavefront_error_nm: float = 0.0
    wavefront_seed: int = 0
    zernikes_nm: tuple[tuple[int, float], ...] = ()
    jitter_px: float = 0.0

    def __post_init__(self) -> None:
        wavelength, weight = checked_spectrum(self.wavelength_nm, self.weight or None)
        object.__setattr__(self, "wavelength_nm", wavelength)
        object.__setattr__(self, "weight", weight)
        require_obstruction(self.obstruction)
        require_not_negative("wavefront_error_nm", self.wavefront_error_nm)
        require_resolvable_jitter(self.jitter_px, max(self.lambda_over_d_px))
        # Building the wavefront now makes a wrong term an error of the constructor.
        _ = self.wavefront

    @property
    def lambda_over_d_px(self) -> tuple[float, ...]:
        """Diffraction scale at each wavelength, pixels."""
        return tuple(
            lambda_over_d_px(value, self.aperture_m, self.focal_length_m, self.pixel_um)
            for value in self.wavelength_nm
        )

    @property
    def aperture(self) -> Aperture:
        """The clear pupil in units of its diameter."""
        if self.spider is None:
            return Aperture(self.obstruction)
        return Aperture(self.obstruction, self.spider.width_m / self.aperture_m, self.spider.directions_rad)

    @cached_property
    def wavefront(self) -> Wavefront | None:
        """The wavefront error with the tilt that centres the image; None for a perfect one."""
        parts = []
        if self.zernikes_nm:
            parts.append(zernike_wavefront(self.zernikes_nm).levelled(self.aperture).legendre_nm)
        if self.wavefront_error_nm > 0.0:
            parts.append(
                random_wavefront(self.wavefront_error_nm, self.wavefront_seed, self.aperture).legendre_nm
            )
        if not parts:
            return None
        size = max(part.shape[0] for part in parts)
        return self._centered(
            Wavefront(np.sum([np.pad(part, (0, size - part.shape[0])) for part in parts], axis=0))
        )

    def _centered(self, wavefront: Wavefront) -> Wavefront:
        """Tilt a wavefront so that the image's windowed centroid lies at the origin."""
        scale = max(self.lambda_over_d_px)
        samples, spacing = self._irradiance(
            wavefront, CENTERING_CELLS_ACROSS, 2.0 * CORE_SHARE_OF_PERIOD * CENTERING_CELLS_ACROSS * scale
        )
        half = samples.shape[0] // 2
        brightest = np.unravel_index(int(samples.argmax()), samples.shape)
        width = math.hypot(scale, 1.0, FWHM_PER_SIGMA * self.jitter_px)
        offset = np.linspace(-CENTERING_WIDTHS * width, CENTERING_WIDTHS * width, CENTERING_SAMPLES)
        y_px, x_px = (offset + (int(index) - half) * spacing for index in brightest)
        down, across = (response_matrix(axis, half, spacing, self.jitter_px) for axis in (y_px, x_px))
        x, y = windowed_centroid(down @ samples @ across.T, x_px, y_px)
        # A path difference of λ/(λ/D)/2 at the pupil's edge moves the image by one pixel, at any wavelength.
        per_px = 0.5 * self.wavelength_nm[0] / self.lambda_over_d_px[0]
        return wavefront.tilted(-x * per_px, -y * per_px)

    def perfect(self) -> PupilPsf:
        """Return the same pupil without wavefront error and jitter."""
        return replace(self, wavefront_error_nm=0.0, zernikes_nm=(), jitter_px=0.0)

    def prf(self, radius_px: int, samples_per_pixel: int) -> Array:
        """Pixel response function; see `Psf.prf`."""
        total = self._wings(radius_px, samples_per_pixel)
        samples, spacing = self._core
        offset = offsets_px(radius_px, samples_per_pixel)
        inner = np.flatnonzero(np.abs(offset) <= self._window.end_radius_px + smear_reach_px(self.jitter_px))
        matrix = response_matrix(offset[inner], samples.shape[0] // 2, spacing, self.jitter_px)
        total[inner[0] : inner[-1] + 1, inner[0] : inner[-1] + 1] += matrix @ samples @ matrix.T
        # Rounding may leave −1e-19 where there is no light.
        return np.maximum(total, 0.0)

    @cached_property
    def _cells_across(self) -> int:
        """Cells across the pupil at the longest wavelength."""
        radius = max(CORE_RADIUS_PX, CORE_RADIUS_JITTER * self.jitter_px)
        wanted = math.ceil(radius / CORE_SHARE_OF_PERIOD / max(self.lambda_over_d_px))
        return min(max(wanted, FEWEST_CELLS_ACROSS), MOST_CELLS_ACROSS)

    @property
    def _period_px(self) -> float:
        return self._cells_across * max(self.lambda_over_d_px)

    @property
    def _window(self) -> CoreWindow:
        return CoreWindow(CORE_SHARE_OF_PERIOD * self._period_px)

    @cached_property
    def _clear_area(self) -> float:
        """Clear area in squared diameters."""
        spacing = 1.0 / self._cells_across
        return float(self.aperture.transmission(spacing)[1].sum()) * spacing**2

    @cached_property
    def _core(self) -> tuple[Array, float]:
        """Samples of the windowed polychromatic irradiance, per square pixel, and their spacing in pixels."""
        reach = self._window.end_radius_px + smear_reach_px(self.jitter_px)
        samples, spacing = self._irradiance(self.wavefront, self._cells_across, reach)
        half = samples.shape[0] // 2
        offset = np.arange(-half, half + 1, dtype=np.float64) * spacing
        samples *= self._window.core(np.hypot(offset[:, None], offset[None, :]))
        return samples, spacing

    def _irradiance(
        self, wavefront: Wavefront | None, cells_across: int, reach_px: float
    ) -> tuple[Array, float]:
        return polychromatic_irradiance(
            self.aperture,
            wavefront,
            wavelength_nm=self.wavelength_nm,
            lambda_over_d_px=self.lambda_over_d_px,
            weight=self.weight,
            cells_across=cells_across,
            reach_px=reach_px,
        )

    def _wings(self, radius_px: int, samples_per_pixel: int) -> Array:
        annulus = math.pi / 4.0 * (1.0 - self.obstruction**2)
        # The mean of the wings is in proportion to the length of the edges, of which each vane takes its
        # width twice.
        vanes = len(self.aperture.vane_directions_rad) * self.aperture.vane_width
        edge = 1.0 - 2.0 * vanes / (math.pi * (1.0 + self.obstruction))
        total = annular_wings(
            radius_px,
            samples_per_pixel,
            lambda_over_d_px=self.lambda_over_d_px,
            weight=self.weight,
            obstruction=self.obstruction,
            jitter_px=self.jitter_px,
            window=self._window,
        ) * (annulus / self._clear_area * edge)
        if self.spider is not None:
            total += spike_wings(
                radius_px,
                samples_per_pixel,
                aperture=self.aperture,
                lambda_over_d_px=self.lambda_over_d_px,
                weight=self.weight,
                clear_area=self._clear_area,
                jitter_px=self.jitter_px,
                window=self._window,
            )
        return total


def pupil(
    *,
    aperture_m: float,
    focal_length_m: float,
    pixel_um: float,
    wavelength_nm: float | Sequence[float] | Array,
    weight: Sequence[float] | Array | None = None,
    obstruction: float = 0.0,
    spider: Spider | None = None,
    wavefront_error_nm: float = 0.0,
    wavefront_seed: int = 0,
    zernikes_nm: Sequence[tuple[int, float]] = (),
    jitter_px: float = 0.0,
) -> PupilPsf:
    """PSF of a pupil with obstruction, spider and wavefront error; see `PupilPsf`."""
    wavelengths, weights = checked_spectrum(wavelength_nm, weight)
    return PupilPsf(
        aperture_m,
        focal_length_m,
        pixel_um,
        wavelengths,
        weights,
        obstruction,
        spider,
        wavefront_error_nm,
        wavefront_seed,
        tuple((int(index), float(value)) for index, value in zernikes_nm),
        jitter_px,
    )
