"""How bright an asteroid is: the phase laws H, G; H, G₁, G₂ and H, G₁₂."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]

# Bowell et al. 1989, in Asteroids II, p. 524, eq. A1-A2: factors and exponents of the two basis functions.
_A = (3.33, 1.87)
_B = (0.63, 1.22)

# Muinonen et al. 2010, Icarus 209, 542, tables 1 and 2: knots in degrees, values, and slopes (per radian) at both ends.
_KNOTS_12_DEG = (7.5, 30.0, 60.0, 90.0, 120.0, 150.0)
_VALUES_1 = (0.75, 0.33486016, 0.134105601, 0.0511047561, 0.0214656869, 0.0036396989)
_SLOPES_1 = (-6.0 / np.pi, -0.0913286114)
_VALUES_2 = (0.925, 0.62884169, 0.31755495, 0.12716367, 0.0223739074, 0.000165056898)
_SLOPES_2 = (-9.0 / (5.0 * np.pi), -8.6573138e-8)
_KNOTS_3_DEG = (0.0, 0.3, 1.0, 2.0, 4.0, 8.0, 12.0, 20.0, 30.0)
_VALUES_3 = (1.0, 0.83381185, 0.57735424, 0.42144772, 0.23174230, 0.10348178, 0.061733473, 0.016107006, 0.0)
_SLOPES_3 = (-0.10630097, 0.0)

# Penttilä et al. 2016, Planet. Space Sci. 123, 117, eq. 5: G₁ and G₂ as functions of G₁₂*.
_G1_PER_G12 = 0.84293649
_G2_AT_ZERO = 0.53513350


def hg_phase_function(phase_angle_rad: ArrayLike, g: ArrayLike) -> Floats:
    """Return (1 − G) Φ₁ + G Φ₂, the brightness relative to zero phase, in the form that ephemerides use.

    Φᵢ = exp(−Aᵢ tan(α/2)^Bᵢ) with A = 3.33, 1.87 and B = 0.63, 1.22 (Bowell et al. 1989, eq. A1-A2): the magnitudes of
    JPL Horizons. The definition's full form differs from it by up to 0.05 mag.

    Parameters
    ----------
    phase_angle_rad
        Phase angle α in radians, shape (...).
    g
        Slope parameter G, broadcast.

    Returns
    -------
    NDArray
        Shape (...).
    """
    tangent = np.tan(0.5 * np.minimum(np.asarray(phase_angle_rad, dtype=np.float64), np.pi - 1e-9))
    slope = np.asarray(g, dtype=np.float64)
    first, second = (np.exp(-a * tangent**b) for a, b in zip(_A, _B, strict=True))
    value: Floats = np.maximum((1.0 - slope) * first + slope * second, 0.0)
    return value


@cache
def _splines() -> tuple[Any, Any, Any]:
    """Return the cubic splines of the three basis functions over radians, with given slopes at their ends."""
    from scipy.interpolate import CubicSpline

    tables = (
        (_KNOTS_12_DEG, _VALUES_1, _SLOPES_1),
        (_KNOTS_12_DEG, _VALUES_2, _SLOPES_2),
        (_KNOTS_3_DEG, _VALUES_3, _SLOPES_3),
    )
    first, second, third = (
        CubicSpline(np.radians(knots), values, bc_type=((1, slopes[0]), (1, slopes[1])))
        for knots, values, slopes in tables
    )
    return first, second, third


def hg1g2_phase_function(phase_angle_rad: ArrayLike, g1: ArrayLike, g2: ArrayLike) -> Floats:
    """Return G₁ Φ₁ + G₂ Φ₂ + (1 − G₁ − G₂) Φ₃, the brightness relative to zero phase (Muinonen et al. 2010, eq. 18).

    Beyond 150°, where the basis functions end, they are held at their last value.

    Parameters
    ----------
    phase_angle_rad
        Phase angle in radians, shape (...).
    g1, g2
        Parameters, broadcast.

    Returns
    -------
    NDArray
        Shape (...).
    """
    phase = np.asarray(phase_angle_rad, dtype=np.float64)
    first, second, third = _splines()
    linear_to, last = np.radians(_KNOTS_12_DEG[0]), np.radians(_KNOTS_12_DEG[-1])
    inside = np.clip(phase, linear_to, last)
    basis_1 = np.where(phase < linear_to, 1.0 + _SLOPES_1[0] * phase, first(inside))
    basis_2 = np.where(phase < linear_to, 1.0 + _SLOPES_2[0] * phase, second(inside))
    basis_3 = third(np.minimum(phase, np.radians(_KNOTS_3_DEG[-1])))
    a, b = np.asarray(g1, dtype=np.float64), np.asarray(g2, dtype=np.float64)
    value: Floats = np.maximum(a * basis_1 + b * basis_2 + (1.0 - a - b) * basis_3, 0.0)
    return value


def g1_g2_from_g12(g12: ArrayLike) -> tuple[Floats, Floats]:
    """Return G₁ and G₂ of the two-parameter law H, G₁₂ (Penttilä et al. 2016, eq. 5: G₁₂*)."""
    value = np.asarray(g12, dtype=np.float64)
    return _G1_PER_G12 * value, _G2_AT_ZERO * (1.0 - value)


def asteroid_v_magnitude(
    h: ArrayLike, phase_function: ArrayLike, range_au: ArrayLike, sun_distance_au: ArrayLike
) -> Floats:
    """Return V = H + 5 log₁₀(r Δ) − 2.5 log₁₀ Φ(α).

    Parameters
    ----------
    h
        Absolute magnitude H.
    phase_function
        Φ(α) of one of the laws.
    range_au, sun_distance_au
        Distances Δ from the observer and r from the Sun in au.

    Returns
    -------
    NDArray
        V magnitudes.

    Raises
    ------
    InputError
        If a distance is not positive.
    """
    delta, r = np.asarray(range_au, dtype=np.float64), np.asarray(sun_distance_au, dtype=np.float64)
    if not (np.all(delta > 0) and np.all(r > 0)):
        raise InputError(
            f"an asteroid's distances must be above zero, not {min(np.min(delta), np.min(r)):g} au"
        )
    with np.errstate(divide="ignore"):
        magnitude: Floats = (
            np.asarray(h, dtype=np.float64)
            + 5.0 * np.log10(r * delta)
            - 2.5 * np.log10(np.asarray(phase_function, dtype=np.float64))
        )
    return magnitude
