"""How the Earth is turned: from TEME and ITRS to GCRS (IAU 2006/2000A, through ERFA)."""

from __future__ import annotations

import functools
import warnings
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import SkyforgeWarning
from skyforge.orbits.timescales import DAY_S, J2000_JD, work_offline
from skyforge.orbits.trajectory import FloatArray, time_vector

# Rate of the Earth rotation angle against UT1: Capitaine et al. 2000 (A&A 355, 398), IAU 2000 resolution
# B1.8.
EARTH_ROTATION_RATE_RAD_S: Final = 2.0 * np.pi * 1.00273781191135448 / DAY_S
# Cubic interpolation over a quarter day is good to 1 microarcsecond for the shortest terms of nutation.
NODE_SPACING_S: Final = 0.25 * DAY_S
TT_MINUS_TAI_S: Final = 32.184  # IAU 1991 resolution A4, recommendation IV
_MJD_ZERO_JD: Final = 2_400_000.5


@functools.lru_cache(maxsize=8192)
def _orientation_node(index: int) -> tuple[float, float, float, float]:
    # X, Y, s of the celestial intermediate pole and origin, and TDB - TT: slow to compute, slow to change.
    import erfa

    days = index * NODE_SPACING_S / DAY_S
    x, y, s = erfa.xys06a(J2000_JD, days)
    return float(x), float(y), float(s), float(erfa.dtdb(J2000_JD, days, 0.0, 0.0, 0.0, 0.0))


def _interpolated_nodes(times: FloatArray) -> FloatArray:
    """Return X, Y, s (rad) and TDB - TT (s) as (4, n), by cubic interpolation between cached nodes."""
    place = times / NODE_SPACING_S
    start = np.floor(place).astype(np.int64)
    needed, inverse = np.unique(start, return_inverse=True)
    stencils = np.array([[_orientation_node(int(k) + j) for j in (-1, 0, 1, 2)] for k in needed])
    values = stencils[inverse]
    p = (place - start)[:, np.newaxis]
    weights = np.concatenate(
        [
            -p * (p - 1.0) * (p - 2.0) / 6.0,
            (p + 1.0) * (p - 1.0) * (p - 2.0) / 2.0,
            -(p + 1.0) * p * (p - 2.0) / 2.0,
            (p + 1.0) * p * (p - 1.0) / 6.0,
        ],
        axis=1,
    )
    return np.asarray(np.einsum("nj,njc->cn", weights, values), dtype=np.float64)


def terrestrial_time_s(t_tdb_s: ArrayLike) -> FloatArray:
    """Return TT seconds since J2000.0 (JD 2451545.0 TT) of TDB seconds since J2000.0, (n,)."""
    times = time_vector(t_tdb_s)
    return np.asarray(times - _interpolated_nodes(times)[3], dtype=np.float64)


def celestial_to_intermediate(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from GCRS to CIRS, (n, 3, 3): precession and nutation of IAU 2006/2000A."""
    import erfa

    x, y, s, _ = _interpolated_nodes(time_vector(t_tdb_s))
    return np.asarray(erfa.c2ixys(x, y, s), dtype=np.float64)


def _tai_julian_date(times: FloatArray) -> tuple[FloatArray, FloatArray]:
    days, seconds = np.divmod(terrestrial_time_s(times), DAY_S)
    return J2000_JD + days, (seconds - TT_MINUS_TAI_S) / DAY_S


@functools.cache
def _earth_orientation_table() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return MJD (TAI), UT1 - TAI (s) and the pole's x and y (rad): IERS Bulletin A as astropy ships it."""
    work_offline()
    from astropy.utils import iers
    from erfa import ufunc

    table = iers.IERS_A.open(iers.IERS_A_FILE)
    columns = [
        np.asarray(table[name].to_value(unit), dtype=np.float64)
        for name, unit in (("MJD", "d"), ("UT1_UTC", "s"), ("PM_x", "rad"), ("PM_y", "rad"))
    ]
    known = np.all(np.isfinite(columns), axis=0)
    mjd, ut1_utc, x, y = (column[known] for column in columns)
    # Against TAI there is no leap second to step over. The bare ufunc returns a status, no warning.
    tai_1, tai_2, _ = ufunc.utctai(_MJD_ZERO_JD, mjd)
    tai_mjd = (tai_1 - _MJD_ZERO_JD) + tai_2
    return tai_mjd, ut1_utc - np.round((tai_mjd - mjd) * DAY_S), x, y


@functools.cache
def _warn_that_ut1_is_held() -> None:
    # Once in a run is enough: the function is called for every frame and every light-time iteration.
    warnings.warn(
        "the Earth's rotation is known from 1973 to a year ahead; outside, UT1 is held against "
        "atomic time at the nearest known value: each second by which the Earth runs ahead or behind by then "
        "shifts a site by 0.5 km",
        SkyforgeWarning,
        stacklevel=2,
    )


def _ut1_and_pole(times: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return UT1 as a two-part Julian date and the pole's coordinates (rad), each (n,)."""
    tai_1, tai_2 = _tai_julian_date(times)
    mjd, ut1_tai, pole_x, pole_y = _earth_orientation_table()
    day = (tai_1 - _MJD_ZERO_JD) + tai_2
    if day.size and (day.min() < mjd[0] or day.max() > mjd[-1]):
        _warn_that_ut1_is_held()
    # Beyond the table UT1 - UTC is held, and no more leap seconds are known: UT1 - TAI is held, too.
    difference = np.interp(day, mjd, ut1_tai)
    return tai_1, tai_2 + difference / DAY_S, np.interp(day, mjd, pole_x), np.interp(day, mjd, pole_y)


def teme_to_gcrs(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from TEME, the frame of SGP4, to GCRS.

    TEME's origin is tied to the Earth's rotation by the sidereal time of 1982 (Vallado et al. 2006, AIAA
    2006-6753, appendix C), CIRS's by the Earth rotation angle, so the two differ by a turn about the pole.
    UT1 enters through the difference of the two angles only and may be taken as UTC (1e-11 rad).

    Parameters
    ----------
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.

    Returns
    -------
    (n, 3, 3)
        Matrices that turn TEME vectors into GCRS vectors.
    """
    import erfa

    times = time_vector(t_tdb_s)
    tai_1, tai_2 = _tai_julian_date(times)
    angle = erfa.gmst82(tai_1, tai_2) - erfa.era00(tai_1, tai_2)
    to_teme = erfa.rz(-angle, celestial_to_intermediate(times))
    return np.swapaxes(np.asarray(to_teme, dtype=np.float64), -1, -2)


def itrs_to_gcrs(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from ITRS, fixed to the Earth, to GCRS.

    Parameters
    ----------
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.

    Returns
    -------
    (n, 3, 3)
        Matrices that turn ITRS vectors into GCRS vectors (IERS Conventions 2010, eq. 5.1).
    """
    import erfa

    times = time_vector(t_tdb_s)
    ut1_1, ut1_2, x, y = _ut1_and_pole(times)
    tt = terrestrial_time_s(times)
    polar_motion = erfa.pom00(x, y, erfa.sp00(J2000_JD, tt / DAY_S))
    to_itrs = erfa.c2tcio(celestial_to_intermediate(times), erfa.era00(ut1_1, ut1_2), polar_motion)
    return np.swapaxes(np.asarray(to_itrs, dtype=np.float64), -1, -2)


def earth_rotation_axis(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the unit vector of the Earth's spin axis (the celestial intermediate pole) in GCRS, (n, 3)."""
    return celestial_to_intermediate(t_tdb_s)[:, 2, :]
