"""Where stars stand in the sky of an observer: proper motion and parallax."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.stars.galactic import unit_vectors
from skyforge.stars.table import StarTable, select

_SECONDS_PER_JYEAR = 365.25 * 86400.0
_J2000_JYEAR = 2000.0
# IAU (2012) resolution B2 and the speed of light: 1 au in km, km/s.
_AU_KM = 149597870.7
_LIGHT_KM_S = 299792.458
_RADIANS_PER_MAS = np.pi / (180.0 * 3600.0 * 1000.0)


def astrometric_directions(
    table: StarTable,
    t_tdb_s: float,
    observer_km: ArrayLike,
    radial_velocity_km_s: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return the directions in which an observer sees the stars, without aberration.

    Uniform motion in space from the catalogue's epoch, then the shift by parallax: ESA (1997), The Hipparcos
    and Tycho Catalogues, vol. 1, eq. 1.2.20 and 1.5.18, with the light time across the observer's orbit
    (Rømer delay).

    Parameters
    ----------
    table
        Stars with ICRF positions at their epochs, shape (n,).
    t_tdb_s
        Time of observation: seconds of TDB since J2000.0.
    observer_km
        Observer's position relative to the solar-system barycentre, ICRF, km, shape (3,).
    radial_velocity_km_s
        Radial velocity of the stars, km/s, a number or shape (n,); it matters for stars of known parallax
        only.

    Returns
    -------
    NDArray
        ICRF unit vectors, (n, 3). Stars of unknown proper motion and parallax keep their catalogue places.
    """
    directions = unit_vectors(table.ra_deg, table.dec_deg)
    velocity = np.broadcast_to(np.asarray(radial_velocity_km_s, dtype=np.float64), (len(table),))
    moving = np.flatnonzero(
        (table.pm_ra_mas_yr != 0.0) | (table.pm_dec_mas_yr != 0.0) | (table.parallax_mas != 0.0)
    )
    if moving.size:
        directions[moving] = _moved(
            select(table, moving), directions[moving], t_tdb_s, np.asarray(observer_km), velocity[moving]
        )
    return directions


def _moved(
    table: StarTable,
    directions: NDArray[np.float64],
    t_tdb_s: float,
    observer_km: NDArray[np.float64],
    radial_velocity_km_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the directions (n, 3) after space motion and parallax."""
    ra, dec = np.radians(table.ra_deg), np.radians(table.dec_deg)
    east = np.stack([-np.sin(ra), np.cos(ra), np.zeros_like(ra)], axis=-1)
    north = np.stack([-np.sin(dec) * np.cos(ra), -np.sin(dec) * np.sin(ra), np.cos(dec)], axis=-1)
    parallax = table.parallax_mas * _RADIANS_PER_MAS
    # Distance grows by v a year; in units of the distance itself that is v × parallax / au.
    recession = radial_velocity_km_s * _SECONDS_PER_JYEAR * parallax / _AU_KM
    drift = (
        east * (table.pm_ra_mas_yr * _RADIANS_PER_MAS)[:, None]
        + north * (table.pm_dec_mas_yr * _RADIANS_PER_MAS)[:, None]
        + directions * recession[:, None]
    )
    # Light that has passed the barycentre is older by the way to the observer.
    roemer_s = directions @ observer_km / _LIGHT_KM_S
    years = (t_tdb_s + roemer_s) / _SECONDS_PER_JYEAR + _J2000_JYEAR - table.epoch_jyear
    moved = directions + drift * years[:, None] - parallax[:, None] * (observer_km / _AU_KM)
    return np.asarray(moved / np.linalg.norm(moved, axis=-1, keepdims=True))
