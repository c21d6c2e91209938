"""Between what people write (UTC) and what is computed with (TDB seconds since J2000.0)."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.trajectory import FloatArray

if TYPE_CHECKING:
    from astropy.time import Time

J2000_JD: Final = 2_451_545.0
DAY_S: Final = 86_400.0


@functools.cache
def work_offline() -> None:
    """Tell astropy to use the Earth orientation data on this machine, however old, and never the network."""
    from astropy.utils import iers

    iers.conf.auto_download = False
    iers.conf.auto_max_age = None


@contextmanager
def quiet_future() -> Iterator[None]:
    """Silence ERFA about years to come while times are made or converted."""
    # ERFA calls every year more than five after its release "dubious" because leap seconds to come are
    # unknown; for a simulation of the future that is no news.
    import erfa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        yield


def tdb_seconds(time: Time) -> float | FloatArray:
    """Return TDB seconds since J2000.0 (JD 2451545.0 TDB).

    Parameters
    ----------
    time
        Any astropy time, in any scale.

    Returns
    -------
    float or (n,) array
        Seconds; 0.1 microsecond is the resolution of float64 in this century.
    """
    work_offline()
    with quiet_future():
        tdb = time.tdb
    seconds = (tdb.jd1 - J2000_JD) * DAY_S + tdb.jd2 * DAY_S
    return float(seconds) if np.ndim(seconds) == 0 else np.asarray(seconds, dtype=np.float64)


def utc_time(t_tdb_s: ArrayLike) -> Time:
    """Return the UTC time of TDB seconds since J2000.0.

    Parameters
    ----------
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.

    Returns
    -------
    astropy.time.Time
        In scale UTC, format isot.
    """
    from astropy.time import Time

    work_offline()
    days, seconds = np.divmod(np.asarray(t_tdb_s, dtype=np.float64), DAY_S)
    with quiet_future():
        time = Time(J2000_JD + days, seconds / DAY_S, format="jd", scale="tdb").utc
    time.format = "isot"
    return time


def tdb_calendar_date(t_tdb_s: float) -> str:
    """Return the calendar date (year-month-day, TDB) for messages; years far from now work too."""
    import erfa

    if not np.isfinite(t_tdb_s):
        return str(t_tdb_s)
    year, month, day, _ = erfa.jd2cal(J2000_JD, t_tdb_s / DAY_S)
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


def tdb_calendar_time(t_tdb_s: float) -> str:
    """Return an epoch as people read it, in UTC to the second, for messages."""
    return str(utc_time(float(t_tdb_s)).strftime("%Y-%m-%dT%H:%M:%SZ"))
