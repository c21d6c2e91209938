"""Where the telescope looks."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import Angle, AngularRate, Declination, RightAscension
from skyforge.scenario.quantities import constant


class Tracking(StrEnum):
    """What stays still in the frame."""

    SIDEREAL = "sidereal"
    TARGET = "target"
    RATES = "rates"


class Rates(Part):
    """How fast the telescope follows, on the sky."""

    ra: AngularRate = Field(
        constant("0 arcsec/s"), description="Rate towards east, the factor cos(dec) included."
    )
    dec: AngularRate = Field(constant("0 arcsec/s"), description="Rate towards north.")
    roll: AngularRate = Field(
        constant("0 arcsec/s"), description="Rate of the roll: the field rotates about its centre."
    )


WORLDS = ("earth", "moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune")
"""What a telescope can point at without it being a target."""


class Pointing(Part):
    """The field's centre and how the telescope follows it.

    With neither target nor ra and dec, a scenario points at its first target, or without targets at the north
    ecliptic pole, which is 90° from the Sun all year.
    """

    target: str | None = Field(
        None,
        min_length=1,
        description="Name of the target in the field's centre, or of a planet, earth or moon.",
    )
    ra: RightAscension | None = Field(None, description="Right ascension of the field's centre, ICRF.")
    dec: Declination | None = Field(None, description="Declination of the field's centre, ICRF.")
    roll: Angle = Field(
        constant("0 deg"), description="Position angle of the frame's up, from north through east."
    )
    track: Tracking = Field(
        Tracking.SIDEREAL, description="Follow the stars, the target, or the given rates."
    )
    rates: Rates | None = Field(None, description="Rates on the sky, for track: rates.")

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        place = [name for name in ("ra", "dec") if getattr(self, name) is not None]
        if self.target is not None and place:
            raise field_error(
                f"found target and {' and '.join(place)}; must be target, or ra and dec", "target"
            )
        if len(place) == 1:
            other = "dec" if place == ["ra"] else "ra"
            raise field_error(f"found {place[0]} without {other}; must be both", place[0])
        if self.track is Tracking.TARGET and place:
            raise field_error(
                "found 'target' with ra and dec; to follow a target name it in pointing.target", "track"
            )
        if (self.track is Tracking.RATES) != (self.rates is not None):
            found = (
                "track: rates without rates"
                if self.rates is None
                else f"rates with track: {self.track.value}"
            )
            raise field_error(f"found {found}; rates {{ra, dec, roll}} and track: rates go together", "track")
        return self
