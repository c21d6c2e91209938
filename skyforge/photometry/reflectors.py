"""What targets are made of: the models of their light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.photometry.facets import Facets
from skyforge.photometry.light_curve import LightCurve


class AttitudeLaw(StrEnum):
    """What a body's axes follow."""

    NADIR = "nadir"
    SUN = "sun"
    TURNING = "turning"


@dataclass(frozen=True)
class Attitude:
    """How a body of facets is turned.

    Attributes
    ----------
    law
        Its z axis to the centre it orbits, to the Sun, or about an axis fixed in space.
    axis
        That axis, an ICRF direction.
    tilt_rad
        Angle from the axis to the body's z axis.
    axis_angle_rad, body_angle_rad
        Angles turned about the axis and about the body's z at the epoch.
    axis_period_s, body_period_s
        Periods of the two turns; infinite where it does not turn.
    epoch_tdb_s
        TDB seconds since J2000.0.
    """

    law: AttitudeLaw = AttitudeLaw.NADIR
    axis: tuple[float, float, float] = (0.0, 0.0, 1.0)
    tilt_rad: float = 0.0
    axis_angle_rad: float = 0.0
    body_angle_rad: float = 0.0
    axis_period_s: float = float("inf")
    body_period_s: float = float("inf")
    epoch_tdb_s: float = 0.0

    def __post_init__(self) -> None:
        if not (self.axis_period_s > 0 and self.body_period_s > 0):
            raise InputError("the period of a rotation must be above zero")


@dataclass(frozen=True)
class DiffuseSphere:
    """A sphere that scatters evenly (Lambert): diameter in m and Bond albedo."""

    diameter_m: float
    albedo: float
    flicker: LightCurve | None = None


@dataclass(frozen=True)
class SpecularSphere:
    """A mirror ball: diameter in m and reflectance. It is equally bright from all sides."""

    diameter_m: float
    reflectance: float
    flicker: LightCurve | None = None


@dataclass(frozen=True)
class FacetedBody:
    """A body of flat facets with a law of attitude."""

    facets: Facets
    attitude: Attitude
    flicker: LightCurve | None = None


@dataclass(frozen=True)
class Asteroid:
    """An asteroid by its absolute magnitude and either G (`g`) or G₁ and G₂ (`g1`, `g2`)."""

    h: float
    g: float | None = 0.15
    g1: float = 0.0
    g2: float = 0.0
    flicker: LightCurve | None = None


@dataclass(frozen=True)
class MeasuredLight:
    """A body whose light is a measured curve, whatever its phase angle.

    Attributes
    ----------
    v_mag
        V magnitude where the curve's relative flux is 1.
    range_km
        Distance at which that magnitude holds, at 1 au from the Sun; None if it holds as seen, at any distance.
    flicker
        The curve.
    """

    v_mag: float
    range_km: float | None
    flicker: LightCurve | None = None


Model = DiffuseSphere | SpecularSphere | FacetedBody | Asteroid | MeasuredLight


def group_by_kind(models: Sequence[Model]) -> list[tuple[type[Model], NDArray[np.intp], list[Model]]]:
    """Return each kind of model with the places of its bodies and the bodies."""
    kinds: dict[type[Model], list[int]] = {}
    for place, model in enumerate(models):
        kinds.setdefault(type(model), []).append(place)
    return [(kind, np.array(places), [models[place] for place in places]) for kind, places in kinds.items()]
