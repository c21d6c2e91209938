"""Bending of light by the Sun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2, MEAN_RADIUS_KM, SPEED_OF_LIGHT_KM_S
from skyforge.orbits.trajectory import FloatArray
from skyforge.orbits.vectors import dot, length

# The Sun's Schwarzschild radius, 2 GM/c².
_SCHWARZSCHILD_RADIUS_KM: Final = 2.0 * GRAVITATIONAL_PARAMETER_KM3_S2["sun"] / SPEED_OF_LIGHT_KM_S**2


def deflect(
    directions: ArrayLike, observer_from_sun_km: ArrayLike, range_km: ArrayLike | None = None
) -> FloatArray:
    """Return the directions from which the light of sources arrives after it has passed the Sun.

    Parameters
    ----------
    directions : (..., 3)
        Unit vectors from the observer to the sources, along straight lines.
    observer_from_sun_km : (..., 3)
        Observer's position relative to the Sun.
    range_km : (...)
        Distances of the sources; None for stars. What is near is bent little: the light of an Earth satellite, seen
        from the Moon, not at all.

    Returns
    -------
    (..., 3)
        Unit vectors (Urban & Seidelmann 2013, Explanatory Supplement, eq. 7.63; the first order of general
        relativity). Behind the Sun's disc, where nothing is seen, the bending falls evenly to nothing.
    """
    p = np.asarray(directions, dtype=np.float64)
    from_sun = np.asarray(observer_from_sun_km, dtype=np.float64)
    distance = length(from_sun)
    e = from_sun / distance[..., np.newaxis]
    across = dot(p, e)
    if range_km is None:
        strength = _strength(distance, 1.0 + across)
        bent = (1.0 - strength * across)[..., np.newaxis] * p + strength[..., np.newaxis] * e
        return np.asarray(bent / length(bent)[..., np.newaxis], dtype=np.float64)
    q = from_sun + np.asarray(range_km, dtype=np.float64)[..., np.newaxis] * p
    from_center = length(q)
    q = q / np.maximum(from_center, 1.0)[..., np.newaxis]
    strength = _strength(distance, 1.0 + dot(q, e))
    strength = np.where(
        from_center > MEAN_RADIUS_KM["sun"], strength, 0.0
    )  # the Sun itself stays where it is
    # p × (e × q) = e (p·q) - q (p·e)
    bent = p + strength[..., np.newaxis] * (dot(p, q)[..., np.newaxis] * e - across[..., np.newaxis] * q)
    return np.asarray(bent / length(bent)[..., np.newaxis], dtype=np.float64)


@dataclass(frozen=True)
class SolarLens:
    """The Sun as what bends light, seen by one observer.

    Attributes
    ----------
    from_sun : (3,)
        Unit vector from the Sun to the observer.
    bending
        Schwarzschild radius of the Sun over its distance.
    least_opening
        Value of 1 + cos of the angle at the Sun below which the bending falls: behind its disc.
    """

    from_sun: FloatArray
    bending: float
    least_opening: float


def solar_lens(observer_from_sun_km: ArrayLike) -> SolarLens:
    """Return what `deflect` works with for one observer, (3,) from the Sun in kilometres."""
    from_sun = np.asarray(observer_from_sun_km, dtype=np.float64)
    distance = float(length(from_sun))
    return SolarLens(
        from_sun / distance,
        _SCHWARZSCHILD_RADIUS_KM / distance,
        0.5 * (MEAN_RADIUS_KM["sun"] / distance) ** 2,
    )


def _strength(distance_km: FloatArray, opening: FloatArray) -> FloatArray:
    """Return the angle of bending over the sine of the elongation, where 1 + cos is seen from the Sun."""
    limb = 0.5 * (MEAN_RADIUS_KM["sun"] / distance_km) ** 2
    return np.asarray(_SCHWARZSCHILD_RADIUS_KM / distance_km / np.maximum(opening, limb), dtype=np.float64)
