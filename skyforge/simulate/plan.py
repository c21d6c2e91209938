"""Everything about a run that does not change from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.errors import InputError
from skyforge.scenario import Scenario
from skyforge.scenario.pointing import WORLDS, Pointing, Tracking
from skyforge.simulate.attitude import Attitude, rotate_by_rates
from skyforge.simulate.bodies import bodies, those_with_a_place, warn_of_old_elements
from skyforge.simulate.fields import about
from skyforge.simulate.instrument import Instrument, instrument
from skyforge.simulate.obstruction import discs, hidden_behind
from skyforge.simulate.open_sky import require_distance, require_open_sky, warn_of_daylight
from skyforge.simulate.plate import plate
from skyforge.simulate.selection import star_selection
from skyforge.simulate.star_field import StarField, StarSelection, star_field
from skyforge.simulate.swept_field import swept_field
from skyforge.simulate.target import Body, Targets, together
from skyforge.simulate.trajectories import observer_trajectory

Floats = NDArray[np.float64]

_GLANCES = 5


@dataclass(frozen=True)
class Plan:
    """A scenario made ready to be exposed.

    Attributes
    ----------
    scenario
        What the user asked for.
    start_tdb_s
        When the first shutter opens.
    observer
        Where the telescope is.
    attitude
        Where it points.
    instrument
        What it is.
    targets
        What is looked for.
    selection
        Which stars are drawn.
    staring_field
        The stars, if the telescope stares at one field throughout; None if it moves on.
    strict
        Whether a target without a place in some frame is an error.
    """

    scenario: Scenario
    start_tdb_s: float
    observer: orbits.Trajectory
    attitude: Attitude
    instrument: Instrument
    targets: Targets
    selection: StarSelection
    staring_field: StarField | None
    strict: bool = False

    def interval_tdb_s(self, index: int) -> tuple[float, float]:
        """Return when the shutter opens and closes for a frame."""
        begin = self.start_tdb_s + index * float(self.scenario.time.cadence.to_value("s"))
        return begin, begin + self.instrument.exposure_s

    def star_field(self, index: int) -> StarField:
        """Return the stars that may throw light on a frame."""
        if self.staring_field is not None:
            return self.staring_field
        field = swept_field(self.attitude, self.observer, self.instrument.camera, self.interval_tdb_s(index))
        return star_field(self.selection, field.axis, field.radius_rad, field.faint, self.instrument)


def plan(scenario: Scenario, *, strict: bool = False) -> Plan:
    """Make a scenario ready: orbits, pointing, instrument, and how faint the stars go.

    Parameters
    ----------
    scenario
        What the user asked for.
    strict
        Whether a target that has no place, or no name of its own, is an error instead of a warning.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be.
    """
    start = float(orbits.tdb_seconds(scenario.time.start))
    last = start + (scenario.time.frames - 1) * float(scenario.time.cadence.to_value("s"))
    span = (start, last + float(scenario.time.exposure.to_value("s")))
    with about("time.start"):
        orbits.ephemeris().coverage.check(np.array(span), orbits.ephemeris().name)
    observer = _observer(scenario, span)
    targets = _targets(scenario, observer, span, strict=strict)
    attitude = _attitude(scenario.pointing, observer, targets.bodies, span)
    telescope = instrument(scenario)
    _require_open_sky(scenario, telescope, attitude, observer, targets, span)
    selection = star_selection(scenario, telescope, attitude, observer, span)
    field = swept_field(attitude, observer, telescope.camera, span)
    shared = (
        star_field(selection, field.axis, field.radius_rad, field.faint, telescope) if field.stares else None
    )
    return Plan(scenario, start, observer, attitude, telescope, targets, selection, shared, strict)


def _observer(scenario: Scenario, span_tdb_s: tuple[float, float]) -> orbits.Trajectory:
    """Return where the telescope is; one whose elements have no place in the run is the user's mistake."""
    observer = observer_trajectory(scenario, span_tdb_s)
    try:
        observer.state(np.linspace(*span_tdb_s, _GLANCES))
    except orbits.PropagationError as error:
        raise InputError(f"observer: {error}; choose elements nearer to the run") from error
    warn_of_old_elements([observer], span_tdb_s)
    return observer


def _targets(
    scenario: Scenario, observer: orbits.Trajectory, span_tdb_s: tuple[float, float], *, strict: bool
) -> Targets:
    """Return what is looked for: all targets that have a place in some frame."""
    cadence_s = float(scenario.time.cadence.to_value("s"))
    exposure_s = float(scenario.time.exposure.to_value("s"))
    middles = np.asarray(span_tdb_s[0] + np.arange(scenario.time.frames) * cadence_s + 0.5 * exposure_s)
    kept = those_with_a_place(
        bodies(scenario, span_tdb_s), observer, middles, wanted=scenario.pointing.target, strict=strict
    )
    warn_of_old_elements([body.trajectory for body in kept], span_tdb_s)
    return together(kept, earthshine=scenario.background.earthshine)


