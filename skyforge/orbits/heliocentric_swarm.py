"""Many bodies on two-body orbits about the Sun, asked together or one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.heliocentric import HeliocentricElements, element_faults, heliocentric_states
from skyforge.orbits.light import retarded_by_steps
from skyforge.orbits.states import RetardedStates, States
from skyforge.orbits.trajectory import FloatArray, PropagationError, time_vector


@dataclass(frozen=True)
class HeliocentricOrbit:
    """One body on a two-body orbit about the Sun.

    Attributes
    ----------
    elements
        Of one body (n = 1).
    """

    elements: HeliocentricElements

    @property
    def name(self) -> str:
        """What the body is called."""
        return self.elements.names[0]

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF.

        Raises
        ------
        PropagationError
            If the elements are no orbit.
        """
        states = HeliocentricSwarm(self.elements).states(time_vector(t_tdb_s))
        for reason in states.reasons.values():
            raise PropagationError(self.name, reason)
        return states.position_km[0], states.velocity_km_s[0]


@dataclass(frozen=True)
class HeliocentricSwarm:
    """Bodies on two-body orbits about the Sun, n of them."""

    elements: HeliocentricElements

    def __len__(self) -> int:
        return len(self.elements)

    @property
    def names(self) -> tuple[str, ...]:
        """What the bodies are called."""
        return self.elements.names

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return barycentric ICRF states at instants (k,), or (n, k): each body's own."""
        times = np.asarray(t_tdb_s, dtype=np.float64)
        times = times if times.ndim == 2 else time_vector(times)[np.newaxis]
        position, velocity = heliocentric_states(self.elements, times)
        # The Sun moves evenly over the spread of light times: its acceleration, 2e-10 km/s², adds metres in a day.
        middle = times.mean(axis=0)
        sun_km, sun_km_s = ephemeris().state("sun", middle)
        position += sun_km + (times - middle)[..., np.newaxis] * sun_km_s
        velocity += sun_km_s
        return States(position, velocity, element_faults(self.elements))

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return states when the light left that reaches observers (k, 3) at instants (k,)."""
        return retarded_by_steps(self.states, t_tdb_s, observer_km)
