"""Orbits about the Moon, the Earth and the Sun, integrated from an epoch: one, or many together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.orbits.dense_motion import DenseMotion, dense_motion, joined
from skyforge.orbits.dormand_prince import Derivative, Tolerance, integrate
from skyforge.orbits.element_frames import icrf_from_frame
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.forces import THIRD_BODIES, ForceModel, Forces, force_model, forces
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.impact import ImpactWatch, Surface, surface
from skyforge.orbits.kepler import KeplerElements, elements_to_state, require_periapsis_above_surface
from skyforge.orbits.propagated import PropagatedOrbit, PropagatedSwarm
from skyforge.orbits.shipped_gravity import point_mass, shipped_field
from skyforge.orbits.spelling import look_up
from skyforge.orbits.timescales import tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray

# Light from a target in cislunar space left some seconds before the first frame.
SPAN_MARGIN_S: Final = 60.0
# Against the analytic two-body orbit: 1 cm after three days of an ellipse, 1 mm of a low lunar orbit.
ONE_ORBIT: Final = Tolerance(relative=1e-12)
# A tenth of the steps' cost for metres after days: much less than the forces are known to.
MANY_ORBITS: Final = Tolerance(relative=1e-10, between_km=1e-4)
_ROUNDING_KM: Final = 1e-6
_ROUNDING_S: Final = 1e-3
_TOGETHER: Final = 4096  # more bodies at a time only fill the memory
_SURFACES: Final = {"moon": ("moon", "earth"), "earth": ("earth", "moon"), "sun": ("sun",)}


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
    model: ForceModel | None = None,
    reflecting_area_to_mass_m2_kg: float = 0.0,
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
    model
        What pulls, instead of the centre's field and what `force_model` adds to it.
    reflecting_area_to_mass_m2_kg
        Radiation pressure coefficient times area over mass, for a model with radiation pressure.

    Returns
    -------
    PropagatedOrbit

    Raises
    ------
    InputError
        If the state is no state, the orbit meets the surface, or the ephemeris does not cover the span.
    """
    if model is None:
        model = force_model(center, _field_of(name, center, gravity))
    to_icrf = icrf_from_frame(frame, center, epoch_tdb_s)
    swarm = propagate_swarm(
        [name],
        model,
        [to_icrf @ _triple(position_km, name)],
        [to_icrf @ _triple(velocity_km_s, name)],
        epoch_tdb_s,
        span_tdb_s,
        reflecting_area_to_mass_m2_kg=reflecting_area_to_mass_m2_kg,
        tolerance=ONE_ORBIT,
    )
    for reason in swarm.reasons.values():
        raise InputError(reason)
    return swarm.trajectory(0)


def propagate_swarm(
    names: Sequence[str],
    model: ForceModel,
    position_km: ArrayLike,
    velocity_km_s: ArrayLike,
    epoch_tdb_s: float,
    span_tdb_s: tuple[float, float],
    *,
    reflecting_area_to_mass_m2_kg: ArrayLike = 0.0,
    tolerance: Tolerance = MANY_ORBITS,
) -> PropagatedSwarm:
    """Integrate many orbits together, each with steps of its own.

    Parameters
    ----------
    names
        What to call the bodies, n of them.
    model
        What pulls on them, and what they circle.
    position_km, velocity_km_s : (n, 3)
        States at the epoch relative to the centre, ICRF axes.
    epoch_tdb_s
        TDB seconds since J2000.0.
    span_tdb_s
        First and last time that states will be asked for; a minute on either side is added.
    reflecting_area_to_mass_m2_kg : (n,) or scalar
        Radiation pressure coefficient times area over mass, for a model with radiation pressure.
    tolerance
        How exact each step must be.

    Returns
    -------
    PropagatedSwarm
        Bodies that start below a surface or meet one have a reason; the others go on.

    Raises
    ------
    InputError
        If shapes do not fit, the span runs backwards, or the ephemeris does not cover it.
    """
    count = len(names)
    position, velocity = (np.asarray(one, dtype=np.float64) for one in (position_km, velocity_km_s))
    if position.shape != (count, 3) or velocity.shape != (count, 3):
        raise InputError(f"{count} bodies need positions and velocities of shape ({count}, 3)")
    area_to_mass = np.broadcast_to(np.asarray(reflecting_area_to_mass_m2_kg, dtype=np.float64), (count,))
    if count > _TOGETHER:
        return _joined(
            propagate_swarm(
                names[rows],
                model,
                position[rows],
                velocity[rows],
                epoch_tdb_s,
                span_tdb_s,
                reflecting_area_to_mass_m2_kg=area_to_mass[rows],
                tolerance=tolerance,
            )
            for rows in (slice(first, first + _TOGETHER) for first in range(0, count, _TOGETHER))
        )
    if span_tdb_s[1] < span_tdb_s[0]:
        raise InputError(
            f"{', '.join(names[:1])}: the span ends {span_tdb_s[0] - span_tdb_s[1]:g} s before it begins"
        )
    ephemeris().coverage.check(np.array([epoch_tdb_s, *span_tdb_s]), ephemeris().name)
    span = (min(span_tdb_s[0], epoch_tdb_s) - SPAN_MARGIN_S, max(span_tdb_s[1], epoch_tdb_s) + SPAN_MARGIN_S)
    ready = forces(model, *span)
    state = np.concatenate([position, velocity], axis=1).T
    reasons = _without_a_start(names, model, state, epoch_tdb_s)
    motion = _integrated(names, ready, state, epoch_tdb_s, span, area_to_mass, tolerance, reasons)
    return PropagatedSwarm(tuple(names), model.center, (span,) * count, motion, reasons)


