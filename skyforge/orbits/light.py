"""Light takes its time: where a target was when the light left that is seen now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import SkyforgeError
from skyforge.orbits.bodies import SPEED_OF_LIGHT_KM_S
from skyforge.orbits.states import RetardedStates, States
from skyforge.orbits.trajectory import FloatArray, Trajectory, time_vector
from skyforge.orbits.vectors import length

_CONVERGED_S: Final = 1e-10
_MAXIMUM_ITERATIONS: Final = 20
# At the speeds of the solar system each round divides the error by ten thousand.
_ROUNDS_ALONG_THE_PATH: Final = 4


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


def retarded_near(
    states: Callable[[FloatArray], States], t_tdb_s: ArrayLike, observer_km: ArrayLike, center: Trajectory
) -> RetardedStates:
    """Return where n bodies around one centre were when the light left that reaches an observer.

    The bodies are asked once, for the instants at which light left the centre; from there to their own emission, some
    tenths of a second, they move evenly. What their acceleration adds is 0.1 m for a low Earth orbit seen from the
    Moon (0.05 milliarcseconds), and less for all others.

    Parameters
    ----------
    states
        Function of instants (k,) that returns the bodies' states.
    t_tdb_s : (k,) or scalar
        When the light arrives, TDB seconds since J2000.0.
    observer_km : (k, 3) or (3,)
        Where it arrives, barycentric ICRF.
    center
        What the bodies circle.
    """
    times = time_vector(t_tdb_s)
    observer = np.broadcast_to(np.asarray(observer_km, dtype=np.float64), (times.size, 3))
    _, _, from_center = retarded_position(center, times, observer)
    seen = states(times - from_center)
    return _settled(seen, np.broadcast_to(from_center, seen.position_km.shape[:2]), observer)


def retarded_by_steps(
    states: Callable[[FloatArray], States], t_tdb_s: ArrayLike, observer_km: ArrayLike
) -> RetardedStates:
    """Return where n bodies far from each other were when the light left that reaches an observer.

    Parameters
    ----------
    states
        Function of instants (n, k), each body's own, that returns the bodies' states; it also takes instants (1, k).
    t_tdb_s, observer_km
        As in `retarded_near`.
    """
    times = time_vector(t_tdb_s)
    observer = np.broadcast_to(np.asarray(observer_km, dtype=np.float64), (times.size, 3))
    # A body moves by at most a ten-thousandth of the light's way: one step brings its place to 1e-8 of it.
    first = _settled(states(times[np.newaxis]), np.zeros((1, 1)), observer)
    light_time = np.where(np.isfinite(first.light_time_s), first.light_time_s, 0.0)
    return _settled(states(times - light_time), light_time, observer)


def _settled(seen: States, light_time_s: FloatArray, observer_km: FloatArray) -> RetardedStates:
    """Return states at an instant near emission moved evenly to emission itself."""
    sight = seen.position_km - observer_km
    own = light_time_s
    with np.errstate(invalid="ignore"):
        for _ in range(_ROUNDS_ALONG_THE_PATH):
            earlier = (own - light_time_s)[..., np.newaxis]
            own = length(sight - earlier * seen.velocity_km_s) / SPEED_OF_LIGHT_KM_S
    position = seen.position_km - (own - light_time_s)[..., np.newaxis] * seen.velocity_km_s
    return RetardedStates(position, seen.velocity_km_s, seen.reasons, own)
