"""Motion of many bodies at once: Dormand and Prince's method of order eight, each body with steps of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.trajectory import FloatArray

_STAGES: Final = 12
_EXTRA_STAGES: Final = 3
_ALL_STAGES: Final = _STAGES + 1 + _EXTRA_STAGES
_SAFETY: Final = 0.9
_LEAST_FACTOR, _LARGEST_FACTOR = 0.333, 6.0
_ORDER: Final = 8
_SHORTEST_S: Final = 1e-6
_FIRST_STEP: Final = 0.01  # of the time in which a body crosses its own distance
_CHECKED_AT: Final = np.array([0.25, 0.5, 0.75])


@dataclass(frozen=True)
class Tolerance:
    """How exact a step must be.

    Attributes
    ----------
    relative
        Error of a step over the distance from the centre and over the speed.
    position_km, velocity_km_s
        Errors that never matter.
    between_km
        How far the polynomial of a step may stray from the motion between its ends.
    """

    relative: float = 1e-12
    position_km: float = 1e-8
    velocity_km_s: float = 1e-11
    between_km: float = 1e-5


@dataclass(frozen=True)
class Steps:
    """Accepted steps of bodies, m of them, each a polynomial.

    Attributes
    ----------
    body : (m,)
        Whose step it is.
    start_s, length_s : (m,)
        When it begins, and its signed length.
    coefficients : (8, 6, m)
        Position (km) and velocity (km/s) by powers of the place in the step, 0 to 1.
    """

    body: NDArray[np.intp]
    start_s: FloatArray
    length_s: FloatArray
    coefficients: FloatArray

    def at(self, place: FloatArray) -> FloatArray:
        """Return states (6, m) at one place (m,) in each step."""
        value = self.coefficients[-1].copy()
        for coefficient in self.coefficients[-2::-1]:
            value = value * place + coefficient
        return np.asarray(value, dtype=np.float64)


Derivative = Callable[[NDArray[np.intp], FloatArray], Callable[[int, FloatArray, FloatArray], FloatArray]]
"""From bodies (n,) and the times (stages, n) of a step to a function of stage, position and velocity (3, n) that
returns accelerations (3, n)."""

Watch = Callable[[Steps], NDArray[np.bool_]]
"""From steps just made, a mask of those after which a body goes no farther."""


def integrate(
    prepare: Derivative,
    state: FloatArray,
    duration_s: float,
    tolerance: Tolerance,
    watch: Watch | None = None,
) -> Steps:
    """Integrate the motion of n bodies over a signed duration.

    Parameters
    ----------
    prepare
        What accelerates the bodies.
    state : (6, n)
        Positions (km) and velocities (km/s) at time 0.
    duration_s
        How far to go, backwards if negative.
    tolerance
        How exact each step must be, for each body by itself.
    watch
        Is shown the steps as they are made, and stops bodies.

    Returns
    -------
    Steps
        Of all bodies, in order of body and time. Those of a body that falls into a point of mass end where they become
        too short to go on.
    """
    if not state.size or duration_s == 0.0:
        return _sorted([])
    tableau = _tableau()
    bodies, time, now = np.arange(state.shape[1]), np.zeros(state.shape[1]), state.copy()
    direction = 1.0 if duration_s >= 0.0 else -1.0
    length = _first_lengths(state)
    rate = _rates(prepare, bodies, now)
    made: list[Steps] = []
    while bodies.size:
        left = np.abs(duration_s - time)
        step = direction * np.minimum(length, left)
        slopes, new = _stages(tableau, prepare, bodies, time, step, now, rate)
        polynomials = _polynomials(tableau, slopes, now, new)
        stray = _stray(polynomials, step) / tolerance.between_km
        error = np.maximum(_error(tableau, slopes, now, new, tolerance), stray)
        good = error <= 1.0
        factor = _SAFETY * np.maximum(error, 1e-12) ** (-1.0 / _ORDER)
        length = np.abs(step) * np.clip(factor, _LEAST_FACTOR, np.where(good, _LARGEST_FACTOR, 1.0))
        chosen = np.flatnonzero(good)
        steps = Steps(bodies[chosen], time[chosen], step[chosen], polynomials[:, :, chosen])
        made.append(steps)
        time[chosen] += step[chosen]
        now[:, chosen] = new[:, chosen]
        rate[:, chosen] = slopes[_STAGES][:, chosen] / step[chosen]
        finished = (good & (np.abs(step) >= left)) | (length < _SHORTEST_S) & ~good
        if watch is not None and chosen.size:
            finished[chosen] |= watch(steps)
        if finished.any():
            going = ~finished
            bodies, time, length = bodies[going], time[going], length[going]
            now, rate = now[:, going], rate[:, going]
    return _sorted(made)


def _first_lengths(state: FloatArray) -> FloatArray:
    """Return how long first steps (n,) may be, s: errors mend them."""
    distance, speed = (np.sqrt(np.einsum("in,in->n", one, one)) for one in (state[:3], state[3:]))
    return np.asarray(np.maximum(_FIRST_STEP * distance / np.maximum(speed, 1e-12), _SHORTEST_S))


def _rates(prepare: Derivative, bodies: NDArray[np.intp], now: FloatArray) -> FloatArray:
    """Return the derivatives (6, n) of states at time 0."""
    accelerate = prepare(bodies, np.zeros((1, bodies.size)))
    return np.concatenate([now[3:], accelerate(0, now[:3], now[3:])])


@dataclass(frozen=True)
class _Tableau:
    """Coefficients of the method: Prince & Dormand 1981 (J. Comput. Appl. Math. 7, 67), as SciPy holds them."""

    stages: FloatArray
    times: FloatArray
    weights: FloatArray
    third: FloatArray
    fifth: FloatArray
    powers: FloatArray


def _tableau() -> _Tableau:
    from scipy.integrate import DOP853

    method: Any = DOP853
    stages = np.zeros((_ALL_STAGES, _ALL_STAGES))
    stages[:_STAGES, :_STAGES] = method.A
    stages[_STAGES, :_STAGES] = method.B
    stages[_STAGES + 1 :] = method.A_EXTRA
    times = np.concatenate([method.C, [1.0], method.C_EXTRA])
    return _Tableau(stages, times, method.B, method.E3, method.E5, _powers_of_nested(method.D))


def _powers_of_nested(dense: FloatArray) -> FloatArray:
    """Return the matrix (8, 18) from (old state, new state, slopes times the step) to coefficients of powers.

    The method's interpolant has a nested form: Hairer, Nørsett & Wanner 1993, section II.6.
    """
    rows = np.zeros((8, 2 + _ALL_STAGES))
    rows[0, 0] = 1.0
    rows[1, [0, 1]] = -1.0, 1.0
    rows[2, [0, 1, 2]] = 1.0, -1.0, 1.0
    rows[3, [0, 1, 2, 2 + _STAGES]] = -2.0, 2.0, -1.0, -1.0
    rows[4:, 2:] = dense
    # The nested factors are x, x(1 - x), x²(1 - x), ...: one polynomial for each row.
    powers = np.zeros((8, 8))
    powers[0, 0] = 1.0
    for k in range(1, 8):
        shifted = np.concatenate([[0.0], powers[:-1, k - 1]])
        powers[:, k] = shifted if k % 2 else powers[:, k - 1] - shifted
    return np.asarray(powers @ rows, dtype=np.float64)


def _stages(
    tableau: _Tableau,
    prepare: Derivative,
    bodies: NDArray[np.intp],
    time: FloatArray,
    step: FloatArray,
    now: FloatArray,
    rate: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the slopes times the step, (16, 6, n), and the new states (6, n)."""
    accelerate = prepare(bodies, time + tableau.times[1:, np.newaxis] * step)
    slopes = np.empty((_ALL_STAGES, *now.shape))
    flat = slopes.reshape(_ALL_STAGES, -1)
    slopes[0] = rate * step
    new = now
    for stage in range(1, _ALL_STAGES):
        at = now + (tableau.stages[stage, :stage] @ flat[:stage]).reshape(now.shape)
        if stage == _STAGES:
            new = at
        slopes[stage, :3] = at[3:] * step
        slopes[stage, 3:] = accelerate(stage - 1, at[:3], at[3:]) * step
    return slopes, new


