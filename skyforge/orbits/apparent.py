"""From astrometric to apparent directions: the Sun bends light, and the observer's motion turns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.bodies import SPEED_OF_LIGHT_KM_S
from skyforge.orbits.deflection import deflect
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.trajectory import FloatArray, Trajectory, time_vector
from skyforge.orbits.vectors import dot, length

# Each round of the inverse shrinks the error by the slope of the bending: 0.002 at the limb, less elsewhere.
_UNBENDING_ROUNDS: Final = 4


@dataclass(frozen=True)
class Viewpoint:
    """Where an observer is and how it moves, at one instant or at k of them.

    Attributes
    ----------
    t_tdb_s : () or (k,)
        TDB seconds since J2000.0.
    position_km, velocity_km_s : (3,) or (k, 3)
        Barycentric ICRF.
    sun_km : (3,) or (k, 3)
        Where the Sun is, barycentric ICRF.
    """

    t_tdb_s: FloatArray
    position_km: FloatArray
    velocity_km_s: FloatArray
    sun_km: FloatArray

    def at(self, index: int) -> Viewpoint:
        """Return one instant of k."""
        return Viewpoint(*(value[index] for value in vars(self).values()))


def viewpoint(observer: Trajectory, t_tdb_s: ArrayLike) -> Viewpoint:
    """Return where an observer is at some instants, with all that apparent places need.

    Parameters
    ----------
    observer
        The telescope.
    t_tdb_s : (k,) or scalar
        TDB seconds since J2000.0; a scalar gives the viewpoint of one instant.
    """
    times = time_vector(t_tdb_s)
    position, velocity = observer.state(times)
    sun, _ = ephemeris().state("sun", times)
    here = Viewpoint(times, position, velocity, sun)
    return here if np.ndim(t_tdb_s) else here.at(0)


def apparent_directions(
    astrometric: ArrayLike, seen_from: Viewpoint, range_km: ArrayLike | None = None
) -> FloatArray:
    """Return the directions in which an observer sees what lies in astrometric directions.

    Stars and targets go through this one function, so that what has one astrometric place has one apparent place.

    Parameters
    ----------
    astrometric : (..., 3)
        Unit vectors towards where the sources were when their light left, (n, 3) at one instant or (..., k, 3) at k.
    seen_from
        The observer at that instant or those instants.
    range_km : (...)
        Distances of the sources; None for stars.

    Returns
    -------
    (..., 3)
        Unit vectors: deflected by the Sun, then aberrated.
    """
    bent = deflect(astrometric, seen_from.position_km - seen_from.sun_km, range_km)
    return aberrate(bent, seen_from.velocity_km_s)


def astrometric_directions(apparent: ArrayLike, seen_from: Viewpoint) -> FloatArray:
    """Return the astrometric directions of stars: the inverse of `apparent_directions` for what is far away.

    Parameters
    ----------
    apparent : (..., 3)
        Apparent unit vectors.
    seen_from
        The observer.
    """
    bent = remove_aberration(apparent, seen_from.velocity_km_s)
    from_sun = seen_from.position_km - seen_from.sun_km
    direction = bent
    for _ in range(_UNBENDING_ROUNDS):
        direction = direction + (bent - deflect(direction, from_sun))
        direction = direction / length(direction)[..., np.newaxis]
    return direction


def aberrate(directions: ArrayLike, velocity_km_s: ArrayLike) -> FloatArray:
    """Return the directions in which a moving observer sees sources: stellar aberration, relativistic.

    Parameters
    ----------
    directions : (..., 3)
        Unit vectors from the observer to the sources as an observer at rest in the ICRF would see them.
    velocity_km_s : (..., 3) or (3,)
        The observer's full barycentric velocity.

    Returns
    -------
    (..., 3)
        Unit vectors as the moving observer sees them (Urban & Seidelmann 2013, Explanatory Supplement, eq.
        7.40).
    """
    direction = np.asarray(directions, dtype=np.float64)
    beta = np.asarray(velocity_km_s, dtype=np.float64) / SPEED_OF_LIGHT_KM_S
    inverse_lorentz_factor = np.sqrt(1.0 - np.sum(beta * beta, axis=-1, keepdims=True))
    along = dot(direction, beta)[..., np.newaxis]
    shifted = inverse_lorentz_factor * direction + (1.0 + along / (1.0 + inverse_lorentz_factor)) * beta
    return np.asarray(shifted / length(shifted)[..., np.newaxis], dtype=np.float64)


def remove_aberration(directions: ArrayLike, velocity_km_s: ArrayLike) -> FloatArray:
    """Return the directions an observer at rest would see: the inverse of `aberrate`.

    Parameters
    ----------
    directions : (..., 3)
        Apparent unit vectors.
    velocity_km_s : (..., 3) or (3,)
        The observer's full barycentric velocity.

    Returns
    -------
    (..., 3)
        Unit vectors without aberration.
    """
    return aberrate(directions, -np.asarray(velocity_km_s, dtype=np.float64))
