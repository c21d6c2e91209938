"""From a three-body orbit to a natural one: many short arcs, corrected together until they join.

An orbit of the circular problem is none of nature's: the Moon's distance changes by a seventh, and the Sun pulls. The
arcs start on the three-body orbit, move under Sun, Earth and Moon of DE440, and their ends are shifted as little as may
be until each meets the next, in place and in velocity.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from skyforge.errors import SkyforgeError
from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray

_PERTURBERS: Final = ("earth", "sun")
_RELATIVE_TOLERANCE: Final = 1e-11
_JOINED_KM: Final = 1e-3
_ITERATIONS: Final = 30
_LARGEST_SHIFT: Final = (
    0.1  # of the distance from the Moon, or of the speed about it: beyond, nothing is linear
)


def point_mass_rates(t_tdb_s: FloatArray, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the accelerations and their gradients near the Moon, of point masses Moon, Earth and Sun.

    Parameters
    ----------
    t_tdb_s : (n,)
        TDB seconds since J2000.0.
    states : (n, 6) or more columns
        Relative to the Moon, km and km/s, ICRF axes.

    Returns
    -------
    acceleration : (n, 3) km/s²
    gradient : (n, 3, 3) 1/s²
    """
    position = states[:, :3]
    acceleration, gradient = _pull(-position, GRAVITATIONAL_PARAMETER_KM3_S2["moon"])
    for body in _PERTURBERS:
        place = ephemeris().relative_state(body, "moon", t_tdb_s)[0]
        direct, its_gradient = _pull(place - position, GRAVITATIONAL_PARAMETER_KM3_S2[body])
        acceleration += direct - _pull(place, GRAVITATIONAL_PARAMETER_KM3_S2[body])[0]
        gradient += its_gradient
    return acceleration, gradient


def _pull(apart: FloatArray, gravitational_parameter: float) -> tuple[FloatArray, FloatArray]:
    """Return acceleration towards a body and its gradient by the place of what is pulled."""
    square = np.sum(apart * apart, axis=1)[:, np.newaxis]
    strength = gravitational_parameter / square**1.5
    outer = 3.0 * apart[:, :, np.newaxis] * apart[:, np.newaxis, :] / square[:, :, np.newaxis]
    return strength * apart, strength[:, :, np.newaxis] * (outer - np.eye(3))


