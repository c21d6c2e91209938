"""The trails of targets, each drawn with as many straight pieces as it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Trails:
    """The trails of m sources, p straight pieces in all, one trail after the other.

    Attributes
    ----------
    x_start, y_start, x_end, y_end
        Pixel coordinates of the pieces' ends, (p,); a point begins where it ends.
    first
        Number of each trail's first piece, and at the end the number of all, (m + 1,); each has one or more.
    x_mid, y_mid
        Pixel coordinates at mid-exposure, (m,).
    """

    x_start: Floats
    y_start: Floats
    x_end: Floats
    y_end: Floats
    first: NDArray[np.intp]
    x_mid: Floats
    y_mid: Floats

    def __len__(self) -> int:
        return len(self.x_mid)

    def pieces(self, row: int) -> slice:
        """Return where the pieces of one trail are."""
        return slice(int(self.first[row]), int(self.first[row + 1]))

    def ends(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return x and y where the trails begin and where they end, each (m,)."""
        begin, end = self.first[:-1], self.first[1:] - 1
        return self.x_start[begin], self.y_start[begin], self.x_end[end], self.y_end[end]

    def length_px(self) -> Floats:
        """Return the length of each trail in pixels, (m,)."""
        pieces = np.hypot(self.x_end - self.x_start, self.y_end - self.y_start)
        length: Floats = self.sums(pieces)
        return length

    def sums(self, of_pieces: Floats) -> Floats:
        """Return for each trail the sum (m,) of values of its pieces (p,)."""
        total: Floats = np.add.reduceat(of_pieces, self.first[:-1]) if len(self) else np.zeros(0)
        return total

    def distance_from_frame_px(self, shape: tuple[int, int]) -> Floats:
        """Return how far outside a frame [y, x] trails stay, (m,); 0 for those that cross it, NaN behind the camera."""
        touches, _ = self.on_frame(shape)
        rows, columns = shape
        nearest = np.full(len(self.x_start), np.inf)
        for x, y in ((self.x_start, self.y_start), (self.x_end, self.y_end)):
            beside = np.maximum(np.maximum(-0.5 - x, x - (columns - 0.5)), 0.0)
            above = np.maximum(np.maximum(-0.5 - y, y - (rows - 0.5)), 0.0)
            nearest = np.fmin(nearest, np.hypot(beside, above))
        least = np.minimum.reduceat(nearest, self.first[:-1]) if len(self) else np.zeros(0)
        return np.where(touches, 0.0, np.where(np.isfinite(least), least, np.nan))

    def on_frame(self, shape: tuple[int, int]) -> tuple[Flags, Flags]:
        """Return masks (m,): some part of the trail lies on a frame [y, x]; and the frame's edge cuts it."""
        if not len(self):
            return np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_)
        begins = _inside(shape, self.x_start, self.y_start)
        ends = _inside(shape, self.x_end, self.y_end)
        meets = begins | ends | crosses(shape, self.x_start, self.y_start, self.x_end, self.y_end)
        touches = np.logical_or.reduceat(meets, self.first[:-1])
        whole = np.logical_and.reduceat(begins & ends, self.first[:-1])
        return touches, touches & ~whole


def trails(groups: Sequence[tuple[NDArray[np.intp], Floats, Floats]], x_mid: Floats, y_mid: Floats) -> Trails:
    """Join trails of different numbers of pieces.

    Parameters
    ----------
    groups
        Trails of one number of pieces each: their places among the m, and x and y of their nodes, (nodes, g); one node
        is a point. Together they are all m.
    x_mid, y_mid
        Pixel coordinates at mid-exposure, (m,).
    """
    pieces = np.ones(len(x_mid), dtype=np.intp)
    for places, x, _ in groups:
        pieces[places] = max(len(x) - 1, 1)
    first = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(pieces)])
    columns = [np.empty(int(first[-1])) for _ in range(4)]
    for places, x, y in groups:
        into = first[places][:, None] + np.arange(max(len(x) - 1, 1))
        last = slice(1, None) if len(x) > 1 else slice(None)
        begin = slice(None, -1) if len(x) > 1 else slice(None)
        for column, nodes in zip(columns, (x[begin], y[begin], x[last], y[last]), strict=True):
            column[into] = nodes.T
    x_start, y_start, x_end, y_end = columns
    return Trails(x_start, y_start, x_end, y_end, first, x_mid, y_mid)


def crosses(shape: tuple[int, int], x_start: Floats, y_start: Floats, x_end: Floats, y_end: Floats) -> Flags:
    """Return a mask of the straight pieces that pass through a frame [y, x] (Liang & Barsky 1984)."""
    rows, columns = shape
    enter, leave = np.zeros_like(x_start), np.ones_like(x_start)
    for start, end, size in ((x_start, x_end, columns), (y_start, y_end, rows)):
        step = end - start
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = (-0.5 - start) / step, (size - 0.5 - start) / step
        still = step == 0.0
        beside = still & ((start < -0.5) | (start > size - 0.5))
        enter = np.where(still, enter, np.fmax(enter, np.fmin(low, high)))
        leave = np.where(still, leave, np.fmin(leave, np.fmax(low, high)))
        leave = np.where(beside, -1.0, leave)
    known = np.isfinite(x_start + x_end + y_start + y_end)
    through: Flags = known & (enter <= leave)
    return through


def _inside(shape: tuple[int, int], x: Floats, y: Floats) -> Flags:
    rows, columns = shape
    inside: Flags = (x >= -0.5) & (x <= columns - 0.5) & (y >= -0.5) & (y <= rows - 0.5)
    return inside
