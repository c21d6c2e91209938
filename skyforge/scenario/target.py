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
from skyforge.scenario.light import LightModel, Sphere
from skyforge.scenario.orbit import Gravity, Kepler, State, with_gravity_of_center
from skyforge.scenario.quantities import invalid

_SOURCES = ("tle", "omm", "kepler", "state")
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
    """A body, or all the bodies of a file: exactly one of tle, omm, kepler, state.

    In a file of many objects `select` (or else `name`) picks one by its name or NORAD number; without either,
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
    select: Selection | None = Field(
        None,
        min_length=1,
        description="Object of the file: its name or NORAD number, where `name` is another.",
    )
    kepler: Kepler | None = Field(None, description="Keplerian elements.")
    state: State | None = Field(None, description="Position and velocity.")
    gravity: Gravity = Field(default_factory=Gravity, description="Gravity field for kepler and state.")
    model: LightModel = Field(default_factory=Sphere, description="What reflects the light.")

    @property
    def is_file(self) -> bool:
        """Whether its orbit comes from a file, which may hold many objects."""
        return self.omm is not None or (self.tle is not None and not isinstance(self.tle, tuple))

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        return with_gravity_of_center(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        require_one(self, _SOURCES)
        if not self.is_file and self.name is None:
            raise field_error(
                "missing; a target needs a name where its orbit does not come from a file", "name"
            )
        if not self.is_file and self.select is not None:
            raise field_error("found a selection, but no tle or omm file to select from", "select")
        return self
