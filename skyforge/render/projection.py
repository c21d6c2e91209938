"""From directions to pixels, the same on every device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.options import checked_threads

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class View:
    """
    How directions become pixels at one instant: light is bent by one mass, the observer moves, a camera projects.

    Attributes
    ----------
    from_mass
        (3,) unit vector from the mass that bends light to the observer.
    bending
        Schwarzschild radius of the mass over its distance from the observer; 0 for none.
    least_opening
        Value of 1 + cos of the angle at the mass below which the bending grows no more: behind the mass.
    velocity
        (3,) velocity of the observer in units of the speed of light.
    axes
        (3, 3) camera axes as rows: to the right, up, ahead.
    pixel_scale
        Side of a pixel over the focal length.
    centre
        Pixel coordinates (x, y) of the optical axis.
    """

    from_mass: Floats
    bending: float
    least_opening: float
    velocity: Floats
    axes: Floats
    pixel_scale: float
    centre: tuple[float, float]

    def numbers(self) -> Floats:
        """Return the view as the kernels take it."""
        speed = np.asarray(self.velocity, dtype=np.float64)
        inverse_lorentz = np.sqrt(1.0 - (speed[0] * speed[0] + speed[1] * speed[1] + speed[2] * speed[2]))
        return np.concatenate(
            [
                np.asarray(self.from_mass, dtype=np.float64),
                [self.bending, self.least_opening],
                speed,
                [inverse_lorentz],
                np.asarray(self.axes, dtype=np.float64).reshape(9),
                [self.pixel_scale, *self.centre],
            ]
        )


def project(directions: Floats, view: View, threads: int | None = None) -> tuple[Floats, Floats]:
    """
    Find where sources far away appear.

    Parameters
    ----------
    directions
        (n, 3) astrometric unit vectors.
    view
        The instant.
    threads
        CPU threads; all by default.

    Returns
    -------
    x, y
        Pixel coordinates, each (n,); NaN behind the camera.

    Raises
    ------
    InputError
        If the directions are not (n, 3).
    """
    unit = np.ascontiguousarray(directions, dtype=np.float64)
    if unit.ndim != 2 or unit.shape[1] != 3:
        raise InputError(f"directions must have shape (n, 3), found {unit.shape}")
    x, y = np.empty(len(unit)), np.empty(len(unit))
    _core.project(x, y, unit, view.numbers(), checked_threads(threads))
    return x, y
