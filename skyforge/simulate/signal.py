"""What a source's electrons amount to on the detector: its brightest pixel and its signal-to-noise ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from skyforge.optics import Psf

Floats = NDArray[np.float64]

_SMALLEST_RADIUS_PX = 8
_FINEST_SAMPLING = 16
_EDGE = 1e-3  # of the peak: what lies beyond adds nothing to the noise-equivalent area


@dataclass(frozen=True)
class ImageShape:
    """The few numbers of a point spread function that brightness on the detector depends on.

    Attributes
    ----------
    prf
        Pixel-integrated point spread function sampled on a centred grid, [y, x].
    samples_per_pixel
        Sampling of `prf`.
    noise_equivalent_area_px
        1 / Σ PRF² over the pixels of a frame, averaged over sub-pixel positions (King 1983, PASP 95, 163), in pixels.
    """

    prf: Floats
    samples_per_pixel: int
    noise_equivalent_area_px: float

    @property
    def peak_fraction(self) -> float:
        """Share of a point's electrons that falls into the pixel at whose centre it lies."""
        return float(self.prf.max())

    def pixel_fraction(self, dx: Floats, dy: Floats) -> Floats:
        """Return the share of a point's electrons in a pixel whose centre lies (dx, dy) pixels from the point.

        Offsets are taken to the nearest sample, which is enough for a table's column of brightest pixels.
        """
        middle = self.prf.shape[0] // 2
        column = np.clip(np.rint(dx * self.samples_per_pixel).astype(np.int64) + middle, 0, 2 * middle)
        row = np.clip(np.rint(dy * self.samples_per_pixel).astype(np.int64) + middle, 0, 2 * middle)
        fraction: Floats = self.prf[row, column]
        return fraction


def image_shape(prf: Floats, samples_per_pixel: int) -> ImageShape:
    """Measure a pixel-integrated point spread function sampled on a centred grid.

    The sum over all samples of PRF², divided by the samples in a pixel, is the mean over sub-pixel positions of the sum
    over pixels.
    """
    squared = float(np.sum(prf**2)) / samples_per_pixel**2
    return ImageShape(prf, samples_per_pixel, 1.0 / squared)


def brightest_pixel_fraction(shape: ImageShape, x: Floats, y: Floats, length_px: Floats) -> Floats:
    """Return the share of a source's electrons in its brightest pixel.

    Parameters
    ----------
    shape
        The point spread function's numbers.
    x, y
        Pixel coordinates at mid-exposure, each (n,).
    length_px
        Length of the track over the pixels, (n,). A track spreads the light over its length: the profile along a row of
        the table is averaged over ± half of it.
    """
    point = shape.pixel_fraction(np.rint(x) - x, np.rint(y) - y)
    middle = shape.prf.shape[0] // 2
    ridge = shape.prf[middle, middle:]
    distance = np.arange(ridge.size) / shape.samples_per_pixel
    steps = 0.5 * (ridge[1:] + ridge[:-1]) / shape.samples_per_pixel
    cumulative = np.concatenate([[0.0], np.cumsum(steps)])
    half = np.maximum(0.5 * length_px, 1e-9)
    # Within the first sample the profile is flat.
    mean_along_track = np.where(half < distance[1], ridge[0], np.interp(half, distance, cumulative) / half)
    fraction: Floats = point * np.minimum(mean_along_track / shape.peak_fraction, 1.0)
    return fraction


def trail_noise_equivalent_area_px(area_px: float, length_px: Floats) -> Floats:
    """Return the noise-equivalent area in pixels of an image trailed over a length in pixels, shape (n,).

    The autocorrelation of a Gaussian of the same noise-equivalent area, 4πσ² (King 1983), averaged over a line of the
    given length: Σ P² = 1/(4πσ²) · (2/L²) ∫₀ᴸ (L − s) exp(−s²/4σ²) ds.
    """
    sigma = np.sqrt(area_px / (4.0 * np.pi))
    length = np.maximum(np.asarray(length_px, dtype=np.float64), 1e-3 * sigma)
    ratio = length / (2.0 * sigma)
    overlap = (
        2.0
        / length**2
        * (length * sigma * np.sqrt(np.pi) * erf(ratio) + 2.0 * sigma**2 * np.expm1(-(ratio**2)))
    )
    result: Floats = area_px / overlap
    return result


def sampled_image_shape(psf: Psf) -> ImageShape:
    """Measure a point spread function, over as many pixels and as finely as its width asks for."""
    radius_px, samples_per_pixel = _SMALLEST_RADIUS_PX, _FINEST_SAMPLING
    prf = psf.prf(radius_px, samples_per_pixel)
    while samples_per_pixel > 1 and prf[prf.shape[0] // 2, 0] > _EDGE * prf.max():
        radius_px, samples_per_pixel = 2 * radius_px, samples_per_pixel // 2
        prf = psf.prf(radius_px, samples_per_pixel)
    return image_shape(prf, samples_per_pixel)
