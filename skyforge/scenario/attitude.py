"""How a target is turned: to the centre it orbits, to the Sun, fixed among the stars, spinning or tumbling."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from skyforge.scenario.base import Part
from skyforge.scenario.kinds import Angle, Declination, Duration, RightAscension
from skyforge.scenario.quantities import constant
from skyforge.scenario.utc import Utc

_KIND_REQUIRED = ConfigDict(json_schema_extra={"required": ["kind"]})
_AXIS_TEXT = "of the axis in space, ICRF."
_EPOCH_TEXT = "Instant of the angles, UTC; the start of the run by default."


class NadirAttitude(Part):
    """z to the centre of the orbit, y against the orbit's normal: wings along y turn to the Sun."""

    kind: Literal["nadir"] = "nadir"


class SunAttitude(Part):
    """z to the Sun."""

    model_config = _KIND_REQUIRED

    kind: Literal["sun"] = "sun"


class InertialAttitude(Part):
    """Fixed among the stars."""

    model_config = _KIND_REQUIRED

    kind: Literal["inertial"] = "inertial"
    ra: RightAscension = Field(constant("0 deg"), description="Right ascension of the body's z axis, ICRF.")
    dec: Declination = Field(constant("0 deg"), description="Declination of the body's z axis, ICRF.")
    angle: Angle = Field(constant("0 deg"), description="Angle by which the body is turned about its z axis.")


class SpinAttitude(Part):
    """Turning about its z axis, which is fixed among the stars."""

    model_config = _KIND_REQUIRED

    kind: Literal["spin"] = "spin"
    ra: RightAscension = Field(constant("0 deg"), description=f"Right ascension {_AXIS_TEXT}")
    dec: Declination = Field(constant("90 deg"), description=f"Declination {_AXIS_TEXT}")
    period: Duration = Field(constant("60 s"), description="Time of a turn.")
    angle: Angle = Field(constant("0 deg"), description="Angle turned about the axis at the epoch.")
    epoch: Utc | None = Field(None, description=_EPOCH_TEXT)


class TumblingAttitude(Part):
    """Turning about an axis in space that is not the body's own; its z axis goes round it on a cone."""

    model_config = _KIND_REQUIRED

    kind: Literal["tumbling"] = "tumbling"
    ra: RightAscension = Field(constant("0 deg"), description=f"Right ascension {_AXIS_TEXT}")
    dec: Declination = Field(constant("90 deg"), description=f"Declination {_AXIS_TEXT}")
    period: Duration = Field(constant("30 s"), description="Time of a turn about the axis in space.")
    tilt: Angle = Field(
        constant("90 deg"),
        description="Angle between that axis and the body's z axis; 90 deg is end over end.",
    )
    own_period: Duration | None = Field(
        None, description="Time of a turn about the body's own z axis as well; none where it is not given."
    )
    angle: Angle = Field(constant("0 deg"), description="Angle turned about the axis at the epoch.")
    epoch: Utc | None = Field(None, description=_EPOCH_TEXT)


def _nadir_by_default(value: Any) -> Any:
    return {"kind": "nadir", **value} if isinstance(value, dict) and "kind" not in value else value


Attitude = Annotated[
    NadirAttitude | SunAttitude | InertialAttitude | SpinAttitude | TumblingAttitude,
    Field(discriminator="kind"),
    BeforeValidator(_nadir_by_default),
]
