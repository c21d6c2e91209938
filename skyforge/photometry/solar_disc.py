"""The Sun as a disc: how its brightness falls towards the limb, and the image that a mirror throws of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.photometry.shadow import SUN_RADIUS_KM

Floats = NDArray[np.float64]

LIMB_DARKENING_V = 0.508
"""Exponent a of I(μ) = μ^a at 550 nm: −0.023 + 0.292 / λ(µm) (Hestroffer & Magnan 1998, A&A 333, 338)."""

_DISCS = 12  # uniform discs that a limb-darkened one is the sum of, where roughness smooths their edges
_SHARP = 0.02  # of the Sun's radius: less spread than this changes nothing
_BROAD = 6.0  # of the Sun's radius: beyond, only the variance of its disc matters
_REACH = 7.0  # standard deviations after which no light is left


def disc_brightness(radius: ArrayLike, limb_darkening: float = LIMB_DARKENING_V) -> Floats:
    """Return the Sun's brightness over its disc, in units of its mean.

    Parameters
    ----------
    radius
        Distance from the disc's centre in its radii, shape (...); beyond 1 the sky is dark.
    limb_darkening
        Exponent a of μ^a.

    Returns
    -------
    NDArray
        (1 + a/2) μ^a, whose mean over the disc is 1.
    """
    squared = 1.0 - np.asarray(radius, dtype=np.float64) ** 2
    brightness = (1.0 + 0.5 * limb_darkening) * np.maximum(squared, 0.0) ** (0.5 * limb_darkening)
    return np.where(squared > 0.0, brightness, 0.0)


def sun_radius_rad(sun_distance_km: ArrayLike) -> Floats:
    """Return the Sun's angular radius in radians at distances in km."""
    radius: Floats = np.arcsin(SUN_RADIUS_KM / np.asarray(sun_distance_km, dtype=np.float64))
    return radius


def mirrored_sun(off_axis_rad: ArrayLike, spread_rad: ArrayLike, sun_radius: ArrayLike) -> Floats:
    """Return how much of the light that a mirror throws back goes into a direction, per steradian.

    A perfect mirror throws a limb-darkened image of the Sun; roughness spreads each of its points as a Gaussian in the
    angle between reflected rays (twice the spread of the surface's slopes). Over all directions the light adds up to 1;
    lobes so wide that they would leave half the sky are von Mises-Fisher distributions, which do too.

    Parameters
    ----------
    off_axis_rad
        Angle from the mirrored direction of the Sun's centre, shape (...), radians.
    spread_rad
        Standard deviation of reflected rays in one axis, radians, broadcast.
    sun_radius
        Angular radius of the Sun, radians, broadcast.

    Returns
    -------
    NDArray
        Per steradian, shape (...).
    """
    off_axis, spread, radius = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (off_axis_rad, spread_rad, sun_radius))
    )
    density = np.zeros(off_axis.shape)
    seen = off_axis < radius + _REACH * spread
    sharp = seen & (spread <= _SHARP * radius)
    broad = seen & (spread >= _BROAD * radius)
    between = seen & ~sharp & ~broad
    density[sharp] = disc_brightness(off_axis[sharp] / radius[sharp]) / (np.pi * radius[sharp] ** 2)
    density[broad] = _broad_lobe(off_axis[broad], spread[broad], radius[broad])
    if np.any(between):
        density[between] = _blurred_disc(off_axis[between], spread[between], radius[between])
    return density


def _broad_lobe(off_axis: Floats, spread: Floats, radius: Floats) -> Floats:
    """Density of a von Mises-Fisher lobe with the variance of the Sun's disc added to its own."""
    # Variance in one axis of a disc of brightness μ^a: ρ² / (4 + a).
    variance = spread**2 + radius**2 / (4.0 + LIMB_DARKENING_V)
    # exp(κ (cos α − 1)) with 1 − cos α = 2 sin²(α/2), and a norm that holds for any κ.
    lobe: Floats = np.exp(-2.0 * np.sin(0.5 * off_axis) ** 2 / variance)
    return lobe / (2.0 * np.pi * variance * -np.expm1(-2.0 / variance))


def _blurred_disc(off_axis: Floats, spread: Floats, radius: Floats) -> Floats:
    """Density of the Sun's disc convolved with a Gaussian: uniform discs, each a non-central χ² probability."""
    from scipy.special import chndtr

    # A disc of brightness μ^a is a sum of uniform discs: with s = (radius / Sun's)², a weight of −dB/ds · s.
    nodes, weights = np.polynomial.legendre.leggauss(_DISCS)
    half = 0.5 * LIMB_DARKENING_V
    # With 1 − s = v^(1/half) the weight half (1 − s)^(half − 1) ds becomes dv.
    share = 1.0 - (0.5 * (nodes + 1.0)) ** (1.0 / half)
    density = np.zeros(off_axis.shape)
    for s, weight in zip(share, 0.5 * weights, strict=True):
        inside = chndtr(s * (radius / spread) ** 2, 2.0, (off_axis / spread) ** 2)
        density += (1.0 + half) * weight * inside
    return density / (np.pi * radius**2)
