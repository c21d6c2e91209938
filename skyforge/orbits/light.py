"""Light takes its time: where a target was when the light left that is seen now."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import SkyforgeError
from skyforge.orbits.bodies import SPEED_OF_LIGHT_KM_S
from skyforge.orbits.trajectory import FloatArray, Trajectory, time_vector

_CONVERGED_S: Final = 1e-10
_MAXIMUM_ITERATIONS: Final = 20


def retarded_position(
    target: Trajectory, t_tdb_s: ArrayLike, observer_km: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where a target was when the light left that reaches the observer at a time.

    The light time is iterated until it changes by less than 0.1 ns. Rays are straight: the Sun's gravity
    neither delays nor bends them here.

    Parameters
    ----------
    target
        What is looked at.
    t_tdb_s : (n,) or scalar
        When the light arrives, TDB seconds since J2000.0.
    observer_km : (n, 3) or (3,)
        Where it arrives, barycentric ICRF.

    Returns
    -------
    position_km : (n, 3)
        Barycentric ICRF position of the target at emission.
    velocity_km_s : (n, 3)
        Its velocity at emission.
    light_time_s : (n,)

    Raises
    ------
    SkyforgeError
        If the iteration does not settle: the target is as fast as light.
    """
    times = time_vector(t_tdb_s)
    observer = np.broadcast_to(np.asarray(observer_km, dtype=np.float64), (times.size, 3))
    light_time = np.zeros(times.size)
    for _ in range(_MAXIMUM_ITERATIONS):
        position, velocity = target.state(times - light_time)
        previous = light_time
        light_time = np.linalg.norm(position - observer, axis=1) / SPEED_OF_LIGHT_KM_S
        if np.all(np.abs(light_time - previous) < _CONVERGED_S):
            return position, velocity, light_time
    raise SkyforgeError(
        f"the light time to {target.name} does not converge; is its speed below that of light?"
    )
