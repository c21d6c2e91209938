"""Segments of SPK files that jplephem does not read: discrete states, joined by polynomials.

Layouts: NAIF, SPK Required Reading, the sections on types 8, 9, 12 and 13.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.heliocentric import ELEMENTS_OBLIQUITY_RAD
from skyforge.orbits.interpolation import Interpolation, StateTable
from skyforge.orbits.rotations import about_x
from skyforge.orbits.timescales import DAY_S, J2000_JD
from skyforge.orbits.trajectory import FloatArray

_CHEBYSHEV: Final = (2, 3)
_EVEN_STEPS: Final = {8: Interpolation.LAGRANGE, 12: Interpolation.HERMITE}
_UNEVEN_STEPS: Final = {9: Interpolation.LAGRANGE, 13: Interpolation.HERMITE}
READABLE_TYPES: Final = (*_CHEBYSHEV, *sorted({**_EVEN_STEPS, **_UNEVEN_STEPS}))

# NAIF's codes of inertial frames: Frames Required Reading, appendix. Its J2000 is the ICRF, its ECLIPJ2000 has the
# obliquity of IAU 1976.
_J2000, _ECLIPTIC_J2000 = 1, 17


def check_segment(segment: Any, where: str) -> None:
    """Raise `InputError` if a segment is of a type or in a frame that cannot be read."""
    if segment.data_type not in READABLE_TYPES:
        raise InputError(
            f"{where}: its segment is of data type {segment.data_type}; skyforge reads the types "
            f"{', '.join(map(str, READABLE_TYPES))}: convert it, with NAIF's spkmerge or mkspk, to one of them"
        )
    if segment.frame not in (_J2000, _ECLIPTIC_J2000):
        raise InputError(
            f"{where}: its segment is in NAIF's frame {segment.frame}; skyforge reads J2000 (1) and ECLIPJ2000 (17)"
        )


def segment_state(segment: Any, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a segment's position (n, 3) km and velocity (n, 3) km/s relative to its centre, ICRF axes."""
    position, velocity = (
        _chebyshev(segment, t_tdb_s)
        if segment.data_type in _CHEBYSHEV
        else state_table(segment).state(t_tdb_s)
    )
    if segment.frame == _ECLIPTIC_J2000:
        to_icrf = about_x(ELEMENTS_OBLIQUITY_RAD)
        return position @ to_icrf, velocity @ to_icrf
    return position, velocity


def _chebyshev(segment: Any, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    days, seconds = np.divmod(t_tdb_s, DAY_S)
    values, rates = segment.compute_and_differentiate(J2000_JD + days, seconds / DAY_S)
    if segment.data_type == _CHEBYSHEV[1]:  # it holds velocities beside positions
        return np.asarray(values[:3].T, dtype=np.float64), np.asarray(values[3:].T, dtype=np.float64)
    return np.asarray(values.T, dtype=np.float64), np.asarray(rates.T / DAY_S, dtype=np.float64)


def state_table(segment: Any) -> StateTable:
    """Return the states of a segment of type 8, 9, 12 or 13."""
    numbers = np.asarray(segment.daf.map_array(segment.start_i, segment.end_i), dtype=np.float64)
    count = int(numbers[-1])
    states = numbers[: 6 * count].reshape(count, 6)
    if segment.data_type in _EVEN_STEPS:
        method = _EVEN_STEPS[segment.data_type]
        times = numbers[-4] + numbers[-3] * np.arange(count)
    else:
        method = _UNEVEN_STEPS[segment.data_type]
        times = numbers[6 * count : 7 * count]
    # Lagrange's types give the degree, Hermite's the number of states less one: the same number of states.
    points = int(numbers[-2]) + 1
    return StateTable(times, states[:, :3], states[:, 3:], method, points)
