"""Values given on the command line, laid over those of the file: telescope.aperture=40 cm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from skyforge.errors import InputError
from skyforge.scenario.document import Document, Location, Mark, read_value


def override(document: Document, assignments: Sequence[str]) -> Document:
    """Return a document with some values replaced.

    Parameters
    ----------
    document
        What the file says.
    assignments
        Texts "field.path=value"; the value is YAML, list items go by their index from 0 (targets.0.name).

    Raises
    ------
    InputError
        If a text is no assignment, or leads through a value that has no fields.
    """
    data = document.copy_data()
    marks = dict(document.marks)
    for assignment in assignments:
        option = f"--set {assignment}"
        location = _assign(data, assignment, option)
        marks = {place: mark for place, mark in marks.items() if place[: len(location)] != location}
        for length in range(1, len(location)):
            marks.setdefault(location[:length], Mark(option))
        marks[location] = Mark(option)
    return Document(data, marks)


def _assign(data: dict[str, Any], assignment: str, option: str) -> Location:
    path, equals, text = assignment.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not equals or not all(keys):
        raise InputError(f"{option}: must be FIELD=VALUE, such as telescope.aperture='40 cm'")
    value = read_value(text, option)
    location: Location = ()
    container: Any = data
    for key in keys[:-1]:
        place = _place(container, key, location, option)
        if isinstance(container, dict) and container.get(key) is None:
            container[key] = {}
        container = container[place]
        location = (*location, place)
    last = _place(container, keys[-1], location, option)
    if isinstance(container, list) and last == len(container):
        container.append(value)
    else:
        container[last] = value
    return (*location, last)


def _place(container: Any, key: str, location: Location, option: str) -> str | int:
    """Return the key or index that a name stands for in a container."""
    here = ".".join(str(part) for part in location)
    if isinstance(container, dict):
        return key
    if not isinstance(container, list):
        raise InputError(f"{option}: {here} is {container!r} and has no field {key!r}; set {here} as a whole")
    if not key.isdecimal() or int(key) > len(container):
        raise InputError(
            f"{option}: {here} is a list of {len(container)}; found {key!r} where its index is needed"
        )
    return int(key)
