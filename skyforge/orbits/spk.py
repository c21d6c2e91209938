"""SPK files, the binary ephemerides of NAIF, as trajectories."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.orbits.center_names import BODY_OF_NAIF_CODE, center_state
from skyforge.orbits.spk_segments import check_segment, segment_state
from skyforge.orbits.timescales import tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, time_vector

_MOST_LINKS: Final = 10
_MOST_NAMED: Final = 12
# Spacecraft whose names jplephem does not list: NAIF IDs required reading.
_SPACECRAFT: Final = {
    -85: "LRO",
    -170: "JWST",
    -79: "SPITZER",
    -227: "KEPLER",
    -95: "TESS",
    -155: "DANURI",
    -1176: "CAPSTONE",
}


@dataclass(frozen=True)
class SpkTrajectory:
    """A body whose places an SPK file gives.

    Attributes
    ----------
    name
        What people call it.
    code
        Its NAIF code.
    source
        The file.
    """

    name: str
    code: int
    source: str
    _segments: tuple[Any, ...]

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF.

        Raises
        ------
        PropagationError
            If the file does not cover a time, for the body or for what its positions are counted from.
        """
        return self._barycentric(self.code, time_vector(t_tdb_s), 0)

    def _barycentric(self, code: int, times: FloatArray, links: int) -> tuple[FloatArray, FloatArray]:
        if links and code in BODY_OF_NAIF_CODE:
            return center_state(BODY_OF_NAIF_CODE[code], times)
        own = [segment for segment in self._segments if segment.target == code]
        if not own or links > _MOST_LINKS:
            raise PropagationError(
                self.name,
                f"{self.name}: {self.source} counts its positions from {body_name(code)}, of which neither the file "
                "nor DE440 says where it is",
            )
        position, velocity = np.empty((times.size, 3)), np.empty((times.size, 3))
        which = _last_that_covers(own, times)
        if np.any(which < 0):
            raise PropagationError(self.name, self._outside_message(code, own, float(times[which < 0][0])))
        for number in np.unique(which):
            chosen, segment = which == number, own[number]
            relative, relative_velocity = segment_state(segment, times[chosen])
            center, center_velocity = self._barycentric(segment.center, times[chosen], links + 1)
            position[chosen], velocity[chosen] = center + relative, center_velocity + relative_velocity
        return position, velocity

    def _outside_message(self, code: int, own: Sequence[Any], t_tdb_s: float) -> str:
        what = "" if code == self.code else f" of {body_name(code)}, from which its positions are counted,"
        spans = "; ".join(
            f"{tdb_calendar_time(start)} to {tdb_calendar_time(end)}" for start, end in coverage(own)
        )
        return f"{self.name} has no place at {tdb_calendar_time(t_tdb_s)}: its ephemeris{what} covers {spans}"


def coverage(segments: Sequence[Any]) -> list[tuple[float, float]]:
    """Return the spans, TDB seconds since J2000.0, that segments cover together."""
    spans: list[tuple[float, float]] = []
    for start, end in sorted((one.start_second, one.end_second) for one in segments):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((float(start), float(end)))
    return spans


def _last_that_covers(segments: Sequence[Any], times: FloatArray) -> NDArray[np.intp]:
    """Return the number of the last segment that covers each time, (n,), -1 where none does."""
    which = np.full(times.size, -1, dtype=np.intp)
    for number, segment in enumerate(segments):
        which[(times >= segment.start_second) & (times <= segment.end_second)] = number
    return which


def body_name(code: int) -> str:
    """Return a body's name and its NAIF code."""
    name = _names().get(code)
    return f"{name} ({code})" if name else str(code)


@functools.cache
def _names() -> dict[int, str]:
    from jplephem.names import target_names

    return {**{int(code): str(name) for code, name in target_names.items()}, **_SPACECRAFT}


def load_spk(path: Path | str, body: int | str, name: str | None = None) -> SpkTrajectory:
    """Open an SPK file for one body.

    Parameters
    ----------
    path
        The file, of segments of types 2, 3, 8, 9, 12 or 13.
    body
        NAIF code, or a name that NAIF gives.
    name
        What to call the body; None takes NAIF's name.

    Returns
    -------
    SpkTrajectory
        Where the file counts positions from the Sun, a planet or the Moon, those are DE440's.

    Raises
    ------
    InputError
        If the file cannot be opened, does not hold the body, or holds it in a way that cannot be read.
    """
    from jplephem.spk import SPK

    path = Path(path)
    try:
        segments = tuple(SPK.open(str(path)).segments)
    except OSError as error:
        raise InputError(f"{path}: cannot open the ephemeris: {error.strerror}") from error
    except Exception as error:
        raise InputError(f"{path}: not an SPK file: {error}") from error
    code = _code(body, segments, path)
    for segment in segments:
        if segment.target == code:
            check_segment(segment, f"{path} ({body_name(code)})")
    return SpkTrajectory(name or _names().get(code, str(code)).title(), code, str(path), segments)


def _code(body: int | str, segments: tuple[Any, ...], path: Path) -> int:
    held = sorted({int(segment.target) for segment in segments})
    text = str(body).strip()
    try:
        code: int | None = int(text)
    except ValueError:
        wanted = text.upper()
        code = next((one for one in held if _names().get(one, "").upper() == wanted), None)
    if code not in held:
        shown = ", ".join(body_name(one) for one in held[:_MOST_NAMED])
        more = f" and {len(held) - _MOST_NAMED} more" if len(held) > _MOST_NAMED else ""
        raise InputError(f"{path}: there is no body {text!r} in this ephemeris; it holds {shown}{more}")
    return code
