"""The observer's sky at many instants: where the Sun, the Earth and the Moon stand in it, and what they hide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.simulate.obstruction import HIGHEST_GROUND_KM, NEAR_BODIES

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SkyBody:
    """The Sun, the Earth or the Moon in the observer's sky at k instants: a spheroid.

    Attributes
    ----------
    name
        The body.
    center_km
        From the observer to its centre, where it was when its light left, (k, 3).
    radius_km, flattening
        Equatorial radius, and 1 − polar / equatorial radius.
    pole
        ICRF unit vectors of its axis, (k, 3) or (3,).
    is_ground
        Mask (k,): the observer stands on it, and its limb is the horizon.
    """

    name: str
    center_km: Floats
    radius_km: float
    flattening: float
    pole: Floats
    is_ground: Mask

    @property
    def distance_km(self) -> Floats:
        """Distance of its centre, (k,)."""
        distance: Floats = np.linalg.norm(self.center_km, axis=-1)
        return distance

    @property
    def angular_radius_rad(self) -> Floats:
        """Angle from its centre to its limb at the equator, (k,); a right angle for the ground."""
        sine = np.minimum(self.radius_km / self.distance_km, 1.0)
        return np.where(self.is_ground, 0.5 * np.pi, np.arcsin(sine))

    def separation_rad(self, directions: Floats) -> Floats:
        """Return the angle of directions (n, k, 3) from its centre, (n, k)."""
        return orbits.angular_separation_rad(directions, self.center_km / self.distance_km[:, None])

    def hides(self, directions: Floats, range_km: Floats) -> Mask:
        """Return a mask (n, k) of what lies behind it, from unit vectors (n, k, 3) and distances (n, k)."""
        rays, center = self._stretched(directions), self._stretched(self.center_km)
        along = np.sum(rays * center, axis=-1)
        miss = np.sum(center * center, axis=-1) - along**2 / np.sum(rays * rays, axis=-1)
        inside = (along > 0.0) & (self.is_ground | (miss < self.radius_km**2))
        limb_km = self.distance_km * np.cos(self.angular_radius_rad)
        hidden: Mask = inside & (range_km > limb_km)
        return hidden

    def _stretched(self, vectors: Floats) -> Floats:
        """Return vectors in the space in which the body is a sphere of its equatorial radius."""
        if self.flattening == 0.0:
            return vectors
        stretch = 1.0 / (1.0 - self.flattening) - 1.0
        along = np.sum(vectors * self.pole, axis=-1, keepdims=True)
        result: Floats = vectors + stretch * along * self.pole
        return result


@dataclass(frozen=True)
class Sky:
    """An observer at k instants, and the Earth, the Moon and the Sun around it.

    Attributes
    ----------
    seen_from
        The observer.
    earth, moon, sun
        The bodies in its sky.
    """

    seen_from: orbits.Viewpoint
    earth: SkyBody
    moon: SkyBody
    sun: SkyBody

    @property
    def t_tdb_s(self) -> Floats:
        """The instants, (k,)."""
        return self.seen_from.t_tdb_s

    def sun_altitude_rad(self) -> Floats:
        """Return how high the Sun stands over a site on the ground, (k,); minus infinity elsewhere."""
        up = -self.earth.center_km / self.earth.distance_km[:, None]
        altitude = 0.5 * np.pi - orbits.angular_separation_rad(self.sun.center_km, up)
        return np.where(self.earth.is_ground, altitude, -np.inf)


def sky_of(observer: orbits.Trajectory, t_tdb_s: Floats) -> Sky:
    """Return the sky of an observer at instants (k,), TDB seconds since J2000.0."""
    seen_from = orbits.viewpoint(observer, t_tdb_s)
    earth, moon, sun = (_body(name, seen_from) for name in NEAR_BODIES)
    return Sky(seen_from, earth, moon, sun)


def _body(name: str, seen_from: orbits.Viewpoint) -> SkyBody:
    here, times = seen_from.position_km, seen_from.t_tdb_s
    place, _, _ = orbits.retarded_position(orbits.body_trajectory(name), times, here)
    center = place - here
    radius_km, flattening = photometry.SHAPES.get(name, (orbits.body_radius_km("sun"), 0.0))
    if name == "earth":
        pole = orbits.earth_rotation_axis(times)
    else:
        pole = orbits.directions_from_angles(*photometry.POLES_DEG.get(name, (0.0, 90.0)))
    near = np.linalg.norm(center, axis=-1) < radius_km + HIGHEST_GROUND_KM
    return SkyBody(name, center, radius_km, flattening, pole, near & (name == "earth"))
