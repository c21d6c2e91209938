"""skyforge orbit: an orbit preset's story and numbers, and its picture."""

from __future__ import annotations

import textwrap
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyforge.cli.options import AsJson, Debug
from skyforge.cli.reporting import reported
from skyforge.cli.tables import aligned, to_json
from skyforge.errors import InputError

if TYPE_CHECKING:
    from skyforge.orbits.presets import OrbitPreset

_WIDTH = 100
_SIGNIFICANT = 12
_FORMATS = (".png", ".pdf", ".svg")


class Mode(StrEnum):
    """How a three-body orbit is put into the true Earth and Moon."""

    N_BODY = "n-body"
    KINEMATIC = "kinematic"


def orbit(
    preset: Annotated[
        str, typer.Argument(metavar="PRESET", help="An orbit; skyforge presets orbits lists them.")
    ],
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot", metavar="FILE", help="Draw it, in a rotating and an inertial frame (.png, .pdf, .svg)."
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--start", metavar="UTC", help="When it starts, for the drawing.")
    ] = "2030-03-01T00:00:00Z",
    mode: Annotated[
        Mode | None, typer.Option("--mode", help="Of a three-body orbit: natural motion, or the bare shape.")
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Tell an orbit's story and numbers, and draw it."""
    with reported(debug):
        from skyforge.orbits.presets import orbit_preset  # imports NumPy

        chosen = orbit_preset(preset)
        if plot is not None:
            _check_format(plot)
            _draw(chosen, start, mode, plot)
        typer.echo(to_json(_facts(chosen, plot)) if as_json else _text(chosen, plot))


def _check_format(path: Path) -> None:
    if path.suffix.lower() not in _FORMATS:
        raise InputError(f"--plot: found {str(path)!r}; its ending must be one of {', '.join(_FORMATS)}")
    if not path.parent.is_dir():
        raise InputError(f"--plot: there is no folder {str(path.parent)!r}")


def _draw(preset: OrbitPreset, start: str, mode: Mode | None, path: Path) -> None:
    from skyforge.frames import atomic_file  # imports astropy
    from skyforge.orbits.orbit_views import orbit_picture
    from skyforge.orbits.plot import plot_orbit

    picture = orbit_picture(preset, _epoch_tdb_s(start), None if mode is None else mode.value)
    with atomic_file(path) as file:
        plot_orbit(picture, file, path.suffix.lower().lstrip("."))


def _epoch_tdb_s(text: str) -> float:
    from astropy.time import Time

    from skyforge.orbits.timescales import quiet_future, tdb_seconds

    try:
        with quiet_future():
            return float(tdb_seconds(Time(text.strip().removesuffix("Z"), scale="utc")))
    except ValueError:
        raise InputError(
            f"--start: found {text!r}; must be an instant such as 2030-03-01T00:00:00Z"
        ) from None


def _facts(preset: OrbitPreset, plot: Path | None) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title,
        "story": preset.story,
        "center": preset.center,
        "source": preset.source,
        "numbers": [
            {"label": label, "value": value, "unit": unit} for label, value, unit in preset.numbers()
        ],
        "plot": plot,
    }


def _text(preset: OrbitPreset, plot: Path | None) -> str:
    rows = [[label, f"{value:.{_SIGNIFICANT}g}", unit] for label, value, unit in preset.numbers()]
    blocks = [
        f"{preset.name}: {preset.title}",
        textwrap.fill(preset.story, _WIDTH),
        aligned(rows, right=[1]),
        textwrap.fill(f"Source: {preset.source}.", _WIDTH),
    ]
    if plot is not None:
        blocks.append(f"drawn in {plot}")
    return "\n\n".join(blocks)
