"""What a plate solution of the frame has to work with: pixels and the astrometric places seen there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.simulate.background import GRID
from skyforge.simulate.camera import Camera

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plate:
    """A grid of pixels (x, y) and the astrometric ICRF places (ra_deg, dec_deg) seen there at mid-exposure, each (n,).

    The first entry is the frame's centre, the others a square grid from corner to corner, row by row.
    """

    x: Floats
    y: Floats
    ra_deg: Floats
    dec_deg: Floats

    def centre_direction(self) -> Floats:
        """Return the astrometric ICRF unit vector (3,) of the frame's centre."""
        return orbits.directions_from_angles(self.ra_deg[0], self.dec_deg[0])


def plate(camera: Camera, axes: Floats, seen_from: orbits.Viewpoint) -> Plate:
    """Look through the camera at a grid of pixels; take the observer's aberration and the Sun's bending of light out.

    Parameters
    ----------
    camera
        The geometry of the focal plane.
    axes
        Camera axes at mid-exposure, shape (3, 3).
    seen_from
        The observer at mid-exposure.
    """
    grid_x, grid_y = camera.grid(GRID)
    centre_x, centre_y = camera.centre
    x, y = np.concatenate([[centre_x], grid_x]), np.concatenate([[centre_y], grid_y])
    astrometric = orbits.astrometric_directions(camera.look(x, y, axes), seen_from)
    ra_deg, dec_deg = orbits.angles_from_directions(astrometric)
    return Plate(x, y, ra_deg, dec_deg)
