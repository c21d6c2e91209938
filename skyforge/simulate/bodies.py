"""The targets of a run: those that have a place throughout it, and what to know of the others."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from skyforge import orbits, photometry
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario
from skyforge.simulate.fields import about
from skyforge.simulate.light_models import light_model
from skyforge.simulate.target import Body
from skyforge.simulate.trajectories import days_outside, far_from_epoch, target_trajectories

_LIGHT_TIME_S = 10.0  # from beyond the Moon; what is seen at the start was there earlier
_MOST_INSTANTS = 256
_MOST_NAMED = 5


def bodies(scenario: Scenario, span_tdb_s: tuple[float, float]) -> tuple[Body, ...]:
    """Return the targets of a scenario; an object that appears twice is numbered.

    A target without a place at some time of the run, such as a decayed satellite, is left out with a warning.

    Parameters
    ----------
    scenario
        The scenario.
    span_tdb_s
        First and last instant of the run.

    Raises
    ------
    InputError
        If a target is not possible, if none has a place, or the one that is pointed at has none.
    """
    found: dict[str, Body] = {}
    for number, target in enumerate(scenario.targets):
        with about(f"targets.{number}.model"):
            light = photometry.reflectors([light_model(target.model, span_tdb_s[0])])
        for name, trajectory in target_trajectories(target, span_tdb_s):
            unique = name if name not in found else f"{name} ({len(found)})"
            found[unique] = Body(
                unique, target.kind.value, trajectory, target.model, light, scenario.background.earthshine
            )
    lost = _without_a_place(list(found.values()), scenario.time.frames, span_tdb_s)
    kept = tuple(body for name, body in found.items() if name not in lost)
    if scenario.pointing.target in lost:
        raise InputError(f"pointing.target: {lost[scenario.pointing.target]}; point elsewhere")
    if lost and not kept:
        others = f"; none of the {len(lost)} targets has a place" if len(lost) > 1 else ""
        raise InputError(f"targets: {next(iter(lost.values()))}{others}")
    _warn_of_the_lost(lost, len(found))
    warn_of_old_elements([body.trajectory for body in kept], span_tdb_s)
    return kept


def _without_a_place(
    candidates: Sequence[Body], frames: int, span_tdb_s: tuple[float, float]
) -> dict[str, str]:
    """Return the names of the bodies that have no place at some instant of the run, with the reasons."""
    instants = min(2 * frames + 1, _MOST_INSTANTS)
    times = np.linspace(span_tdb_s[0] - _LIGHT_TIME_S, span_tdb_s[1], instants)
    lost = {}
    for body in candidates:
        # Integrated orbits have proved themselves over the span already.
        if isinstance(body.trajectory, orbits.Satellite):
            try:
                body.trajectory.teme_state(times)
            except orbits.PropagationError as error:
                lost[body.name] = str(error)
    return lost


def _warn_of_the_lost(lost: dict[str, str], count: int) -> None:
    for reason in list(lost.values())[:_MOST_NAMED]:
        warnings.warn(f"left out: {reason}", SkyforgeWarning, stacklevel=2)
    if len(lost) > _MOST_NAMED:
        warnings.warn(
            f"left out: {len(lost)} of the {count} targets, which have no place at the time of the run",
            SkyforgeWarning,
            stacklevel=2,
        )


def warn_of_old_elements(trajectories: Sequence[orbits.Trajectory], span_tdb_s: tuple[float, float]) -> None:
    """Warn once of all satellites whose mean elements are too far from the run to be trusted.

    Parameters
    ----------
    trajectories
        Any; only satellites on mean elements are looked at.
    span_tdb_s
        First and last instant of the run.
    """
    satellites = [one for one in trajectories if isinstance(one, orbits.Satellite)]
    old = [one for one in satellites if far_from_epoch(one.epoch_tdb_s, span_tdb_s)]
    if not old:
        return
    worst = max(old, key=lambda one: days_outside(one.epoch_tdb_s, span_tdb_s))
    days = days_outside(worst.epoch_tdb_s, span_tdb_s)
    what = f"the elements of {worst.name} are {days:.0f} days from the run"
    if len(old) > 1:
        what = (
            f"the elements of {len(old)} of {len(satellites)} satellites are far from the run, "
            f"those of {worst.name} {days:.0f} days"
        )
    warnings.warn(
        f"{what}; SGP4 goes wrong by a kilometre or more a day: take elements of a date nearer to it",
        SkyforgeWarning,
        stacklevel=2,
    )
