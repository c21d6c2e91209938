"""From what a scenario says of an orbit to something that answers where it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ObserverState:
    """Where the telescope is at one instant: barycentric ICRF position (3,) in km and velocity (3,) in km/s."""

    position_km: Floats
    velocity_km_s: Floats


def observer_state(trajectory: orbits.Trajectory, t_tdb_s: float) -> ObserverState:
    """Return the observer's state at one instant."""
    position, velocity = trajectory.state(np.array([t_tdb_s]))
    return ObserverState(position[0], velocity[0])
