"""Three-body orbits as trajectories: carried along by the Moon (kinematic), or natural (n-body)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError, SkyforgeError
from skyforge.orbits.bodies import MEAN_RADIUS_KM
from skyforge.orbits.cr3bp import (
    ThreeBodyMotion,
    ThreeBodyState,
    ThreeBodySystem,
    orbit_of_same_period,
    three_body_motion,
)
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.multiple_shooting import joined_arcs, point_mass_rates
from skyforge.orbits.propagate import SPAN_MARGIN_S
from skyforge.orbits.pulsating_frame import geocentric_from_pulsating
from skyforge.orbits.timescales import DAY_S, tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, Trajectory, time_vector

Mode = Literal["kinematic", "n-body"]
THREE_BODY_MODES: Final[tuple[Mode, ...]] = ("kinematic", "n-body")

# Arcs per revolution: as many keep each arc's growth of errors small through a close passage of the Moon.
_ARCS_PER_REVOLUTION: Final = 12
# Mean sidereal month: Chapront et al. 2002 (A&A 387, 700), and the constant distance at which DE440's masses have it.
_SIDEREAL_MONTH_D: Final = 27.321661
_MEAN_MOON_KM: Final = 384_747.96
_CLOCK_STEP_S: Final = 3600.0
_CLOCK_MARGIN_PERIODS: Final = 3.0
_RELATIVE_TOLERANCE: Final = 1e-12
_ABSOLUTE_TOLERANCE: Final = np.array([1e-8, 1e-8, 1e-8, 1e-11, 1e-11, 1e-11])  # km and km/s
_MOST_REVOLUTIONS: Final = 60


@dataclass(frozen=True)
class KinematicOrbit:
    """An orbit of the circular problem drawn into the true Earth and Moon: no natural trajectory.

    Its shape stands in the frame that turns and breathes with them, so that it never leaves them and never meets the
    Moon, whatever the date; but no spacecraft moves so without thrust.

    Attributes
    ----------
    name
        What it is called.
    motion
        The orbit in the rotating frame.
    epoch_tdb_s, phase
        When it is where: the time in TU since the initial state that belongs to the epoch.
    """

    name: str
    motion: ThreeBodyMotion
    epoch_tdb_s: float
    phase: float

    def geocentric_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the Earth's centre, ICRF axes."""
        times = time_vector(t_tdb_s)
        system = self.motion.initial.system
        states = self.motion.at(self.phase + (times - self.epoch_tdb_s) / system.time_s)
        return geocentric_from_pulsating(states, times, system.mass_ratio, system.time_s)

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.geocentric_state(t_tdb_s)
        earth_position, earth_velocity = ephemeris().state("earth", t_tdb_s)
        return earth_position + position, earth_velocity + velocity


@dataclass(frozen=True)
class NaturalOrbit:
    """A three-body orbit corrected for the true Sun, Earth and Moon (point masses, DE440): arcs that join to a metre.

    Attributes
    ----------
    name
        What it is called.
    span_tdb_s
        First and last time at which there is a state.
    """

    name: str
    span_tdb_s: tuple[float, float]
    _starts_tdb_s: FloatArray
    _arcs: tuple[Callable[[FloatArray], FloatArray], ...]

    def relative_state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s relative to the Moon's centre, ICRF axes.

        Raises
        ------
        PropagationError
            If a time lies outside the span.
        """
        times = time_vector(t_tdb_s)
        start, end = self.span_tdb_s
        wrong = times[~((times >= start) & (times <= end))]
        if wrong.size:
            raise PropagationError(
                self.name,
                f"{self.name} was made from {tdb_calendar_time(start)} to {tdb_calendar_time(end)}, "
                f"not to {tdb_calendar_time(float(wrong[0]))}; give a longer span",
            )
        which = np.clip(np.searchsorted(self._starts_tdb_s, times, side="right") - 1, 0, len(self._arcs) - 1)
        states = np.empty((times.size, 6))
        for arc in np.unique(which):
            chosen = which == arc
            states[chosen] = self._arcs[arc](times[chosen] - self._starts_tdb_s[arc]).T
        return states[:, :3].copy(), states[:, 3:].copy()

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF."""
        position, velocity = self.relative_state(t_tdb_s)
        moon_position, moon_velocity = ephemeris().state("moon", t_tdb_s)
        return moon_position + position, moon_velocity + velocity


