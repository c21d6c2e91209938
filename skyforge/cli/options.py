"""Options that mean the same in every command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Device(StrEnum):
    """What makes the pixels."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="Override a field, such as telescope.aperture='40 cm'. Repeatable.",
    ),
]
DeviceOption = Annotated[
    Device, typer.Option("--device", help="What makes the pixels; they are the same on all.")
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, max=2**64 - 1, help="Seed of all random numbers.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="Where to write; runs/NAME by default.")
]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, max=1024, help="Threads; all cores by default.")]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Stop where a target has no place or no name of its own, instead of a warning."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings and errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Debug = Annotated[bool, typer.Option("--debug", help="Print the traceback of an error.")]
