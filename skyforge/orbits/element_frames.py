"""The inertial frames that elements and states are given in."""

from __future__ import annotations

from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.earth_orientation import earth_rotation_axis
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.heliocentric import ELEMENTS_OBLIQUITY_RAD
from skyforge.orbits.lunar_orientation import mean_earth_from_icrf
from skyforge.orbits.rotations import about_x
from skyforge.orbits.spelling import unknown_name_message
from skyforge.orbits.trajectory import FloatArray

ELEMENT_FRAMES: Final = ("icrf", "equator", "ecliptic", "orbit")

_PRIMARY: Final = {"moon": "earth", "earth": "sun"}


def ecliptic_from_icrf() -> FloatArray:
    """Return the rotation from ICRF to the frame that JPL and the Minor Planet Center call ecliptic J2000, (3, 3)."""
    return about_x(ELEMENTS_OBLIQUITY_RAD)


def _axes_from_pole(pole: FloatArray) -> FloatArray:
    # x towards the ascending node of the plane on the ICRF equator, as the IAU counts longitudes.
    x = np.cross([0.0, 0.0, 1.0], pole)
    if np.linalg.norm(x) < 1e-12:
        x = np.array([1.0, 0.0, 0.0])
    x = x / np.linalg.norm(x)
    return np.stack([x, np.cross(pole, x), pole], axis=1)


def icrf_from_frame(frame: str, center: str, epoch_tdb_s: float) -> FloatArray:
    """Return the rotation from one of `ELEMENT_FRAMES` to ICRF.

    Parameters
    ----------
    frame
        "icrf"; "equator": the centre's equator at the epoch; "ecliptic": mean ecliptic of J2000.0; "orbit":
        the plane in which the centre moves about its primary at the epoch (the Moon about the Earth, the
        Earth about the Sun), the plane that theories of frozen orbits are written in. Except for the
        ecliptic, whose x is the equinox, x is the ascending node on the ICRF equator.
    center
        "moon" or "earth".
    epoch_tdb_s
        TDB seconds since J2000.0.

    Returns
    -------
    (3, 3)

    Raises
    ------
    InputError
        If the frame is not known.
    """
    if frame == "icrf":
        return np.eye(3)
    if frame == "ecliptic":
        return ecliptic_from_icrf().T
    if frame == "orbit":
        position, velocity = ephemeris().relative_state(center, _PRIMARY[center], epoch_tdb_s)
        momentum = np.cross(position[0], velocity[0])
        return _axes_from_pole(momentum / np.linalg.norm(momentum))
    if frame == "equator":
        pole = (
            mean_earth_from_icrf(epoch_tdb_s)[0, 2]
            if center == "moon"
            else earth_rotation_axis(epoch_tdb_s)[0]
        )
        return _axes_from_pole(pole)
    raise InputError(unknown_name_message(frame, ELEMENT_FRAMES, "frame"))