def three_body_orbit(
    name: str,
    initial: ThreeBodyState,
    epoch_tdb_s: float,
    span_tdb_s: tuple[float, float],
    mode: Mode = "n-body",
    phase: float = 0.0,
) -> Trajectory:
    """Put an orbit of the circular restricted three-body problem into the true Earth-Moon system.

    Parameters
    ----------
    name
        What to call it.
    initial
        State in the rotating frame, with its system and, where it closes, its period.
    epoch_tdb_s
        When it is there, TDB seconds since J2000.0.
    span_tdb_s
        First and last time that states will be asked for; a minute on either side is added.
    mode
        "kinematic": the shape in the frame that turns and breathes with the Moon, no natural motion. "n-body":
        corrected by multiple shooting to a natural motion under Sun, Earth and Moon near it; it needs a period.
    phase
        Share of the period by which it is ahead of the initial state at the epoch.

    Returns
    -------
    KinematicOrbit or NaturalOrbit

    Raises
    ------
    InputError
        If the mode is unknown, or asks for a period that is not there, or the ephemeris does not cover the span.
    SkyforgeError
        If the correction does not succeed.
    """
    if mode not in THREE_BODY_MODES:
        raise InputError(f"{name}: unknown mode {mode!r}; known: {', '.join(THREE_BODY_MODES)}")
    if initial.period is None and phase != 0.0:
        raise InputError(f"{name}: a phase is a share of the period, and this orbit has none")
    ephemeris().coverage.check(np.array([epoch_tdb_s, *span_tdb_s], dtype=np.float64), ephemeris().name)
    span = (span_tdb_s[0] - SPAN_MARGIN_S, span_tdb_s[1] + SPAN_MARGIN_S)
    time_s = initial.system.time_s
    ahead = phase * (initial.period or 0.0)
    bounds = ((span[0] - epoch_tdb_s) / time_s, (span[1] - epoch_tdb_s) / time_s)
    reference = KinematicOrbit(name, three_body_motion(initial, bounds), epoch_tdb_s, ahead)
    if mode == "kinematic":
        return reference
    return _natural(_in_natural_units(reference), span)


def _in_natural_units(reference: KinematicOrbit) -> KinematicOrbit:
    """Return the orbit of the same period in the true Moon's mean units, where it is symmetric; else the same orbit."""
    initial = reference.motion.initial
    if initial.period is None:
        return reference
    system = ThreeBodySystem(
        initial.system.mass_ratio, _MEAN_MOON_KM, _SIDEREAL_MONTH_D * DAY_S / (2.0 * np.pi)
    )
    try:
        member = orbit_of_same_period(initial, system)
    except InputError:
        return reference
    share = reference.phase / initial.period
    return KinematicOrbit(
        reference.name, three_body_motion(member), reference.epoch_tdb_s, share * float(member.period or 0.0)
    )


def _natural(reference: KinematicOrbit, span_tdb_s: tuple[float, float]) -> NaturalOrbit:
    """Correct whole revolutions around the span, one more at either end to keep the ends' freedom away from it."""
    name, period_s = reference.name, reference.motion.initial.period_s
    if period_s is None:
        raise InputError(
            f"{name}: the n-body mode corrects periodic orbits and needs the period; give it, or take the "
            "kinematic mode"
        )
    clock = _elastic_clock(reference, span_tdb_s, period_s)
    first, last = (float(clock.passed_s(end)) / period_s for end in span_tdb_s)
    revolutions = np.arange(np.floor(first) - 1.0, np.ceil(last) + 1.0)
    if revolutions.size > _MOST_REVOLUTIONS:
        raise InputError(
            f"{name}: the n-body mode corrects {_MOST_REVOLUTIONS - 2} revolutions of {period_s / DAY_S:.2f} d at "
            "most; take a shorter run, or the kinematic mode"
        )
    marks = (revolutions[:, np.newaxis] * period_s + _patch_times(reference)).ravel()
    passed = np.append(marks, (revolutions[-1] + 1.0) * period_s)
    starts = clock.time_tdb_s(passed)
    ephemeris().coverage.check(starts, ephemeris().name)
    guess = _elastic_states(reference, starts, passed, clock.pace(starts))
    states, starts = joined_arcs(name, guess, starts)
    chosen = np.flatnonzero((starts[1:] >= span_tdb_s[0]) & (starts[:-1] <= span_tdb_s[1]))
    arcs = tuple(_arc(name, states[k], starts[k], starts[k + 1]) for k in chosen)
    return NaturalOrbit(name, span_tdb_s, starts[chosen], arcs)


