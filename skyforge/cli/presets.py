"""skyforge presets: what ships, by kind and name."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from skyforge.cli.options import AsJson, Debug
from skyforge.cli.reporting import reported
from skyforge.cli.tables import aligned, number, to_json
from skyforge.errors import InputError


def presets(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="telescopes, detectors, orbits or scenarios.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A preset, to print it in full.")] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the telescopes, detectors, orbits and scenarios that ship, or print one."""
    with reported(debug):
        from skyforge.scenario.preset_library import KINDS, did_you_mean  # imports pydantic

        kinds: tuple[str, ...] = KINDS
        if kind is not None:
            if kind not in KINDS and f"{kind}s" not in KINDS:
                raise InputError(f"no presets of the kind {kind!r}; {did_you_mean(kind, KINDS)}")
            kinds = (kind if kind in KINDS else f"{kind}s",)
        if name is not None:
            typer.echo(_as_json(kinds[0], name) if as_json else _text(kinds[0], name))
            return
        listing = {one: _descriptions(one) for one in kinds}
        typer.echo(to_json(listing) if as_json else _listing_text(listing))


def _listing_text(listing: dict[str, dict[str, str]]) -> str:
    names = [(f"  {name}", about) for group in listing.values() for name, about in group.items()]
    width = max((len(name) for name, _ in names), default=0)
    blocks = []
    for kind, group in listing.items():
        lines = aligned([[f"  {name}".ljust(width), about] for name, about in group.items()])
        blocks.append(f"{kind}\n{lines}")
    return "\n\n".join(blocks)


def _descriptions(kind: str) -> dict[str, str]:
    if kind == "orbits":
        return {orbit.name: orbit.title for orbit in _orbits()}
    from skyforge.scenario import preset, presets  # imports astropy

    return {name: str(preset(kind, name).get("description", "")) for name in presets(kind)}


def _orbits() -> tuple[Any, ...]:
    from skyforge.orbits.presets import orbit_presets  # imports scipy

    return orbit_presets()


def _orbit(name: str) -> dict[str, Any]:
    from skyforge.orbits.presets import orbit_preset  # imports scipy

    preset = orbit_preset(name)
    about = {key: getattr(preset, key) for key in ("name", "title", "story", "source", "center")}
    return {**about, "start": dataclasses.asdict(preset.start), "numbers": preset.numbers()}


def _as_json(kind: str, name: str) -> str:
    if kind == "orbits":
        return to_json(_orbit(name))
    from skyforge.scenario import preset  # imports astropy

    return to_json({"name": name, **preset(kind, name)})


def _text(kind: str, name: str) -> str:
    """Return a preset as one would write it in a scenario."""
    if kind == "orbits":
        return _orbit_text(_orbit(name))
    from skyforge.scenario.preset_library import preset_path  # imports pydantic

    return preset_path(kind, name).read_text(encoding="utf-8").rstrip()


def _orbit_text(orbit: dict[str, Any]) -> str:
    about = [[key, str(orbit[key])] for key in ("name", "title", "story", "source", "center")]
    rows = [[label, f"{number(value, 12)} {unit}".rstrip()] for label, value, unit in orbit["numbers"]]
    return aligned([*about, *rows])
