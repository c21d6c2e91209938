"""The reference frames that ephemeris messages name, turned to ICRF."""

from __future__ import annotations

from typing import Final

import numpy as np

from skyforge.orbits.earth_orientation import (
    EARTH_ROTATION_RATE_RAD_S,
    celestial_to_intermediate,
    itrs_to_gcrs,
    teme_to_gcrs,
)
from skyforge.orbits.trajectory import FloatArray

# J2000, the mean equator and equinox of 2000, lies 0.02" from the ICRF (Hilton & Hohenkerk 2004, A&A 413, 765): 5 m in
# geostationary orbit. Those who write files, JPL first, use the names for one and the same frame, and so does skyforge.
_INERTIAL: Final = frozenset({"ICRF", "ICRF1", "ICRF2", "ICRF3", "GCRF", "EME2000", "J2000", "ICRS", "GCRS"})
_TERRESTRIAL: Final = "ITRF"
_OF_MEAN_ELEMENTS: Final = "TEME"

READABLE_FRAMES: Final = "ICRF, GCRF, EME2000 (J2000), and about the Earth ITRF and TEME"


def frame_named(name: str) -> str | None:
    """Return "ICRF", "ITRF" or "TEME" for a REF_FRAME (CCSDS 502.0-B-3, annex B), None for any other frame."""
    plain = name.strip().upper().replace("_", "").replace("-", "").replace(" ", "")
    if plain in _INERTIAL:
        return "ICRF"
    if plain.startswith(_TERRESTRIAL) or plain in ("ITRS", "WGS84"):
        # Realisations of the terrestrial frame, WGS84 among them, agree within decimetres.
        return _TERRESTRIAL
    return _OF_MEAN_ELEMENTS if plain == _OF_MEAN_ELEMENTS else None


def is_earths(frame: str) -> bool:
    """Say whether a frame is tied to the Earth, so that only positions from its centre make sense in it."""
    return frame != "ICRF"


def icrf_state(
    frame: str, t_tdb_s: FloatArray, position_km: FloatArray, velocity_km_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return states (n, 3) km and (n, 3) km/s of one of the frames of `frame_named` in ICRF axes."""
    if frame == "ICRF":
        return position_km, velocity_km_s
    rotation = teme_to_gcrs(t_tdb_s) if frame == _OF_MEAN_ELEMENTS else itrs_to_gcrs(t_tdb_s)
    position = np.einsum("nij,nj->ni", rotation, position_km)
    velocity = np.einsum("nij,nj->ni", rotation, velocity_km_s)
    if frame == _TERRESTRIAL:
        spin = EARTH_ROTATION_RATE_RAD_S * celestial_to_intermediate(t_tdb_s)[:, 2]
        velocity = velocity + np.cross(spin, position)
    return position, velocity
