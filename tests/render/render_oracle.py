"""Point spread functions and frames in float64, by formulas and brute force: nothing of the renderer is used here."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.interpolate import RectBivariateSpline
from scipy.special import erf, j1


class Gaussian:
    """Circular Gaussian, integrated over the pixel by error functions."""

    def __init__(self, sigma):
        self.sigma = sigma

    def at(self, dx, dy):
        scale = self.sigma * np.sqrt(2.0)
        return (
            0.25
            * (erf((dx + 0.5) / scale) - erf((dx - 0.5) / scale))
            * (erf((dy + 0.5) / scale) - erf((dy - 0.5) / scale))
        )

    def prf(self, radius_px, samples_per_pixel):
        axis = (
            np.arange(-radius_px * samples_per_pixel, radius_px * samples_per_pixel + 1) / samples_per_pixel
        )
        return self.at(axis[None, :], axis[:, None])


class Radial:
    """A radial density, integrated over the pixel by Gauss-Legendre quadrature."""

    quadrature = 5
    spline_radius = 40
    spline_samples = 12

    def density(self, radius):
        raise NotImplementedError

    def at(self, dx, dy):
        node, weight = np.polynomial.legendre.leggauss(self.quadrature)
        total = np.zeros(np.broadcast(dx, dy).shape)
        for a, wa in zip(0.5 * node, 0.5 * weight, strict=True):
            for b, wb in zip(0.5 * node, 0.5 * weight, strict=True):
                total += wa * wb * self.density(np.hypot(dx + a, dy + b))
        return total

    def prf(self, radius_px, samples_per_pixel):
        axis = np.arange(0, radius_px * samples_per_pixel + 1) / samples_per_pixel
        quarter = self.at(axis[None, :], axis[:, None])
        half = np.concatenate([quarter[:0:-1], quarter])
        return np.concatenate([half[:, :0:-1], half], axis=1)

    @cache  # noqa: B019
    def _spline(self):
        axis = np.arange(-4, self.spline_radius * self.spline_samples + 1) / self.spline_samples
        return RectBivariateSpline(axis, axis, self.at(axis[None, :], axis[:, None]), kx=5, ky=5)

    def quickly_at(self, dx, dy):
        """As `at`, by a quintic spline near the centre and without pixel integration far from it."""
        dx, dy = np.broadcast_arrays(np.abs(dx), np.abs(dy))
        near = (dx < self.spline_radius) & (dy < self.spline_radius)
        result = self.density(np.hypot(dx, dy))
        result[near] = self._spline().ev(dy[near], dx[near])
        return result


class Moffat(Radial):
    """Moffat (1969, A&A 3, 455)."""

    def __init__(self, fwhm, beta):
        self.beta = beta
        self.alpha = 0.5 * fwhm / np.sqrt(2.0 ** (1.0 / beta) - 1.0)

    def density(self, radius):
        return (self.beta - 1.0) / (np.pi * self.alpha**2) * (1.0 + (radius / self.alpha) ** 2) ** -self.beta


class Airy(Radial):
    """Diffraction by a circular aperture with a central obstruction (Born and Wolf, section 8.6)."""

    quadrature = 6

    def __init__(self, lambda_f_per_pixel, obstruction):
        self.scale = lambda_f_per_pixel
        self.obstruction = obstruction

    def density(self, radius):
        v = np.maximum(np.pi * radius / self.scale, 1e-9)
        amplitude = 2.0 * j1(v) / v
        if self.obstruction:
            inner = self.obstruction * v
            amplitude = amplitude - self.obstruction**2 * 2.0 * j1(inner) / inner
        return amplitude**2 * np.pi / (4.0 * self.scale**2 * (1.0 - self.obstruction**2))


def quickly_at(psf, dx, dy):
    """The pixel-integrated function at many offsets."""
    return psf.quickly_at(dx, dy) if hasattr(psf, "quickly_at") else psf.at(dx, dy)


def on_grid(position):
    """Positions as the renderer quantises them at its door."""
    return np.round(np.asarray(position) * 2.0**14) / 2.0**14


def point_image(psf, x, y, shape):
    """A point source of one electron."""
    x, y = on_grid(x), on_grid(y)
    return psf.at(np.arange(shape[1])[None, :] - x, np.arange(shape[0])[:, None] - y)


def trail_at(psf, start, end, pixels, spacing):
    """A trail of one electron in some pixels ``(n, 2)`` of (x, y), by Gauss-Legendre panels of four nodes."""
    start, end = on_grid(start), on_grid(end)
    length = float(np.hypot(*(end - start)))
    panels = max(4, int(np.ceil(length / (4.0 * spacing))))
    node, weight = np.polynomial.legendre.leggauss(4)
    t = ((np.arange(panels)[:, None] + 0.5 + 0.5 * node) / panels).ravel()
    weights = np.tile(0.5 * weight / panels, panels)
    dx = pixels[:, :1] - (start[0] + t * (end[0] - start[0]))
    dy = pixels[:, 1:] - (start[1] + t * (end[1] - start[1]))
    return quickly_at(psf, dx, dy) @ weights
