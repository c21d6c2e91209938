"""A telescope on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError
from skyforge.orbits.earth_orientation import (
    EARTH_ROTATION_RATE_RAD_S,
    celestial_to_intermediate,
    itrs_to_gcrs,
)
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.trajectory import FloatArray, time_vector

_M_PER_KM: Final = 1000.0
_WGS84: Final = 1  # ERFA's number of the ellipsoid
_LOWEST_SITE_M: Final = -500.0  # the shore of the Dead Sea lies at -430 m


@dataclass(frozen=True)
class GroundSite:
    """A place fixed to the Earth.

    Attributes
    ----------
    name
        What it is called.
    longitude_deg, latitude_deg, height_m
        Geodetic, WGS84; longitude counts eastwards.
    """

    name: str
    longitude_deg: float
    latitude_deg: float
    height_m: float

    def itrs_position(self) -> FloatArray:
        """Return the place in ITRS, (3,) km."""
        import erfa

        xyz = erfa.gd2gc(_WGS84, np.deg2rad(self.longitude_deg), np.deg2rad(self.latitude_deg), self.height_m)
        return np.asarray(xyz, dtype=np.float64) / _M_PER_KM

    def geocentric_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the Earth's centre, GCRS axes."""
        times = time_vector(t_tdb_s)
        position = itrs_to_gcrs(times) @ self.itrs_position()
        spin = EARTH_ROTATION_RATE_RAD_S * celestial_to_intermediate(times)[:, 2]
        return position, np.cross(spin, position)

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.geocentric_state(t_tdb_s)
        earth_position, earth_velocity = ephemeris().state("earth", t_tdb_s)
        return earth_position + position, earth_velocity + velocity


def ground_site(name: str, longitude_deg: float, latitude_deg: float, height_m: float = 0.0) -> GroundSite:
    """Return a place fixed to the Earth.

    Parameters
    ----------
    name
        What to call it.
    longitude_deg, latitude_deg
        Geodetic, WGS84; longitude eastwards, -180 to 360.
    height_m
        Above the ellipsoid.

    Raises
    ------
    InputError
        If there is no such place, or it lies below the ground.
    """
    if not -180.0 <= longitude_deg <= 360.0:
        raise InputError(f"{name}: longitude {longitude_deg:g} deg does not exist; -180 to 360 is allowed")
    if not -90.0 <= latitude_deg <= 90.0:
        raise InputError(f"{name}: latitude {latitude_deg:g} deg does not exist; -90 to 90 is allowed")
    if not height_m >= _LOWEST_SITE_M:
        raise InputError(
            f"{name}: height {height_m:g} m is below every open ground; give metres above the ellipsoid"
        )
    return GroundSite(name, float(longitude_deg), float(latitude_deg), float(height_m))
