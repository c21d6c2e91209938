"""Magnitudes of the planets and the Moon as points, at any phase."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM

Floats = NDArray[np.float64]

# Krisciunas & Schaefer 1991, PASP 103, 1033, eq. 9 (after Allen 1976): V of the Moon at its mean distance.
_MOON_FULL_V = -12.73
_MOON_MEAN_DISTANCE_KM = 384_400.0


def moon_v_magnitude(range_km: ArrayLike, sun_distance_km: ArrayLike, phase_angle_rad: ArrayLike) -> Floats:
    """Return the V magnitude of the Moon, −12.73 + 0.026 |α| + 4 × 10⁻⁹ α⁴ at 384 400 km (Krisciunas & Schaefer 1991).

    The surge of the last few degrees before full Moon, up to 0.3 mag, is not in the law.

    Parameters
    ----------
    range_km, sun_distance_km
        Distances from the observer and the Sun in km.
    phase_angle_rad
        Phase angle in radians.
    """
    alpha = np.abs(np.degrees(np.asarray(phase_angle_rad, dtype=np.float64)))
    distance = np.asarray(range_km, np.float64) / _MOON_MEAN_DISTANCE_KM
    sun = np.asarray(sun_distance_km, np.float64) / ASTRONOMICAL_UNIT_KM
    magnitude: Floats = _MOON_FULL_V + 0.026 * alpha + 4e-9 * alpha**4 + 5.0 * np.log10(distance * sun)
    return magnitude


# Mallama & Hilton 2018, Astronomy and Computing 25, 10: V at 1 au from Sun and observer over the phase angle in
# degrees; equation numbers of the paper.


def _polynomial(coefficients: list[float], alpha: Floats) -> Floats:
    value: Floats = np.polyval(np.array(coefficients), alpha).astype(np.float64)
    return value


def _mercury(alpha: Floats) -> Floats:
    """Equation 2."""
    return _polynomial([-3.0334e-12, 1.6893e-9, -3.4265e-7, 3.3644e-5, -1.6336e-3, 6.3280e-2, -0.613], alpha)


def _venus(alpha: Floats) -> Floats:
    """Equations 3 and 4."""
    return np.where(
        alpha < 163.7,
        _polynomial([8.938e-9, -2.814e-6, 3.687e-4, -1.044e-3, -4.384], alpha),
        _polynomial([8.39034e-3, -2.81914, 236.05828], np.minimum(alpha, 179.0)),
    )


def _earth(alpha: Floats) -> Floats:
    """Equation 5."""
    return _polynomial([2.054e-4, -1.060e-3, -3.99], alpha)


def _mars(alpha: Floats) -> Floats:
    """Equations 6 and 7, without the terms of longitude, which add up to 0.1 mag either way."""
    return np.where(
        alpha <= 50.0,
        _polynomial([-1.302e-4, 2.267e-2, -1.601], alpha),
        _polynomial([3.445e-4, -0.02573, -0.367], alpha),
    )


def _jupiter(alpha: Floats) -> Floats:
    """Equations 8 and 9."""
    share = _polynomial([-1.876, 2.809, -0.062, -0.363, -1.507, 1.0], alpha / 180.0)
    return np.where(
        alpha <= 12.0,
        _polynomial([6.16e-4, -3.7e-4, -9.395], alpha),
        -9.428 - 2.5 * np.log10(np.maximum(share, 1e-6)),
    )


def _saturn_globe(alpha: Floats) -> Floats:
    """Equations 11 and 12."""
    return np.where(
        alpha <= 6.5,
        _polynomial([6.16e-4, -3.7e-4, -8.95], alpha),
        _polynomial([4.767e-9, -1.506e-6, 2.672e-4, 2.446e-4, -8.94], alpha),
    )


def _uranus(alpha: Floats) -> Floats:
    """Equation 14, seen over its equator."""
    return np.where(alpha > 3.1, _polynomial([1.045e-4, 6.587e-3, -7.110], alpha), -7.110)


def _neptune(alpha: Floats) -> Floats:
    """Equations 16 and 17, since the year 2000."""
    return np.where(alpha > 1.9, _polynomial([9.617e-5, 7.944e-3, -7.00], alpha), -7.00)


_LAWS: dict[str, Callable[[Floats], Floats]] = {
    "mercury": _mercury,
    "venus": _venus,
    "earth": _earth,
    "mars": _mars,
    "jupiter": _jupiter,
    "saturn": _saturn_globe,
    "uranus": _uranus,
    "neptune": _neptune,
}


def planet_v_magnitude(
    planet: str, range_km: ArrayLike, sun_distance_km: ArrayLike, phase_angle_rad: ArrayLike
) -> Floats:
    """Return the V magnitude of a planet as a point (Mallama & Hilton 2018, Astronomy and Computing 25, 10).

    Saturn is its globe alone: see `saturn_v_magnitude` for the rings.

    Parameters
    ----------
    planet
        Its English name in lower case, mercury to neptune.
    range_km, sun_distance_km
        Distances from the observer and the Sun in km.
    phase_angle_rad
        Phase angle in radians.

    Raises
    ------
    InputError
        If no law is known for that name.
    """
    if planet not in _LAWS:
        raise InputError(f"no magnitudes are known of {planet!r}; choose among {', '.join(_LAWS)}")
    alpha = np.degrees(np.asarray(phase_angle_rad, dtype=np.float64))
    magnitude: Floats = _LAWS[planet](alpha) + _distances(range_km, sun_distance_km)
    return magnitude


def saturn_v_magnitude(
    range_km: ArrayLike, sun_distance_km: ArrayLike, phase_angle_rad: ArrayLike, ring_latitude_rad: ArrayLike
) -> Floats:
    """Return the V magnitude of Saturn with its rings (Mallama & Hilton 2018, eq. 10), for phase angles to 6.5°.

    Parameters
    ----------
    range_km, sun_distance_km, phase_angle_rad
        As for `planet_v_magnitude`.
    ring_latitude_rad
        Latitude of observer and Sun over the rings: the root of the product of the two, 0 if they are on different
        sides.
    """
    alpha = np.degrees(np.asarray(phase_angle_rad, dtype=np.float64))
    sine = np.sin(np.abs(np.asarray(ring_latitude_rad, dtype=np.float64)))
    magnitude: Floats = (
        -8.914 - 1.825 * sine + 0.026 * alpha - 0.378 * sine * np.exp(-2.25 * alpha)
    ) + _distances(range_km, sun_distance_km)
    return magnitude


def _distances(range_km: ArrayLike, sun_distance_km: ArrayLike) -> Floats:
    product = np.asarray(range_km, np.float64) * np.asarray(sun_distance_km, np.float64)
    modulus: Floats = 5.0 * np.log10(product / ASTRONOMICAL_UNIT_KM**2)
    return modulus
