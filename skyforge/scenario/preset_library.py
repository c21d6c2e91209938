"""The presets that ship: telescopes, detectors and whole scenarios, as YAML files beside this module."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from skyforge.errors import InputError
from skyforge.scenario.document import Document, read_document

KINDS = ("telescopes", "detectors", "orbits", "scenarios")
NO_PRESET = "none"
_ABOUT = ("description", "source")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" with the nearest spellings, or the list of what is known."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(other) for other in near)}?"
    return f"allowed: {', '.join(known)}" if known else "there are none"


def preset_path(kind: str, name: str) -> Path:
    """Return the file of a preset.

    Raises
    ------
    InputError
        If there is none of that name; the message names the nearest.
    """
    if name not in presets(kind):
        raise InputError(f"no preset {name!r} among the {kind}; {did_you_mean(name, presets(kind))}")
    return _folder(kind) / f"{name}.yaml"


@cache
def presets(kind: str) -> tuple[str, ...]:
    """Return the names of the shipped presets of a kind, sorted.

    Parameters
    ----------
    kind
        "telescopes", "detectors" or "scenarios". (Orbits are physics: `skyforge.orbits.presets` has them.)
    """
    if kind not in KINDS:
        raise InputError(f"no presets of the kind {kind!r}; {did_you_mean(kind, KINDS)}")
    folder = _folder(kind)
    return tuple(sorted(path.stem for path in folder.glob("*.yaml"))) if folder.is_dir() else ()


def preset(kind: str, name: str) -> dict[str, Any]:
    """Return the values of a preset as its YAML file gives them, `description` and `source` included."""
    data: dict[str, Any] = _read(preset_path(kind, name)).copy_data()
    return data


def preset_values(kind: str, name: str) -> dict[str, Any]:
    """Return the values of a preset without what its file says about itself."""
    return {key: value for key, value in preset(kind, name).items() if key not in _ABOUT}


@cache
def _read(path: Path) -> Document:
    return read_document(path.read_text(encoding="utf-8"), str(path))


def _folder(kind: str) -> Path:
    return Path(str(files("skyforge.scenario"))) / "presets" / kind


def with_preset(kind: str, data: dict[str, Any], default: str) -> dict[str, Any]:
    """Return the values of a mapping laid over those of the preset that it names.

    Parameters
    ----------
    kind
        Kind of preset.
    data
        What the user wrote; its key "preset" names the preset, "none" says that there is none.
    default
        The preset that is taken where none is named.
    """
    given = dict(data)
    name = given.pop("preset", None)
    name = default if name is None else name
    if name == NO_PRESET:
        return given
    return _laid_over({"name": name, **preset_values(kind, str(name))}, given)


def _laid_over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = under.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and _same_kind(value, below):
            merged[key] = _laid_over(below, value)
        else:
            merged[key] = value
    return merged


def _same_kind(over: dict[str, Any], under: dict[str, Any]) -> bool:
    """Return whether two mappings describe the same kind of thing, such as two pupils."""
    return bool(over.get("kind", under.get("kind")) == under.get("kind"))
