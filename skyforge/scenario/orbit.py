"""Orbits as people write them: Keplerian elements, or a position and a velocity."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Angle, Distance, Inclination, PositionVector, VelocityVector
from skyforge.scenario.quantities import constant
from skyforge.scenario.utc import Utc

# Mean radius of the Moon, equatorial radius of the Earth, nominal radius of the Sun, km (Archinal et al. 2018, CeMDA
# 130, 22; GRS 80; IAU 2015 resolution B3).
_RADIUS_KM = {"moon": 1737.4, "earth": 6378.137, "sun": 695700.0}

# Above the 618 km/s with which the Sun's surface is escaped from; nothing in its neighbourhood is faster.
_FASTEST_KM_S = 1000.0

_EARTH_DEGREE = 6  # the zonal harmonics of the Earth that ship


class Center(StrEnum):
    """The body that an orbit goes around."""

    MOON = "moon"
    EARTH = "earth"
    SUN = "sun"


class ReferencePlane(StrEnum):
    """What inclination and node are counted from."""

    ICRF = "icrf"
    EQUATOR = "equator"
    ECLIPTIC = "ecliptic"
    ORBIT = "orbit"


class Gravity(Part):
    """The gravity field of the body in the middle of the orbit."""

    degree: int = Field(
        8,
        ge=0,
        le=1000,
        description="Highest degree and order of the field; 0 is a point mass; about the Earth 6.",
    )
    file: InputFile | None = Field(
        None, description="Gravity field in the ICGEM format (.gfc) instead of the shipped."
    )


class Kepler(Part):
    """Osculating Keplerian elements at an epoch."""

    center: Center = Field(Center.MOON, description="Body in the middle.")
    semi_major_axis: Distance = Field(description="Semi-major axis.")
    eccentricity: float = Field(0.0, ge=0.0, lt=1.0, description="Eccentricity of a closed orbit.")
    inclination: Inclination = Field(constant("0 deg"), description="Inclination to the plane of `frame`.")
    raan: Angle = Field(
        constant("0 deg"), description="Right ascension (or longitude) of the ascending node."
    )
    argument_of_periapsis: Angle = Field(
        constant("0 deg"), description="Angle from the node to the periapsis."
    )
    true_anomaly: Angle | None = Field(
        None, description="True anomaly at the epoch; 0 where neither is given."
    )
    mean_anomaly: Angle | None = Field(
        None, description="Mean anomaly at the epoch, instead of the true one."
    )
    frame: ReferencePlane = Field(
        ReferencePlane.ICRF,
        description="Reference plane: the ICRF's equator, the ecliptic of J2000, or at the epoch the body's "
        "own equator or the plane of its own orbit. About the Sun it is the ecliptic.",
    )
    epoch: Utc | None = Field(
        None, description="Instant of the elements, UTC; the start of the run by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _about_the_sun(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("center") == Center.SUN and data.get("frame") is None:
            return {**data, "frame": ReferencePlane.ECLIPTIC}
        return data

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.center is Center.SUN and self.frame is not ReferencePlane.ECLIPTIC:
            raise field_error(f"found {self.frame.value!r}; about the Sun it must be ecliptic", "frame")
        if self.true_anomaly is not None and self.mean_anomaly is not None:
            raise field_error("found true_anomaly and mean_anomaly; must be one of them", "mean_anomaly")
        periapsis_km = float(self.semi_major_axis.to_value("km")) * (1.0 - self.eccentricity)
        radius_km = _RADIUS_KM[self.center]
        if periapsis_km <= radius_km:
            raise field_error(
                f"found an orbit whose periapsis is {periapsis_km:.1f} km from the centre of the "
                f"{self.center.value}, inside its radius of {radius_km} km; "
                "semi_major_axis · (1 - eccentricity) must be greater",
                "semi_major_axis",
            )
        return self


class State(Part):
    """Position and velocity relative to a body, in ICRF axes, at an epoch."""

    center: Center = Field(Center.MOON, description="Body that position and velocity are relative to.")
    position: PositionVector = Field(
        description="x, y, z in ICRF axes, such as ['1838 km', '0 km', '0 km'] or '1838 0 0 km'."
    )
    velocity: VelocityVector = Field(description="Velocity in ICRF axes, such as '0 1.6 0.3 km/s'.")
    epoch: Utc | None = Field(None, description="Instant of the state, UTC; the start of the run by default.")

    @model_validator(mode="after")
    def _is_outside(self) -> Self:
        speed_km_s = sum(float(part.to_value("km/s")) ** 2 for part in self.velocity) ** 0.5
        if speed_km_s > _FASTEST_KM_S:
            raise field_error(
                f"found a speed of {speed_km_s:.6g} km/s; must be at most {_FASTEST_KM_S:g} km/s", "velocity"
            )
        distance_km = sum(float(part.to_value("km")) ** 2 for part in self.position) ** 0.5
        radius_km = _RADIUS_KM[self.center]
        if distance_km <= radius_km:
            raise field_error(
                f"found a position {distance_km:.1f} km from the centre of the {self.center.value}, "
                f"inside its radius of {radius_km} km",
                "position",
            )
        return self


def with_gravity_of_center(data: dict[str, Any]) -> dict[str, Any]:
    """Return the raw fields of an observer or target with the degree of the Earth's field where it is the Earth's."""
    centers = [_raw(data.get(source), "center") for source in ("kepler", "state")]
    gravity = data.get("gravity")
    is_open = gravity is None or (isinstance(gravity, dict) and not {"degree", "file"} & gravity.keys())
    if Center.EARTH not in centers or not is_open:
        return data
    return {**data, "gravity": {"degree": _EARTH_DEGREE, **(gravity or {})}}


def _raw(part: Any, name: str) -> Any:
    return part.get(name) if isinstance(part, dict) else getattr(part, name, None)
