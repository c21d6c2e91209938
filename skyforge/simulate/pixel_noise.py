"""What the pixels of a frame hold without any source, place by place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PixelNoise:
    """The light and the noise that a source lies on.

    Attributes
    ----------
    shape
        Rows and columns of the frame.
    background_e
        Electrons of the diffuse sky in a pixel, on a grid [y, x] that spans the frame from corner to corner.
    discs_e
        Electrons of lit discs in every pixel, [y, x]; None where there is none.
    dark_e, read_noise_e
        Electrons of the dark current, and the read noise.
    saturation_e
        Electrons that saturate a pixel.
    """

    shape: tuple[int, int]
    background_e: Floats
    discs_e: NDArray[np.float32] | None
    dark_e: float
    read_noise_e: float
    saturation_e: float

    def level_e(self, x: Floats, y: Floats) -> Floats:
        """Return the electrons, dark current included, in the pixels at places (n,); outside the frame its edge's."""
        rows, columns = self.shape
        x, y = np.clip(x, 0.0, columns - 1.0), np.clip(y, 0.0, rows - 1.0)
        level = self._between_nodes(x / max(columns - 1.0, 1.0), y / max(rows - 1.0, 1.0)) + self.dark_e
        if self.discs_e is not None:
            level += self.discs_e[np.rint(y).astype(np.intp), np.rint(x).astype(np.intp)]
        return level

    def _between_nodes(self, across: Floats, up: Floats) -> Floats:
        """Return the sky at fractions of the frame's width and height, linear between the grid's nodes."""
        grid = self.background_e
        last_row, last_column = grid.shape[0] - 1, grid.shape[1] - 1
        column = np.minimum((across * last_column).astype(np.intp), last_column - 1)
        row = np.minimum((up * last_row).astype(np.intp), last_row - 1)
        right, above = across * last_column - column, up * last_row - row
        low = grid[row, column] + right * (grid[row, column + 1] - grid[row, column])
        high = grid[row + 1, column] + right * (grid[row + 1, column + 1] - grid[row + 1, column])
        between: Floats = low + above * (high - low)
        return between
