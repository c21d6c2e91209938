"""A place on the Moon: a telescope in a crater, a lander, a beacon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError
from skyforge.orbits.bodies import MEAN_RADIUS_KM
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.geometry import directions_from_angles
from skyforge.orbits.lunar_orientation import mean_earth_from_icrf
from skyforge.orbits.trajectory import FloatArray, time_vector

_M_PER_KM: Final = 1000.0
# The lowest place lies 9.2 km below the mean sphere, in Antoniadi; the highest 10.8 km above (LOLA: Smith et al. 2010,
# GRL 37, L18204). What hangs higher is no place on the ground.
_LOWEST_M, _HIGHEST_M = -9_500.0, 20_000.0
# The rotation is differenced over this time: the error is 1e-12 km/s, that of rounding 1e-13.
_DIFFERENCE_S: Final = 20.0


@dataclass(frozen=True)
class LunarSite:
    """A place fixed to the Moon.

    Attributes
    ----------
    name
        What it is called.
    longitude_deg, latitude_deg, height_m
        In the mean-Earth, polar-axis frame of lunar maps: longitude eastwards, latitude from the centre, height above
        the mean sphere of 1737.4 km.
    """

    name: str
    longitude_deg: float
    latitude_deg: float
    height_m: float

    def fixed_position(self) -> FloatArray:
        """Return the place in mean-Earth axes, (3,) km."""
        radius = MEAN_RADIUS_KM["moon"] + self.height_m / _M_PER_KM
        return radius * directions_from_angles(self.longitude_deg, self.latitude_deg)

    def selenocentric_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the Moon's centre, ICRF axes."""
        times, place = time_vector(t_tdb_s), self.fixed_position()
        before, position, after = (
            np.einsum("nij,i->nj", mean_earth_from_icrf(times + step), place)
            for step in (-_DIFFERENCE_S, 0.0, _DIFFERENCE_S)
        )
        return position, (after - before) / (2.0 * _DIFFERENCE_S)

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.selenocentric_state(t_tdb_s)
        moon_position, moon_velocity = ephemeris().state("moon", t_tdb_s)
        return moon_position + position, moon_velocity + velocity


def lunar_site(name: str, longitude_deg: float, latitude_deg: float, height_m: float = 0.0) -> LunarSite:
    """Return a place fixed to the Moon.

    Parameters
    ----------
    name
        What to call it.
    longitude_deg, latitude_deg
        Of lunar maps (mean-Earth, polar-axis frame); longitude eastwards, -180 to 360.
    height_m
        Above the mean sphere of 1737.4 km.

    Raises
    ------
    InputError
        If there is no such place, or it lies below or above all ground.
    """
    if not -180.0 <= longitude_deg <= 360.0:
        raise InputError(f"{name}: longitude {longitude_deg:g} deg does not exist; -180 to 360 is allowed")
    if not -90.0 <= latitude_deg <= 90.0:
        raise InputError(f"{name}: latitude {latitude_deg:g} deg does not exist; -90 to 90 is allowed")
    if not _LOWEST_M <= height_m <= _HIGHEST_M:
        raise InputError(
            f"{name}: height {height_m:g} m is no height of lunar ground: {_LOWEST_M:g} to {_HIGHEST_M:g} m above the "
            "mean sphere of 1737.4 km is allowed"
        )
    return LunarSite(name, float(longitude_deg), float(latitude_deg), float(height_m))
