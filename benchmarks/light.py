"""Magnitudes of many objects for many observers: the light half of the table of what lunar orbits see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge import photometry

Floats = NDArray[np.float64]

LEAST_SUN_ANGLE_DEG = 45.0
"""Lines of sight nearer to the Sun are not counted: no small telescope looks there."""


def sphere_magnitudes(
    observer_km: ArrayLike, target_km: ArrayLike, sun_km: ArrayLike, reflecting_area_m2: float = 5.0
) -> Floats:
    """Return V of diffuse spheres in full sunlight, (n, m).

    Parameters
    ----------
    observer_km, sun_km
        Places at m instants, (m, 3), in any one frame.
    target_km
        Places of n objects, (n, m, 3).
    reflecting_area_m2
        Albedo times cross-section, ρA.
    """
    diameter_m = 2.0 * np.sqrt(reflecting_area_m2 / np.pi)
    target = np.asarray(target_km, dtype=np.float64)
    bodies = photometry.reflectors([photometry.DiffuseSphere(diameter_m, 1.0)] * len(target))
    return photometry.reflected_v_magnitude(bodies, target, observer_km, sun_km, np.zeros(target.shape[1]))


def magnitude_percentiles(
    observer_km: ArrayLike,
    target_km: ArrayLike,
    sun_km: ArrayLike,
    *,
    reflecting_area_m2: float = 5.0,
    visible: ArrayLike = True,
) -> tuple[float, float, float]:
    """Return the 5th, 50th and 95th percentile of V over what can be seen, `LEAST_SUN_ANGLE_DEG` or more from the Sun.

    Parameters
    ----------
    observer_km, target_km, sun_km, reflecting_area_m2
        As for `sphere_magnitudes`.
    visible
        Mask (n, m) of what is neither hidden by the Earth or the Moon nor in their shadow.
    """
    magnitudes = sphere_magnitudes(observer_km, target_km, sun_km, reflecting_area_m2)
    here = np.asarray(observer_km, dtype=np.float64)
    sight, sun = np.asarray(target_km) - here, np.asarray(sun_km) - here
    cosine = np.sum(sight * sun, axis=-1) / np.linalg.norm(sight, axis=-1) / np.linalg.norm(sun, axis=-1)
    counted = (cosine < np.cos(np.radians(LEAST_SUN_ANGLE_DEG))) & np.asarray(visible)
    low, middle, high = np.percentile(magnitudes[counted], (5.0, 50.0, 95.0))
    return float(low), float(middle), float(high)
