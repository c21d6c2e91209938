"""When frames are taken."""

from __future__ import annotations

from typing import Any, Self

from astropy.time import Time
from astropy.units import Quantity
from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import Duration
from skyforge.scenario.quantities import constant, quantity_text
from skyforge.scenario.utc import Utc, parse_utc

_EXPOSURE = constant("2 s")
_READOUT = constant("1 s")
_LONGEST = constant("1 d")  # cosmic rays fill a longer exposure; longer sums are made of several


def _exposure_and_readout(fields: dict[str, Any]) -> Quantity:
    exposure = fields.get("exposure", _EXPOSURE)
    return constant(quantity_text(exposure + _READOUT.to(exposure.unit)))


class Timing(Part):
    """The clock of the run: frame i is exposed from start + i · cadence for the exposure."""

    start: Utc = Field(
        default_factory=lambda: parse_utc("2030-03-01T00:00:00Z"),
        description="Start of the first exposure, UTC.",
    )
    frames: int = Field(1, ge=1, le=1_000_000, description="Number of frames.")
    exposure: Duration = Field(_EXPOSURE, description="Exposure time of a frame.")
    cadence: Duration = Field(
        default_factory=_exposure_and_readout,
        description="Time from one exposure's start to the next one's; by default the exposure and 1 s.",
    )

    @model_validator(mode="after")
    def _exposure_fits(self) -> Self:
        if self.exposure > _LONGEST:
            raise field_error(
                f"found {quantity_text(self.exposure)!r}; must be at most {quantity_text(_LONGEST)!r}",
                "exposure",
            )
        if self.exposure > self.cadence:
            raise field_error(
                f"found {quantity_text(self.exposure)!r}, longer than the cadence of "
                f"{quantity_text(self.cadence)!r}; the next exposure would start before this one ends",
                "exposure",
            )
        return self

    def start_of(self, frame: int) -> Time:
        """Return the start of a frame's exposure, UTC."""
        return self.start + frame * self.cadence
