"""Where the telescope is."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error, require_one
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Height, Latitude, Longitude, Selection
from skyforge.scenario.orbit import Gravity, Kepler, State, with_gravity_of_center
from skyforge.scenario.quantities import constant

DEFAULT_ORBIT = "lunar-elfo-24h"
_SOURCES = ("orbit", "kepler", "state", "tle", "omm", "site")


class Site(Part):
    """A place on the Earth."""

    longitude: Longitude = Field(description="Geodetic longitude, east positive.")
    latitude: Latitude = Field(description="Geodetic latitude, north positive.")
    height: Height = Field(constant("0 m"), description="Height above the WGS 84 ellipsoid.")


class Observer(Part):
    """The telescope's orbit or site: exactly one of orbit, kepler, state, tle, omm, site."""

    orbit: str | None = Field(
        None, min_length=1, description=f"Name of an orbit preset; {DEFAULT_ORBIT} where nothing is given."
    )
    kepler: Kepler | None = Field(None, description="Keplerian elements.")
    state: State | None = Field(None, description="Position and velocity.")
    tle: InputFile | None = Field(None, description="File with two-line elements.")
    omm: InputFile | None = Field(
        None, description="Orbit Mean-elements Message (CCSDS 502.0) in XML, KVN, CSV or JSON."
    )
    name: Selection | None = Field(
        None, min_length=1, description="Object of the tle or omm file: its name or NORAD number."
    )
    site: Site | None = Field(None, description="Place on the Earth.")
    gravity: Gravity = Field(
        default_factory=Gravity, description="Gravity field for orbit, kepler and state."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if not any(data.get(source) is not None for source in _SOURCES):
            return {**data, "orbit": DEFAULT_ORBIT}
        return with_gravity_of_center(data)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        require_one(self, _SOURCES)
        if self.name is not None and self.tle is None and self.omm is None:
            raise field_error(
                "found a name; it selects an object of a tle or omm file, and there is none", "name"
            )
        return self
