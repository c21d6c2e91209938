"""Files that a scenario names: found beside the scenario, or among the shipped catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

from skyforge.errors import SkyforgeError
from skyforge.resources import catalogs_directory
from skyforge.scenario.quantities import invalid

_SHIPPED = "catalogs"


def _shipped_folder() -> Path | None:
    try:
        return catalogs_directory().resolve()
    except SkyforgeError:
        return None


def find_file(path: Path, *folders: Path) -> Path:
    """Return the absolute path of a file named in a scenario.

    Parameters
    ----------
    path
        As written. A relative one is looked for in `folders`, then among the shipped catalogues ("kazsat.tle"
        and "catalogs/kazsat.tle" both name the one that ships).
    folders
        Where the scenario file lies, and where else to look.

    Raises
    ------
    FileNotFoundError
        If it is nowhere; the message says where it was looked for.
    """
    path = path.expanduser()
    candidates = [folder.resolve() / path for folder in folders]
    shipped = _shipped_folder()
    if shipped is not None and not path.is_absolute():
        inner = path.relative_to(_SHIPPED) if path.parts[:1] == (_SHIPPED,) else path
        candidates.append(shipped / inner)
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
        if candidate.is_dir():
            raise FileNotFoundError(f"found {str(path)!r}, which is a folder; must be a file")
    places = " and in ".join(dict.fromkeys(str(candidate.parent) for candidate in candidates))
    raise FileNotFoundError(f"found {str(path)!r}, but there is no such file; looked in {places}")


def _validate(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, (str, Path)) or not str(value).strip():
        raise invalid(f"found {value!r}; must be the path of a file")
    context = info.context if isinstance(info.context, dict) else {}
    try:
        return find_file(Path(value), *context.get("folders", (Path(),)))
    except (OSError, ValueError) as error:
        raise invalid(str(error)) from None


def file_text(path: Path) -> str:
    """Return how a resolved scenario names a file: absolute, but a shipped one as "catalogs/…" everywhere."""
    shipped = _shipped_folder()
    if shipped is not None and path.is_relative_to(shipped):
        return (_SHIPPED / path.relative_to(shipped)).as_posix()
    return str(path)


InputFile = Annotated[
    Path,
    BeforeValidator(_validate),
    PlainSerializer(file_text, return_type=str),
    WithJsonSchema({"type": "string", "description": "Path of a file, relative to the scenario file."}),
]
