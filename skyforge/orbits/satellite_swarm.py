"""Many Earth satellites on mean elements at once: SGP4 in one call for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.orbits.earth_orientation import teme_to_gcrs, terrestrial_time_s
from skyforge.orbits.ephemeris import body_trajectory, ephemeris
from skyforge.orbits.light import retarded_near
from skyforge.orbits.satellite import Satellite, no_place_message
from skyforge.orbits.states import RetardedStates, States
from skyforge.orbits.timescales import DAY_S, J2000_JD
from skyforge.orbits.trajectory import FloatArray, time_vector

_WHOLE_SECONDS: Final = 1000.0  # clocks of elements differ by leap seconds: milliseconds tell them apart


@dataclass(frozen=True)
class _ClockGroup:
    """Satellites whose epochs are counted with the same number of leap seconds: their UTC is one even clock."""

    rows: NDArray[np.intp]
    utc_minus_tt_s: float
    models: Any


class SatelliteSwarm:
    """Earth satellites whose motion is SGP4's, n of them, asked together.

    Parameters
    ----------
    satellites
        As loaded from element sets.
    """

    def __init__(self, satellites: Sequence[Satellite]) -> None:
        from sgp4.api import SatrecArray

        self.satellites = tuple(satellites)
        if not self.satellites:
            self._clocks: tuple[_ClockGroup, ...] = ()
            return
        models = [one._model for one in self.satellites]  # noqa: SLF001  (the swarm is the satellites' own plural)
        epoch_tt = terrestrial_time_s([one.epoch_tdb_s for one in self.satellites])
        utc = [(model.jdsatepoch - J2000_JD) * DAY_S + model.jdsatepochF * DAY_S for model in models]
        clocks = np.round((np.asarray(utc) - epoch_tt) * _WHOLE_SECONDS) / _WHOLE_SECONDS
        self._clocks = tuple(
            _ClockGroup(rows, float(clock), SatrecArray([models[row] for row in rows]))
            for clock in np.unique(clocks)
            for rows in (np.flatnonzero(clocks == clock),)
        )

    def __len__(self) -> int:
        return len(self.satellites)

    @property
    def names(self) -> tuple[str, ...]:
        """What the satellites are called."""
        return tuple(one.name for one in self.satellites)

    def teme_states(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray, NDArray[np.uint8]]:
        """Return SGP4's positions (n, k, 3) km, velocities (n, k, 3) km/s and status (n, k), in TEME; 0 is good."""
        times = time_vector(t_tdb_s)
        tt = terrestrial_time_s(times)
        shape = (len(self), times.size)
        position, velocity = np.empty((*shape, 3)), np.empty((*shape, 3))
        status = np.empty(shape, dtype=np.uint8)
        for clock in self._clocks:
            days, seconds = np.divmod(tt, DAY_S)
            codes, place, speed = clock.models.sgp4(J2000_JD + days, (seconds + clock.utc_minus_tt_s) / DAY_S)
            if len(self._clocks) == 1:
                return place, speed, codes
            position[clock.rows], velocity[clock.rows], status[clock.rows] = place, speed, codes
        return position, velocity, status

    def states(self, t_tdb_s: ArrayLike) -> States:
        """Return barycentric ICRF states at instants (k,); satellites that SGP4 cannot place have a reason each."""
        times = time_vector(t_tdb_s)
        place, speed, status = self.teme_states(times)
        position, velocity = np.empty(place.shape), np.empty(speed.shape)
        earth_km, earth_km_s = ephemeris().state("earth", times)
        for k, turn in enumerate(teme_to_gcrs(times)):
            position[:, k] = place[:, k] @ turn.T + earth_km[k]
            velocity[:, k] = speed[:, k] @ turn.T + earth_km_s[k]
        reasons = {}
        for row in np.flatnonzero(status.any(axis=1)):
            lost = status[row] != 0
            position[row, lost] = velocity[row, lost] = np.nan
            first = int(np.flatnonzero(lost)[0])
            reasons[int(row)] = no_place_message(
                self.satellites[row], float(times[first]), int(status[row, first])
            )
        return States(position, velocity, reasons)

    def retarded(self, t_tdb_s: ArrayLike, observer_km: ArrayLike) -> RetardedStates:
        """Return states when the light left that reaches observers (k, 3) at instants (k,)."""
        return retarded_near(self.states, t_tdb_s, observer_km, body_trajectory("earth"))
