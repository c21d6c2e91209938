"""Orbits about the Moon and the Earth, integrated from an epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError, SkyforgeError
from skyforge.orbits.bodies import REFERENCE_RADII_KM
from skyforge.orbits.earth_orientation import earth_rotation_axis
from skyforge.orbits.element_frames import icrf_from_frame
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.forces import THIRD_BODIES, ForceTable, force_table
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.kepler import KeplerElements, elements_to_state, require_periapsis_above_surface
from skyforge.orbits.shipped_gravity import shipped_field
from skyforge.orbits.spelling import look_up
from skyforge.orbits.timescales import tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, time_vector

# Light from a target in cislunar space left some seconds before the first frame.
SPAN_MARGIN_S: Final = 60.0
# Against the analytic two-body orbit: 2 cm after three days of an ellipse, 1 mm of a low lunar orbit.
_RELATIVE_TOLERANCE: Final = 1e-12
_ABSOLUTE_TOLERANCE: Final = np.array([1e-8, 1e-8, 1e-8, 1e-11, 1e-11, 1e-11])  # km and km/s


@dataclass(frozen=True)
class PropagatedOrbit:
    """A numerically integrated orbit about the Moon or the Earth.

    Attributes
    ----------
    name, center
        What it is called and what it circles.
    epoch_tdb_s
        Where the integration began.
    span_tdb_s
        First and last time at which there is a state.
    """

    name: str
    center: str
    epoch_tdb_s: float
    span_tdb_s: tuple[float, float]
    _backward: Callable[[FloatArray], FloatArray]
    _forward: Callable[[FloatArray], FloatArray]

    def relative_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the centre, ICRF axes.

        Raises
        ------
        PropagationError
            If a time lies outside the span.
        """
        times = time_vector(t_tdb_s)
        start, end = self.span_tdb_s
        if times.size and not (times.min() >= start and times.max() <= end):
            wrong = times[~((times >= start) & (times <= end))][0]
            raise PropagationError(
                self.name,
                f"{self.name} was propagated from {tdb_calendar_time(start)} to {tdb_calendar_time(end)}, "
                f"not to {tdb_calendar_time(float(wrong))}; give a longer span",
            )
        since_epoch = times - self.epoch_tdb_s
        state = np.empty((times.size, 6))
        for chosen, solution in ((since_epoch < 0.0, self._backward), (since_epoch >= 0.0, self._forward)):
            if np.any(chosen):
                state[chosen] = solution(since_epoch[chosen]).T
        return state[:, :3].copy(), state[:, 3:].copy()

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.relative_state(t_tdb_s)
        center_position, center_velocity = ephemeris().state(self.center, t_tdb_s)
        return center_position + position, center_velocity + velocity


def kepler_orbit(
    name: str,
    center: str,
    elements: KeplerElements,
    epoch_tdb_s: float,
    span_tdb_s: tuple[float, float],
    gravity: GravityField | None = None,
) -> PropagatedOrbit:
    """Propagate an orbit from osculating Keplerian elements.

    Parameters
    ----------
    name
        What to call it.
    center
        "moon" or "earth".
    elements
        Elements at the epoch, with their frame.
    epoch_tdb_s
        Epoch, TDB seconds since J2000.0.
    span_tdb_s
        First and last time that states will be asked for; a minute on either side is added.
    gravity
        The centre's field; None takes the one that ships (`shipped_field`).

    Returns
    -------
    PropagatedOrbit

    Raises
    ------
    InputError
        If the periapsis or the propagated orbit lies below the surface, or the ephemeris does not cover the
        span.
    """
    field = _field_of(name, center, gravity)
    require_periapsis_above_surface(name, center, elements)
    position, velocity = elements_to_state(elements, field.gravitational_parameter_km3_s2)
    return state_orbit(name, center, position, velocity, epoch_tdb_s, span_tdb_s, field, frame=elements.frame)


