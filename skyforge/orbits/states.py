"""Places of many bodies at once, with a reason for each that has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.trajectory import FloatArray


@dataclass(frozen=True)
class States:
    """Where n bodies are at k instants.

    Attributes
    ----------
    position_km, velocity_km_s : (n, k, 3)
        Barycentric ICRF; NaN where a body has no place.
    reasons
        Why, by row, for the bodies that have no place at some of the instants.
    """

    position_km: FloatArray
    velocity_km_s: FloatArray
    reasons: Mapping[int, str]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (n, k) of the instants at which the bodies have a place."""
        return np.asarray(np.isfinite(self.position_km).all(axis=-1), dtype=np.bool_)


@dataclass(frozen=True)
class RetardedStates(States):
    """Where n bodies were when the light left that reaches an observer at k instants.

    Attributes
    ----------
    light_time_s : (n, k)
        How long the light was under way.
    """

    light_time_s: FloatArray

    def relative_to(self, observer_km: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return astrometric unit vectors (n, k, 3) and ranges (n, k) in km, from observers (k, 3) or (3,) in km."""
        sight = self.position_km - observer_km
        range_km = np.sqrt(np.einsum("...i,...i->...", sight, sight))
        return sight / range_km[..., np.newaxis], range_km


def gathered(count: int, instants: int, parts: Sequence[tuple[NDArray[np.intp], States]]) -> States:
    """Return the states of n bodies in their order, from those of parts of them, each with its rows."""
    position, velocity = np.empty((count, instants, 3)), np.empty((count, instants, 3))
    reasons: dict[int, str] = {}
    for rows, part in parts:
        position[rows], velocity[rows] = part.position_km, part.velocity_km_s
        reasons.update({int(rows[row]): reason for row, reason in part.reasons.items()})
    return States(position, velocity, reasons)


def gathered_retarded(
    count: int, instants: int, parts: Sequence[tuple[NDArray[np.intp], RetardedStates]]
) -> RetardedStates:
    """Return what `gathered` does, with the light times."""
    together = gathered(count, instants, parts)
    light_time = np.empty((count, instants))
    for rows, part in parts:
        light_time[rows] = part.light_time_s
    return RetardedStates(together.position_km, together.velocity_km_s, together.reasons, light_time)
