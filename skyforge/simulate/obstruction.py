"""What stands in the way: the Earth, the Moon and the Sun as discs in the observer's sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits

Floats = NDArray[np.float64]

NEAR_BODIES = ("earth", "moon", "sun")


@dataclass(frozen=True)
class Disc:
    """A body's disc: its name, the astrometric unit vector (3,) of its centre, and its angular radius in radians."""

    name: str
    direction: Floats
    angular_radius_rad: float

    def distance_from_limb_rad(self, direction: Floats) -> float:
        """Return the angle from a direction (3,) to the limb, negative inside the disc."""
        return float(orbits.angular_separation_rad(direction, self.direction)) - self.angular_radius_rad

    def hides(self, directions: Floats) -> NDArray[np.bool_]:
        """Return a mask (n,): the astrometric unit vectors (n, 3) point at the disc, which hides the stars behind it."""
        hidden: NDArray[np.bool_] = directions @ self.direction > np.cos(self.angular_radius_rad)
        return hidden


def discs(observer_km: Floats, t_tdb_s: float) -> tuple[Disc, ...]:
    """Return the discs of the Earth, the Moon and the Sun as seen from a barycentric position (3,) in km."""
    seen = []
    for name in NEAR_BODIES:
        body = orbits.body_trajectory(name)
        place, _, _ = orbits.retarded_position(body, np.array([t_tdb_s]), observer_km)
        radius = float(orbits.angular_radius_rad(observer_km, place[0], orbits.body_radius_km(name)))
        seen.append(Disc(name, orbits.unit_vectors(place[0] - observer_km), radius))
    return tuple(seen)
