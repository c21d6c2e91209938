"""From what a scenario says of orbits to things that answer where they are."""

from __future__ import annotations

import warnings

import numpy as np
from astropy.time import Time

from skyforge import orbits
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario
from skyforge.scenario.observer import Observer
from skyforge.scenario.orbit import Gravity, Kepler, State
from skyforge.scenario.target import Target
from skyforge.simulate.fields import about

_DAY_S = 86400.0
_FAR_DAYS = (
    30.0  # mean elements are made for the days around their epoch: Vallado et al. 2006, AIAA 2006-6753
)


def observer_trajectory(scenario: Scenario, span_tdb_s: tuple[float, float]) -> orbits.Trajectory:
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
    if observer.orbit is not None:
        with about("observer.orbit"):
            preset = orbits.orbit_preset(observer.orbit)
        field = _gravity(observer.gravity, preset.center)
        _warn_of_long_integration("observer", span_tdb_s[0], span_tdb_s)
        return preset.trajectory(span_tdb_s[0], span_tdb_s, field)
    if observer.site is not None:
        longitude_deg, latitude_deg, height_m = (
            float(observer.site.longitude.to_value("deg")),
            float(observer.site.latitude.to_value("deg")),
            float(observer.site.height.to_value("m")),
        )
        name = f"site at {longitude_deg:.3f} E {latitude_deg:+.3f} N"
        return orbits.ground_site(name, longitude_deg, latitude_deg, height_m)
    if observer.kepler is not None:
        return _kepler_orbit("observer", observer.kepler, observer.gravity, span_tdb_s)
    if observer.state is not None:
        return _state_orbit("observer", observer.state, observer.gravity, span_tdb_s)
    return _only_satellite(observer)


def target_trajectories(
    target: Target, span_tdb_s: tuple[float, float]
) -> list[tuple[str, orbits.Trajectory]]:
    """Return the names and trajectories of a scenario's target: one, or all the objects of its file.

    Raises
    ------
    InputError
        If a file is wrong or does not hold the object asked for, or an orbit is not possible.
    """
    if target.kepler is not None:
        return [
            (str(target.name), _kepler_orbit(str(target.name), target.kepler, target.gravity, span_tdb_s))
        ]
    if target.state is not None:
        return [(str(target.name), _state_orbit(str(target.name), target.state, target.gravity, span_tdb_s))]
    if isinstance(target.tle, tuple):
        satellites = orbits.satellites_from_lines([(target.name or "", *target.tle)])
        return [(satellite.name, satellite) for satellite in satellites]
    if target.tle is not None:
        path, satellites = target.tle, orbits.load_tle(target.tle)
    else:
        assert target.omm is not None  # noqa: S101  (the model holds exactly one source)
        path, satellites = target.omm, orbits.load_omm(target.omm)
    wanted = target.select if target.select is not None else target.name
    if wanted is None:
        return [(satellite.name, satellite) for satellite in satellites]
    if target.name is not None and target.select is None and len(satellites) == 1:
        return [(target.name, satellites[0])]
    chosen = orbits.find_satellite(satellites, wanted, str(path))
    return [(target.name or chosen.name, chosen)]


def _only_satellite(observer: Observer) -> orbits.Trajectory:
    """Return the satellite of the observer's file: the one named, or the only one there."""
    if observer.tle is not None:
        path, satellites = observer.tle, orbits.load_tle(observer.tle)
    else:
        assert observer.omm is not None  # noqa: S101  (the model holds exactly one source)
        path, satellites = observer.omm, orbits.load_omm(observer.omm)
    if observer.name is not None:
        return orbits.find_satellite(satellites, observer.name, str(path))
    if len(satellites) != 1:
        raise InputError(
            f"observer.name: missing; {path} holds {len(satellites)} objects, say which one is the observer"
        )
    return satellites[0]


def _gravity(gravity: Gravity, center: str) -> orbits.GravityField:
    if gravity.file is not None:
        return orbits.read_gfc(gravity.file, center, gravity.degree)
    with about("gravity.degree"):
        return orbits.shipped_field(center, gravity.degree)


def days_outside(epoch_tdb_s: float, span_tdb_s: tuple[float, float]) -> float:
    """Return how many days an epoch is from the farther end of a span."""
    return max(abs(epoch_tdb_s - end) for end in span_tdb_s) / _DAY_S


def far_from_epoch(epoch_tdb_s: float, span_tdb_s: tuple[float, float]) -> bool:
    """Say whether a span reaches farther from the epoch of its elements than these are good for."""
    return days_outside(epoch_tdb_s, span_tdb_s) > _FAR_DAYS


def _epoch(name: str, epoch: Time | None, span_tdb_s: tuple[float, float]) -> float:
    """Return the epoch of an orbit in TDB seconds; it is the start of the run where none is given."""
    if epoch is None:
        return span_tdb_s[0]
    epoch_tdb_s = float(orbits.tdb_seconds(epoch))
    with about(f"{name}: the elements"):
        orbits.ephemeris().coverage.check(np.array([epoch_tdb_s]), orbits.ephemeris().name)
    return epoch_tdb_s


def _warn_of_long_integration(name: str, epoch_tdb_s: float, span_tdb_s: tuple[float, float]) -> None:
    # Once the integration runs nothing is heard of it for long: better said before.
    if far_from_epoch(epoch_tdb_s, span_tdb_s):
        warnings.warn(
            f"{name}: the orbit is integrated over the {days_outside(epoch_tdb_s, span_tdb_s):.0f} days from the "
            "epoch of its elements to the end of the run, which takes up to half a second for each",
            SkyforgeWarning,
            stacklevel=2,
        )


def _kepler_orbit(
    name: str, kepler: Kepler, gravity: Gravity, span_tdb_s: tuple[float, float]
) -> orbits.PropagatedOrbit:
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
    _warn_of_long_integration(name, epoch_tdb_s, span_tdb_s)
    center = kepler.center.value
    return orbits.kepler_orbit(name, center, elements, epoch_tdb_s, span_tdb_s, _gravity(gravity, center))


def _state_orbit(
    name: str, state: State, gravity: Gravity, span_tdb_s: tuple[float, float]
) -> orbits.PropagatedOrbit:
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
        _gravity(gravity, center),
    )
