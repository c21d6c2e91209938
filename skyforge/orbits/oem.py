"""Orbit ephemeris messages (CCSDS 502.0-B-3, section 5) as trajectories, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError
from skyforge.orbits.center_names import center_state
from skyforge.orbits.ephemeris_frames import icrf_state
from skyforge.orbits.interpolation import Interpolation, StateTable
from skyforge.orbits.message_times import tdb_texts
from skyforge.orbits.oem_text import read_blocks
from skyforge.orbits.spelling import unknown_name_message
from skyforge.orbits.timescales import tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray, PropagationError, time_vector

# Between two states a circle of 100 degrees is the most that a polynomial can be trusted with: there the chord differs
# from the mean velocity's way by a quarter of the arc.
_JOINABLE = 0.25


@dataclass(frozen=True)
class OemSegment:
    """One stretch of an ephemeris: states that belong together.

    Attributes
    ----------
    center
        What positions are counted from, as `skyforge.orbits.center_names` calls it.
    frame
        Axes, as `skyforge.orbits.ephemeris_frames` calls them.
    table
        The states and how to join them.
    usable_tdb_s
        First and last time at which the file says it may be used.
    """

    center: str
    frame: str
    table: StateTable
    usable_tdb_s: tuple[float, float]

    def state(self, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return states (n, 3) km and (n, 3) km/s in the barycentric ICRF at times inside."""
        relative = icrf_state(self.frame, t_tdb_s, *self.table.state(t_tdb_s))
        center_position, center_velocity = center_state(self.center, t_tdb_s)
        return center_position + relative[0], center_velocity + relative[1]


