"""What is looked for: satellites, debris, spacecraft and other bodies lit by the Sun."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from skyforge.scenario.base import Part, field_error, require_one
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Selection
from skyforge.scenario.light import AsteroidLight, LightModel, Sphere
from skyforge.scenario.orbit import Gravity, Kepler, State, with_gravity_of_center
from skyforge.scenario.places import LunarSite
from skyforge.scenario.quantities import invalid
from skyforge.scenario.spk import Spk
from skyforge.scenario.three_body import ThreeBody

_FILES = ("tle", "omm", "oem", "mpc")
_SOURCES = (*_FILES, "spk", "orbit", "kepler", "state", "cr3bp", "lunar_site")
_LINE_LENGTH = 69  # columns of a line of two-line elements, its checksum the last


class TargetKind(StrEnum):
    """What a target is called in the truth table."""

    SATELLITE = "satellite"
    DEBRIS = "debris"
    ROCKET_BODY = "rocket-body"
    SPACECRAFT = "spacecraft"
    ASTEROID = "asteroid"


def _checksum(line: str) -> int:
    return sum(int(char) if char.isdigit() else char == "-" for char in line[: _LINE_LENGTH - 1]) % 10


def _element_line(line: str) -> str:
    line = line.rstrip()
    if len(line) != _LINE_LENGTH or not line[-1].isdigit():
        raise invalid(
            f"found a line of {len(line)} characters; a line of two-line elements has {_LINE_LENGTH}"
        )
    if int(line[-1]) != _checksum(line):
        raise invalid(f"found the checksum {line[-1]}, but the line's digits give {_checksum(line)}")
    return line


def _element_lines(lines: tuple[str, str]) -> tuple[str, str]:
    for number, line in enumerate(lines, start=1):
        if not line.startswith(f"{number} "):
            raise invalid(f"found {line[:12]!r}…; line {number} of two-line elements starts with '{number} '")
    return lines


ElementLines = Annotated[
    tuple[Annotated[str, AfterValidator(_element_line)], Annotated[str, AfterValidator(_element_line)]],
    AfterValidator(_element_lines),
]


def _file_or_lines(value: Any) -> str:
    return "lines" if isinstance(value, (list, tuple)) else "file"


TwoLineElements = Annotated[
    Annotated[InputFile, Tag("file")] | Annotated[ElementLines, Tag("lines")], Discriminator(_file_or_lines)
]


class Target(Part):
    """A body, or all the bodies of a file: exactly one of the files, a preset, kepler, state, cr3bp, lunar_site.

    In a file of many objects `select` (or else `name`) picks one by its name, number or designation; without either,
    all are targets.
    """

    name: str | None = Field(None, min_length=1, description="Name in pointing, truth and tables.")
    kind: TargetKind = Field(TargetKind.SATELLITE, description="What it is.")
    tle: TwoLineElements | None = Field(
        None, description="File of two-line elements, or the two lines themselves."
    )
    omm: InputFile | None = Field(
        None, description="Orbit Mean-elements Message (CCSDS 502.0) in XML, KVN, CSV or JSON."
    )
    oem: InputFile | None = Field(None, description="Orbit Ephemeris Message (CCSDS 502.0) in KVN.")
    mpc: InputFile | None = Field(
        None, description="Orbits of the Minor Planet Center: MPCORB.DAT, CometEls.txt or its JSON."
    )
    select: Selection | None = Field(
        None,
        min_length=1,
        description="Object of the file: its name, number or designation, where `name` is another.",
    )
    spk: Spk | None = Field(None, description="Body of an SPK file.")
    orbit: str | None = Field(None, min_length=1, description="Name of an orbit preset.")
    kepler: Kepler | None = Field(None, description="Keplerian elements.")
    state: State | None = Field(None, description="Position and velocity.")
    cr3bp: ThreeBody | None = Field(None, description="Orbit of the three-body problem of Earth and Moon.")
    lunar_site: LunarSite | None = Field(None, description="Place on the Moon.")
    gravity: Gravity = Field(
        default_factory=Gravity, description="Gravity field for orbit, kepler and state."
    )
    model: LightModel = Field(default_factory=Sphere, description="What reflects the light.")

    @property
    def is_file(self) -> bool:
        """Whether its orbit comes from a file, which may hold many objects."""
        return any(
            getattr(self, file) is not None and not isinstance(getattr(self, file), tuple) for file in _FILES
        )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if data.get("mpc") is not None:
            # Its lines tell how bright the bodies are.
            data = {"kind": TargetKind.ASTEROID, "model": {"kind": "asteroid"}, **data}
        return with_gravity_of_center(data)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        require_one(self, _SOURCES)
        if not self.is_file and self.name is None:
            raise field_error(
                "missing; a target needs a name where its orbit does not come from a file", "name"
            )
        if self.mpc is None and isinstance(self.model, AsteroidLight) and self.model.h is None:
            raise field_error("missing; only the lines of an mpc file tell it", "model", "h")
        if not self.is_file and self.select is not None:
            raise field_error(
                f"found a selection, but no {', '.join(_FILES[:-1])} or {_FILES[-1]} file to select from",
                "select",
            )
        return self
