"""Aberration: the observer's motion shifts every direction towards where it is heading."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.bodies import SPEED_OF_LIGHT_KM_S
from skyforge.orbits.trajectory import FloatArray


def aberrate(directions: ArrayLike, velocity_km_s: ArrayLike) -> FloatArray:
    """Return the directions in which a moving observer sees sources: stellar aberration, relativistic.

    Parameters
    ----------
    directions : (n, 3)
        Unit vectors from the observer to the sources as an observer at rest in the ICRF would see them.
    velocity_km_s : (n, 3) or (3,)
        The observer's full barycentric velocity.

    Returns
    -------
    (n, 3)
        Unit vectors as the moving observer sees them (Urban & Seidelmann 2013, Explanatory Supplement, eq.
        7.40).
    """
    direction = np.asarray(directions, dtype=np.float64)
    beta = np.asarray(velocity_km_s, dtype=np.float64) / SPEED_OF_LIGHT_KM_S
    inverse_lorentz_factor = np.sqrt(1.0 - np.sum(beta * beta, axis=-1, keepdims=True))
    along = np.sum(direction * beta, axis=-1, keepdims=True)
    shifted = inverse_lorentz_factor * direction + (1.0 + along / (1.0 + inverse_lorentz_factor)) * beta
    apparent = shifted / (1.0 + along)
    return np.asarray(apparent / np.linalg.norm(apparent, axis=-1, keepdims=True), dtype=np.float64)


def remove_aberration(directions: ArrayLike, velocity_km_s: ArrayLike) -> FloatArray:
    """Return the directions an observer at rest would see: the inverse of `aberrate`.

    Parameters
    ----------
    directions : (n, 3)
        Apparent unit vectors.
    velocity_km_s : (n, 3) or (3,)
        The observer's full barycentric velocity.

    Returns
    -------
    (n, 3)
        Unit vectors without aberration.
    """
    return aberrate(directions, -np.asarray(velocity_km_s, dtype=np.float64))
