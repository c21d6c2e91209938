"""The targets of a run: what the scenario asks for, and what to know of those that cannot be had."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.errors import InputError, SkyforgeError, SkyforgeWarning
from skyforge.scenario import Scenario
from skyforge.scenario.light import AsteroidLight, LightModel
from skyforge.scenario.target import Target
from skyforge.simulate.fields import about
from skyforge.simulate.light_models import light_model
from skyforge.simulate.orbit_files import NamedOrbit
from skyforge.simulate.target import Body
from skyforge.simulate.trajectories import days_outside, far_from_epoch, target_trajectories

Floats = NDArray[np.float64]

_MOST_INSTANTS = 256
_MOST_STATES = 200_000  # asked for at a time: some tens of MB
_MOST_EXPLAINED = 10
_MOST_NAMED = 50


@dataclass(frozen=True)
class Candidates:
    """What a scenario asks for.

    Attributes
    ----------
    bodies
        The targets that are possible, each with a name of its own.
    troubles
        Why others are not, or what was done to names, one line each.
    """

    bodies: tuple[Body, ...]
    troubles: tuple[str, ...]


def bodies(scenario: Scenario, span_tdb_s: tuple[float, float]) -> Candidates:
    """Return the targets of a scenario; those that share a name are told apart by catalogue numbers, or counted.

    A target that is not possible, such as one whose file does not hold it, is left out, and its reason noted.

    Parameters
    ----------
    scenario
        The scenario.
    span_tdb_s
        First and last instant at which a state will be asked for.

    Raises
    ------
    InputError
        If there are targets, and none of them is possible; or a model of light is not.
    """
    found: list[Body] = []
    refused: list[SkyforgeError] = []
    for number, target in enumerate(scenario.targets):
        broken: list[SkyforgeError] = []
        try:
            members = target_trajectories(target, span_tdb_s, broken.append)
        except (InputError, orbits.PropagationError) as error:
            refused.append(broken[0] if broken else _about_target(error, target, number))
            continue
        refused += _some(broken)
        with about(f"targets.{number}.model"):
            own, dark = _bodies_of(target, members, span_tdb_s[0])
        found += own
        refused += dark
    if refused and not found:
        raise refused[0]
    named, renamed = _with_own_names(found)
    return Candidates(named, (*(f"left out: {error}" for error in refused), *renamed))


def _some(broken: Sequence[SkyforgeError]) -> list[SkyforgeError]:
    """Return what to say of the broken sets of a file: each of few, and of many how many."""
    told = list(broken[:_MOST_EXPLAINED])
    if len(broken) > len(told):
        told.append(
            InputError(f"{len(broken) - len(told)} more element sets of the same file, which are broken")
        )
    return told


def _about_target(error: SkyforgeError, target: Target, number: int) -> SkyforgeError:
    """Return an error that names its target."""
    name = target.name or target.select or f"targets.{number}"
    return error if name in str(error) else InputError(f"{name}: {error}")


def _bodies_of(
    target: Target, members: Sequence[NamedOrbit], start_tdb_s: float
) -> tuple[list[Body], list[SkyforgeError]]:
    """Return the bodies of one target of a scenario, and what to say of those whose light nobody knows."""
    kind = target.kind.value
    if not (isinstance(target.model, AsteroidLight) and target.model.h is None):
        light = light_model(target.model, start_tdb_s)
        return [Body(one.name, kind, one.trajectory, target.model, light) for one in members], []
    found: list[Body] = []
    dark: list[SkyforgeError] = []
    for one in members:
        if one.magnitude is None:
            dark.append(InputError(f"{one.name} has no absolute magnitude in its file; give its model an h"))
            continue
        h, g = one.magnitude
        model: LightModel = AsteroidLight(h=h, g=g, flicker=target.model.flicker)
        found.append(Body(one.name, kind, one.trajectory, model, light_model(model, start_tdb_s)))
    return found, dark


def those_with_a_place(
    candidates: Candidates,
    observer: orbits.Trajectory,
    t_tdb_s: Floats,
    *,
    wanted: str | None = None,
    strict: bool = False,
) -> tuple[Body, ...]:
    """Return the targets that have a place at some of a run's instants, and warn of all that is wrong with others.

    Parameters
    ----------
    candidates
        The targets that are possible.
    observer
        Who looks: where a target was when its light left is what counts.
    t_tdb_s
        The instants, (k,); at most 256 of them, evenly chosen, are looked at.
    wanted
        Name of the target that must have a place at all of them.
    strict
        Whether what would be warned of is an error, and a target without a place at one instant, too.

    Raises
    ------
    InputError
        If none has a place, or the one that is wanted has none; and, if strict, for anything wrong.
    """
    known = candidates.bodies
    always, ever, reasons = _placed(known, observer, t_tdb_s)
    for row, body in enumerate(known):
        if body.name == wanted and not always[row]:
            raise InputError(f"pointing.target: {reasons[row]}; point elsewhere")
    if known and not ever.any():
        others = f"; none of the {len(known)} targets has a place" if len(known) > 1 else ""
        raise InputError(f"targets: {reasons[0]}{others}")
    if strict:
        tell(
            [*candidates.troubles, *(reasons[row] for row in map(int, np.flatnonzero(~always)))], strict=True
        )
    lost = [(known[row].name, reasons[row]) for row in map(int, np.flatnonzero(~ever))]
    tell([*candidates.troubles, *_lines_of_the_lost(lost)], strict=False)
    return tuple(body for row, body in enumerate(known) if ever[row])


def _placed(
    known: Sequence[Body], observer: orbits.Trajectory, t_tdb_s: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], dict[int, str]]:
    """Return masks (n,), who has a place at all instants and who at any, and reasons of those that lack one."""
    times = t_tdb_s[np.unique(np.linspace(0, len(t_tdb_s) - 1, _MOST_INSTANTS).astype(np.intp))]
    here, _ = observer.state(times)
    always, ever = np.ones(len(known), dtype=np.bool_), np.ones(len(known), dtype=np.bool_)
    reasons: dict[int, str] = {}
    step = max(_MOST_STATES // len(times), 1)
    for first in range(0, len(known), step):
        group = orbits.TrajectoryGroup([body.trajectory for body in known[first : first + step]])
        seen = group.retarded(times, here)
        always[first : first + step] = seen.valid.all(axis=1)
        ever[first : first + step] = seen.valid.any(axis=1)
        for row, reason in seen.reasons.items():
            reasons[first + row] = known[first + row].lacks(reason)
    return always, ever, reasons


def tell(lines: Sequence[str], *, strict: bool) -> None:
    """Say what is wrong with targets: in warnings, or as an error that ends a strict run.

    Parameters
    ----------
    lines
        One for each thing that is wrong.
    strict
        Whether a run does not go on with it.

    Raises
    ------
    InputError
        If the run is strict and there is something to tell.
    """
    if strict and lines:
        told = [f"targets: {line}" for line in lines[:_MOST_EXPLAINED]]
        if len(lines) > _MOST_EXPLAINED:
            told.append(f"targets: and {len(lines) - _MOST_EXPLAINED} more")
        raise InputError("\n".join([*told, "without strict the run goes on"]))
    for line in lines:
        warnings.warn(line, SkyforgeWarning, stacklevel=3)


def _lines_of_the_lost(lost: Sequence[tuple[str, str]]) -> list[str]:
    """Return one line for each target that is left out, and one for the rest of many; each is (name, reason)."""
    lines = [f"left out: {reason}" for _, reason in lost[:_MOST_EXPLAINED]]
    others = [name for name, _ in lost[_MOST_EXPLAINED:]]
    if others:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        lines.append(
            "left out, as they have no place at the time of the run either: "
            f"{', '.join(others[:_MOST_NAMED])}{more}"
        )
    return lines


def _with_own_names(found: Sequence[Body]) -> tuple[tuple[Body, ...], list[str]]:
    """Return bodies that each have a name of their own, and what to say of those that were renamed."""
    taken: set[str] = {body.name for body in found}
    met: dict[str, int] = {}
    named: list[Body] = []
    for body in found:
        met[body.name] = count = met.get(body.name, 0) + 1
        if count == 1:
            named.append(body)
            continue
        number = getattr(body.trajectory, "catalog_number", None)
        own = f"{body.name} ({number if number else count})"
        while own in taken:
            own = f"{body.name} ({count})"
            count += 1
        taken.add(own)
        named.append(replace(body, name=own))
    again = [(old.name, new.name) for old, new in zip(found, named, strict=True) if old.name != new.name]
    if not again:
        return tuple(named), []
    line = (
        f"{len(again)} of {len(found)} targets have the name of another and get a number in brackets: "
        f"{again[0][0]} is there again as {again[0][1]}"
    )
    return tuple(named), [line]


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
