"""Functions of time that are slow to compute, kept as polynomials: ephemerides and rotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from skyforge.orbits.trajectory import FloatArray

_NODES: Final = 12


@dataclass(frozen=True)
class TimeTable:
    """Columns of numbers as polynomials in time, piece by piece.

    Attributes
    ----------
    start_tdb_s, segment_s
        Where the first piece begins, and how long each is.
    coefficients : (segments, 12, columns)
        By powers of the place in a piece, -1 to 1.
    """

    start_tdb_s: float
    segment_s: float
    coefficients: FloatArray

    def __call__(self, t_tdb_s: FloatArray) -> FloatArray:
        """Return the columns at some times (m,), as (columns, m)."""
        place = (t_tdb_s - self.start_tdb_s) / self.segment_s
        last = len(self.coefficients) - 1
        first, final = (min(max(int(edge), 0), last) for edge in (place.min(), place.max()))
        if first == final:
            return self._piece(first, place)
        values = np.empty((self.coefficients.shape[2], place.size))
        segment = np.clip(place.astype(np.int64), 0, last)
        for piece in np.unique(segment):
            chosen = segment == piece
            values[:, chosen] = self._piece(int(piece), place[chosen])
        return values

    def _piece(self, piece: int, place: FloatArray) -> FloatArray:
        powers = np.empty((_NODES, place.size))
        powers[0], powers[1:] = 1.0, 2.0 * (place - piece) - 1.0
        np.multiply.accumulate(powers, axis=0, out=powers)
        return np.asarray(self.coefficients[piece].T @ powers, dtype=np.float64)


def time_table(
    columns: Callable[[FloatArray], FloatArray], start_tdb_s: float, end_tdb_s: float, longest_s: float
) -> TimeTable:
    """Tabulate a function of time.

    Parameters
    ----------
    columns
        Function of times (m,) that returns (m, columns).
    start_tdb_s, end_tdb_s
        TDB seconds since J2000.0 between which the table is asked.
    longest_s
        How long a piece may be, so that 12 Chebyshev nodes carry the function through it.
    """
    count = max(1, int(np.ceil((end_tdb_s - start_tdb_s) / longest_s)))
    segment = max((end_tdb_s - start_tdb_s) / count, 1.0)
    nodes = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    times = (start_tdb_s + segment * (np.arange(count)[:, np.newaxis] + 0.5 * (nodes + 1.0))).ravel()
    values = columns(times).reshape(count, _NODES, -1)
    return TimeTable(start_tdb_s, segment, np.linalg.solve(np.vander(nodes, increasing=True), values))
