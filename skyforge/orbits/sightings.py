"""What an observer has before the telescope: all bodies at mid-exposure, then the way of those near the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.orbits.apparent import Viewpoint, apparent_directions, viewpoint
from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.geometry import angular_rate_rad_s, angular_separation_rad
from skyforge.orbits.lobatto import NODE_TOLERANCE_RAD, lobatto_times, nodes_needed
from skyforge.orbits.states import RetardedStates
from skyforge.orbits.trajectory import FloatArray, Trajectory
from skyforge.orbits.trajectory_group import TrajectoryGroup
from skyforge.orbits.vectors import length

# Bodies whose pull bends a way within an exposure.
_CENTRES: Final = ("earth", "moon", "sun")
# The rate at mid-exposure is not that of the whole exposure: a body that comes close moves faster later.
_REACH: Final = 2.0


@dataclass(frozen=True)
class Sightings:
    """Bodies as an observer sees them at k instants, m of them.

    Attributes
    ----------
    rows : (m,)
        Which of a group they are.
    seen_from
        The observer at the instants.
    astrometric, apparent : (m, k, 3)
        ICRF unit vectors without and with aberration and the Sun's bending of light; NaN where a body has no place.
    range_km : (m, k)
        Distance that the light travelled.
    states
        Barycentric states at emission, with light times, and reasons for the bodies without a place.
    """

    rows: NDArray[np.intp]
    seen_from: Viewpoint
    astrometric: FloatArray
    apparent: FloatArray
    range_km: FloatArray
    states: RetardedStates

    @property
    def t_tdb_s(self) -> FloatArray:
        """The instants of observation, (k,)."""
        return self.seen_from.t_tdb_s

    def reasons(self) -> Mapping[int, str]:
        """Return why bodies have no place, by their rows in the group."""
        return {int(self.rows[row]): reason for row, reason in self.states.reasons.items()}

    def select(self, chosen: NDArray[np.intp]) -> Sightings:
        """Return the sightings of some of the bodies, by their places; reasons are left behind."""
        states = RetardedStates(
            self.states.position_km[chosen],
            self.states.velocity_km_s[chosen],
            {},
            self.states.light_time_s[chosen],
        )
        return Sightings(
            self.rows[chosen],
            self.seen_from,
            self.astrometric[chosen],
            self.apparent[chosen],
            self.range_km[chosen],
            states,
        )

    def rates_rad_s(self) -> FloatArray:
        """Return how fast the astrometric directions turn, (m, k)."""
        sight = self.states.position_km - self.seen_from.position_km
        return angular_rate_rad_s(sight, self.states.velocity_km_s - self.seen_from.velocity_km_s)


def sightings(group: TrajectoryGroup, observer: Trajectory | Viewpoint, t_tdb_s: ArrayLike) -> Sightings:
    """Return how an observer sees all bodies of a group at some instants.

    Parameters
    ----------
    group
        The bodies, n of them.
    observer
        The telescope, or where it is at these instants.
    t_tdb_s : (k,)
        TDB seconds since J2000.0.
    """
    times = np.atleast_1d(np.asarray(t_tdb_s, dtype=np.float64))
    seen_from = observer if isinstance(observer, Viewpoint) else viewpoint(observer, times)
    states = group.retarded(times, seen_from.position_km)
    astrometric, range_km = states.relative_to(seen_from.position_km)
    apparent = apparent_directions(astrometric, seen_from, range_km)
    return Sightings(np.arange(len(group)), seen_from, astrometric, apparent, range_km, states)


def near_field(seen: Sightings, boresight: FloatArray, radius_rad: float, span_s: float) -> NDArray[np.intp]:
    """Return the rows (m,) of the bodies that may cross a field during an exposure.

    Parameters
    ----------
    seen
        All bodies in the middle of the exposure (k = 1).
    boresight : (3,)
        Apparent unit vector of the field's centre at that instant.
    radius_rad
        Radius of the field, with whatever the telescope itself turns in half the exposure.
    span_s
        Length of the exposure.
    """
    away = angular_separation_rad(seen.apparent[:, 0], boresight)
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(away <= radius_rad + _REACH * 0.5 * span_s * seen.rates_rad_s()[:, 0])


def nodes_for(seen: Sightings, span_s: float, tolerance_rad: float = NODE_TOLERANCE_RAD) -> int:
    """Return the number of Chebyshev-Lobatto nodes that carries all of some bodies through an exposure.

    Parameters
    ----------
    seen
        The bodies in the middle of the exposure (k = 1).
    span_s
        Length of the exposure.
    tolerance_rad
        Largest error allowed in a direction.
    """
    placed = np.isfinite(seen.range_km[:, 0])
    if not placed.any():
        return int(nodes_needed(np.ones((1, 3)), np.zeros((1, 3)), 0.0, [], [])[0])
    there, here = seen.states.position_km[placed, 0], seen.seen_from.position_km[0]
    rate = seen.states.velocity_km_s[placed, 0] - seen.seen_from.velocity_km_s[0]
    radii, pulls = [], []
    for body in _CENTRES:
        centre, _ = ephemeris().state(body, seen.t_tdb_s)
        radii += [length(there - centre), np.full(len(there), length(here - centre[0]))]
        pulls += [GRAVITATIONAL_PARAMETER_KM3_S2[body]] * 2
    return int(nodes_needed(there - here, rate, span_s, np.array(radii), pulls, tolerance_rad).max())


def sightings_in_field(
    group: TrajectoryGroup,
    observer: Trajectory,
    interval_tdb_s: tuple[float, float],
    boresight: FloatArray,
    radius_rad: float,
    tolerance_rad: float = NODE_TOLERANCE_RAD,
) -> tuple[Sightings, Sightings]:
    """Look at all bodies in the middle of an exposure, and follow those near the field through it.

    Parameters
    ----------
    group
        The bodies.
    observer
        The telescope.
    interval_tdb_s
        Shutter opening and closing.
    boresight : (3,)
        Apparent unit vector of the field's centre in the middle of the exposure.
    radius_rad
        Radius of the field, with whatever the telescope itself turns in half the exposure.
    tolerance_rad
        Largest error allowed in a direction interpolated between the nodes (`lobatto_weights`).

    Returns
    -------
    middle
        All bodies at mid-exposure.
    near
        Those near the field, at Chebyshev-Lobatto nodes from opening to closing; the middle is one.
    """
    begin, end = interval_tdb_s
    middle = sightings(group, observer, [0.5 * (begin + end)])
    rows = near_field(middle, boresight, radius_rad, end - begin)
    chosen = group.select(rows)
    nodes = nodes_for(middle.select(rows), end - begin, tolerance_rad)
    near = sightings(chosen, observer, lobatto_times(begin, end, nodes))
    return middle, Sightings(
        rows, near.seen_from, near.astrometric, near.apparent, near.range_km, near.states
    )
