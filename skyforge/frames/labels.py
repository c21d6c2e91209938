"""Where labels go so that they cover neither each other nor what they name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Right and above first: where an eye looks for a label.
_DIRECTIONS = ((1, 1), (1, 0), (-1, 1), (1, -1), (-1, 0), (-1, -1), (0, 1), (0, -1))
_DISTANCES_PX = (0.0, 14.0, 34.0, 62.0, 100.0, 150.0, 220.0)
_PADDING_PX = 3.0


@dataclass(frozen=True)
class Box:
    """A rectangle, pixels: left and bottom edge, width and height."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.bottom + self.height

    def overlaps(self, other: Box) -> bool:
        """Say whether two boxes come closer than the padding."""
        return (
            self.left < other.right + _PADDING_PX
            and other.left < self.right + _PADDING_PX
            and self.bottom < other.top + _PADDING_PX
            and other.bottom < self.top + _PADDING_PX
        )

    def inside(self, other: Box) -> bool:
        """Say whether this box lies in another with padding to spare."""
        return (
            self.left >= other.left + _PADDING_PX
            and self.right <= other.right - _PADDING_PX
            and self.bottom >= other.bottom + _PADDING_PX
            and self.top <= other.top - _PADDING_PX
        )

    def count(self, points: Array, margin: float) -> int:
        """Count the points, shape ``(n, 2)``, in the box or closer to it than the margin."""
        x, y = points[:, 0], points[:, 1]
        within_x = (x > self.left - margin) & (x < self.right + margin)
        within_y = (y > self.bottom - margin) & (y < self.top + margin)
        return int(np.count_nonzero(within_x & within_y))


def place_labels(
    anchors: Array, sizes: Array, area: Box, obstacles: Array, clearance: float
) -> list[Box | None]:
    """Place labels one after the other, each as near to its anchor as there is room.

    Parameters
    ----------
    anchors
        What the labels name, most important first, pixels, shape ``(n, 2)``.
    sizes
        Width and height of the labels, pixels, shape ``(n, 2)``.
    area
        No label leaves it.
    obstacles
        Points that labels keep clear of where they can, pixels, shape ``(m, 2)``.
    clearance
        How clear, and how far from its anchor a label begins, pixels.

    Returns
    -------
    list[Box | None]
        The place of each label; None where there is no room that no other label takes.
    """
    placed: list[Box | None] = []
    for (x, y), (width, height) in zip(anchors, sizes, strict=True):
        best: tuple[int, Box] | None = None
        for box in _candidates(x, y, width, height, clearance):
            if not box.inside(area) or any(other is not None and box.overlaps(other) for other in placed):
                continue
            covered = box.count(obstacles, 0.8 * clearance)
            if best is None or covered < best[0]:
                best = (covered, box)
            if covered == 0:
                break
        placed.append(None if best is None else best[1])
    return placed


def _candidates(x: float, y: float, width: float, height: float, clearance: float) -> list[Box]:
    boxes = []
    for distance in _DISTANCES_PX:
        for right, up in _DIRECTIONS:
            reach = clearance + distance
            if right and up:
                reach *= 0.75  # along a diagonal a label's corner, not its side, is what comes near
            left = x + right * reach - 0.5 * width * (1 - right)
            bottom = y + up * reach - 0.5 * height * (1 - up)
            boxes.append(Box(left, bottom, width, height))
    return boxes
