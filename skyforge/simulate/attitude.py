"""Where the telescope points, as camera axes in the sky of apparent directions.

The camera axes are the rows of a rotation matrix: x̂ (pixel x grows), ŷ (pixel y grows) and b̂ (the boresight). With
roll 0 ŷ points north and x̂ west, as astronomers print the sky.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NORTH = np.array([0.0, 0.0, 1.0])
_EAST_AT_POLE = np.array([0.0, 1.0, 0.0])
_POLE_MARGIN = 1e-12
_ARCSEC_RAD = np.pi / 648000.0


def east_north(direction: Floats) -> tuple[Floats, Floats]:
    """Return the unit vectors of local east and north, each (..., 3), at directions (..., 3) of the sky.

    At the pole itself, where north is undefined, east is the direction of right ascension 90°.
    """
    east = np.cross(_NORTH, direction)
    length = np.linalg.norm(east, axis=-1, keepdims=True)
    at_pole = length < _POLE_MARGIN
    east = np.where(at_pole, _EAST_AT_POLE, east / np.where(at_pole, 1.0, length))
    return east, np.cross(direction, east)


def camera_axes(boresight: Floats, roll_rad: float | Floats) -> Floats:
    """Return the camera's rotation matrix, shape (..., 3, 3) with rows x̂, ŷ, b̂.

    Parameters
    ----------
    boresight
        Unit vectors (..., 3) of the apparent direction at the frame's centre.
    roll_rad
        Position angle of ŷ, from north through east, in radians, (...).
    """
    east, north = east_north(boresight)
    roll = np.asarray(roll_rad)[..., np.newaxis]
    cosine, sine = np.cos(roll), np.sin(roll)
    return np.stack([sine * north - cosine * east, cosine * north + sine * east, boresight], axis=-2)


def rotate_by_rates(
    direction: Floats, ra_rate_arcsec_s: float, dec_rate_arcsec_s: float, elapsed_s: float | Floats
) -> Floats:
    """Move a direction (3,) along the great circle that starts at the given rates on the sky.

    Parameters
    ----------
    direction
        Unit vector (3,) at elapsed time zero.
    ra_rate_arcsec_s, dec_rate_arcsec_s
        Rates towards east (cos δ included) and north, in arcseconds per second.
    elapsed_s
        Time since the start, in seconds, (...); may be negative.

    Returns
    -------
    (..., 3)
    """
    east, north = east_north(direction)
    heading = ra_rate_arcsec_s * east + dec_rate_arcsec_s * north
    rate = float(np.linalg.norm(heading))
    elapsed = np.asarray(elapsed_s, dtype=np.float64)[..., np.newaxis]
    if rate == 0.0:
        return np.broadcast_to(direction, (*elapsed.shape[:-1], 3))
    angle = rate * elapsed * _ARCSEC_RAD
    moved: Floats = np.cos(angle) * direction + np.sin(angle) * heading / rate
    return moved


@dataclass(frozen=True)
class Attitude:
    """The pointing law of a run: an apparent boresight and a roll for every instant.

    Attributes
    ----------
    boresight
        Function of t_tdb_s, one instant or (k,), that returns the apparent unit vector (3,) or (k, 3) at the frame's
        centre.
    roll_rad
        Position angle of the camera's ŷ at `reference_tdb_s`, in radians.
    roll_rate_rad_s
        Rate of that angle, in radians per second: the field rotates where it is not zero.
    reference_tdb_s
        Instant at which the roll has its nominal value.
    """

    boresight: Callable[[float | Floats], Floats]
    roll_rad: float
    roll_rate_rad_s: float
    reference_tdb_s: float

    def axes(self, t_tdb_s: float | Floats) -> Floats:
        """Return the camera's rotation matrix (3, 3) at one instant, or (k, 3, 3) at k of them."""
        roll = self.roll_rad + self.roll_rate_rad_s * (t_tdb_s - self.reference_tdb_s)
        return camera_axes(self.boresight(t_tdb_s), roll)
