"""From what a scenario says of orbits to things that answer where they are."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from astropy.time import Time

from skyforge import orbits
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario
from skyforge.scenario.observer import Observer
from skyforge.scenario.orbit import Center, Gravity, Kepler, State
from skyforge.scenario.places import LunarSite
from skyforge.scenario.target import Target
from skyforge.scenario.three_body import ThreeBody
from skyforge.simulate.fields import about
from skyforge.simulate.orbit_files import NamedOrbit, objects_of_file

_DAY_S = 86400.0
_OBSERVER = "observer"
_FAR_DAYS = (
    30.0  # mean elements are made for the days around their epoch: Vallado et al. 2006, AIAA 2006-6753
)

Span = tuple[float, float]


def observer_trajectory(scenario: Scenario, span_tdb_s: Span) -> orbits.Trajectory:
    """Return the observer of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    span_tdb_s
        First and last instant at which a state will be asked for.

    Raises
    ------
    InputError
        If the preset is unknown, a file is wrong, or the orbit is not possible.
    """
    observer = scenario.observer
    if observer.site is not None:
        longitude_deg, latitude_deg, height_m = (
            float(observer.site.longitude.to_value("deg")),
            float(observer.site.latitude.to_value("deg")),
            float(observer.site.height.to_value("m")),
        )
        name = f"site at {longitude_deg:.3f} E {latitude_deg:+.3f} N"
        return orbits.ground_site(name, longitude_deg, latitude_deg, height_m)
    alone = _single_orbit(_OBSERVER, _OBSERVER, observer, span_tdb_s)
    return alone if alone is not None else _only_object(observer, span_tdb_s)


def target_trajectories(
    target: Target, span_tdb_s: Span, on_broken: Callable[[InputError], None] | None = None
) -> list[NamedOrbit]:
    """Return the orbits of a scenario's target with their names: one, or all the objects of its file.

    Parameters
    ----------
    target
        The target.
    span_tdb_s
        First and last instant at which a state will be asked for.
    on_broken
        Of a file of many: told of each element set that is broken, which is left out; an error without it.

    Raises
    ------
    InputError
        If a file is wrong or does not hold the object asked for, or an orbit is not possible.
    """
    alone = _single_orbit(str(target.name), str(target.name), target, span_tdb_s)
    if alone is not None:
        return [NamedOrbit(str(target.name), alone)]
    if isinstance(target.tle, tuple):
        satellites = orbits.satellites_from_lines([(target.name or "", *target.tle)])
        return [NamedOrbit(satellite.name, satellite) for satellite in satellites]
    wanted = target.select if target.select is not None else target.name
    own_name = target.name if target.select is None else None
    found = objects_of_file(target, wanted, span_tdb_s, own_name=own_name, on_broken=on_broken)
    if target.name is not None and len(found) == 1:
        return [NamedOrbit(target.name, found[0].trajectory, found[0].magnitude)]
    return found


def _single_orbit(
    name: str, field: str, source: Observer | Target, span_tdb_s: Span
) -> orbits.Trajectory | None:
    """Return the orbit of an observer or target that is described by itself, None for one from a file of objects."""
    orbit: orbits.Trajectory | None = None
    if source.orbit is not None:
        orbit = _preset(name, field, source.orbit, source.gravity, span_tdb_s)
    elif source.kepler is not None:
        orbit = _kepler_orbit(name, source.kepler, source.gravity, span_tdb_s)
    elif source.state is not None:
        orbit = _state_orbit(name, source.state, source.gravity, span_tdb_s)
    elif source.cr3bp is not None:
        orbit = _three_body_orbit(name, field, source.cr3bp, span_tdb_s)
    elif source.spk is not None:
        own_name = None if name == _OBSERVER else name
        orbit = orbits.load_spk(source.spk.file, source.spk.body, own_name)
    elif source.lunar_site is not None:
        orbit = _lunar_site(name, source.lunar_site)
    return orbit


def _only_object(observer: Observer, span_tdb_s: Span) -> orbits.Trajectory:
    """Return the object of the observer's file: the one named, or the only one there."""
    found = objects_of_file(observer, observer.name, span_tdb_s)
    if len(found) != 1:
        path = next(
            path for path in (observer.tle, observer.omm, observer.oem, observer.mpc) if path is not None
        )
        raise InputError(
            f"observer.name: missing; {path} holds {len(found)} objects, say which one is the observer"
        )
    return found[0].trajectory


