"""Spacecraft and bodies from SPK files."""

from __future__ import annotations

from pydantic import Field

from skyforge.scenario.base import Part
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Selection


class Spk(Part):
    """One body of an SPK file, the binary ephemeris of NAIF."""

    file: InputFile = Field(description="Path of the file, of segments of types 2, 3, 8, 9, 12 or 13.")
    body: Selection = Field(min_length=1, description="NAIF code, such as -85, or the name that NAIF gives.")