def flow(states: FloatArray, start_tdb_s: FloatArray, end_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Move n states (n, 6), each over its own interval, all at once.

    Returns
    -------
    end : (n, 6)
    derivative : (n, 6, 6)
        Of the end by the start.
    """
    from scipy.integrate import solve_ivp

    count = len(states)
    duration = end_tdb_s - start_tdb_s
    initial = np.concatenate([states, np.tile(np.eye(6).ravel(), (count, 1))], axis=1)

    def derivative(share: float, flat: FloatArray) -> FloatArray:
        state = flat.reshape(count, 42)
        acceleration, gradient = point_mass_rates(start_tdb_s + share * duration, state)
        matrix = state[:, 6:].reshape(count, 6, 6)
        change = np.empty_like(state)
        change[:, :3], change[:, 3:6] = state[:, 3:6], acceleration
        change[:, 6:] = np.concatenate([matrix[:, 3:], gradient @ matrix[:, :3]], axis=1).reshape(count, 36)
        return np.asarray((duration[:, np.newaxis] * change).ravel(), dtype=np.float64)

    absolute = np.full((count, 42), 1e-9)
    absolute[:, :3], absolute[:, 3:6] = 1e-6, 1e-10
    solution: Any = solve_ivp(
        derivative,
        (0.0, 1.0),
        initial.ravel(),
        method="DOP853",
        rtol=_RELATIVE_TOLERANCE,
        atol=absolute.ravel(),
    )
    if not solution.success:
        raise SkyforgeError(f"the arcs cannot be integrated: {solution.message}")
    end = solution.y[:, -1].reshape(count, 42)
    return end[:, :6], end[:, 6:].reshape(count, 6, 6)


def joined_arcs(name: str, states: FloatArray, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the states and times nearest to those given from which each arc ends where the next begins.

    Nearest is meant in the measure of the place: near the Moon a kilometre is more than far from it.

    Parameters
    ----------
    name
        What it is called, for messages.
    states : (n, 6)
        Relative to the Moon, km and km/s, ICRF axes: the starts of the arcs.
    t_tdb_s : (n,)
        When the arcs start; all but the last are flown to the next.

    Returns
    -------
    states : (n, 6)
    t_tdb_s : (n,)

    Raises
    ------
    SkyforgeError
        If the arcs do not come together.
    """
    scale, origin = _scales(states), float(t_tdb_s[0])
    current = np.concatenate([states, t_tdb_s[:, np.newaxis] - origin], axis=1) / scale
    gap, derivative = _gaps(current, scale, origin)
    for _ in range(_ITERATIONS):
        if np.abs(gap[:, :3] * scale[1:, :3]).max() < _JOINED_KM:
            joined = current * scale
            return joined[:, :6], joined[:, 6] + origin
        shift = _smallest_shift(gap, derivative)
        largest = float(np.abs(shift[:, :6]).max())
        current = current + min(1.0, _LARGEST_SHIFT / largest) * shift
        gap, derivative = _gaps(current, scale, origin)
    raise SkyforgeError(
        f"{name}: the arcs of the orbit do not join under the pull of the Sun and the true Moon (a gap of "
        f"{np.abs(gap[:, :3] * scale[1:, :3]).max():.3g} km is left); take the kinematic mode, or a shorter span"
    )


def _scales(states: FloatArray) -> FloatArray:
    """Return what a shift of one means, (n, 7): the distance from the Moon, the speed about it there, and a day."""
    distance = np.linalg.norm(states[:, :3], axis=1, keepdims=True)
    around_moon = np.sqrt(GRAVITATIONAL_PARAMETER_KM3_S2["moon"] / distance)
    # All times count alike: to pass the Moon an hour later is a small change of an orbit, wherever it is said.
    each = np.concatenate([distance, around_moon, np.full_like(distance, DAY_S)], axis=1)
    return np.repeat(each, (3, 3, 1), axis=1)


def _gaps(current: FloatArray, scale: FloatArray, origin_tdb_s: float) -> tuple[FloatArray, FloatArray]:
    """Return by how far n arcs miss the next, (n, 6), and its derivative by both ends, (n, 6, 14), all scaled."""
    plain = current * scale
    states, times = plain[:, :6], plain[:, 6] + origin_tdb_s
    ends, transition = flow(states[:-1], times[:-1], times[1:])
    before, after = (
        np.concatenate([at[:, 3:], point_mass_rates(when, at)[0]], axis=1)
        for at, when in ((states[:-1], times[:-1]), (ends, times[1:]))
    )
    by_start = -np.einsum("nij,nj->ni", transition, before)
    derivative = np.zeros((len(ends), 6, 14))
    derivative[:, :, :6], derivative[:, :, 6], derivative[:, :, 13] = transition, by_start, after
    derivative[:, :, 7:13] = -np.eye(6)
    both = np.concatenate([scale[:-1], scale[1:]], axis=1)
    gap = (ends - states[1:]) / scale[1:, :6]
    return gap, derivative * both[:, np.newaxis, :] / scale[1:, :6, np.newaxis]


def _smallest_shift(gap: FloatArray, derivative: FloatArray) -> FloatArray:
    """Return the shift (n + 1, 7) of least length that closes gaps (n, 6) to first order."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import spsolve

    count = len(gap)
    rows = np.broadcast_to(np.arange(6 * count).reshape(count, 6, 1), derivative.shape)
    columns = np.broadcast_to(
        7 * np.arange(count)[:, np.newaxis, np.newaxis] + np.arange(14), derivative.shape
    )
    jacobian = csr_array(
        (derivative.ravel(), (rows.ravel(), columns.ravel())), shape=(6 * count, 7 * (count + 1))
    )
    multipliers = spsolve((jacobian @ jacobian.T).tocsc(), -gap.ravel())
    return np.asarray((jacobian.T @ multipliers).reshape(count + 1, 7), dtype=np.float64)