def _preset(name: str, field: str, preset_name: str, gravity: Gravity, span_tdb_s: Span) -> orbits.Trajectory:
    with about(f"{field}.orbit"):
        preset = orbits.orbit_preset(preset_name)
    own_name = preset.name if name == _OBSERVER else name
    if preset.is_three_body:
        return preset.trajectory(span_tdb_s[0], span_tdb_s, name=own_name)
    _warn_of_long_integration(name, span_tdb_s[0], span_tdb_s)
    return preset.trajectory(
        span_tdb_s[0], span_tdb_s, _gravity(_reachable(gravity, preset.center), preset.center), own_name
    )


def _reachable(gravity: Gravity, center: str) -> Gravity:
    """Return the gravity of a preset's centre: the usual degree is the Moon's, and the Earth's field has fewer."""
    if center == "moon" or gravity.file is not None:
        return gravity
    highest = orbits.shipped_field(center).degree
    return gravity if gravity.degree <= highest else gravity.model_copy(update={"degree": highest})


def _gravity(gravity: Gravity, center: str) -> orbits.GravityField:
    if gravity.file is not None:
        return orbits.read_gfc(gravity.file, center, gravity.degree)
    with about("gravity.degree"):
        return orbits.shipped_field(center, gravity.degree)


def days_outside(epoch_tdb_s: float, span_tdb_s: Span) -> float:
    """Return how many days an epoch is from the farther end of a span."""
    return max(abs(epoch_tdb_s - end) for end in span_tdb_s) / _DAY_S


def far_from_epoch(epoch_tdb_s: float, span_tdb_s: Span) -> bool:
    """Say whether a span reaches farther from the epoch of its elements than these are good for."""
    return days_outside(epoch_tdb_s, span_tdb_s) > _FAR_DAYS


def _epoch(name: str, epoch: Time | None, span_tdb_s: Span) -> float:
    """Return the epoch of an orbit in TDB seconds; it is the start of the run where none is given."""
    if epoch is None:
        return span_tdb_s[0]
    epoch_tdb_s = float(orbits.tdb_seconds(epoch))
    with about(f"{name}: the elements"):
        orbits.ephemeris().coverage.check(np.array([epoch_tdb_s]), orbits.ephemeris().name)
    return epoch_tdb_s


def _warn_of_long_integration(name: str, epoch_tdb_s: float, span_tdb_s: Span) -> None:
    # Once the integration runs nothing is heard of it for long: better said before.
    if far_from_epoch(epoch_tdb_s, span_tdb_s):
        warnings.warn(
            f"{name}: the orbit is integrated over the {days_outside(epoch_tdb_s, span_tdb_s):.0f} days from the "
            "epoch of its elements to the end of the run, which takes up to half a second for each",
            SkyforgeWarning,
            stacklevel=2,
        )


