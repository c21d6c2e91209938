"""Where the telescope is."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error, require_one
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Selection
from skyforge.scenario.orbit import Gravity, Kepler, State, with_gravity_of_center
from skyforge.scenario.places import LunarSite, Site
from skyforge.scenario.spk import Spk
from skyforge.scenario.three_body import ThreeBody

DEFAULT_ORBIT = "lunar-elfo-24h"
_FILES = ("tle", "omm", "oem", "mpc")
_SOURCES = ("orbit", "kepler", "state", "cr3bp", *_FILES, "spk", "site", "lunar_site")


class Observer(Part):
    """The telescope's orbit or site: exactly one of orbit, kepler, state, cr3bp, a file, site, lunar_site."""

    orbit: str | None = Field(
        None, min_length=1, description=f"Name of an orbit preset; {DEFAULT_ORBIT} where nothing is given."
    )
    kepler: Kepler | None = Field(None, description="Keplerian elements.")
    state: State | None = Field(None, description="Position and velocity.")
    cr3bp: ThreeBody | None = Field(None, description="Orbit of the three-body problem of Earth and Moon.")
    tle: InputFile | None = Field(None, description="File with two-line elements.")
    omm: InputFile | None = Field(
        None, description="Orbit Mean-elements Message (CCSDS 502.0) in XML, KVN, CSV or JSON."
    )
    oem: InputFile | None = Field(None, description="Orbit Ephemeris Message (CCSDS 502.0) in KVN.")
    mpc: InputFile | None = Field(
        None, description="Orbits of the Minor Planet Center: MPCORB.DAT, CometEls.txt or its JSON."
    )
    spk: Spk | None = Field(None, description="Body of an SPK file.")
    name: Selection | None = Field(
        None,
        min_length=1,
        description="Object of the tle, omm, oem or mpc file: its name, number or designation.",
    )
    site: Site | None = Field(None, description="Place on the Earth.")
    lunar_site: LunarSite | None = Field(None, description="Place on the Moon.")
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
        if self.name is not None and all(getattr(self, file) is None for file in _FILES):
            raise field_error(
                f"found a name; it selects an object of a {', '.join(_FILES[:-1])} or {_FILES[-1]} file, and there is "
                "none",
                "name",
            )
        return self
