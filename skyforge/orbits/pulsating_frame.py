"""The frame that turns and breathes with the Earth and the Moon: between three-body units and kilometres.

Its origin lies on the line from the Earth to the Moon, its x axis along that line, its z axis along the Moon's
momentum; its unit of length is their distance at the instant. Earth and Moon rest in it exactly where the circular
restricted three-body problem has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.trajectory import FloatArray, time_vector

# The Moon's acceleration is differenced from its velocity: with five points 300 s apart to 1e-12 of itself.
_DIFFERENCE_S: Final = 300.0
_STENCIL: Final = ((-2, 1.0 / 12.0), (-1, -8.0 / 12.0), (1, 8.0 / 12.0), (2, -1.0 / 12.0))


@dataclass(frozen=True)
class PulsatingFrame:
    """The frame at n instants, relative to the Earth, ICRF axes.

    Attributes
    ----------
    length_km, length_rate_km_s : (n,)
        Distance of the Moon, and its change.
    axes, axes_rate : (n, 3, 3)
        Unit vectors x, y, z as rows, and their change per second.
    """

    length_km: FloatArray
    length_rate_km_s: FloatArray
    axes: FloatArray
    axes_rate: FloatArray


def pulsating_frame(t_tdb_s: ArrayLike) -> PulsatingFrame:
    """Return the Earth-Moon frame of DE440 at times (n,), TDB seconds since J2000.0."""
    times = time_vector(t_tdb_s)
    apart, velocity = ephemeris().relative_state("moon", "earth", times)
    length = np.linalg.norm(apart, axis=1)
    x = apart / length[:, np.newaxis]
    length_rate = np.sum(x * velocity, axis=1)
    x_rate = (velocity - length_rate[:, np.newaxis] * x) / length[:, np.newaxis]
    momentum = np.cross(apart, velocity)
    z, z_rate = _unit_and_rate(momentum, np.cross(apart, _relative_acceleration(times)))
    y, y_rate = np.cross(z, x), np.cross(z_rate, x) + np.cross(z, x_rate)
    return PulsatingFrame(
        length, length_rate, np.stack([x, y, z], axis=1), np.stack([x_rate, y_rate, z_rate], axis=1)
    )


def _relative_acceleration(times: FloatArray) -> FloatArray:
    """Return the Moon's acceleration relative to the Earth, (n, 3) km/s²."""
    total = np.zeros((times.size, 3))
    for step, weight in _STENCIL:
        total += weight * ephemeris().relative_state("moon", "earth", times + step * _DIFFERENCE_S)[1]
    return total / _DIFFERENCE_S


def _unit_and_rate(vectors: FloatArray, rate: FloatArray) -> tuple[FloatArray, FloatArray]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / length
    return unit, (rate - np.sum(unit * rate, axis=1, keepdims=True) * unit) / length


def geocentric_from_pulsating(
    states: FloatArray, t_tdb_s: ArrayLike, mass_ratio: float, time_unit_s: float
) -> tuple[FloatArray, FloatArray]:
    """Return states of the three-body problem as kilometres from the Earth's centre.

    Parameters
    ----------
    states : (n, 6)
        Place and velocity in the rotating frame, in units of the distance and of `time_unit_s`.
    t_tdb_s : (n,)
        When they hold, TDB seconds since J2000.0.
    mass_ratio
        μ.
    time_unit_s
        Seconds in the states' unit of time, the same at every instant.

    Returns
    -------
    position_km, velocity_km_s : (n, 3)
        ICRF axes; the velocity is the derivative of the position with all that turns and breathes.
    """
    frame = pulsating_frame(t_tdb_s)
    place = states[:, :3] + np.array([mass_ratio, 0.0, 0.0])  # counted from the Earth
    turned = np.einsum("nij,ni->nj", frame.axes, place)
    length = frame.length_km[:, np.newaxis]
    moved = np.einsum("nij,ni->nj", frame.axes, states[:, 3:] / time_unit_s)
    swept = np.einsum("nij,ni->nj", frame.axes_rate, place)
    return length * turned, frame.length_rate_km_s[:, np.newaxis] * turned + length * (moved + swept)


def pulsating_from_geocentric(position_km: FloatArray, t_tdb_s: ArrayLike, mass_ratio: float) -> FloatArray:
    """Return places (n, 3) in the rotating frame, in units of the distance, of positions from the Earth's centre."""
    frame = pulsating_frame(t_tdb_s)
    place = np.einsum("nij,nj->ni", frame.axes, position_km) / frame.length_km[:, np.newaxis]
    return np.asarray(place - np.array([mass_ratio, 0.0, 0.0]), dtype=np.float64)