def _kepler_orbit(name: str, kepler: Kepler, gravity: Gravity, span_tdb_s: Span) -> orbits.Trajectory:
    mean = None if kepler.mean_anomaly is None else float(kepler.mean_anomaly.to_value("deg"))
    true = None if kepler.true_anomaly is None else float(kepler.true_anomaly.to_value("deg"))
    elements = orbits.KeplerElements(
        semi_major_axis_km=float(kepler.semi_major_axis.to_value("km")),
        eccentricity=kepler.eccentricity,
        inclination_deg=float(kepler.inclination.to_value("deg")),
        raan_deg=float(kepler.raan.to_value("deg")),
        argument_of_periapsis_deg=float(kepler.argument_of_periapsis.to_value("deg")),
        true_anomaly_deg=0.0 if mean is None and true is None else true,
        mean_anomaly_deg=mean,
        frame=kepler.frame.value,
    )
    epoch_tdb_s = _epoch(name, kepler.epoch, span_tdb_s)
    center = kepler.center.value
    if kepler.center is Center.SUN:
        return _about_the_sun(name, elements, epoch_tdb_s, span_tdb_s)
    _warn_of_long_integration(name, epoch_tdb_s, span_tdb_s)
    return orbits.kepler_orbit(name, center, elements, epoch_tdb_s, span_tdb_s, _gravity(gravity, center))


def _about_the_sun(
    name: str, elements: orbits.KeplerElements, epoch_tdb_s: float, span_tdb_s: Span
) -> orbits.Trajectory:
    """Return an asteroid's orbit: two-body motion, or integrated under the planets where that is not good enough."""
    catalogue = orbits.elements_from_mean_anomaly(
        [name],
        [elements.semi_major_axis_km / orbits.ASTRONOMICAL_UNIT_KM],
        [elements.eccentricity],
        [elements.inclination_deg],
        [elements.raan_deg],
        [elements.argument_of_periapsis_deg],
        [elements.mean_anomaly_at_epoch_deg()],
        epoch_tdb_s,
    )
    (orbit,) = orbits.asteroid_orbits(catalogue, span_tdb_s)
    return orbit


def _state_orbit(name: str, state: State, gravity: Gravity, span_tdb_s: Span) -> orbits.Trajectory:
    epoch_tdb_s = _epoch(name, state.epoch, span_tdb_s)
    _warn_of_long_integration(name, epoch_tdb_s, span_tdb_s)
    center = state.center.value
    return orbits.state_orbit(
        name,
        center,
        [float(part.to_value("km")) for part in state.position],
        [float(part.to_value("km/s")) for part in state.velocity],
        epoch_tdb_s,
        span_tdb_s,
        None if state.center is Center.SUN else _gravity(gravity, center),
    )


def _three_body_orbit(name: str, field: str, orbit: ThreeBody, span_tdb_s: Span) -> orbits.Trajectory:
    epoch_tdb_s = _epoch(name, orbit.epoch, span_tdb_s)
    if orbit.preset is not None:
        with about(f"{field}.cr3bp.preset"):
            preset = orbits.orbit_preset(orbit.preset)
            return preset.trajectory(
                epoch_tdb_s, span_tdb_s, name=name, mode=orbit.mode.value, phase=orbit.phase
            )
    assert orbit.position is not None  # noqa: S101  (the model asks for all of a state)
    assert orbit.velocity is not None  # noqa: S101
    assert orbit.mass_ratio is not None  # noqa: S101
    assert orbit.length_unit is not None  # noqa: S101
    assert orbit.time_unit is not None  # noqa: S101
    system = orbits.ThreeBodySystem(
        orbit.mass_ratio, float(orbit.length_unit.to_value("km")), float(orbit.time_unit.to_value("s"))
    )
    initial = orbits.ThreeBodyState(system, orbit.position, orbit.velocity, orbit.period)
    return orbits.three_body_orbit(name, initial, epoch_tdb_s, span_tdb_s, orbit.mode.value, orbit.phase)


def _lunar_site(name: str, site: LunarSite) -> orbits.Trajectory:
    longitude_deg, latitude_deg = (float(angle.to_value("deg")) for angle in (site.longitude, site.latitude))
    if name == _OBSERVER:
        name = f"lunar site at {longitude_deg:.3f} E {latitude_deg:+.3f} N"
    return orbits.lunar_site(name, longitude_deg, latitude_deg, float(site.height.to_value("m")))