def _joined(swarms: Iterable[PropagatedSwarm]) -> PropagatedSwarm:
    """Return several swarms about one centre as one."""
    parts = list(swarms)
    first = np.cumsum([0, *(len(part) for part in parts)])
    reasons = {
        int(start) + row: reason
        for start, part in zip(first, parts, strict=False)
        for row, reason in part.reasons.items()
    }
    return PropagatedSwarm(
        tuple(name for part in parts for name in part.names),
        parts[0].center,
        tuple(span for part in parts for span in part.spans_tdb_s),
        joined([part.motion for part in parts]),
        reasons,
    )


def _integrated(
    names: Sequence[str],
    ready: Forces,
    state: FloatArray,
    epoch_tdb_s: float,
    span_tdb_s: tuple[float, float],
    area_to_mass: FloatArray,
    tolerance: Tolerance,
    reasons: dict[int, str],
) -> DenseMotion:
    """Integrate the bodies without a reason not to, backwards and forwards; add reasons for those that do not last."""
    going = np.array([row for row in range(len(names)) if row not in reasons], dtype=np.intp)
    surfaces = _surfaces(ready.model, epoch_tdb_s)
    prepared = _prepared(ready, epoch_tdb_s, area_to_mass[going])
    legs, last = [], []
    for end in span_tdb_s:
        watch = ImpactWatch(ready, epoch_tdb_s, surfaces)
        steps = integrate(prepared, state[:, going], end - epoch_tdb_s, tolerance, watch)
        legs.append(replace(steps, body=going[steps.body]))
        for body, (met, since) in watch.impacts.items():
            row = int(going[body])
            last.append((row, since))
            reasons[row] = (
                f"{names[row]} hits the surface of the {met.capitalize()} at "
                f"{tdb_calendar_time(epoch_tdb_s + since)}; choose a higher orbit or a shorter span"
            )
    motion = dense_motion(epoch_tdb_s, len(names), legs).ending(last)
    begin, end = (edge - epoch_tdb_s for edge in span_tdb_s)
    short = (motion.last_s < end - _ROUNDING_S) | (motion.first_s > begin + _ROUNDING_S)
    for row in map(int, np.flatnonzero(short)):
        reasons.setdefault(
            row, f"{names[row]} falls into a body; its orbit cannot be followed through the run"
        )
    return motion


def _prepared(ready: Forces, epoch_tdb_s: float, area_to_mass: FloatArray) -> Derivative:
    """Return what the integrator asks for accelerations."""

    def prepare(
        bodies: NDArray[np.intp], since_s: FloatArray
    ) -> Callable[[int, FloatArray, FloatArray], FloatArray]:
        count = bodies.size
        around = ready.surroundings(epoch_tdb_s + since_s.ravel())
        parts = [around.part(slice(stage * count, (stage + 1) * count)) for stage in range(len(since_s))]
        pushed = area_to_mass[bodies]
        return lambda stage, position, velocity: ready.acceleration(parts[stage], position, velocity, pushed)

    return prepare


def _surfaces(model: ForceModel, epoch_tdb_s: float) -> tuple[Surface, ...]:
    known = {model.center, *model.bodies}
    return tuple(surface(body, epoch_tdb_s) for body in _SURFACES[model.center] if body in known)


def _without_a_start(
    names: Sequence[str], model: ForceModel, state: FloatArray, epoch_tdb_s: float
) -> dict[int, str]:
    """Return why bodies cannot start, by row: no numbers, or below a surface."""
    reasons = {
        row: f"{names[row]}: a position or velocity is three finite numbers"
        for row in map(int, np.flatnonzero(~np.isfinite(state).all(axis=0)))
    }
    for one in _surfaces(model, epoch_tdb_s):
        place = ephemeris().relative_state(one.body, model.center, epoch_tdb_s)[0][0]
        altitude = one.altitude_km(state[:3] - place[:, np.newaxis])
        for row in map(int, np.flatnonzero(altitude < -_ROUNDING_KM)):
            reasons[row] = (
                f"{names[row]} is {-altitude[row]:.1f} km below the surface of the {one.body.capitalize()} at "
                f"{tdb_calendar_time(epoch_tdb_s)}; choose a higher orbit"
            )
    return reasons


def _field_of(name: str, center: str, gravity: GravityField | None) -> GravityField:
    look_up(THIRD_BODIES, center, "centre of an orbit")
    field = gravity
    if field is None:
        field = point_mass(center) if center == "sun" else shipped_field(center)
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
