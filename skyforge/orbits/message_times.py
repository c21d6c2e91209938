"""Times as CCSDS messages write them, in any of their time systems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.timescales import quiet_future, tdb_seconds, utc_time, work_offline
from skyforge.orbits.trajectory import FloatArray

# What a time system is to astropy, and seconds to add before it is that (IS-GPS-200: GPS time is TAI - 19 s).
_SCALES: Final[dict[str, tuple[str, float]]] = {
    "UTC": ("utc", 0.0),
    "TAI": ("tai", 0.0),
    "TT": ("tt", 0.0),
    "TDT": ("tt", 0.0),
    "TDB": ("tdb", 0.0),
    "TCB": ("tcb", 0.0),
    "TCG": ("tcg", 0.0),
    "UT1": ("ut1", 0.0),
    "GPS": ("tai", 19.0),
}
_DAY_OF_YEAR: Final = re.compile(r"(\d{4})-(\d{3})T(.+)")

TIME_SYSTEMS: Final = tuple(_SCALES)


def message_times(texts: Sequence[str], time_system: str) -> FloatArray:
    """Return TDB seconds since J2000.0 of times such as 2030-03-01T00:00:00.5 or 2030-060T00:00:00.5, (n,).

    Parameters
    ----------
    texts
        The times; a Z at the end is allowed.
    time_system
        One of `TIME_SYSTEMS`.

    Raises
    ------
    InputError
        If the system is unknown or a text is no time; the message quotes it.
    """
    from astropy.time import Time, TimeDelta

    system = time_system.strip().upper()
    if system not in _SCALES:
        raise InputError(f"TIME_SYSTEM is {time_system!r}; skyforge reads {', '.join(TIME_SYSTEMS)}")
    if not texts:
        return np.empty(0)
    scale, offset_s = _SCALES[system]
    work_offline()
    plain = [_calendar(text) for text in texts]
    by_day = _DAY_OF_YEAR.fullmatch(texts[0].strip().rstrip("Z")) is not None
    try:
        with quiet_future():
            times = Time(plain, format="yday" if by_day else "isot", scale=scale)
            if offset_s:
                times = times + TimeDelta(offset_s, format="sec")
            seconds = np.atleast_1d(tdb_seconds(times))
    except ValueError:
        raise InputError(f"{_first_wrong(texts)!r} is no time such as 2030-03-01T00:00:00.000") from None
    return np.asarray(seconds, dtype=np.float64)


def _calendar(text: str) -> str:
    text = text.strip().rstrip("Z")
    match = _DAY_OF_YEAR.fullmatch(text)
    return f"{match[1]}:{match[2]}:{match[3]}" if match else text


def _first_wrong(texts: Sequence[str]) -> str:
    """Return the first text that is no time of the form of the first one."""
    from astropy.time import Time

    by_day = _DAY_OF_YEAR.fullmatch(texts[0].strip().rstrip("Z")) is not None
    for text in texts:
        try:
            Time(_calendar(text), format="yday" if by_day else "isot")
        except ValueError:
            return text
    return texts[0]


def tdb_texts(t_tdb_s: FloatArray) -> list[str]:
    """Return times in TDB as a message writes them, to the nanosecond."""
    from astropy.time import Time

    work_offline()
    with quiet_future():
        tdb = utc_time(t_tdb_s).tdb
    return [str(text) for text in np.atleast_1d(Time(tdb, format="isot", precision=9).value)]
