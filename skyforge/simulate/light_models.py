"""From what a scenario says of a target's light to what photometry works with."""

from __future__ import annotations

import numpy as np
from astropy.time import Time
from astropy.units import Quantity

from skyforge import orbits, photometry
from skyforge.scenario import attitude as written
from skyforge.scenario.light import (
    AsteroidLight,
    BoxWing,
    Flicker,
    LightCurveFile,
    LightModel,
    Plate,
    SpecularSphere,
    Sphere,
    SurfaceFinish,
)


def light_model(model: LightModel, start_tdb_s: float) -> photometry.Model:
    """Return the model of a target's light.

    Parameters
    ----------
    model
        As the scenario has it.
    start_tdb_s
        Start of the run, the epoch of whatever has none of its own.

    Raises
    ------
    InputError
        If a file holds no light curve.
    """
    if isinstance(model, LightCurveFile):
        period_s = None if model.period is None else float(model.period.to_value("s"))
        curve = photometry.read_light_curve(
            model.file, period_s=period_s, start_tdb_s=_epoch(model.epoch, start_tdb_s)
        )
        range_km = None if model.range is None else float(model.range.to_value("km"))
        return photometry.MeasuredLight(model.magnitude, range_km, curve)
    flicker = None if model.flicker is None else _flicker(model.flicker, start_tdb_s)
    if isinstance(model, Sphere):
        return photometry.DiffuseSphere(float(model.diameter.to_value("m")), model.albedo, flicker)
    if isinstance(model, SpecularSphere):
        return photometry.SpecularSphere(float(model.diameter.to_value("m")), model.reflectance, flicker)
    if isinstance(model, AsteroidLight):
        return _asteroid(model, flicker)
    turned = _attitude(model.attitude, start_tdb_s)
    facets = _plate(model) if isinstance(model, Plate) else _box_wing(model)
    return photometry.FacetedBody(facets, turned, flicker)


def _epoch(epoch: Time | None, start_tdb_s: float) -> float:
    return start_tdb_s if epoch is None else float(orbits.tdb_seconds(epoch))


def _flicker(model: Flicker, start_tdb_s: float) -> photometry.LightCurve:
    return photometry.flicker(
        float(model.period.to_value("s")),
        model.amplitude,
        peaks=model.peaks,
        start_tdb_s=_epoch(model.epoch, start_tdb_s),
    )


def _asteroid(model: AsteroidLight, flicker: photometry.LightCurve | None) -> photometry.Asteroid:
    assert model.h is not None  # noqa: S101  (where a file tells it, it is filled in)
    if model.g is not None:
        return photometry.Asteroid(model.h, model.g, flicker=flicker)
    if model.g12 is not None:
        g1, g2 = photometry.g1_g2_from_g12(model.g12)
        return photometry.Asteroid(model.h, None, float(g1), float(g2), flicker)
    assert model.g1 is not None  # noqa: S101  (the model holds one law)
    assert model.g2 is not None  # noqa: S101
    return photometry.Asteroid(model.h, None, model.g1, model.g2, flicker)


def _surface(finish: SurfaceFinish) -> photometry.Surface:
    return photometry.Surface(finish.diffuse, finish.specular, float(finish.spread.to_value("rad")))


def _plate(model: Plate) -> photometry.Facets:
    front = _surface(model.surface)
    back = front if model.back is None else _surface(model.back)
    return photometry.plate(float(model.area.to_value("m2")), front, back)


def _box_wing(model: BoxWing) -> photometry.Facets:
    x, y, z = (float(edge.to_value("m")) for edge in model.size)
    return photometry.box_wing(
        (x, y, z),
        _surface(model.surface),
        float(model.wing_area.to_value("m2")),
        _surface(model.wing),
        _surface(model.wing_back),
        wings_turn=isinstance(model.attitude, written.NadirAttitude),
    )


def _attitude(model: written.Attitude, start_tdb_s: float) -> photometry.Attitude:
    if isinstance(model, written.NadirAttitude):
        return photometry.Attitude(photometry.AttitudeLaw.NADIR)
    if isinstance(model, written.SunAttitude):
        return photometry.Attitude(photometry.AttitudeLaw.SUN)
    axis = _direction(model.ra, model.dec)
    angle = float(model.angle.to_value("rad"))
    turning = photometry.AttitudeLaw.TURNING
    if isinstance(model, written.InertialAttitude):
        return photometry.Attitude(turning, axis, body_angle_rad=angle)
    period_s = float(model.period.to_value("s"))
    epoch = _epoch(model.epoch, start_tdb_s)
    if isinstance(model, written.SpinAttitude):
        return photometry.Attitude(
            turning, axis, body_angle_rad=angle, body_period_s=period_s, epoch_tdb_s=epoch
        )
    own_s = np.inf if model.own_period is None else float(model.own_period.to_value("s"))
    return photometry.Attitude(
        turning,
        axis,
        tilt_rad=float(model.tilt.to_value("rad")),
        axis_angle_rad=angle,
        axis_period_s=period_s,
        body_period_s=own_s,
        epoch_tdb_s=epoch,
    )


def _direction(ra: Quantity, dec: Quantity) -> tuple[float, float, float]:
    x, y, z = orbits.directions_from_angles(ra.to_value("deg"), dec.to_value("deg"))
    return float(x), float(y), float(z)
