"""How an image moves over the pixels while the shutter is open, as straight segments short enough to be exact.

Each source has its own path: aberration, field rotation and slews are taken at the source, not once for the field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PathFunction = Callable[[Floats], tuple[Floats, Floats]]
"""Pixel coordinates (x, y), each (times, n), of n sources at some instants t_tdb_s, (times,)."""

_STILL_PX = 1e-3  # less motion than this is drawn as a point: a tenth of the error allowed in a position
_BEND_PX = 5e-3  # largest distance allowed between a source's place and its place on the drawn segment
_MOST_SEGMENTS = 256

PROBES = np.linspace(0.0, 1.0, 5)
"""Fractions of an exposure at which a path is looked at to see how much it bends."""


@dataclass(frozen=True)
class Tracks:
    """The nodes of n tracks, equally spaced in time from shutter opening to closing.

    Attributes
    ----------
    x, y
        Pixel coordinates, shape (nodes, n). One node means that nothing moves.
    x_mid, y_mid
        Pixel coordinates at mid-exposure, shape (n,).
    """

    x: Floats
    y: Floats
    x_mid: Floats
    y_mid: Floats

    @property
    def segments(self) -> int:
        """Number of straight pieces that each track is drawn with; a point counts as one."""
        return max(len(self.x) - 1, 1)

    def length_px(self) -> Floats:
        """Return the length of each track in pixels, shape (n,); (1,), which stands for all, where nothing moves."""
        if len(self.x) == 1:
            return np.zeros(1)
        length: Floats = np.hypot(np.diff(self.x, axis=0), np.diff(self.y, axis=0)).sum(axis=0)
        return length

    def select(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Tracks:
        """Return the tracks at some places: indices, a mask (n,), or a slice."""
        return Tracks(self.x[:, chosen], self.y[:, chosen], self.x_mid[chosen], self.y_mid[chosen])


def straight_pieces(tracks: Tracks) -> tuple[Floats, Floats, Floats, Floats]:
    """Return x_start, y_start, x_end and y_end of the segments of all tracks, track by track, each (n · segments,).

    Track by track, not node by node: a source's light stays together in the renderer's order of summation.
    """
    if len(tracks.x) == 1:
        return tracks.x[0], tracks.y[0], tracks.x[0], tracks.y[0]
    pieces = (tracks.x[:-1].T, tracks.y[:-1].T, tracks.x[1:].T, tracks.y[1:].T)
    x_start, y_start, x_end, y_end = (np.ascontiguousarray(piece).ravel() for piece in pieces)
    return x_start, y_start, x_end, y_end


def segments_needed(path: PathFunction, begin_tdb_s: float, end_tdb_s: float) -> int:
    """Return how many segments the probe sources need; 0 if they all stand still.

    The distance between a smooth path and its chord falls with the square of the number of chords, so one probe of the
    path at five instants tells the number. NaN positions (behind the camera) are ignored.
    """
    x, y = path(begin_tdb_s + (end_tdb_s - begin_tdb_s) * PROBES)
    return int(segments_each(x, y).max(initial=0))


def segments_each(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Return how many segments n sources need, (n,), from their places at `PROBES`, (probes, n); 0 for a point."""
    middle = len(PROBES) // 2
    still = np.hypot(x - x[middle], y - y[middle]).max(axis=0) < _STILL_PX
    across, up = (nodes - (nodes[0] + PROBES[:, None] * (nodes[-1] - nodes[0])) for nodes in (x, y))
    bend = np.hypot(across, up).max(axis=0)
    seen = np.isfinite(bend)
    wanted = np.clip(np.ceil(np.sqrt(np.where(seen, bend, 0.0) / _BEND_PX)), 1, _MOST_SEGMENTS)
    return np.where(seen & ~still, wanted, 0).astype(np.intp)


def trace(path: PathFunction, begin_tdb_s: float, end_tdb_s: float, segments: int) -> Tracks:
    """Return the tracks of a path, drawn with a number of segments; 0 means points at mid-exposure."""
    middle = np.array([0.5 * (begin_tdb_s + end_tdb_s)])
    if segments == 0:
        x, y = path(middle)
        return Tracks(x, y, x[0], y[0])
    x, y = path(np.linspace(begin_tdb_s, end_tdb_s, segments + 1))
    if segments % 2 == 0:
        return Tracks(x, y, x[segments // 2], y[segments // 2])
    x_mid, y_mid = path(middle)
    return Tracks(x, y, x_mid[0], y_mid[0])
