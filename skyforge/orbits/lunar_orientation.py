"""How the Moon is turned: its pole, its prime meridian, and the axes of its gravity field.

The IAU's series (Archinal et al. 2011, Celest. Mech. Dyn. Astron. 109, 101, table 2, unchanged in the 2015
report) give the mean-Earth axes to about 0.005 degrees (150 m on the surface). Gravity fields are given in
the principal axes of inertia, a constant small rotation away.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.rotations import about_x, about_y, about_z
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray, time_vector

_CENTURY_DAYS: Final = 36_525.0

# Arguments E1 ... E13: degrees at J2000.0 and degrees a day.
_ARGUMENTS: Final = np.array(
    [
        [125.045, -0.0529921],
        [250.089, -0.1059842],
        [260.008, 13.0120009],
        [176.625, 13.3407154],
        [357.529, 0.9856003],
        [311.589, 26.4057084],
        [134.963, 13.0649930],
        [276.617, 0.3287146],
        [34.226, 1.7484877],
        [15.134, -0.1589763],
        [119.743, 0.0036096],
        [239.961, 0.1643573],
        [25.053, 12.9590088],
    ]
)
# Degrees that multiply sin E (right ascension of the pole), cos E (its declination), sin E (prime meridian).
_POLE_RA_TERMS: Final = np.array(
    [-3.8787, -0.1204, 0.0700, -0.0172, 0, 0.0072, 0, 0, 0, -0.0052, 0, 0, 0.0043]
)
_POLE_DEC_TERMS: Final = np.array(
    [1.5419, 0.0239, -0.0278, 0.0068, 0, -0.0029, 0.0009, 0, 0, 0.0008, 0, 0, -0.0009]
)
_MERIDIAN_TERMS: Final = np.array(
    [
        3.5610,
        0.1208,
        -0.0642,
        0.0158,
        0.0252,
        -0.0066,
        -0.0047,
        -0.0046,
        0.0028,
        0.0052,
        0.0040,
        0.0019,
        -0.0044,
    ]
)

# Mean-Earth from principal axes of DE421, whose lunar frame the GRAIL-era fields use: Williams, Boggs &
# Folkner 2008 (JPL IOM 335-JW,DB,WF-20080314-001): Rx(-0.30") Ry(-78.56") Rz(-67.92").
_MEAN_EARTH_FROM_PRINCIPAL_ARCSEC: Final = (-0.30, -78.56, -67.92)


def lunar_pole_and_meridian(t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the direction of the Moon's north pole and the angle of its prime meridian.

    Parameters
    ----------
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.

    Returns
    -------
    right_ascension_rad, declination_rad, meridian_rad : (n,)
        ICRF place of the pole, and the angle W from the node of the lunar equator to the prime meridian.
    """
    days = time_vector(t_tdb_s) / DAY_S
    centuries = days / _CENTURY_DAYS
    argument = np.deg2rad(_ARGUMENTS[:, :1] + _ARGUMENTS[:, 1:] * days)
    sine, cosine = np.sin(argument), np.cos(argument)
    right_ascension = 269.9949 + 0.0031 * centuries + _POLE_RA_TERMS @ sine
    declination = 66.5392 + 0.0130 * centuries + _POLE_DEC_TERMS @ cosine
    meridian = 38.3213 + 13.17635815 * days - 1.4e-12 * days**2 + _MERIDIAN_TERMS @ sine
    return np.deg2rad(right_ascension), np.deg2rad(declination), np.deg2rad(np.mod(meridian, 360.0))


def mean_earth_from_icrf(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from ICRF to the Moon's mean-Earth axes, those of its maps, (n, 3, 3)."""
    right_ascension, declination, meridian = lunar_pole_and_meridian(t_tdb_s)
    quarter = 0.5 * np.pi
    return about_z(meridian) @ about_x(quarter - declination) @ about_z(right_ascension + quarter)


def principal_axes_from_icrf(t_tdb_s: ArrayLike) -> FloatArray:
    """Return the rotation from ICRF to the Moon's principal axes of inertia, (n, 3, 3)."""
    x, y, z = (np.deg2rad(angle / 3600.0) for angle in _MEAN_EARTH_FROM_PRINCIPAL_ARCSEC)
    mean_earth_from_principal = about_x(x) @ about_y(y) @ about_z(z)
    return np.asarray(mean_earth_from_principal.T @ mean_earth_from_icrf(t_tdb_s), dtype=np.float64)
