"""An Earth satellite on mean elements: SGP4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError
from skyforge.orbits.earth_orientation import teme_to_gcrs, terrestrial_time_s
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.spelling import unknown_name_message
from skyforge.orbits.timescales import DAY_S, tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, Trajectory, time_vector

# Meanings of SGP4's status: Vallado et al. 2006 (AIAA 2006-6753), with what the object's owner would say.
_SGP4_STATUS: Final = {
    1: "its mean eccentricity leaves the range 0 to 1, or its mean orbit is below the Earth's surface",
    2: "its mean motion is below zero",
    3: "its eccentricity, with perturbations, leaves the range 0 to 1",
    4: "its semi-latus rectum is below zero",
    5: "its elements are suborbital",
    6: "it has decayed: its orbit lies below the Earth's surface",
}


@dataclass(frozen=True)
class Satellite:
    """An Earth satellite whose motion is SGP4's.

    Attributes
    ----------
    name
        The name line, or "NORAD n" where there is none.
    catalog_number
        NORAD catalogue number.
    epoch_tdb_s
        Epoch of the elements, TDB seconds since J2000.0.
    """

    name: str
    catalog_number: int
    epoch_tdb_s: float
    _model: Any

    def teme_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return SGP4's position (n, 3) km and velocity (n, 3) km/s, in TEME relative to the Earth's centre.

        Raises
        ------
        PropagationError
            If SGP4 finds the orbit impossible, as that of a decayed satellite.
        """
        times = time_vector(t_tdb_s)
        # SGP4 counts even seconds since its epoch, leap seconds or not; TDB wavers by 2 ms against them.
        days = (terrestrial_time_s(times) - terrestrial_time_s(self.epoch_tdb_s)) / DAY_S
        start = np.full(times.size, self._model.jdsatepoch)
        status, position, velocity = self._model.sgp4_array(start, self._model.jdsatepochF + days)
        if np.any(status):
            first = int(np.flatnonzero(status)[0])
            message = no_place_message(self, float(times[first]), int(status[first]))
            raise PropagationError(self.name, message)
        return position, velocity

    def geocentric_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the Earth's centre, GCRS axes."""
        times = time_vector(t_tdb_s)
        position, velocity = self.teme_state(times)
        rotation = teme_to_gcrs(times)
        return np.einsum("nij,nj->ni", rotation, position), np.einsum("nij,nj->ni", rotation, velocity)

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.geocentric_state(t_tdb_s)
        earth_position, earth_velocity = ephemeris().state("earth", t_tdb_s)
        return earth_position + position, earth_velocity + velocity


def no_place_message(satellite: Satellite, t_tdb_s: float, status: int) -> str:
    """Return why SGP4 has no place for a satellite at a time, from its status."""
    reason = _SGP4_STATUS.get(status, f"SGP4 status {status}")
    return (
        f"{satellite.name} has no place at {tdb_calendar_time(t_tdb_s)}: {reason} "
        f"(elements of {tdb_calendar_time(satellite.epoch_tdb_s)})"
    )


def find_satellite(
    satellites: list[Trajectory] | list[Satellite], query: str, source: str = "the file"
) -> Satellite:
    """Return the satellite with a name or a NORAD catalogue number; letter case does not matter.

    Parameters
    ----------
    satellites
        As loaded from element sets; of several with one name the first is taken.
    query
        A name, or a catalogue number in digits.
    source
        Where the satellites came from, for the message.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest name.
    """
    wanted = query.strip().lower()
    known = [one for one in satellites if isinstance(one, Satellite)]
    for satellite in known:
        if satellite.name.lower() == wanted or str(satellite.catalog_number) == wanted:
            return satellite
    names = [one.name for one in known]
    raise InputError(f"{source}: {unknown_name_message(query, names, 'satellite')}")
