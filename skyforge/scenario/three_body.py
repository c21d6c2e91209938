"""Orbits of the circular restricted three-body problem as people write them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import Distance, Duration
from skyforge.scenario.utc import Utc

_STATE = ("position", "velocity")
_SYSTEM = ("mass_ratio", "length_unit", "time_unit")

Triple = tuple[float, float, float]


class ThreeBodyMode(StrEnum):
    """How an orbit of the circular problem is put into the true Earth and Moon."""

    KINEMATIC = "kinematic"
    N_BODY = "n-body"


class ThreeBody(Part):
    """An orbit near the Moon, L1 or L2: a preset, or a state in the rotating frame with the units that it is in.

    A state is none without its units: the same numbers are another orbit in other units.
    """

    preset: str | None = Field(
        None,
        min_length=1,
        description="Name of a three-body orbit preset, instead of all but mode, phase and epoch.",
    )
    position: Triple | None = Field(
        None, description="x, y, z in units of length; origin the barycentre, x towards the Moon."
    )
    velocity: Triple | None = Field(None, description="Rates of x, y, z in units of length per unit of time.")
    mass_ratio: float | None = Field(
        None, gt=0.0, le=0.5, description="μ, the Moon's share of the mass, such as 0.01215058560962404."
    )
    length_unit: Distance | None = Field(
        None, description="LU, the distance of Earth and Moon in these units, such as 389703.26 km."
    )
    time_unit: Duration | None = Field(
        None, description="TU, their period over 2π in these units, such as 382981.29 s."
    )
    period: float | None = Field(
        None,
        gt=0.0,
        description="Period in units of time, of an orbit that closes; the n-body mode needs it.",
    )
    mode: ThreeBodyMode = Field(
        ThreeBodyMode.N_BODY,
        description="n-body: corrected to a natural motion under Sun, Earth and Moon; kinematic: the shape in a frame "
        "that turns and breathes with the Moon, no natural motion.",
    )
    phase: float = Field(
        0.0, ge=0.0, lt=1.0, description="Share of the period by which it is ahead of the state at the epoch."
    )
    epoch: Utc | None = Field(None, description="Instant of the state, UTC; the start of the run by default.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = [name for name in (*_STATE, *_SYSTEM, "period") if getattr(self, name) is not None]
        if self.preset is not None:
            if given:
                raise field_error(
                    f"found {given[0]} beside a preset, which has its own; must be one of them", given[0]
                )
            return self
        for name in (*_STATE, *_SYSTEM):
            if getattr(self, name) is None:
                raise field_error(
                    "missing; give a preset, or a state with position, velocity, mass_ratio, length_unit and time_unit",
                    name,
                )
        if self.period is None and (self.mode is ThreeBodyMode.N_BODY or self.phase):
            what = "the n-body mode" if self.mode is ThreeBodyMode.N_BODY else "a phase"
            raise field_error(f"missing; {what} needs the period of an orbit that closes", "period")
        return self
