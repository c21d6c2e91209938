"""The circular restricted three-body problem: motion near two bodies that circle each other.

Everything is in the system's own units: the distance of the two bodies is 1, their mutual period 2π. The rotating frame
has its origin in the barycentre, the larger body at x = -μ, the smaller at x = 1 - μ (Szebehely 1967, Theory of Orbits,
chapter 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError, SkyforgeError
from skyforge.orbits.trajectory import FloatArray

# Periodic orbits of the catalogue close to below a millimetre and keep their Jacobi constant to 1e-12.
_RELATIVE_TOLERANCE: Final = 1e-13
_ABSOLUTE_TOLERANCE: Final = 1e-15
_CORRECTION_STEPS: Final = 25
_CORRECTED: Final = 1e-12
_FAMILY_STEPS: Final = 4
_RIGHT_ANGLE: Final = 1e-6
# Where a symmetric orbit crosses the x-z plane at a right angle y, x rate and z rate vanish; the others are free.
_CROSSING: Final = np.array([1, 3, 5])
_FREE: Final = np.array([0, 2, 4])


@dataclass(frozen=True)
class ThreeBodySystem:
    """Two bodies that circle each other, and the units that states about them are given in.

    A state means nothing without all three: "the 9:2 halo orbit" of one set of units is another orbit in the next.

    Attributes
    ----------
    mass_ratio
        μ, the smaller body's share of the mass.
    length_km
        LU, the distance of the bodies.
    time_s
        TU, their period over 2π.
    """

    mass_ratio: float
    length_km: float
    time_s: float

    def __post_init__(self) -> None:
        if not 0.0 < self.mass_ratio <= 0.5:
            raise InputError(f"the mass ratio is {self.mass_ratio:g}; it must be above 0 and at most 0.5")
        for what, value in (("length", self.length_km), ("time", self.time_s)):
            if not (np.isfinite(value) and value > 0.0):
                raise InputError(f"the unit of {what} is {value:g}; it must be above 0")


# Of the catalogue of periodic orbits: JPL Solar System Dynamics, Three-Body Periodic Orbits (Earth-Moon system).
EARTH_MOON_SYSTEM: Final = ThreeBodySystem(0.01215058560962404, 389703.2648292776, 382981.2891290545)


@dataclass(frozen=True)
class ThreeBodyState:
    """A place and velocity in the rotating frame, with the system in whose units they are.

    Attributes
    ----------
    system
        μ, LU and TU.
    position, velocity : three floats
        In LU and LU/TU.
    period
        In TU, where the orbit closes; None where it does not.
    """

    system: ThreeBodySystem
    position: tuple[float, float, float]
    velocity: tuple[float, float, float]
    period: float | None = None

    def __post_init__(self) -> None:
        for what, value in (("position", self.position), ("velocity", self.velocity)):
            if len(value) != 3 or not np.all(np.isfinite(value)):
                raise InputError(
                    f"the {what} of a three-body state is three finite numbers, not {tuple(value)}"
                )
        if self.period is not None and not (np.isfinite(self.period) and self.period > 0.0):
            raise InputError(f"the period is {self.period:g}; it must be above 0")

    @property
    def vector(self) -> FloatArray:
        """Position and velocity, (6,)."""
        return np.array([*self.position, *self.velocity], dtype=np.float64)

    @property
    def period_s(self) -> float | None:
        """The period in seconds."""
        return None if self.period is None else self.period * self.system.time_s

    @property
    def jacobi_constant(self) -> float:
        """The integral of the motion."""
        return float(jacobi_constant(self.vector, self.system.mass_ratio))


def jacobi_constant(states: ArrayLike, mass_ratio: float) -> FloatArray:
    """Return the Jacobi constant C = 2Ω - v² of states (..., 6), (...).

    Szebehely 1967, chapter 1; the term μ(1 - μ) that some authors add is left out, as in JPL's catalogue.
    """
    state = np.asarray(states, dtype=np.float64)
    x, y, z = np.moveaxis(state[..., :3], -1, 0)
    larger = np.sqrt((x + mass_ratio) ** 2 + y**2 + z**2)
    smaller = np.sqrt((x - 1.0 + mass_ratio) ** 2 + y**2 + z**2)
    potential = x**2 + y**2 + 2.0 * (1.0 - mass_ratio) / larger + 2.0 * mass_ratio / smaller
    return np.asarray(potential - np.sum(state[..., 3:] ** 2, axis=-1), dtype=np.float64)


def lagrange_points(mass_ratio: float) -> FloatArray:
    """Return the places of L1 … L5 in the rotating frame, (5, 3)."""
    from scipy.optimize import brentq

    def pull(x: float) -> float:
        to_larger, to_smaller = x + mass_ratio, x - 1.0 + mass_ratio
        return float(
            x
            - (1.0 - mass_ratio) * to_larger / abs(to_larger) ** 3
            - mass_ratio * to_smaller / abs(to_smaller) ** 3
        )

    near = 1e-6
    ends = (
        (-mass_ratio + near, 1.0 - mass_ratio - near),
        (1.0 - mass_ratio + near, 2.0),
        (-2.0, -mass_ratio - near),
    )
    collinear = [[float(brentq(pull, *pair, xtol=1e-15, rtol=1e-14)), 0.0, 0.0] for pair in ends]
    height = np.sqrt(0.75)
    return np.array([*collinear, [0.5 - mass_ratio, height, 0.0], [0.5 - mass_ratio, -height, 0.0]])


def rates(state: FloatArray, mass_ratio: float) -> FloatArray:
    """Return the time derivative of a state (6,) (Szebehely 1967, eqs. 1.4.16 and 10.1.1)."""
    x, y, z, x_rate, y_rate, z_rate = state
    to_larger, to_smaller = x + mass_ratio, x - 1.0 + mass_ratio
    larger = (1.0 - mass_ratio) / (to_larger * to_larger + y * y + z * z) ** 1.5
    smaller = mass_ratio / (to_smaller * to_smaller + y * y + z * z) ** 1.5
    return np.array(
        [
            x_rate,
            y_rate,
            z_rate,
            x + 2.0 * y_rate - larger * to_larger - smaller * to_smaller,
            y - 2.0 * x_rate - (larger + smaller) * y,
            -(larger + smaller) * z,
        ]
    )


def _rates_with_transition(state: FloatArray, mass_ratio: float) -> FloatArray:
    """Return the derivative of a state and of its transition matrix, (42,)."""
    position = state[:3]
    gradient = np.diag([1.0, 1.0, 0.0])
    for mass, place in ((1.0 - mass_ratio, -mass_ratio), (mass_ratio, 1.0 - mass_ratio)):
        apart = position - np.array([place, 0.0, 0.0])
        square = float(apart @ apart)
        gradient += mass * (3.0 * np.outer(apart, apart) / square - np.eye(3)) / square**1.5
    jacobian = np.zeros((6, 6))
    jacobian[:3, 3:] = np.eye(3)
    jacobian[3:, :3] = gradient
    jacobian[3, 4], jacobian[4, 3] = 2.0, -2.0
    return np.concatenate([rates(state[:6], mass_ratio), (jacobian @ state[6:].reshape(6, 6)).ravel()])


@dataclass(frozen=True)
class ThreeBodyMotion:
    """The motion from a state, at any time; a periodic orbit repeats itself exactly.

    Attributes
    ----------
    initial
        Where it begins, at time 0.
    """

    initial: ThreeBodyState
    _backward: Callable[[FloatArray], FloatArray] | None
    _forward: Callable[[FloatArray], FloatArray]

    def at(self, time: ArrayLike) -> FloatArray:
        """Return the states (n, 6) at times (n,) in TU since the initial state."""
        times = np.atleast_1d(np.asarray(time, dtype=np.float64))
        if self.initial.period is not None:
            return np.asarray(self._forward(np.mod(times, self.initial.period)).T, dtype=np.float64)
        states = np.empty((times.size, 6))
        for chosen, solution in ((times < 0.0, self._backward), (times >= 0.0, self._forward)):
            if solution is not None and np.any(chosen):
                states[chosen] = solution(times[chosen]).T
        return states


def three_body_motion(initial: ThreeBodyState, span: tuple[float, float] = (0.0, 0.0)) -> ThreeBodyMotion:
    """Integrate the circular restricted three-body problem from a state.

    Parameters
    ----------
    initial
        Where it begins.
    span
        First and last time that states will be asked for, TU; of no account for a periodic orbit.

    Raises
    ------
    SkyforgeError
        If the motion runs into one of the bodies' centres.
    """
    if initial.period is not None:
        return ThreeBodyMotion(initial, None, _integrated(initial, initial.period))
    backward, forward = (_integrated(initial, end) for end in (min(span[0], 0.0), max(span[1], 0.0)))
    return ThreeBodyMotion(initial, backward, forward)


def _integrated(initial: ThreeBodyState, duration: float) -> Callable[[FloatArray], FloatArray]:
    from scipy.integrate import solve_ivp

    solution: Any = solve_ivp(
        lambda _t, state: rates(state, initial.system.mass_ratio),
        (0.0, duration),
        initial.vector,
        method="DOP853",
        dense_output=True,
        rtol=_RELATIVE_TOLERANCE,
        atol=_ABSOLUTE_TOLERANCE,
    )
    if not solution.success:
        raise SkyforgeError(f"the three-body motion cannot be integrated: {solution.message}")
    result: Callable[[FloatArray], FloatArray] = solution.sol
    return result


def transition(initial: ThreeBodyState, duration: float) -> tuple[FloatArray, FloatArray]:
    """Return the state (6,) after a duration in TU, and its derivative by the initial state, (6, 6)."""
    from scipy.integrate import solve_ivp

    solution: Any = solve_ivp(
        lambda _t, state: _rates_with_transition(state, initial.system.mass_ratio),
        (0.0, duration),
        np.concatenate([initial.vector, np.eye(6).ravel()]),
        method="DOP853",
        rtol=_RELATIVE_TOLERANCE,
        atol=_ABSOLUTE_TOLERANCE,
    )
    if not solution.success:
        raise SkyforgeError(f"the three-body motion cannot be integrated: {solution.message}")
    return solution.y[:6, -1], solution.y[6:, -1].reshape(6, 6)


def symmetric_orbit(guess: ThreeBodyState) -> ThreeBodyState:
    """Return the periodic orbit nearest to a guess that crosses the x-z plane at right angles, of the guess's period.

    Newton's method on the half period (Howell 1984, Celest. Mech. 32, 53), the period held.

    Parameters
    ----------
    guess
        With its period; y, x rate and z rate are set to zero.

    Raises
    ------
    InputError
        If the guess has no period, or no orbit is found near it.
    """
    if guess.period is None:
        raise InputError("a periodic orbit is sought by its period; give one")
    vector = guess.vector
    vector[_CROSSING] = 0.0
    for _ in range(_CORRECTION_STEPS):
        orbit = ThreeBodyState(
            guess.system, _triple(vector[:3]), _triple(vector[3:]), period=float(guess.period)
        )
        end, derivative = transition(orbit, 0.5 * guess.period)
        miss = end[_CROSSING]
        if np.abs(miss).max() < _CORRECTED:
            return orbit
        vector[_FREE] -= np.linalg.lstsq(derivative[np.ix_(_CROSSING, _FREE)], miss, rcond=None)[0]
    raise InputError(
        f"no periodic orbit of {guess.period:g} time units was found near the guess: after {_CORRECTION_STEPS} steps "
        f"it misses a right angle by {np.abs(miss).max():.1e}; give a nearer one"
    )


def orbit_of_same_period(orbit: ThreeBodyState, system: ThreeBodySystem) -> ThreeBodyState:
    """Return the member of a symmetric orbit's family that has its period in seconds in the units of another system.

    A catalogue's unit of time is two per cent off the Moon's mean motion, so that one state has different periods with
    different units, and one period belongs to different members of the family.

    Raises
    ------
    InputError
        If the orbit has no period, does not begin at a right angle to the x-z plane, or the family cannot be followed.
    """
    if orbit.period is None or np.abs(orbit.vector[_CROSSING]).max() > _RIGHT_ANGLE:
        raise InputError(
            "only a periodic orbit that begins at a right angle to the x-z plane can be followed"
        )
    start = np.array([orbit.system.mass_ratio, orbit.period])
    end = np.array([system.mass_ratio, orbit.period * orbit.system.time_s / system.time_s])
    member, vectors = orbit, [orbit.vector]
    for share in np.linspace(0.0, 1.0, _FAMILY_STEPS + 1)[1:]:
        mass_ratio, period = start + share * (end - start)
        guess = vectors[-1] if len(vectors) < 2 else 2.0 * vectors[-1] - vectors[-2]
        at = ThreeBodySystem(float(mass_ratio), system.length_km, system.time_s)
        member = symmetric_orbit(ThreeBodyState(at, _triple(guess[:3]), _triple(guess[3:]), float(period)))
        vectors.append(member.vector)
    return member


def _triple(vector: FloatArray) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