@dataclass(frozen=True)
class _ElasticClock:
    """Time that runs faster when the Moon is near, as its own motion does by Kepler's third law.

    On the average of the months it keeps step with TDB, so that an orbit keeps its period.
    """

    grid_tdb_s: FloatArray
    passed_grid_s: FloatArray
    pace_grid: FloatArray

    def passed_s(self, t_tdb_s: ArrayLike) -> FloatArray:
        return np.asarray(
            np.interp(np.asarray(t_tdb_s), self.grid_tdb_s, self.passed_grid_s), dtype=np.float64
        )

    def time_tdb_s(self, passed_s: FloatArray) -> FloatArray:
        return np.asarray(np.interp(passed_s, self.passed_grid_s, self.grid_tdb_s), dtype=np.float64)

    def pace(self, t_tdb_s: FloatArray) -> FloatArray:
        return np.asarray(np.interp(t_tdb_s, self.grid_tdb_s, self.pace_grid), dtype=np.float64)


def _elastic_clock(
    reference: KinematicOrbit, span_tdb_s: tuple[float, float], period_s: float
) -> _ElasticClock:
    margin = _CLOCK_MARGIN_PERIODS * period_s
    grid = np.arange(
        min(span_tdb_s[0], reference.epoch_tdb_s) - margin,
        max(span_tdb_s[1], reference.epoch_tdb_s) + margin,
        _CLOCK_STEP_S,
    )
    ephemeris().coverage.check(grid[[0, -1]], ephemeris().name)
    distance = np.linalg.norm(ephemeris().relative_state("moon", "earth", grid)[0], axis=1)
    pace = (_MEAN_MOON_KM / distance) ** 1.5
    passed = np.concatenate([[0.0], np.cumsum(0.5 * (pace[1:] + pace[:-1]))]) * _CLOCK_STEP_S
    return _ElasticClock(grid, passed - np.interp(reference.epoch_tdb_s, grid, passed), pace)


def _elastic_states(
    reference: KinematicOrbit, t_tdb_s: FloatArray, passed_s: FloatArray, pace: FloatArray
) -> FloatArray:
    """Return states (n, 6) relative to the Moon, km and km/s, on an orbit that follows the elastic clock."""
    motion, system = reference.motion, reference.motion.initial.system
    states = motion.at(reference.phase + passed_s / system.time_s)
    states[:, 3:] *= pace[:, np.newaxis]
    position, velocity = geocentric_from_pulsating(states, t_tdb_s, system.mass_ratio, system.time_s)
    moon_position, moon_velocity = ephemeris().relative_state("moon", "earth", t_tdb_s)
    return np.concatenate([position - moon_position, velocity - moon_velocity], axis=1)


def _patch_times(reference: KinematicOrbit) -> FloatArray:
    """Return when arcs start within a revolution, seconds on the elastic clock: closer together near the Moon."""
    motion, system = reference.motion, reference.motion.initial.system
    period = float(motion.initial.period or 0.0)
    times = np.linspace(0.0, period, 2001)
    places = motion.at(reference.phase + times)[:, :3] - np.array([1.0 - system.mass_ratio, 0.0, 0.0])
    # Equal shares of this turn the motion by about the same angle: about the Moon near it, with the frame far from it.
    pace = 1.0 + np.sqrt(system.mass_ratio / np.sum(places**2, axis=1) ** 1.5)
    progress = np.concatenate([[0.0], np.cumsum(0.5 * (pace[1:] + pace[:-1]))])
    marks = np.arange(_ARCS_PER_REVOLUTION) / _ARCS_PER_REVOLUTION * progress[-1]
    return np.asarray(np.interp(marks, progress, times) * system.time_s, dtype=np.float64)


def _arc(
    name: str, state: FloatArray, start_tdb_s: float, end_tdb_s: float
) -> Callable[[FloatArray], FloatArray]:
    from scipy.integrate import solve_ivp

    def derivative(t: float, current: FloatArray) -> FloatArray:
        acceleration, _ = point_mass_rates(np.array([start_tdb_s + t]), current[np.newaxis])
        return np.concatenate([current[3:], acceleration[0]])

    def altitude(_t: float, current: FloatArray) -> float:
        return float(np.linalg.norm(current[:3])) - MEAN_RADIUS_KM["moon"]

    solution: Any = solve_ivp(
        derivative,
        (0.0, end_tdb_s - start_tdb_s),
        state,
        method="DOP853",
        dense_output=True,
        rtol=_RELATIVE_TOLERANCE,
        atol=_ABSOLUTE_TOLERANCE,
        events=altitude,
    )
    if solution.t_events[0].size:
        when = tdb_calendar_time(start_tdb_s + float(solution.t_events[0][0]))
        raise InputError(f"{name} meets the surface of the Moon at {when}; choose a higher orbit")
    if not solution.success:
        raise SkyforgeError(f"{name}: the integration failed: {solution.message}")
    result: Callable[[FloatArray], FloatArray] = solution.sol
    return result
