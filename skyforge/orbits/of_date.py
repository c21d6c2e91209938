"""Apparent places as almanacs print them: against the true equator and equinox of date."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.earth_orientation import celestial_to_intermediate, terrestrial_time_s
from skyforge.orbits.timescales import DAY_S, J2000_JD
from skyforge.orbits.trajectory import FloatArray, time_vector

_ROUNDS: Final = 3


def equator_of_date_from_icrf(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from ICRF to the true equator and equinox of date.

    The pole is that of IAU 2006/2000A. The equinox is that of the precession of 1976 and the nutation of 1980, brought
    to this pole by celestial pole offsets, as JPL's Horizons has it; the equinox of IAU 2006 lies 0.05" from it.

    Parameters
    ----------
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.

    Returns
    -------
    (n, 3, 3)
    """
    import erfa

    times = time_vector(t_tdb_s)
    days = terrestrial_time_s(times) / DAY_S
    pole = celestial_to_intermediate(times)[:, 2]
    precession, obliquity = erfa.pmat76(J2000_JD, days), erfa.obl80(J2000_JD, days)
    in_longitude, in_obliquity = erfa.nut80(J2000_JD, days)
    for _ in range(_ROUNDS):
        matrix = erfa.numat(obliquity, in_longitude, in_obliquity) @ precession
        offset = pole - matrix[:, 2]
        # Celestial pole offsets: IERS Conventions 2010, section 5.5.4, to first order.
        in_longitude = in_longitude + offset[:, 0] / np.sin(obliquity)
        in_obliquity = in_obliquity + offset[:, 1]
    return np.asarray(erfa.numat(obliquity, in_longitude, in_obliquity) @ precession, dtype=np.float64)
