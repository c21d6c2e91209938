"""Polynomials through tabulated states: what ephemeris files prescribe between their lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.trajectory import FloatArray


class Interpolation(StrEnum):
    """How a file wants to be read between its states (CCSDS 502.0-B-3, INTERPOLATION)."""

    LINEAR = "LINEAR"
    LAGRANGE = "LAGRANGE"
    HERMITE = "HERMITE"


@dataclass(frozen=True)
class StateTable:
    """States at ascending times, and the polynomial that joins them.

    Attributes
    ----------
    time_s : (k,)
        Ascending.
    position_km, velocity_km_s : (k, 3)
        The states.
    method
        LAGRANGE and LINEAR take places and velocities as they are, each by a polynomial of its own; HERMITE takes the
        polynomial whose places and slopes are the table's.
    points
        How many states one polynomial goes through; fewer where the table has fewer.
    """

    time_s: FloatArray
    position_km: FloatArray
    velocity_km_s: FloatArray
    method: Interpolation
    points: int

    def state(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return positions (n, 3) and velocities (n, 3) at times (n,) between the first and the last of the table."""
        count = min(self.points, self.time_s.size)
        first = _window(self.time_s, time_s, count)
        rows = first[:, np.newaxis] + np.arange(count)
        # Times from the middle of the window, so that powers of them stay near one.
        nodes = self.time_s[rows]
        middle = 0.5 * (nodes[:, 0] + nodes[:, -1])
        width = np.maximum(0.5 * (nodes[:, -1] - nodes[:, 0]), 1e-300)
        nodes = (nodes - middle[:, np.newaxis]) / width[:, np.newaxis]
        at = (time_s - middle) / width
        if self.method is Interpolation.HERMITE:
            slopes = self.velocity_km_s[rows] * width[:, np.newaxis, np.newaxis]
            position, slope = hermite(nodes, self.position_km[rows], slopes, at)
            return position, slope / width[:, np.newaxis]
        return lagrange(nodes, self.position_km[rows], at), lagrange(nodes, self.velocity_km_s[rows], at)


def _window(table: FloatArray, wanted: FloatArray, count: int) -> NDArray[np.intp]:
    """Return the first row of the window of `count` rows around each time, as many on either side as the ends allow."""
    after = np.searchsorted(table, wanted, side="right")
    if count % 2:  # the middle row is the nearest one
        before = np.clip(after - 1, 0, table.size - 1)
        following = np.clip(after, 0, table.size - 1)
        nearest = np.where(wanted - table[before] <= table[following] - wanted, before, following)
        first = nearest - count // 2
    else:
        first = after - count // 2
    return np.asarray(np.clip(first, 0, table.size - count), dtype=np.intp)


def lagrange(nodes: FloatArray, values: FloatArray, at: FloatArray) -> FloatArray:
    """Return the values at places (n,) of polynomials through values (n, k, 3) at nodes (n, k), by Neville's scheme."""
    current = values.copy()
    for order in range(1, nodes.shape[1]):
        left, right = nodes[:, :-order, np.newaxis], nodes[:, order:, np.newaxis]
        place = at[:, np.newaxis, np.newaxis]
        current = ((place - left) * current[:, 1:] - (place - right) * current[:, :-1]) / (right - left)
    return np.asarray(current[:, 0], dtype=np.float64)


def hermite(
    nodes: FloatArray, values: FloatArray, slopes: FloatArray, at: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return values and slopes (n, 3) at places (n,) of polynomials with both given, (n, k, 3), at nodes (n, k).

    Newton's divided differences over doubled nodes (Burden & Faires, Numerical Analysis, section 3.4).
    """
    doubled = np.repeat(nodes, 2, axis=1)
    table = np.repeat(values, 2, axis=1)
    coefficients = [table[:, 0]]
    difference = np.empty((*table.shape[:1], table.shape[1] - 1, 3))
    difference[:, 0::2] = slopes
    spacing = (nodes[:, 1:] - nodes[:, :-1])[:, :, np.newaxis]
    difference[:, 1::2] = (values[:, 1:] - values[:, :-1]) / spacing
    coefficients.append(difference[:, 0])
    for order in range(2, doubled.shape[1]):
        spacing = (doubled[:, order:] - doubled[:, :-order])[:, :, np.newaxis]
        difference = (difference[:, 1:] - difference[:, :-1]) / spacing
        coefficients.append(difference[:, 0])
    value, slope = np.zeros_like(coefficients[0]), np.zeros_like(coefficients[0])
    for order in range(len(coefficients) - 1, -1, -1):
        step = (at - doubled[:, order])[:, np.newaxis]
        # Horner's rule in Newton's form, the slope along with it.
        slope = slope * step + value
        value = value * step + coefficients[order]
    return value, slope
