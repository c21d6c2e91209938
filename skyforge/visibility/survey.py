"""The visibility of all targets of a scenario over a span of time, a part of them at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.errors import InputError
from skyforge.scenario import Scenario
from skyforge.scenario.sky import StrayLight
from skyforge.simulate.bodies import Candidates, bodies, tell, warn_of_old_elements
from skyforge.simulate.instrument import instrument
from skyforge.simulate.target import Body, together
from skyforge.simulate.trajectories import observer_trajectory
from skyforge.visibility.glances import Glances, glances
from skyforge.visibility.limit import LEAST_SNR, Limit, limit_of
from skyforge.visibility.reasons import Reason
from skyforge.visibility.sky import Sky, sky_of
from skyforge.visibility.stray_light import StraySky, stray_sky
from skyforge.visibility.windows import WINDOW_SCHEMA, windows

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

MOST_GLANCES = 200_000_000
"""Targets times instants: five bytes of each stay in memory."""

_AT_A_TIME = 50_000  # targets times instants whose arrays fit a processor's cache, more or less


@dataclass(frozen=True)
class Visibility:
    """When the targets of a scenario can be seen.

    Attributes
    ----------
    scenario, limit
        What was asked.
    t_tdb_s, utc
        The instants, (k,).
    names
        The targets, n.
    windows
        One row for each stretch of time in which a target can be seen, or cannot for one reason.
    reason
        What keeps each target from being seen, (n, k).
    v_mag
        Johnson V, (n, k); infinite in the dark, NaN without a place.
    """

    scenario: Scenario
    limit: Limit
    t_tdb_s: Floats
    utc: NDArray[np.datetime64]
    names: tuple[str, ...]
    windows: pa.Table
    reason: NDArray[np.uint8]
    v_mag: NDArray[np.float32]

    def shares(self) -> Floats:
        """Return the share of the instants that each target spends with each reason, (n, reasons)."""
        shares: Floats = np.stack([np.mean(self.reason == code, axis=1) for code in Reason], axis=1)
        return shares


def frame_instants(scenario: Scenario) -> Floats:
    """Return the middles of a scenario's exposures, (frames,), TDB seconds since J2000.0."""
    start = float(orbits.tdb_seconds(scenario.time.start))
    cadence_s, exposure_s = (
        float(each.to_value("s")) for each in (scenario.time.cadence, scenario.time.exposure)
    )
    return np.asarray(
        start + np.arange(scenario.time.frames) * cadence_s + 0.5 * exposure_s, dtype=np.float64
    )


def visibility(
    scenario: Scenario,
    t_tdb_s: Floats | None = None,
    *,
    limit_v_mag: float | None = None,
    least_snr: float = LEAST_SNR,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Visibility:
    """Find out when the targets of a scenario can be seen, wherever the telescope points.

    Parameters
    ----------
    scenario
        Observer, telescope and targets.
    t_tdb_s
        The instants, ascending (k,), none before the scenario's start; the middles of its exposures by default.
    limit_v_mag
        The faintest magnitude; by default the signal-to-noise ratio decides.
    least_snr
        The least signal-to-noise ratio of one exposure.
    strict
        Make a target that has no place at some instant, or no name of its own, an error.
    jobs
        Threads; all cores by default.
    progress
        Told of targets done and of all.

    Raises
    ------
    InputError
        If there are no targets, an instant lies before the scenario's start, or there is too much to look at.
    """
    times = frame_instants(scenario) if t_tdb_s is None else np.asarray(t_tdb_s, dtype=np.float64)
    observer, found = _prepared(scenario, times)
    known = found.bodies
    if len(known) * len(times) > MOST_GLANCES:
        raise InputError(
            f"{len(known)} targets at {len(times)} instants are more than {MOST_GLANCES:.0e} looks: "
            "choose a longer step or fewer targets"
        )
    sky, telescope = sky_of(observer, times), instrument(scenario)
    middle = sky.seen_from.at(len(times) // 2)
    limit = limit_of(scenario, telescope, middle, v_mag=limit_v_mag, least_snr=least_snr)
    wanted = scenario.background.stray_light
    stray = stray_sky(sky, wanted, telescope) if isinstance(wanted, StrayLight) else None
    utc = _utc(times)
    reason = np.empty((len(known), len(times)), dtype=np.uint8)
    v_mag = np.empty((len(known), len(times)), dtype=np.float32)
    without_place: dict[int, str] = {}

    def work(rows: slice) -> pa.Table:
        some = known[rows]
        seen = _seen(some, scenario, sky, limit, stray)
        reason[rows], v_mag[rows] = seen.reason, seen.v_mag
        for row, why in seen.without_place.items():
            without_place[rows.start + row] = some[row].lacks(why)
        return windows([one.name for one in some], [one.kind for one in some], utc, seen)

    tables = _in_parts(len(known), len(times), work, jobs, progress)
    lost = [without_place[row] for row in sorted(without_place)]
    tell([*found.troubles, *(f"no place at some instants: {why}" for why in lost)], strict=strict)
    names = tuple(one.name for one in known)
    table = pa.concat_tables([WINDOW_SCHEMA.empty_table(), *tables])
    return Visibility(scenario, limit, times, utc, names, table, reason, v_mag)


def _prepared(scenario: Scenario, times: Floats) -> tuple[orbits.Trajectory, Candidates]:
    """Return the observer and the targets of a scenario, good for some instants."""
    if not scenario.targets:
        raise InputError("targets: there are none to be seen")
    if len(times) == 0 or not np.all(np.diff(times) > 0.0):
        raise InputError("the instants must ascend, and there must be one or more")
    start = float(orbits.tdb_seconds(scenario.time.start))
    if times[0] < start:
        raise InputError(
            "the first instant lies before time.start, where orbits without an epoch begin; set time.start to it"
        )
    span = (start, float(times[-1]))
    orbits.ephemeris().coverage.check(np.array(span), orbits.ephemeris().name)
    observer = observer_trajectory(scenario, span)
    found = bodies(scenario, span)
    warn_of_old_elements([observer, *(one.trajectory for one in found.bodies)], span)
    return observer, found


def _seen(
    some: Sequence[Body], scenario: Scenario, sky: Sky, limit: Limit, stray: StraySky | None
) -> Glances:
    targets = together(some, earthshine=scenario.background.earthshine)
    return glances(targets, sky, limit, scenario.telescope.exclusion, stray)


def _in_parts(
    count: int,
    instants: int,
    work: Callable[[slice], pa.Table],
    jobs: int | None,
    progress: Progress | None,
) -> list[pa.Table]:
    """Do some work for all targets, some of them at a time, on some threads; return what it gave, in order."""
    step = max(_AT_A_TIME // instants, 1)
    parts = [slice(first, min(first + step, count)) for first in range(0, count, step)]
    tables = []
    with ThreadPoolExecutor(jobs or len(os.sched_getaffinity(0))) as pool:
        for part, table in zip(parts, pool.map(work, parts), strict=True):
            tables.append(table)
            if progress is not None:
                progress(part.stop, count)
    return tables


def _utc(t_tdb_s: Floats) -> NDArray[np.datetime64]:
    """Return instants in UTC to the nearest millisecond."""
    exact: NDArray[np.datetime64] = orbits.utc_time(t_tdb_s).datetime64
    return (exact + np.timedelta64(500, "us")).astype("datetime64[ms]")
