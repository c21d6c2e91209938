"""A mixed list of trajectories, asked together: those of one kind in one call, the rest one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.orbits.dense_motion import joined
from skyforge.orbits.heliocentric import concatenated
from skyforge.orbits.heliocentric_swarm import HeliocentricOrbit, HeliocentricSwarm
from skyforge.orbits.light import retarded_position
from skyforge.orbits.propagated import PropagatedOrbit, PropagatedSwarm
from skyforge.orbits.satellite import Satellite
from skyforge.orbits.satellite_swarm import SatelliteSwarm
from skyforge.orbits.states import RetardedStates, States, gathered, gathered_retarded
from skyforge.orbits.trajectory import FloatArray, PropagationError, Trajectory, time_vector


class Swarm(Protocol):
    """Bodies that answer together."""

    def __len__(self) -> int:
        """How many there are."""

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return barycentric ICRF states at instants (k,)."""

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return states when the light left that reaches observers (k, 3) at instants (k,)."""


class SingleTrajectories:
    """Trajectories that know no way to answer together."""

    def __init__(self, trajectories: Sequence[Trajectory]) -> None:
        self.trajectories = tuple(trajectories)

    def __len__(self) -> int:
        return len(self.trajectories)

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return barycentric ICRF states at instants (k,); what cannot be propagated has a reason."""
        times = time_vector(t_tdb_s)
        position, velocity, _, reasons = self._each(
            times, lambda one, some: (*one.state(times[some]), np.zeros(times[some].size))
        )
        return States(position, velocity, reasons)

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return states when the light left that reaches observers (k, 3) at instants (k,)."""
        times = time_vector(t_tdb_s)
        observer = np.broadcast_to(np.asarray(observer_km, dtype=np.float64), (times.size, 3))
        position, velocity, light_time, reasons = self._each(
            times, lambda one, some: retarded_position(one, times[some], observer[some])
        )
        return RetardedStates(position, velocity, reasons, light_time)

    def _each(
        self,
        times: FloatArray,
        ask: Callable[[Trajectory, slice], tuple[FloatArray, FloatArray, FloatArray]],
    ) -> tuple[FloatArray, FloatArray, FloatArray, dict[int, str]]:
        shape = (len(self), times.size)
        position, velocity = np.full((*shape, 3), np.nan), np.full((*shape, 3), np.nan)
        light_time = np.full(shape, np.nan)
        reasons: dict[int, str] = {}
        for row, one in enumerate(self.trajectories):
            # One that has no place at some instants is asked for each half of them, and so on.
            waiting = [slice(0, times.size)] if times.size else []
            while waiting:
                some = waiting.pop()
                try:
                    position[row, some], velocity[row, some], light_time[row, some] = ask(one, some)
                except PropagationError as error:
                    reasons.setdefault(row, str(error))
                    middle = (some.start + some.stop) // 2
                    if middle > some.start:
                        waiting += [slice(middle, some.stop), slice(some.start, middle)]
        return position, velocity, light_time, reasons


class TrajectoryGroup:
    """Trajectories of any kinds, n of them, asked together.

    Satellites on mean elements are one call of SGP4, bodies on two-body orbits about the Sun one solution of Kepler's
    equation, bodies that were integrated together one evaluation of their polynomials; what else there is, is asked
    one by one. What has no place does not stop the others.

    Parameters
    ----------
    trajectories
        In any order; results have it.
    """

    def __init__(self, trajectories: Sequence[Trajectory]) -> None:
        self.trajectories = tuple(trajectories)
        self._parts = tuple(_parts(self.trajectories))

    def __len__(self) -> int:
        return len(self.trajectories)

    @property
    def names(self) -> tuple[str, ...]:
        """What the trajectories are called."""
        return tuple(one.name for one in self.trajectories)

    def select(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | Sequence[int]) -> TrajectoryGroup:
        """Return the group of some trajectories: indices, or a mask (n,)."""
        return TrajectoryGroup([self.trajectories[row] for row in np.arange(len(self))[np.asarray(chosen)]])

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return where all are at some instants.

        Parameters
        ----------
        t_tdb_s : (k,) or scalar
            TDB seconds since J2000.0.

        Returns
        -------
        States
            Barycentric ICRF, (n, k, 3); NaN and a reason for each that has no place.
        """
        times = time_vector(t_tdb_s)
        parts = [(rows, swarm.states(times)) for rows, swarm in self._parts]
        return gathered(len(self), times.size, parts)

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return where all were when the light left that reaches an observer.

        Parameters
        ----------
        t_tdb_s : (k,) or scalar
            When the light arrives, TDB seconds since J2000.0.
        observer_km : (k, 3) or (3,)
            Where it arrives, barycentric ICRF.

        Returns
        -------
        RetardedStates
            Barycentric ICRF at emission, (n, k, 3), with the light times (n, k).
        """
        times = time_vector(t_tdb_s)
        parts = [(rows, swarm.retarded(times, observer_km)) for rows, swarm in self._parts]
        return gathered_retarded(len(self), times.size, parts)


def states_of(trajectories: Sequence[Trajectory], t_tdb_s: ArrayLike) -> States:
    """Return where trajectories of any kinds are at some instants, as `TrajectoryGroup.states` does."""
    return TrajectoryGroup(trajectories).states(t_tdb_s)


def _parts(trajectories: Sequence[Trajectory]) -> list[tuple[NDArray[np.intp], Swarm]]:
    """Return swarms of one kind each, with the rows of their members."""
    satellites: dict[int, Satellite] = {}
    heliocentric: dict[int, HeliocentricOrbit] = {}
    integrated: dict[str, dict[int, PropagatedOrbit]] = {}
    single: dict[int, Trajectory] = {}
    for row, one in enumerate(trajectories):
        if isinstance(one, Satellite):
            satellites[row] = one
        elif isinstance(one, HeliocentricOrbit):
            heliocentric[row] = one
        elif isinstance(one, PropagatedOrbit):
            integrated.setdefault(one.center, {})[row] = one
        else:
            single[row] = one
    parts: list[tuple[NDArray[np.intp], Swarm]] = []
    if satellites:
        parts.append((np.array(list(satellites)), SatelliteSwarm(list(satellites.values()))))
    if heliocentric:
        elements = concatenated([one.elements for one in heliocentric.values()])
        parts.append((np.array(list(heliocentric)), HeliocentricSwarm(elements)))
    parts.extend((np.array(list(each)), _swarm_of(list(each.values()))) for each in integrated.values())
    if single:
        parts.append((np.array(list(single)), SingleTrajectories(list(single.values()))))
    return parts


def _swarm_of(orbits: Sequence[PropagatedOrbit]) -> PropagatedSwarm:
    """Return orbits about one centre, however they were integrated, as one swarm."""
    spans = tuple(one.span_tdb_s for one in orbits)
    reasons = {row: one.ended for row, one in enumerate(orbits) if one.ended is not None}
    motion = joined([one.motion for one in orbits])
    return PropagatedSwarm(tuple(one.name for one in orbits), orbits[0].center, spans, motion, reasons)
