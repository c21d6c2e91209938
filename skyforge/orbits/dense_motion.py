"""Integrated motions of many bodies as polynomials, and where these put the bodies at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skyforge.orbits.dormand_prince import Steps
from skyforge.orbits.trajectory import FloatArray


@dataclass(frozen=True)
class DenseMotion:
    """Motions of n bodies, each over a span of its own, in m polynomials.

    Attributes
    ----------
    epoch_tdb_s : (n,)
        What times are counted from, so that they keep their last digits.
    first_s, last_s : (n,)
        Between which times, since the epoch, a body has a place.
    offsets : (n + 1,)
        Which polynomials are a body's.
    low_s : (m,)
        When a polynomial takes over, since its body's epoch, ascending for each body.
    start_s, length_s : (m,)
        Where its variable is 0, and how long it takes to reach 1; negative backwards in time.
    coefficients : (m, 8, 6)
        Position (km) and velocity (km/s) by powers of its variable.
    """

    epoch_tdb_s: FloatArray
    first_s: FloatArray
    last_s: FloatArray
    offsets: NDArray[np.intp]
    low_s: FloatArray
    start_s: FloatArray
    length_s: FloatArray
    coefficients: FloatArray

    def __len__(self) -> int:
        return len(self.epoch_tdb_s)

    def relative_states(self, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return positions and velocities (n, k, 3) at times (1, k) or (n, k); NaN where a body has none."""
        since = t_tdb_s - self.epoch_tdb_s[:, np.newaxis]
        inside = (since >= self.first_s[:, np.newaxis]) & (since <= self.last_s[:, np.newaxis])
        state = np.full((*since.shape, 6), np.nan)
        if not inside.any():
            return state[..., :3], state[..., 3:]
        body, _ = np.nonzero(inside)
        wanted = since[inside]
        piece = self._pieces(body, wanted)
        place = ((wanted - self.start_s[piece]) / self.length_s[piece])[:, np.newaxis]
        coefficients = self.coefficients[piece]
        value = coefficients[:, -1]
        for power in range(coefficients.shape[1] - 2, -1, -1):
            value = value * place + coefficients[:, power]
        state[inside] = value
        return state[..., :3], state[..., 3:]

    def _pieces(self, body: NDArray[np.intp], since_s: FloatArray) -> NDArray[np.intp]:
        """Return which polynomial holds, for bodies and times (w,) inside their spans."""
        # One ascending key for all bodies: its whole part is the body, its fraction the time.
        start = float(np.nanmin(self.first_s))
        width = 2.0 * max(float(np.nanmax(self.last_s)) - start, 1.0)
        owner = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        keys = owner + (self.low_s - start) / width
        found = np.searchsorted(keys, body + (since_s - start) / width, side="right") - 1
        return np.asarray(np.clip(found, self.offsets[body], self.offsets[body + 1] - 1), dtype=np.intp)

    def ending(self, ends: Sequence[tuple[int, float]]) -> DenseMotion:
        """Return the motions with some cut off: (body, time since its epoch), before the epoch or after it."""
        first, last = self.first_s.copy(), self.last_s.copy()
        for body, since_s in ends:
            (first if since_s < 0.0 else last)[body] = since_s
        return replace(self, first_s=first, last_s=last)

    def select(self, rows: NDArray[np.intp] | Sequence[int]) -> DenseMotion:
        """Return the motions of some bodies."""
        chosen = np.asarray(rows, dtype=np.intp)
        counts = np.diff(self.offsets)[chosen]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        pieces = np.repeat(self.offsets[chosen] - offsets[:-1], counts) + np.arange(offsets[-1])
        return DenseMotion(
            self.epoch_tdb_s[chosen],
            self.first_s[chosen],
            self.last_s[chosen],
            offsets,
            self.low_s[pieces],
            self.start_s[pieces],
            self.length_s[pieces],
            self.coefficients[pieces],
        )


def joined(parts: Sequence[DenseMotion]) -> DenseMotion:
    """Return the motions of several sets of bodies as one."""
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("epoch_tdb_s", "first_s", "last_s", "low_s", "start_s", "length_s", "coefficients")
    }
    return DenseMotion(offsets=np.concatenate([[0], np.cumsum(counts)]), **columns)


def dense_motion(epoch_tdb_s: float, count: int, legs: Sequence[Steps]) -> DenseMotion:
    """Return the motions that steps hold.

    Parameters
    ----------
    epoch_tdb_s
        What the steps' times are counted from.
    count
        How many bodies there are.
    legs
        Steps backwards and forwards from the epoch.
    """
    body, start, length = (
        np.concatenate([getattr(leg, name) for leg in legs]) for name in ("body", "start_s", "length_s")
    )
    coefficients = np.concatenate([leg.coefficients for leg in legs], axis=2).transpose(2, 0, 1)
    low = np.minimum(start, start + length)
    order = np.lexsort((low, body))
    offsets = np.searchsorted(body[order], np.arange(count + 1))
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, body, low)
    np.maximum.at(last, body, np.maximum(start, start + length))
    nothing = np.diff(offsets) == 0
    first[nothing] = last[nothing] = np.nan
    return DenseMotion(
        np.full(count, epoch_tdb_s),
        first,
        last,
        offsets.astype(np.intp),
        low[order],
        start[order],
        length[order],
        np.ascontiguousarray(coefficients[order]),
    )
