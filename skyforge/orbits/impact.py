"""Whether a body on its way meets the Moon, the Earth or the Sun."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.bodies import MEAN_RADIUS_KM, REFERENCE_RADII_KM
from skyforge.orbits.dormand_prince import Steps
from skyforge.orbits.earth_orientation import earth_rotation_axis
from skyforge.orbits.forces import Forces
from skyforge.orbits.trajectory import FloatArray

# A step turns by less than a third of a radian; an orbit that far out at both its ends stays outside in between.
_FAR_RADII: Final = 4.0
_SAMPLES: Final = 17
_BISECTIONS: Final = 60
_ROUNDING_KM: Final = 1e-6


@dataclass(frozen=True)
class Surface:
    """The ellipsoid of a body, below which there is no orbit.

    Attributes
    ----------
    body
        Whose it is.
    equatorial_km, polar_km
        Radii.
    pole : (3,)
        Axis, ICRF.
    """

    body: str
    equatorial_km: float
    polar_km: float
    pole: FloatArray

    def altitude_km(self, relative_km: FloatArray) -> FloatArray:
        """Return heights (...) of places (3, ...) relative to the centre, exact at zero."""
        polar = np.tensordot(self.pole, relative_km, axes=1)
        squared = (relative_km**2).sum(axis=0) + ((self.equatorial_km / self.polar_km) ** 2 - 1.0) * polar**2
        return np.asarray(np.sqrt(squared) - self.equatorial_km, dtype=np.float64)


def surface(body: str, t_tdb_s: float) -> Surface:
    """Return the surface that orbits are held against: WGS84, the Moon's mean sphere, the Sun's."""
    sphere = (MEAN_RADIUS_KM[body], MEAN_RADIUS_KM[body])
    equatorial_km, polar_km = REFERENCE_RADII_KM.get(body, sphere)
    pole = earth_rotation_axis(t_tdb_s)[0] if body == "earth" else np.array([0.0, 0.0, 1.0])
    return Surface(body, equatorial_km, polar_km, pole)


@dataclass(frozen=True)
class ImpactWatch:
    """Looks at the steps of an integration, and stops bodies that have met a surface.

    Attributes
    ----------
    forces
        What tells where the bodies are.
    epoch_tdb_s
        What the steps' times are counted from.
    surfaces
        What can be met.
    impacts
        Which body met what, and when, seconds since the epoch: filled as the integration goes on.
    """

    forces: Forces
    epoch_tdb_s: float
    surfaces: tuple[Surface, ...]
    impacts: dict[int, tuple[str, float]] = field(default_factory=dict)

    def __call__(self, steps: Steps) -> NDArray[np.bool_]:
        """Return a mask of the steps (m,) in which a surface is met."""
        hit = np.zeros(steps.body.size, dtype=np.bool_)
        for one in self.surfaces:
            near = self._near(steps, one)
            if not near.size:
                continue
            altitude = self._altitudes(steps, near, one, np.linspace(0.0, 1.0, _SAMPLES))
            lowest = _lowest(altitude)
            for column in np.flatnonzero(lowest < -_ROUNDING_KM):
                row = int(near[column])
                place = self._first_contact(steps, row, one, altitude[:, column])
                since = float(steps.start_s[row] + place * steps.length_s[row])
                known = self.impacts.get(int(steps.body[row]))
                if known is None or abs(since) < abs(known[1]):
                    self.impacts[int(steps.body[row])] = (one.body, since)
                hit[row] = True
        return hit

    def _near(self, steps: Steps, one: Surface) -> NDArray[np.intp]:
        ends = np.array([0.0, 1.0])
        every = np.arange(steps.body.size)
        relative = self._relative(steps, every, one, ends)
        return np.flatnonzero(np.sqrt((relative**2).sum(axis=0)).min(axis=0) < _FAR_RADII * one.equatorial_km)

    def _relative(self, steps: Steps, rows: NDArray[np.intp], one: Surface, places: FloatArray) -> FloatArray:
        """Return positions (3, places, rows) relative to a surface's centre."""
        chosen = steps.coefficients[:, :3, rows]
        position = np.tensordot(places[:, np.newaxis] ** np.arange(len(chosen)), chosen, axes=1).transpose(
            1, 0, 2
        )
        if one.body == self.forces.model.center:
            return position
        times = self.epoch_tdb_s + steps.start_s[rows] + places[:, np.newaxis] * steps.length_s[rows]
        around = self.forces.surroundings(times.ravel())
        return position - self.forces.place(around, one.body).reshape(position.shape)

    def _altitudes(
        self, steps: Steps, rows: NDArray[np.intp], one: Surface, places: FloatArray
    ) -> FloatArray:
        return one.altitude_km(self._relative(steps, rows, one, places))

    def _first_contact(self, steps: Steps, row: int, one: Surface, altitude: FloatArray) -> float:
        """Return the place in a step, 0 to 1, at which the surface is met."""
        below = np.flatnonzero(altitude < 0.0)
        if not below.size:  # it only dips below between two samples
            return float(np.argmin(altitude)) / (_SAMPLES - 1)
        high = float(below[0]) / (_SAMPLES - 1)
        low = max(high - 1.0 / (_SAMPLES - 1), 0.0)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            if self._altitudes(steps, np.array([row]), one, np.array([middle]))[0, 0] < 0.0:
                high = middle
            else:
                low = middle
        return high


def _lowest(altitude: FloatArray) -> FloatArray:
    """Return the lowest values (m,) of curves sampled evenly (samples, m), by parabolas through the lowest samples."""
    columns = np.arange(altitude.shape[1])
    middle = np.clip(np.argmin(altitude, axis=0), 1, len(altitude) - 2)
    before, at, after = (altitude[middle + k, columns] for k in (-1, 0, 1))
    bend = before - 2.0 * at + after
    slope = 0.5 * (after - before)
    inside = (bend > 0.0) & (np.abs(slope) < bend)
    vertex = at - np.where(inside, slope**2 / np.where(inside, 2.0 * bend, 1.0), 0.0)
    return np.asarray(np.minimum(altitude.min(axis=0), np.where(inside, vertex, np.inf)), dtype=np.float64)
