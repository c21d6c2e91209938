"""Where the parts of a preview lie on its canvas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skyforge.frames.labels import Box


@dataclass(frozen=True)
class Layout:
    """Where the frame lies on the canvas, pixels of the canvas, and how large its pixels are."""

    canvas: tuple[int, int]
    picture: Box
    scale: float

    def place(self, xy: np.ndarray) -> np.ndarray:
        """Turn pixel coordinates of the frame, shape ``(n, 2)``, into places on the canvas."""
        corner = np.array([self.picture.left, self.picture.bottom])
        return np.asarray(corner + (np.asarray(xy, dtype=np.float64) + 0.5) * self.scale)
