"""Chebyshev-Lobatto nodes: a body's way through an exposure from few instants, with the error bounded."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.orbits.trajectory import FloatArray
from skyforge.orbits.vectors import dot, length

LEAST_NODES: Final = 5
MOST_NODES: Final = 65
NODE_TOLERANCE_RAD: Final = np.deg2rad(0.001 / 3600.0)

# A body at r that falls straight down reaches the centre, where its motion has its singularity, in
# sqrt(2)/3 sqrt(r³/GM); in orbit it stays farther from any.
_FREE_FALL: Final = np.sqrt(2.0) / 3.0
# The ellipse is kept away from the singularity, where the direction has no bound.
_SHARE_OF_RADIUS: Final = 0.8
# Largest value of a unit vector 1/sqrt(1 - 0.8²), and of a place that has gone 0.8 of its way to the centre, on it.
_LARGEST_ON_ELLIPSE: Final = 2.0


def lobatto_fractions(nodes: int) -> FloatArray:
    """Return the Chebyshev-Lobatto nodes of the interval from 0 to 1, ascending, (nodes,); both ends are nodes."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.arange(nodes) / (nodes - 1)), dtype=np.float64)


def lobatto_times(begin_s: float, end_s: float, nodes: int = LEAST_NODES) -> FloatArray:
    """Return the Chebyshev-Lobatto nodes of an interval of time, ascending, (nodes,)."""
    return begin_s + (end_s - begin_s) * lobatto_fractions(nodes)


@functools.lru_cache(maxsize=64)
def _barycentric_weights(nodes: int) -> FloatArray:
    weights = np.where(np.arange(nodes) % 2 == 0, 1.0, -1.0)
    weights[[0, -1]] *= 0.5
    return weights


def lobatto_weights(nodes: int, fractions: ArrayLike) -> FloatArray:
    """Return what to multiply values at the nodes with to have them in between.

    Parameters
    ----------
    nodes
        How many nodes the values are known at.
    fractions : (m,)
        Where they are wanted, 0 to 1.

    Returns
    -------
    (m, nodes)
        ``weights @ values`` is the polynomial through the values (Berrut & Trefethen 2004, SIAM Review 46, 501, eq.
        5.4).
    """
    wanted = np.atleast_1d(np.asarray(fractions, dtype=np.float64))
    apart = wanted[:, np.newaxis] - lobatto_fractions(nodes)
    on_node = apart == 0.0
    quotients = _barycentric_weights(nodes) / np.where(on_node, 1.0, apart)
    quotients = np.where(on_node.any(axis=1, keepdims=True), on_node, quotients)
    return np.asarray(quotients / quotients.sum(axis=1, keepdims=True), dtype=np.float64)


def nodes_needed(
    relative_km: ArrayLike,
    relative_km_s: ArrayLike,
    span_s: float,
    radii_km: ArrayLike,
    gravitational_parameters_km3_s2: ArrayLike,
    tolerance_rad: float = NODE_TOLERANCE_RAD,
) -> NDArray[np.int64]:
    """Return how many Chebyshev-Lobatto nodes carry the directions of bodies through an exposure.

    A polynomial of degree d through the nodes is wrong by at most 4 M / (ρ^d (ρ - 1)), where the function is below M on
    the ellipse with semi-axes that add up to ρ half spans (Trefethen 2013, Approximation Theory and Practice, theorem
    8.2). The ellipse reaches to the nearest instant, real or imaginary, at which the motion is singular: where the line
    of sight has no length, or the body or the observer falls into the centre of its orbit.

    Parameters
    ----------
    relative_km, relative_km_s : (n, 3)
        Lines of sight and their rates in the middle of the exposure.
    span_s
        Length of the exposure.
    radii_km, gravitational_parameters_km3_s2 : (j, n) or (j,)
        How far the bodies and the observer are from the centres that they circle, j of them, with those centres' GM.
    tolerance_rad
        Largest error allowed in a direction.

    Returns
    -------
    (n,)
        Odd, so that the middle is a node, from 5 up; 65 is said where even more would be needed, and the exposure must
        be cut into shorter pieces.
    """
    sight, rate = np.atleast_2d(np.asarray(relative_km)), np.atleast_2d(np.asarray(relative_km_s))
    half_s = 0.5 * span_s
    if half_s < 0.0:
        raise InputError(f"an exposure of {span_s:g} s is impossible")
    nearest = _nearest_approach(sight, rate, half_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach_s = nearest / length(rate)
        error_of = [_error(np.ones(len(sight)), reach_s, half_s)]
        for radius, gm in zip(
            np.atleast_1d(radii_km), np.atleast_1d(gravitational_parameters_km3_s2), strict=True
        ):
            fall_s = _FREE_FALL * np.sqrt(np.asarray(radius, dtype=np.float64) ** 3 / gm)
            error_of.append(
                _error(np.asarray(radius) / nearest, np.broadcast_to(fall_s, reach_s.shape), half_s)
            )
    nodes = np.full(len(sight), MOST_NODES, dtype=np.int64)
    with np.errstate(over="ignore"):
        for count in range(MOST_NODES, LEAST_NODES - 1, -2):
            error = sum(scale / ratio ** (count - 1) for scale, ratio in error_of)
            nodes = np.where(error <= tolerance_rad, count, nodes)
    return nodes


def _error(amplitude: FloatArray, reach_s: FloatArray, half_s: float) -> tuple[FloatArray, FloatArray]:
    """Return the bound's factor 4 M / (ρ - 1) and ρ, for a motion regular within a time of every instant."""
    semi_minor = _SHARE_OF_RADIUS * reach_s / max(half_s, 1e-12)
    ratio = semi_minor + np.sqrt(1.0 + semi_minor**2)
    return 4.0 * _LARGEST_ON_ELLIPSE * amplitude / np.maximum(ratio - 1.0, 1e-12), ratio


def _nearest_approach(sight: FloatArray, rate: FloatArray, half_s: float) -> FloatArray:
    """Return the least distance (n,) within half a span of the middle, of even motion."""
    speed_squared = np.maximum(dot(rate, rate), 1e-300)
    when = np.clip(-dot(sight, rate) / speed_squared, -half_s, half_s)
    return length(sight + when[:, np.newaxis] * rate)
