"""How many bodies are lit and seen: directions and distances at some instants."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """Directions and distances of n bodies at m instants.

    Attributes
    ----------
    t_tdb_s
        Instants, (m,) or (n, m).
    to_sun, to_observer
        ICRF unit vectors from the bodies, (n, m, 3).
    range_km, sun_distance_km
        Distances from the observer and the Sun, (n, m).
    from_center_km, velocity_km_s
        Place and velocity relative to the centre that each body orbits, (n, m, 3); only bodies that keep a side to it
        need them.
    """

    t_tdb_s: Floats
    to_sun: Floats
    to_observer: Floats
    range_km: Floats
    sun_distance_km: Floats
    from_center_km: Floats | None = None
    velocity_km_s: Floats | None = None

    @property
    def cosine_of_phase(self) -> Floats:
        """Cosine of the angle between Sun and observer, (n, m)."""
        cosine: Floats = np.clip(np.sum(self.to_sun * self.to_observer, axis=-1), -1.0, 1.0)
        return cosine

    @property
    def phase_angle_rad(self) -> Floats:
        """Angle between Sun and observer, (n, m); precise at both ends."""
        apart = np.linalg.norm(self.to_sun - self.to_observer, axis=-1)
        opposite = np.linalg.norm(self.to_sun + self.to_observer, axis=-1)
        angle: Floats = 2.0 * np.arctan2(apart, opposite)
        return angle

    @property
    def instants(self) -> Floats:
        """Instants as (n, m)."""
        times: Floats = np.broadcast_to(self.t_tdb_s, self.range_km.shape)
        return times

    def of(self, bodies: NDArray[np.intp]) -> Scene:
        """Return the scene of some of the bodies."""
        changed = {
            name: value[bodies]
            for name, value in vars(self).items()
            if value is not None and name != "t_tdb_s"
        }
        return replace(self, t_tdb_s=self.instants[bodies], **changed)


def scene(
    target_km: ArrayLike,
    observer_km: ArrayLike,
    sun_km: ArrayLike,
    t_tdb_s: ArrayLike,
    *,
    center_km: ArrayLike | None = None,
    velocity_km_s: ArrayLike | None = None,
) -> Scene:
    """Return the directions and distances that bodies are lit and seen under.

    Parameters
    ----------
    target_km
        Places of n bodies at m instants when the light left them, (n, m, 3).
    observer_km, sun_km
        Places of the observer when it arrives, and of the Sun, (m, 3) or (n, m, 3), in the same frame.
    t_tdb_s
        Instants when the light left, (m,) or (n, m).
    center_km
        Centre that the bodies orbit, (m, 3) or (n, m, 3), for attitudes towards it.
    velocity_km_s
        Velocities of the bodies relative to that centre, (n, m, 3).

    Raises
    ------
    InputError
        If the places are not (n, m, 3).
    """
    target = np.asarray(target_km, dtype=np.float64)
    if target.ndim != 3 or target.shape[-1] != 3:
        raise InputError(f"the places of targets must be an array (objects, instants, 3), not {target.shape}")
    to_observer = np.asarray(observer_km, dtype=np.float64) - target
    to_sun = np.asarray(sun_km, dtype=np.float64) - target
    range_km, sun_km_away = np.linalg.norm(to_observer, axis=-1), np.linalg.norm(to_sun, axis=-1)
    return Scene(
        np.asarray(t_tdb_s, dtype=np.float64),
        to_sun / sun_km_away[..., None],
        to_observer / range_km[..., None],
        range_km,
        sun_km_away,
        None if center_km is None else target - np.asarray(center_km, dtype=np.float64),
        None
        if velocity_km_s is None
        else np.broadcast_to(np.asarray(velocity_km_s, np.float64), target.shape),
    )
