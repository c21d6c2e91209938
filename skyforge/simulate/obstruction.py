"""What stands in the way: the Earth, the Moon and the Sun as discs in the observer's sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits

Floats = NDArray[np.float64]

NEAR_BODIES = ("earth", "moon", "sun")

# An observer lower than this above the Earth's equatorial radius has a horizon rather than a limb: mountains and
# balloons are below, orbits above.
_HIGHEST_GROUND_KM = 50.0


@dataclass(frozen=True)
class Disc:
    """A body in the observer's sky.

    Attributes
    ----------
    name
        The body.
    direction
        Astrometric ICRF unit vector of its centre, (3,).
    angular_radius_rad
        Angle from its centre to its limb; a right angle for the Earth under a site, whose limb is the horizon.
    limb_distance_km
        Distance of the limb: nothing nearer is hidden.
    """

    name: str
    direction: Floats
    angular_radius_rad: float
    limb_distance_km: float

    def distance_from_limb_rad(self, direction: Floats) -> float:
        """Return the angle from a direction (3,) to the limb, negative inside the disc."""
        return float(orbits.angular_separation_rad(direction, self.direction)) - self.angular_radius_rad

    def hides(self, directions: Floats, range_km: float = np.inf) -> NDArray[np.bool_]:
        """Return a mask (n,): things at a range in these astrometric directions, unit vectors (n, 3), are behind."""
        inside: NDArray[np.bool_] = directions @ self.direction > np.cos(self.angular_radius_rad)
        return inside & (range_km > self.limb_distance_km)


def discs(observer_km: Floats, t_tdb_s: float) -> tuple[Disc, ...]:
    """Return the discs of the Earth, the Moon and the Sun as seen from a barycentric position (3,) in km."""
    seen = []
    for name in NEAR_BODIES:
        body = orbits.body_trajectory(name)
        place, _, _ = orbits.retarded_position(body, np.array([t_tdb_s]), observer_km)
        sight = place[0] - observer_km
        distance_km = float(np.linalg.norm(sight))
        if name == "earth" and distance_km < orbits.EARTH_EQUATORIAL_RADIUS_KM + _HIGHEST_GROUND_KM:
            radius = 0.5 * np.pi
        else:
            radius = float(orbits.angular_radius_rad(observer_km, place[0], orbits.body_radius_km(name)))
        seen.append(Disc(name, sight / distance_km, radius, distance_km * float(np.cos(radius))))
    return tuple(seen)
