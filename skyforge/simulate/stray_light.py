"""Stray light of the Sun, the Earth and the Moon over the frame."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario.sky import StrayLight
from skyforge.simulate.fields import about
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.obstruction import HIGHEST_GROUND_KM
from skyforge.simulate.over_field import smooth_over_field

Floats = NDArray[np.float64]

_SMOOTH_WIDTHS = 4.0  # of the field from a limb: farther, the light is smooth over the field
_NO_LIGHT = 1e-300


def stray_rate(
    directions: Floats, observer_km: Floats, t_tdb_s: float, wanted: StrayLight, instrument: Instrument
) -> Floats:
    """Return the stray light in electrons per second and pixel, shape (n,).

    Parameters
    ----------
    directions
        Astrometric ICRF unit vectors of lines of sight, (n, 3).
    observer_km
        Barycentric position of the telescope, (3,).
    t_tdb_s
        When.
    wanted
        Which lights, through which curve.
    instrument
        What turns light into electrons.

    Raises
    ------
    InputError
        If the file holds no point-source transmittance.
    """
    curve = transmittance(wanted)
    place = {name: _from(observer_km, name, t_tdb_s) for name in ("sun", "earth", "moon")}
    on_ground = float(np.linalg.norm(place["earth"])) < orbits.EARTH_EQUATORIAL_RADIUS_KM + HIGHEST_GROUND_KM
    earth = photometry.Occulter(
        place["earth"],
        orbits.EARTH_EQUATORIAL_RADIUS_KM,
        orbits.EARTH_FLATTENING,
        orbits.earth_rotation_axis(np.array([t_tdb_s]))[0],
    )
    moon = photometry.Occulter(place["moon"], orbits.body_radius_km("moon"))
    irradiance = np.zeros(len(directions))
    if wanted.sun:
        seen = float(photometry.sunlight_fraction(np.zeros(3), place["sun"], (earth, moon)))
        irradiance += photometry.stray_sunlight(directions, place["sun"], curve, seen)
    below_horizon = on_ground and float(place["moon"] @ place["earth"]) > 0.0
    for name, shines in (
        ("earth", wanted.earth and not on_ground),
        ("moon", wanted.moon and not below_horizon),
    ):
        if shines:
            body = photometry.lit_body(name, place[name], place["sun"])
            irradiance += _disc_light(directions, body, curve)
    response = instrument.passband.times(instrument.quantum_efficiency)
    return photometry.stray_electron_rate(irradiance, instrument.pixel_area_m2, response)


def transmittance(wanted: StrayLight) -> photometry.PointSourceTransmittance:
    """Return the curve that a scenario wants.

    Raises
    ------
    InputError
        If the file holds none.
    """
    with about("background.stray_light.pst"):
        return photometry.generic_baffle() if wanted.pst == "default" else _curve(wanted.pst)


def _disc_light(
    directions: Floats, body: photometry.LitBody, curve: photometry.PointSourceTransmittance
) -> Floats:
    """Return the irradiance of a disc, (n,); far from its limb it is smooth, and a few lines of sight tell all."""
    separation = orbits.angular_separation_rad(directions, body.center_km / body.distance_km)
    width = float(np.ptp(separation))
    if float(np.abs(separation - body.angular_radius_rad).min()) < _SMOOTH_WIDTHS * width:
        return photometry.stray_disc_light(directions, body, curve)
    return smooth_over_field(
        directions, lambda few: np.maximum(photometry.stray_disc_light(few, body, curve), _NO_LIGHT)
    )


def _from(observer_km: Floats, name: str, t_tdb_s: float) -> Floats:
    """Return the ICRF vector (3,) from the observer to a body, its light time taken into account."""
    place, _, _ = orbits.retarded_position(orbits.body_trajectory(name), np.array([t_tdb_s]), observer_km)
    vector: Floats = place[0] - observer_km
    return vector


@cache
def _curve(path: Path) -> photometry.PointSourceTransmittance:
    return photometry.read_transmittance(path)