def _error(
    tableau: _Tableau, slopes: FloatArray, now: FloatArray, new: FloatArray, tolerance: Tolerance
) -> FloatArray:
    """Return the error (n,) of a step over what is allowed (Hairer, Nørsett & Wanner 1993, eq. II.10.17)."""
    flat = slopes[: _STAGES + 1].reshape(_STAGES + 1, -1)
    third, fifth = ((weights @ flat).reshape(2, 3, -1) for weights in (tableau.third, tableau.fifth))
    before, after = (
        np.einsum("pin,pin->pn", one, one) for one in (now.reshape(2, 3, -1), new.reshape(2, 3, -1))
    )
    size = np.sqrt(np.maximum(before, after))
    allowed = np.array([[tolerance.position_km], [tolerance.velocity_km_s]]) + tolerance.relative * size
    third_squared, fifth_squared = (
        (np.einsum("pin,pin->pn", one, one) / allowed**2).sum(axis=0) for one in (third, fifth)
    )
    whole = fifth_squared + 0.01 * third_squared
    return np.asarray(fifth_squared / np.sqrt(np.maximum(whole, 1e-300) * len(now)), dtype=np.float64)


def _polynomials(tableau: _Tableau, slopes: FloatArray, now: FloatArray, new: FloatArray) -> FloatArray:
    """Return the coefficients (8, 6, n) of the steps' polynomials."""
    flat = slopes.reshape(_ALL_STAGES, -1)
    ends = np.stack([now.ravel(), new.ravel()])
    values = tableau.powers[:, :2] @ ends + tableau.powers[:, 2:] @ flat
    return np.asarray(values.reshape(8, *now.shape), dtype=np.float64)


def _stray(coefficients: FloatArray, step: FloatArray) -> FloatArray:
    """Return about how far (n,) the polynomials stray between their ends, in km.

    Place and speed have a polynomial each; where the slope of the one is not the other, one of them is wrong.
    """
    powers = np.arange(8.0)
    slope = powers[1:] * _CHECKED_AT[:, np.newaxis] ** (powers[1:] - 1.0)
    value = _CHECKED_AT[:, np.newaxis] ** powers
    position, velocity = coefficients[1:, :3], coefficients[:, 3:]
    apart = np.tensordot(slope, position, axes=1) - step * np.tensordot(value, velocity, axes=1)
    return np.asarray(np.sqrt(np.einsum("kin,kin->kn", apart, apart)).max(axis=0) / 8.0, dtype=np.float64)


def _sorted(made: list[Steps]) -> Steps:
    if not made:
        return Steps(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0), np.zeros((8, 6, 0)))
    body, start, length = (
        np.concatenate([getattr(one, name) for one in made]) for name in ("body", "start_s", "length_s")
    )
    order = np.lexsort((np.abs(start), body))
    coefficients = np.concatenate([one.coefficients for one in made], axis=2)
    return Steps(body[order], start[order], length[order], coefficients[:, :, order])
