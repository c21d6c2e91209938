"""What pulls on a spacecraft near the Moon or the Earth: the centre's gravity field and distant bodies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.earth_orientation import celestial_to_intermediate, itrs_to_gcrs
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.lunar_orientation import principal_axes_from_icrf
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray

THIRD_BODIES: Final[dict[str, tuple[str, ...]]] = {"moon": ("earth", "sun"), "earth": ("moon", "sun")}

_NODES: Final = 12
# A segment turns by less than a quarter of a radian, so that 12 Chebyshev nodes leave an error below 1e-14.
_SEGMENT_S: Final = {"moon": DAY_S, "earth": 0.5 * DAY_S}
_ROTATING_EARTH_SEGMENT_S: Final = DAY_S / 24.0


def _body_fixed_axes(field: GravityField) -> tuple[Callable[[FloatArray], FloatArray], float]:
    """Return the rotation from ICRF to the field's axes, and how long one polynomial of it may be."""
    if field.body == "moon":
        return principal_axes_from_icrf, _SEGMENT_S["moon"]
    if np.any(field.cosine[:, 1:]) or np.any(field.sine):
        return lambda t: np.swapaxes(itrs_to_gcrs(t), -1, -2), _ROTATING_EARTH_SEGMENT_S
    return celestial_to_intermediate, _SEGMENT_S["earth"]  # zonal terms do not feel the Earth turn


@dataclass(frozen=True)
class ForceTable:
    """Rotation of the centre and places of the distant bodies, as polynomials in time.

    Reading one time costs a small matrix product instead of an ephemeris and a libration series.
    """

    field: GravityField
    bodies: tuple[str, ...]
    start_tdb_s: float
    segment_s: float
    coefficients: FloatArray

    def at(self, t_tdb_s: float) -> tuple[FloatArray, FloatArray]:
        """Return the rotation from ICRF to the field's axes, (3, 3), and the bodies' places, (k, 3) km."""
        place = (t_tdb_s - self.start_tdb_s) / self.segment_s
        segment = min(max(int(place), 0), len(self.coefficients) - 1)
        local = 2.0 * (place - segment) - 1.0
        values = (local**_POWERS) @ self.coefficients[segment]
        return values[:9].reshape(3, 3), values[9:].reshape(-1, 3)

    def acceleration(self, t_tdb_s: float, position_km: FloatArray) -> FloatArray:
        """Return the acceleration (3,) km/s² at a place (3,) km relative to the centre, ICRF axes."""
        rotation, places = self.at(t_tdb_s)
        total = self.field.acceleration((rotation @ position_km)[np.newaxis])[0] @ rotation
        for body, place in zip(self.bodies, places, strict=True):
            # The distant body pulls on the centre too; what counts is the difference (Vallado 2013, eq.
            # 8-34).
            apart = place - position_km
            pull = apart / (apart @ apart) ** 1.5 - place / (place @ place) ** 1.5
            total += GRAVITATIONAL_PARAMETER_KM3_S2[body] * pull
        return np.asarray(total, dtype=np.float64)


_POWERS: Final = np.arange(_NODES, dtype=np.float64)


def force_table(
    field: GravityField, bodies: tuple[str, ...], start_tdb_s: float, end_tdb_s: float
) -> ForceTable:
    """Tabulate what a propagation from start to end (TDB seconds since J2000.0) will need.

    Raises
    ------
    InputError
        If the ephemeris does not cover the span.
    """
    axes, longest = _body_fixed_axes(field)
    count = max(1, int(np.ceil((end_tdb_s - start_tdb_s) / longest)))
    segment = max((end_tdb_s - start_tdb_s) / count, 1.0)
    nodes = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    times = (start_tdb_s + segment * (np.arange(count)[:, np.newaxis] + 0.5 * (nodes + 1.0))).ravel()
    rotation = axes(times).reshape(times.size, 9)
    places = [ephemeris().relative_state(body, field.body, times)[0] for body in bodies]
    values = np.concatenate([rotation, *places], axis=1).reshape(count, _NODES, -1)
    coefficients = np.linalg.solve(np.vander(nodes, increasing=True), values)
    return ForceTable(field, bodies, start_tdb_s, segment, coefficients)
