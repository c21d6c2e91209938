"""Asteroids and comets: on two-body orbits where these are good enough, pulled by the planets where they are not."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.dense_motion import DenseMotion, joined
from skyforge.orbits.dormand_prince import Tolerance
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.forces import THIRD_BODIES, force_model
from skyforge.orbits.heliocentric import HeliocentricElements, element_faults, heliocentric_states
from skyforge.orbits.heliocentric_swarm import HeliocentricOrbit
from skyforge.orbits.propagate import propagate_swarm
from skyforge.orbits.propagated import PropagatedSwarm
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray, Trajectory
from skyforge.orbits.vectors import length

ASTEROID_TOLERANCE_RAD: Final = np.deg2rad(0.05 / 3600.0)

# Light from as far as 170 au left a day ago.
_LIGHT_TIME_S: Final = DAY_S
_SAMPLES: Final = 17
# Ten metres in a step of ten days, and no farther astray between: 0.001" of a body that passes at the Moon's distance.
_TOLERANCE: Final = Tolerance(relative=1e-11, position_km=1e-3, velocity_km_s=1e-9, between_km=1e-2)
# An error of place grows as it goes on: the estimate stands for the order of magnitude, and two-body motion must be
# better than this share of what is allowed.
_SHARE_ALLOWED: Final = 0.5


def two_body_error_rad(elements: HeliocentricElements, span_tdb_s: tuple[float, float]) -> FloatArray:
    """Estimate by how much two-body motion misplaces bodies in the sky of the Earth, up to the end of a span.

    The pull of the planets is taken along the two-body orbit, summed twice over the time since the epoch, and set
    against the least distance from the Earth.

    Parameters
    ----------
    elements
        Of n bodies.
    span_tdb_s
        First and last time that places will be asked for.

    Returns
    -------
    (n,)
        Radians; NaN for elements that are no orbit.
    """
    ends = np.array([span_tdb_s[0] - _LIGHT_TIME_S, span_tdb_s[1]])
    away = np.abs(ends - elements.epoch_tdb_s[:, np.newaxis])
    farthest = np.where(away[:, 0] > away[:, 1], ends[0], ends[1]) - elements.epoch_tdb_s
    fraction = np.linspace(0.0, 1.0, _SAMPLES)
    times = elements.epoch_tdb_s[:, np.newaxis] + farthest[:, np.newaxis] * fraction
    position, _ = heliocentric_states(elements, times)
    disturbance = np.zeros(position.shape)
    nearest = np.full(len(elements), np.inf)
    for body in THIRD_BODIES["sun"]:
        place = ephemeris().relative_state(body, "sun", times.ravel())[0].reshape(position.shape)
        apart = place - position
        gm = GRAVITATIONAL_PARAMETER_KM3_S2[body]
        disturbance += gm * (
            apart / length(apart)[..., np.newaxis] ** 3 - place / length(place)[..., np.newaxis] ** 3
        )
        if body == "earth":
            nearest = length(apart).min(axis=1)
    # Twice the integral over time: what pulls early has longest to work.
    weight = (1.0 - fraction) * farthest[:, np.newaxis] ** 2 / (_SAMPLES - 1)
    weight[:, [0, -1]] *= 0.5
    return np.asarray(length(np.einsum("nk,nki->ni", weight, disturbance)) / nearest, dtype=np.float64)


def asteroid_orbits(
    elements: HeliocentricElements,
    span_tdb_s: tuple[float, float],
    *,
    tolerance_rad: float = ASTEROID_TOLERANCE_RAD,
    perturbed: bool | None = None,
) -> list[Trajectory]:
    """Return the trajectories of bodies about the Sun.

    Parameters
    ----------
    elements
        Of n bodies, each with its own epoch.
    span_tdb_s
        First and last time that places will be asked for, TDB seconds since J2000.0.
    tolerance_rad
        Error of place up to which two-body motion is good enough (`two_body_error_rad`).
    perturbed
        True integrates all under the Sun, the planets and the Moon, False none.

    Returns
    -------
    list
        In the order of the elements. Those that are no orbit are there, too: when asked for a state, they say why.

    Raises
    ------
    InputError
        If the ephemeris does not cover the span and the epochs of what must be integrated.
    """
    orbits: list[Trajectory] = [HeliocentricOrbit(elements.select([row])) for row in range(len(elements))]
    chosen = _to_integrate(elements, span_tdb_s, tolerance_rad, perturbed)
    if chosen.size:
        swarm = perturbed_swarm(elements.select(chosen), span_tdb_s)
        for row, one in zip(map(int, chosen), swarm.trajectories(), strict=True):
            orbits[row] = one
    return orbits


def _to_integrate(
    elements: HeliocentricElements,
    span_tdb_s: tuple[float, float],
    tolerance_rad: float,
    perturbed: bool | None,
) -> NDArray[np.intp]:
    possible = np.ones(len(elements), dtype=np.bool_)
    possible[list(element_faults(elements))] = False
    if perturbed is not None:
        return np.flatnonzero(possible & perturbed)
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(two_body_error_rad(elements, span_tdb_s) > _SHARE_ALLOWED * tolerance_rad)


def perturbed_swarm(elements: HeliocentricElements, span_tdb_s: tuple[float, float]) -> PropagatedSwarm:
    """Integrate bodies under the Sun (with relativity), the planets and the Moon of DE440.

    Parameters
    ----------
    elements
        Of n bodies, each with its own epoch; all must be orbits.
    span_tdb_s
        First and last time that places will be asked for.

    Returns
    -------
    PropagatedSwarm
        In the order of the elements.
    """
    begin, end = span_tdb_s[0] - _LIGHT_TIME_S, span_tdb_s[1]
    model = force_model("sun")
    parts: list[tuple[NDArray[np.intp], PropagatedSwarm]] = []
    for epoch in np.unique(elements.epoch_tdb_s):
        rows = np.flatnonzero(elements.epoch_tdb_s == epoch)
        chosen = elements.select(rows)
        position, velocity = heliocentric_states(chosen, float(epoch))
        part = propagate_swarm(
            chosen.names,
            model,
            position[:, 0],
            velocity[:, 0],
            float(epoch),
            (begin, end),
            tolerance=_TOLERANCE,
        )
        parts.append((rows, part))
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    motion: DenseMotion = joined([part.motion for _, part in parts]).select(order)
    spans = [span for _, part in parts for span in part.spans_tdb_s]
    reasons = {int(rows[row]): reason for rows, part in parts for row, reason in part.reasons.items()}
    return PropagatedSwarm(elements.names, "sun", tuple(spans[row] for row in order), motion, reasons)