def state_orbit(
    name: str,
    center: str,
    position_km: ArrayLike,
    velocity_km_s: ArrayLike,
    epoch_tdb_s: float,
    span_tdb_s: tuple[float, float],
    gravity: GravityField | None = None,
    frame: str = "icrf",
) -> PropagatedOrbit:
    """Propagate an orbit from a position and a velocity.

    Parameters
    ----------
    name, center, epoch_tdb_s, span_tdb_s, gravity
        As in `kepler_orbit`.
    position_km, velocity_km_s : (3,)
        State at the epoch relative to the centre.
    frame
        One of `skyforge.orbits.element_frames.ELEMENT_FRAMES`.

    Returns
    -------
    PropagatedOrbit

    Raises
    ------
    InputError
        If the state is no state, the orbit meets the surface, or the ephemeris does not cover the span.
    """
    field = _field_of(name, center, gravity)
    ephemeris().coverage.check(np.array([epoch_tdb_s, *span_tdb_s], dtype=np.float64), ephemeris().name)
    if span_tdb_s[1] < span_tdb_s[0]:
        raise InputError(f"{name}: the span ends {span_tdb_s[0] - span_tdb_s[1]:g} s before it begins")
    to_icrf = icrf_from_frame(frame, center, epoch_tdb_s)
    initial = np.concatenate([to_icrf @ _triple(position_km, name), to_icrf @ _triple(velocity_km_s, name)])
    span = (min(span_tdb_s[0], epoch_tdb_s) - SPAN_MARGIN_S, max(span_tdb_s[1], epoch_tdb_s) + SPAN_MARGIN_S)
    table = force_table(field, THIRD_BODIES[center], *span)
    surface = _Surface(name, center, epoch_tdb_s)
    surface.check(initial, 0.0)
    backward, forward = (_integrate(table, surface, initial, end - epoch_tdb_s) for end in span)
    return PropagatedOrbit(name, center, epoch_tdb_s, span, backward, forward)


def _field_of(name: str, center: str, gravity: GravityField | None) -> GravityField:
    look_up(THIRD_BODIES, center, "centre of an orbit")
    field = shipped_field(center) if gravity is None else gravity
    if field.body != center:
        raise InputError(
            f"{name} circles the {center}, but the gravity field {field.name} is that of the {field.body}"
        )
    return field


def _triple(vector: ArrayLike, name: str) -> FloatArray:
    triple = np.asarray(vector, dtype=np.float64)
    if triple.shape != (3,) or not np.all(np.isfinite(triple)):
        raise InputError(f"{name}: a position or velocity is three finite numbers, not {vector!r}")
    return triple


class _Surface:
    """The ellipsoid below which there is no orbit."""

    def __init__(self, name: str, center: str, epoch_tdb_s: float) -> None:
        self.name, self.center, self.epoch_tdb_s = name, center, epoch_tdb_s
        self.equatorial_km, polar_km = REFERENCE_RADII_KM[center]
        self.stretch = self.equatorial_km / polar_km
        self.pole = earth_rotation_axis(epoch_tdb_s)[0] if center == "earth" else np.array([0.0, 0.0, 1.0])

    def altitude_km(self, _t: float, state: FloatArray) -> float:
        """Return the height above the ellipsoid, exact at zero."""
        polar = state[:3] @ self.pole
        return float(np.sqrt(state[:3] @ state[:3] + (self.stretch**2 - 1.0) * polar**2) - self.equatorial_km)

    def check(self, state: FloatArray, since_epoch_s: float) -> None:
        """Raise `InputError` if a state is below the surface."""
        altitude = self.altitude_km(0.0, state)
        if altitude < -1e-6:
            raise InputError(
                f"{self.name} is {-altitude:.1f} km below the surface of the {self.center.capitalize()} at "
                f"{tdb_calendar_time(self.epoch_tdb_s + since_epoch_s)}; choose a higher orbit"
            )


def _integrate(
    table: ForceTable, surface: _Surface, initial: FloatArray, duration_s: float
) -> Callable[[FloatArray], FloatArray]:
    """Integrate over a signed duration from the epoch; time counts from it and so keeps its last digits."""
    from scipy.integrate import solve_ivp

    epoch = surface.epoch_tdb_s

    def derivative(t: float, state: FloatArray) -> FloatArray:
        return np.concatenate([state[3:], table.acceleration(epoch + t, state[:3])])

    def impact(t: float, state: FloatArray) -> float:
        return surface.altitude_km(t, state)

    def periapsis(_t: float, state: FloatArray) -> float:
        return float(state[:3] @ state[3:])

    impact.terminal = True  # type: ignore[attr-defined]
    solution: Any = solve_ivp(
        derivative,
        (0.0, duration_s),
        initial,
        method="DOP853",
        dense_output=True,
        rtol=_RELATIVE_TOLERANCE,
        atol=_ABSOLUTE_TOLERANCE,
        events=(impact, periapsis),
    )
    for when in solution.t_events[0]:
        raise InputError(
            f"{surface.name} hits the surface of the {surface.center.capitalize()} at "
            f"{tdb_calendar_time(epoch + float(when))}; choose a higher orbit or a shorter span"
        )
    # A shallow dip can begin and end within one step; at its lowest point it cannot hide.
    for when, state in zip(solution.t_events[1], solution.y_events[1], strict=True):
        surface.check(state, float(when))
    if not solution.success:
        raise SkyforgeError(f"{surface.name}: the integration failed: {solution.message}")
    result: Callable[[FloatArray], FloatArray] = solution.sol
    return result
