"""Smooth interpolation over the celestial sphere from one value a cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Galactic cells of the table of star counts: twelve in longitude, fourteen bands in latitude.
LONGITUDE_STEP_DEG = 30.0
LONGITUDE_CELLS = 12
LATITUDE_EDGES_DEG = np.array(
    [-90.0, -60.0, -45.0, -30.0, -20.0, -10.0, -5.0, 0.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0]
)
# Nodes lie at the cells' centres, and one row at each pole, where every longitude must give one value.
LATITUDE_NODES_DEG = np.concatenate(
    [[-90.0], (LATITUDE_EDGES_DEG[:-1] + LATITUDE_EDGES_DEG[1:]) / 2.0, [90.0]]
)
NODES = LATITUDE_NODES_DEG.size * LONGITUDE_CELLS


def _hermite(fraction: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the cubic Hermite basis: value and slope at the start, value and slope at the end."""
    squared, cubed = fraction**2, fraction**3
    start = 2.0 * cubed - 3.0 * squared + 1.0
    return start, cubed - 2.0 * squared + fraction, 1.0 - start, cubed - squared


def _longitude_weights(l_deg: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return four periodic node numbers and their weights, (n, 4): Catmull and Rom (1974)."""
    place = np.asarray(l_deg, dtype=np.float64) / LONGITUDE_STEP_DEG - 0.5
    below = np.floor(place)
    v0, s0, v1, s1 = _hermite(place - below)
    weights = np.stack([-s0 / 2.0, v0 - s1 / 2.0, v1 + s0 / 2.0, s1 / 2.0], axis=-1)
    nodes = (below.astype(np.intp)[..., None] + np.arange(-1, 3)) % LONGITUDE_CELLS
    return nodes, weights


def _slope_weights() -> NDArray[np.float64]:
    """Return the matrix that gives the slope at each latitude node: the parabola through three nodes.

    At the poles the slope is zero: the only value of a slope that all longitudes can share.
    """
    nodes = LATITUDE_NODES_DEG
    matrix = np.zeros((nodes.size, nodes.size))
    for i in range(1, nodes.size - 1):
        before, after = nodes[i] - nodes[i - 1], nodes[i + 1] - nodes[i]
        matrix[i, i - 1] = -after / (before * (before + after))
        matrix[i, i] = (after - before) / (before * after)
        matrix[i, i + 1] = before / (after * (before + after))
    return matrix


_SLOPES = _slope_weights()


def _latitude_weights(b_deg: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return four node numbers and their weights, (n, 4)."""
    nodes = LATITUDE_NODES_DEG
    latitude = np.clip(np.asarray(b_deg, dtype=np.float64), -90.0, 90.0)
    below = np.clip(np.searchsorted(nodes, latitude, side="right") - 1, 0, nodes.size - 2)
    step = nodes[below + 1] - nodes[below]
    v0, s0, v1, s1 = _hermite((latitude - nodes[below]) / step)
    # A window of four that stays inside the table; at its ends one weight is zero.
    first = np.clip(below - 1, 0, nodes.size - 4)
    columns = first[..., None] + np.arange(4)
    start, end = below[..., None], below[..., None] + 1
    weights = (columns == start) * v0[..., None] + (columns == end) * v1[..., None]
    weights = weights + (s0 * step)[..., None] * _SLOPES[start, columns]
    weights = weights + (s1 * step)[..., None] * _SLOPES[end, columns]
    return columns, weights


def sphere_weights(
    l_deg: NDArray[np.float64], b_deg: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the sixteen nodes and weights that interpolate at galactic coordinates.

    The interpolant has continuous first derivatives everywhere off the poles and is continuous at them.

    Parameters
    ----------
    l_deg, b_deg
        Galactic longitude and latitude, degrees, shape (n,).

    Returns
    -------
    tuple
        Node numbers (latitude row × 12 + longitude cell) and weights, each (n, 16).
    """
    columns, longitude = _longitude_weights(np.asarray(l_deg, dtype=np.float64))
    rows, latitude = _latitude_weights(np.asarray(b_deg, dtype=np.float64))
    nodes = rows[..., :, None] * LONGITUDE_CELLS + columns[..., None, :]
    weights = latitude[..., :, None] * longitude[..., None, :]
    return nodes.reshape(*nodes.shape[:-2], 16), weights.reshape(*weights.shape[:-2], 16)
