"""What stands in the way: the Earth, the Moon, the Sun and the planets as discs in the observer's sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry

Floats = NDArray[np.float64]

NEAR_BODIES = ("earth", "moon", "sun")
PLANETS = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune")

# An observer lower than this above the Earth's equatorial radius has a horizon rather than a limb: mountains and
# balloons are below, orbits above.
HIGHEST_GROUND_KM = 50.0


@dataclass(frozen=True)
class Disc:
    """A body in the observer's sky: a spheroid without mountains or air.

    Attributes
    ----------
    name
        The body.
    direction
        Astrometric ICRF unit vector of its centre, (3,).
    angular_radius_rad
        Angle from its centre to its limb at the equator; a right angle for the Earth under a site, whose limb is the
        horizon.
    limb_distance_km
        Distance of the limb: nothing nearer is hidden.
    radius_km, distance_km
        Equatorial radius, and distance of the centre.
    flattening, pole
        1 − polar / equatorial radius, and the ICRF unit vector of its axis, (3,).
    """

    name: str
    direction: Floats
    angular_radius_rad: float
    limb_distance_km: float
    radius_km: float
    distance_km: float
    flattening: float
    pole: Floats

    def distance_from_limb_rad(self, direction: Floats) -> float:
        """Return the angle from a direction (3,) to the limb, negative inside the disc."""
        return float(orbits.angular_separation_rad(direction, self.direction)) - self.angular_radius_rad

    def hides(self, directions: Floats, range_km: float | Floats = np.inf) -> NDArray[np.bool_]:
        """Return a mask: things in these astrometric directions, unit vectors (..., 3), at a range (...) are behind."""
        rays, center = self._stretched(directions), self._stretched(self.direction * self.distance_km)
        along = rays @ center
        if self.angular_radius_rad >= 0.5 * np.pi:
            inside = along > 0.0  # below the plane of the horizon
        else:
            # The ray's distance from the centre, where the spheroid is a sphere.
            squared = center @ center - along**2 / np.sum(rays * rays, axis=-1)
            inside = (along > 0.0) & (squared < self.radius_km**2)
        hidden: NDArray[np.bool_] = inside & (range_km > self.limb_distance_km)
        return hidden

    def _stretched(self, vectors: Floats) -> Floats:
        """Return vectors in the space in which the body is a sphere of its equatorial radius."""
        if self.flattening == 0.0:
            return vectors
        stretch = 1.0 / (1.0 - self.flattening) - 1.0
        result: Floats = vectors + stretch * (vectors @ self.pole)[..., None] * self.pole
        return result


def discs(observer_km: Floats, t_tdb_s: float) -> tuple[Disc, ...]:
    """Return the discs of the Earth, the Moon and the Sun as seen from a barycentric position (3,) in km."""
    return tuple(_disc(name, observer_km, t_tdb_s) for name in NEAR_BODIES)


def planet_discs(observer_km: Floats, t_tdb_s: float) -> tuple[Disc, ...]:
    """Return the discs of the planets but the Earth: small, yet stars and asteroids vanish behind them."""
    return tuple(_disc(name, observer_km, t_tdb_s) for name in PLANETS)


def hidden_behind(
    blocking: Sequence[Disc], directions: Floats, range_km: Floats, bodies: Sequence[orbits.Trajectory] = ()
) -> NDArray[np.bool_]:
    """Return a mask (n,) of what lies behind any of some discs.

    Parameters
    ----------
    blocking
        The discs.
    directions, range_km
        Astrometric unit vectors (n, 3) and distances (n,).
    bodies
        What is there, n; nothing is hidden behind itself.
    """
    hidden = np.zeros(len(directions), dtype=np.bool_)
    own = {row: one.body for row, one in enumerate(bodies) if isinstance(one, orbits.BodyTrajectory)}
    for disc in blocking:
        behind = disc.hides(directions, range_km)
        behind[[row for row, body in own.items() if body == disc.name]] = False
        hidden |= behind
    return hidden


def _disc(name: str, observer_km: Floats, t_tdb_s: float) -> Disc:
    when = np.array([t_tdb_s])
    place, _, _ = orbits.retarded_position(orbits.body_trajectory(name), when, observer_km)
    sight = place[0] - observer_km
    distance_km = float(np.linalg.norm(sight))
    radius_km, flattening = photometry.SHAPES.get(name, (orbits.body_radius_km("sun"), 0.0))
    if name == "earth":
        pole = orbits.earth_rotation_axis(when)[0]
    else:
        pole = orbits.directions_from_angles(*photometry.POLES_DEG.get(name, (0.0, 90.0)))
    if name == "earth" and distance_km < radius_km + HIGHEST_GROUND_KM:
        angle = 0.5 * np.pi
    else:
        angle = float(np.arcsin(min(radius_km / distance_km, 1.0)))
    limb_km = distance_km * float(np.cos(angle))
    return Disc(name, sight / distance_km, angle, limb_km, radius_km, distance_km, flattening, pole)
