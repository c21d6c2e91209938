"""From a YAML file or a preset's name to a validated scenario."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from skyforge.errors import InputError
from skyforge.scenario.document import Document, read_document
from skyforge.scenario.messages import explain
from skyforge.scenario.overrides import override
from skyforge.scenario.preset_library import did_you_mean, preset_path, presets
from skyforge.scenario.scenario import Scenario

RESOLVED_NAME = "scenario.yaml"


def load(source: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario that a file or a preset describes.

    Parameters
    ----------
    source
        Path of a YAML file, or of a run folder with its resolved scenario, or the name of a scenario preset.
    overrides
        Texts "field.path=value" that replace values of the file, such as "telescope.aperture=40 cm".

    Raises
    ------
    InputError
        If there is no such file or preset, or it is no valid scenario; the message names file, line, field.
    """
    path = _find(source)
    document = override(_document(path), overrides)
    data: dict[str, Any] = document.copy_data()
    data.setdefault("name", _name(path))
    try:
        return Scenario.model_validate(data, context={"folders": _folders(path, overrides)})
    except ValidationError as error:
        raise InputError(explain(error, Scenario, document)) from None


def _folders(path: Path, overrides: Sequence[str]) -> tuple[Path, ...]:
    """Return where files are looked for: beside the scenario; what is typed is meant from the current folder."""
    if path.stem in presets("scenarios") and path == preset_path("scenarios", path.stem):
        return (Path(),)
    return (path.parent, Path()) if overrides else (path.parent,)


def _find(source: str | Path) -> Path:
    path = Path(source).expanduser()
    if path.is_file():
        return path
    if path.is_dir() and (path / RESOLVED_NAME).is_file():
        return path / RESOLVED_NAME
    if str(source) in presets("scenarios"):
        return preset_path("scenarios", str(source))
    if path.is_dir():
        raise InputError(f"{path}: a folder without {RESOLVED_NAME}; name a scenario file")
    hint = did_you_mean(str(source), presets("scenarios"))
    raise InputError(f"no file {str(source)!r} and no scenario preset of that name; {hint}")


def _document(path: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not a text file in UTF-8 (byte {error.start}); a scenario is YAML"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return read_document(text, str(path))


def _name(path: Path) -> str:
    """Return the name of a run after its file, in the characters that a name may have."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).lstrip("._-")[:100] or "scenario"