def _require_open_sky(
    scenario: Scenario,
    telescope: Instrument,
    attitude: Attitude,
    observer: orbits.Trajectory,
    targets: Targets,
    span_tdb_s: tuple[float, float],
) -> None:
    """Refuse a field that the Earth or the Moon hides, or that the telescope cannot look at, throughout the run."""
    plates, in_the_way = [], []
    times = np.linspace(*span_tdb_s, _GLANCES)
    seen_from = orbits.viewpoint(observer, times)
    for glance, (t, axes) in enumerate(zip(times, attitude.axes(times), strict=True)):
        plates.append(plate(telescope.camera, axes, seen_from.at(glance)))
        in_the_way.append(discs(seen_from.position_km[glance], t))
    on_the_ground = isinstance(observer, orbits.GroundSite)
    wanted = scenario.background.extended_bodies
    name = scenario.pointing.target
    if wanted and name is not None and not _is_a_world(targets.bodies, name):
        followed = _followed(targets.bodies, name)
        directions, range_km = _astrometric(followed, seen_from)
        # What passes before a disc may be looked at.
        wanted = not all(
            hidden_behind(blocking, directions[[k]], np.atleast_1d(range_km)[[k]], [followed])[0]
            for k, blocking in enumerate(in_the_way)
        )
    require_open_sky(plates, in_the_way, on_the_ground=on_the_ground, wanted=wanted)
    require_distance(plates, in_the_way, scenario.telescope.exclusion)
    if on_the_ground:
        warn_of_daylight(in_the_way)


def _attitude(
    pointing: Pointing, observer: orbits.Trajectory, bodies: tuple[Body, ...], span_tdb_s: tuple[float, float]
) -> Attitude:
    """Return the pointing law of a run.

    A telescope that follows the stars keeps its guide stars in place, so its boresight is the apparent place of one
    astrometric direction. With a target to point at, that is the target's place in the middle of the run, so that it
    crosses the middle of the field; with rates it is the place at the start.
    """
    roll = float(pointing.roll.to_value("rad"))
    middle = 0.5 * (span_tdb_s[0] + span_tdb_s[1])
    followed = _followed(bodies, pointing.target) if pointing.target is not None else None
    if pointing.track is Tracking.TARGET:
        assert followed is not None  # noqa: S101  (the model allows track: target only with a target)
        return Attitude(partial(_towards_body, followed, observer), roll, 0.0, middle)
    if followed is None:
        assert pointing.ra is not None  # noqa: S101  (the model fills in a place where none is given)
        assert pointing.dec is not None  # noqa: S101
        place = orbits.directions_from_angles(pointing.ra.to_value("deg"), pointing.dec.to_value("deg"))
    else:
        when = span_tdb_s[0] if pointing.track is Tracking.RATES else middle
        place, _ = _astrometric(followed, orbits.viewpoint(observer, when))
    if pointing.rates is None:
        return Attitude(partial(_towards_place, place, observer), roll, 0.0, middle)
    rates = pointing.rates
    return Attitude(
        partial(
            _along_rates,
            place,
            observer,
            float(rates.ra.to_value("arcsec/s")),
            float(rates.dec.to_value("arcsec/s")),
            span_tdb_s[0],
        ),
        roll,
        float(rates.roll.to_value("rad/s")),
        span_tdb_s[0],
    )


def _is_a_world(bodies: tuple[Body, ...], name: str) -> bool:
    """Say whether a name means the Earth, the Moon or a planet, rather than one of the targets."""
    return name in WORLDS and all(body.name != name for body in bodies)


def _followed(bodies: tuple[Body, ...], name: str) -> orbits.Trajectory:
    """Return what the telescope points at."""
    if _is_a_world(bodies, name):
        return orbits.body_trajectory(name)
    for body in bodies:
        if body.name == name:
            return body.trajectory
    known = ", ".join(body.name for body in bodies[:10]) or "none"
    raise InputError(
        f"pointing.target: found {name!r}, which is not among the {len(bodies)} targets ({known})"
    )


def _astrometric(
    trajectory: orbits.Trajectory, seen_from: orbits.Viewpoint
) -> tuple[Floats, Floats | np.float64]:
    """Return the astrometric unit vector and the range of a target, (3,) and (), or (k, 3) and (k,)."""
    here = np.atleast_2d(seen_from.position_km)
    there, _, _ = orbits.retarded_position(trajectory, seen_from.t_tdb_s, here)
    range_km = np.linalg.norm(there - here, axis=1)
    shape = np.shape(seen_from.t_tdb_s)
    directions: Floats = ((there - here) / range_km[:, None]).reshape(*shape, 3)
    return directions, range_km.reshape(shape)


def _towards_place(place: Floats, observer: orbits.Trajectory, t_tdb_s: float | Floats) -> Floats:
    seen_from = orbits.viewpoint(observer, t_tdb_s)
    directions = np.broadcast_to(place, (*np.shape(t_tdb_s), 3))
    return orbits.apparent_directions(directions, seen_from)


def _towards_body(
    trajectory: orbits.Trajectory, observer: orbits.Trajectory, t_tdb_s: float | Floats
) -> Floats:
    seen_from = orbits.viewpoint(observer, t_tdb_s)
    directions, range_km = _astrometric(trajectory, seen_from)
    return orbits.apparent_directions(directions, seen_from, range_km)


def _along_rates(
    place: Floats,
    observer: orbits.Trajectory,
    ra_rate: float,
    dec_rate: float,
    start_tdb_s: float,
    t_tdb_s: float | Floats,
) -> Floats:
    return _towards_place(rotate_by_rates(place, ra_rate, dec_rate, t_tdb_s - start_tdb_s), observer, t_tdb_s)
