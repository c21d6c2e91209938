"""From apparent directions to pixels: an ideal tangent-plane camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIGHT_REACH_PX = 512.0
"""No light is drawn farther from its source than this."""


@dataclass(frozen=True)
class Camera:
    """The geometry of the focal plane.

    Attributes
    ----------
    shape
        Rows and columns of the detector, (ny, nx).
    pixel_scale_rad
        Angle on the sky that the side of one pixel subtends at the frame's centre, in radians.
    """

    shape: tuple[int, int]
    pixel_scale_rad: float

    @property
    def centre(self) -> tuple[float, float]:
        """Pixel coordinates (x, y) of the optical axis: the middle of the frame."""
        return (self.shape[1] - 1) / 2.0, (self.shape[0] - 1) / 2.0

    @property
    def pixel_scale_arcsec(self) -> float:
        """Angle of one pixel at the frame's centre, in arcseconds."""
        return float(np.degrees(self.pixel_scale_rad) * 3600.0)

    @property
    def half_diagonal_rad(self) -> float:
        """Angle from the frame's centre to its corner, in radians."""
        return float(np.arctan(np.hypot(*self.shape) / 2.0 * self.pixel_scale_rad))

    def field_deg(self) -> tuple[float, float]:
        """Width and height of the field, in degrees."""
        width, height = (
            2.0 * np.degrees(np.arctan(n / 2.0 * self.pixel_scale_rad)) for n in self.shape[::-1]
        )
        return float(width), float(height)

    def project(self, directions: Floats, axes: Floats) -> tuple[Floats, Floats]:
        """Return pixel coordinates of apparent directions; NaN for what lies behind the camera.

        The projection is gnomonic (TAN; Calabretta & Greisen 2002, section 5.1.3): what a distortion-free lens does.

        Parameters
        ----------
        directions
            ICRF unit vectors of apparent places, shape (n, 3).
        axes
            Camera axes, rows x̂, ŷ, b̂, shape (3, 3).

        Returns
        -------
        x, y
            Pixel coordinates, each (n,).
        """
        return self._on_pixels(*(directions @ axis for axis in axes))

    def project_paths(self, directions: Floats, axes: Floats) -> tuple[Floats, Floats]:
        """Return pixel coordinates of moving sources as the camera turns, by `project`'s projection.

        Parameters
        ----------
        directions
            ICRF vectors of apparent places of n sources at k instants, shape (n, k, 3).
        axes
            Camera axes at those instants, shape (k, 3, 3).

        Returns
        -------
        x, y
            Pixel coordinates, each (k, n).
        """
        in_camera = axes @ np.moveaxis(directions, 0, -1)
        return self._on_pixels(in_camera[:, 0], in_camera[:, 1], in_camera[:, 2])

    def _on_pixels(self, right: Floats, up: Floats, depth: Floats) -> tuple[Floats, Floats]:
        ahead = depth > 0.0
        scale = 1.0 / (np.where(ahead, depth, np.nan) * self.pixel_scale_rad)
        centre_x, centre_y = self.centre
        return right * scale + centre_x, up * scale + centre_y

    def look(self, x: Floats, y: Floats, axes: Floats) -> Floats:
        """Return the apparent unit vectors (n, 3) seen at pixel coordinates, the inverse of `project`."""
        centre_x, centre_y = self.centre
        right = (np.asarray(x, dtype=np.float64) - centre_x) * self.pixel_scale_rad
        up = (np.asarray(y, dtype=np.float64) - centre_y) * self.pixel_scale_rad
        direction = right[:, None] * axes[0] + up[:, None] * axes[1] + axes[2]
        normalised: Floats = direction / np.linalg.norm(direction, axis=1, keepdims=True)
        return normalised

    def grid(self, count: int) -> tuple[Floats, Floats]:
        """Return pixel coordinates, each (count²,), of a grid between the centres of the corner pixels, row by row."""
        rows, columns = self.shape
        y, x = np.meshgrid(
            np.linspace(0.0, rows - 1.0, count), np.linspace(0.0, columns - 1.0, count), indexing="ij"
        )
        return x.ravel(), y.ravel()
