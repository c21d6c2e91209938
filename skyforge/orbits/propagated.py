"""Orbits that were integrated: one, or many together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.dense_motion import DenseMotion
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.light import retarded_by_steps
from skyforge.orbits.states import RetardedStates, States
from skyforge.orbits.timescales import tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, time_vector


@dataclass(frozen=True)
class PropagatedSwarm:
    """Numerically integrated orbits about one centre, n of them.

    Attributes
    ----------
    names
        What the bodies are called.
    center
        What they circle.
    spans_tdb_s
        First and last time at which there are states, of each.
    motion
        Their ways.
    reasons
        Why, by row, for those that do not last the span.
    """

    names: tuple[str, ...]
    center: str
    spans_tdb_s: tuple[tuple[float, float], ...]
    motion: DenseMotion
    reasons: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.names)

    def trajectory(self, row: int) -> PropagatedOrbit:
        """Return one of the orbits."""
        motion, span = self.motion.select([row]), self.spans_tdb_s[row]
        epoch = float(motion.epoch_tdb_s[0])
        return PropagatedOrbit(self.names[row], self.center, epoch, span, motion, self.reasons.get(row))

    def trajectories(self) -> list[PropagatedOrbit]:
        """Return all the orbits, one by one."""
        return [self.trajectory(row) for row in range(len(self))]

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return barycentric ICRF states at instants (k,), or (n, k): each body's own."""
        times = np.asarray(t_tdb_s, dtype=np.float64)
        times = times if times.ndim == 2 else time_vector(times)[np.newaxis]
        position, velocity = self.motion.relative_states(times)
        center_km, center_km_s = ephemeris().state(self.center, times.ravel())
        position += center_km.reshape(*times.shape, 3)
        velocity += center_km_s.reshape(*times.shape, 3)
        lost = np.isnan(position[..., 0])
        times = np.broadcast_to(times, lost.shape)
        reasons = {
            row: self.reasons.get(row) or outside_message(self.names[row], self.spans_tdb_s[row], times[row])
            for row in map(int, np.flatnonzero(lost.any(axis=1)))
        }
        return States(position, velocity, reasons)

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return states when the light left that reaches observers (k, 3) at instants (k,)."""
        return retarded_by_steps(self.states, t_tdb_s, observer_km)


@dataclass(frozen=True)
class PropagatedOrbit:
    """A numerically integrated orbit about the Moon, the Earth or the Sun.

    Attributes
    ----------
    name, center
        What it is called and what it circles.
    epoch_tdb_s
        Where the integration began.
    span_tdb_s
        First and last time at which there is a state.
    motion
        The way (n = 1).
    ended
        Why the way ends before the span does, if it does.
    """

    name: str
    center: str
    epoch_tdb_s: float
    span_tdb_s: tuple[float, float]
    motion: DenseMotion
    ended: str | None = None

    def relative_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the centre, ICRF axes.

        Raises
        ------
        PropagationError
            If a time lies outside the span.
        """
        times = time_vector(t_tdb_s)
        position, velocity = self.motion.relative_states(times[np.newaxis])
        if np.isnan(position).any():
            raise PropagationError(
                self.name, self.ended or outside_message(self.name, self.span_tdb_s, times)
            )
        return position[0], velocity[0]

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.relative_state(t_tdb_s)
        center_position, center_velocity = ephemeris().state(self.center, t_tdb_s)
        return center_position + position, center_velocity + velocity


def outside_message(name: str, span_tdb_s: tuple[float, float], times: FloatArray) -> str:
    """Return that an orbit was not integrated to the first of some times that lies outside its span."""
    start, end = span_tdb_s
    outside = times[~((times >= start) & (times <= end))]
    wrong = float(outside[0]) if outside.size else float(times[0])
    return (
        f"{name} was propagated from {tdb_calendar_time(start)} to {tdb_calendar_time(end)}, "
        f"not to {tdb_calendar_time(wrong)}; give a longer span"
    )