@dataclass(frozen=True)
class OemTrajectory:
    """A spacecraft whose places a file gives.

    Attributes
    ----------
    name, identifier
        OBJECT_NAME and OBJECT_ID.
    segments
        In the order of time.
    """

    name: str
    identifier: str
    segments: tuple[OemSegment, ...]

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position (n, 3) km and velocity (n, 3) km/s in the barycentric ICRF.

        Raises
        ------
        PropagationError
            If the file has no states around a time: before, after, or in a gap.
        """
        times = time_vector(t_tdb_s)
        position, velocity = np.full((times.size, 3), np.nan), np.full((times.size, 3), np.nan)
        missing = np.ones(times.size, dtype=np.bool_)
        # Where two segments share an instant the later one holds: it begins with what happened there.
        for segment in reversed(self.segments):
            start, end = segment.usable_tdb_s
            inside = missing & (times >= start) & (times <= end)
            if np.any(inside):
                self._check_gap(segment.table, times[inside])
                position[inside], velocity[inside] = segment.state(times[inside])
                missing &= ~inside
        if np.any(missing):
            raise PropagationError(self.name, self._outside_message(float(times[missing][0])))
        return position, velocity

    def _check_gap(self, table: StateTable, times: FloatArray) -> None:
        """Raise where the states on both sides of a time are too far apart for any polynomial to join them."""
        row = np.clip(
            np.searchsorted(table.time_s, times, side="right") - 1, 0, max(table.time_s.size - 2, 0)
        )
        if table.time_s.size < 2:
            return
        apart = table.time_s[row + 1] - table.time_s[row]
        before, after = table.velocity_km_s[row], table.velocity_km_s[row + 1]
        way = 0.5 * (before + after) * apart[:, np.newaxis]
        length = 0.5 * (np.linalg.norm(before, axis=1) + np.linalg.norm(after, axis=1)) * apart
        miss = np.linalg.norm(table.position_km[row + 1] - table.position_km[row] - way, axis=1)
        torn = np.flatnonzero((miss > _JOINABLE * length) & (times > table.time_s[row]))
        if torn.size:
            first = torn[0]
            raise PropagationError(
                self.name,
                f"{self.name} has no place at {tdb_calendar_time(float(times[first]))}: its ephemeris has a gap from "
                f"{tdb_calendar_time(float(table.time_s[row[first]]))} to "
                f"{tdb_calendar_time(float(table.time_s[row[first] + 1]))}, too long to be bridged",
            )

    def _outside_message(self, t_tdb_s: float) -> str:
        start, end = self.segments[0].usable_tdb_s[0], max(one.usable_tdb_s[1] for one in self.segments)
        when = tdb_calendar_time(t_tdb_s)
        if not start <= t_tdb_s <= end:
            return (
                f"{self.name} has no place at {when}: its ephemeris covers {tdb_calendar_time(start)} to "
                f"{tdb_calendar_time(end)}"
            )
        before = max(one.usable_tdb_s[1] for one in self.segments if one.usable_tdb_s[1] < t_tdb_s)
        after = min(one.usable_tdb_s[0] for one in self.segments if one.usable_tdb_s[0] > t_tdb_s)
        return (
            f"{self.name} has no place at {when}: its ephemeris has a gap from {tdb_calendar_time(before)} to "
            f"{tdb_calendar_time(after)}"
        )


def load_oem(path: Path | str) -> list[OemTrajectory]:
    """Read an orbit ephemeris message in KVN.

    Parameters
    ----------
    path
        The file; several segments of one object become one trajectory, several objects one each. Covariances and
        comments are passed over; accelerations are checked and left out.

    Returns
    -------
    list of OemTrajectory
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, breaks the format, or is in a frame, time system or about a centre that skyforge
        does not know; the message names the line.
    """
    found: dict[tuple[str, str], list[OemSegment]] = {}
    for block in read_blocks(Path(path)):
        segment = OemSegment(block.center, block.frame, block.table, block.usable_tdb_s)
        found.setdefault((block.name, block.identifier), []).append(segment)
    return [
        OemTrajectory(name, identifier, tuple(sorted(segments, key=lambda one: one.usable_tdb_s)))
        for (name, identifier), segments in found.items()
    ]


def find_ephemeris(objects: Sequence[OemTrajectory], query: str, source: str = "the file") -> OemTrajectory:
    """Return the object with an OBJECT_NAME or OBJECT_ID; letter case does not matter.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest name.
    """
    wanted = query.strip().lower()
    for one in objects:
        if wanted in (one.name.lower(), one.identifier.lower()):
            return one
    raise InputError(f"{source}: {unknown_name_message(query, [one.name for one in objects], 'object')}")


def write_oem(
    path: Path | str,
    name: str,
    t_tdb_s: ArrayLike,
    position_km: ArrayLike,
    velocity_km_s: ArrayLike,
    *,
    center: str = "EARTH",
    identifier: str = "UNKNOWN",
    interpolation: Interpolation = Interpolation.HERMITE,
    degree: int = 7,
    originator: str = "SKYFORGE",
    creation_date: str = "2000-01-01T00:00:00",
) -> None:
    """Write one segment of an orbit ephemeris message, ICRF axes and TDB.

    Parameters
    ----------
    path
        Where to.
    name, identifier
        OBJECT_NAME and OBJECT_ID.
    t_tdb_s : (n,)
        Ascending times, TDB seconds since J2000.0.
    position_km, velocity_km_s : (n, 3)
        States relative to the centre.
    center
        CENTER_NAME.
    interpolation, degree
        How the file wants to be read between its states.
    originator, creation_date
        What the header says; a fixed date keeps files the same from run to run.

    Raises
    ------
    InputError
        If times do not ascend or shapes do not fit.
    """
    times = time_vector(t_tdb_s)
    states = np.concatenate([np.asarray(position_km, float), np.asarray(velocity_km_s, float)], axis=1)
    if states.shape != (times.size, 6) or not np.all(np.diff(times) > 0.0):
        raise InputError(f"{name}: an ephemeris needs ascending times and a state of six numbers for each")
    texts = tdb_texts(times)
    head = [
        "CCSDS_OEM_VERS = 3.0",
        f"CREATION_DATE = {creation_date}",
        f"ORIGINATOR = {originator}",
        "",
        "META_START",
        f"OBJECT_NAME = {name}",
        f"OBJECT_ID = {identifier}",
        f"CENTER_NAME = {center}",
        "REF_FRAME = ICRF",
        "TIME_SYSTEM = TDB",
        f"START_TIME = {texts[0]}",
        f"STOP_TIME = {texts[-1]}",
        f"INTERPOLATION = {interpolation.value}",
        f"INTERPOLATION_DEGREE = {degree}",
        "META_STOP",
        "",
    ]
    lines = [
        f"{text} {' '.join(repr(float(value)) for value in state)}"
        for text, state in zip(texts, states, strict=True)
    ]
    Path(path).write_text("\n".join([*head, *lines, ""]), encoding="ascii")
