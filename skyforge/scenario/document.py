"""YAML as plain values that remember where they were written."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from skyforge.errors import InputError

Location = tuple[str | int, ...]

# Generous for a file that a person writes; a few aliases of aliases otherwise grow without end.
MOST_CHARACTERS = 2_000_000
MOST_VALUES = 200_000
MOST_LEVELS = 50

_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(
    _TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


@dataclass(frozen=True)
class Mark:
    """Where a value comes from: a file's name and line, or a command-line option."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}"


@dataclass(frozen=True)
class Document:
    """The values of a YAML file and the place of each.

    Attributes
    ----------
    data
        The file's top mapping.
    marks
        Where each value stands, by the keys and indices that lead to it; the empty location is the file.
    """

    data: Mapping[str, Any]
    marks: Mapping[Location, Mark]

    def copy_data(self) -> dict[str, Any]:
        """Return a deep copy of the values."""
        return copy.deepcopy(dict(self.data))

    def mark(self, location: Location) -> Mark:
        """Return where a value stands, or the nearest value around it."""
        while location not in self.marks:
            location = location[:-1]
        return self.marks[location]


def read_document(text: str, source: str) -> Document:
    """Read a YAML text whose top level is a mapping.

    Parameters
    ----------
    text
        The file's content.
    source
        The file's name, for messages.

    Raises
    ------
    InputError
        If it is no YAML, is empty, is no mapping, has a key twice, a tag, or aliases that grow beyond reason.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{source}: {len(text)} characters; a scenario may have {MOST_CHARACTERS}")
    node = _compose(text, source)
    if node is None:
        raise InputError(f"{source}: the file is empty; a scenario is a mapping such as 'name: first-light'")
    if not isinstance(node, MappingNode):
        raise InputError(
            f"{source}:{_line(node)}: found {_kind(node)} at the top level; a scenario is a mapping of fields"
        )
    builder = _Builder(source)
    data = builder.value(node, ())
    return Document(data, {**builder.marks, (): Mark(source, _line(node))})


def read_value(text: str, source: str) -> Any:
    """Read a YAML text of any shape, such as an option's value; raises InputError where it is no YAML."""
    node = _compose(text, source)
    return None if node is None else _Builder(source).value(node, ())


def _compose(text: str, source: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = source if mark is None else f"{source}:{mark.line + 1}"
        raise InputError(f"{place}: this is not YAML: {_problem(error, text)}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{source}: this is not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise InputError(f"{source}: nested too deeply; a scenario has a few levels") from None


def _problem(error: MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    lines = text.splitlines()
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "a tab where spaces are needed; indent with spaces"
    return " ".join(str(error.problem or error.context).split())


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _kind(node: Node) -> str:
    return "a list" if isinstance(node, SequenceNode) else f"{node.value!r}"


@dataclass
class _Builder:
    """Turns composed nodes into values; counts them, since aliases may stand for many."""

    source: str

    def __post_init__(self) -> None:
        self.marks: dict[Location, Mark] = {}
        self.count = 0

    def value(self, node: Node, location: Location) -> Any:
        self.count += 1
        if self.count > MOST_VALUES or len(location) > MOST_LEVELS:
            raise self.error(
                node, "its aliases and lists grow without end; a scenario has fewer values and levels"
            )
        self.marks.setdefault(location, Mark(self.source, _line(node)))
        if node.tag not in _KNOWN_TAGS:
            raise self.error(node, f"found the tag {str(node.tag)!r}; a scenario has plain values only")
        if isinstance(node, MappingNode):
            return self.mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
        return _scalar(str(node.value), str(node.tag))

    def mapping(self, node: MappingNode, location: Location) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        lines: dict[Any, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self.error(key_node, "found a list or mapping as a key; keys are names")
            key = str(key_node.value)
            if key in lines:
                raise self.error(
                    key_node, f"found the key {key!r} a second time; the first is in line {lines[key]}"
                )
            lines[key] = _line(key_node)
            self.marks[(*location, key)] = Mark(self.source, lines[key])
            result[key] = self.value(value_node, (*location, key))
        return result

    def error(self, node: Node, message: str) -> InputError:
        return InputError(f"{self.source}:{_line(node)}: {message}")


def _scalar(text: str, tag: str) -> Any:
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return _number(text, lambda digits: int(digits, 0))
        case "float":
            return _number(text, float)
        case _:
            return text  # an instant too: the fields that hold one read it themselves


def _number(text: str, convert: Any) -> Any:
    special = text.lower().lstrip("+-")
    if special in (".inf", ".nan"):
        return math.nan if special == ".nan" else math.copysign(math.inf, -1.0 if text[0] == "-" else 1.0)
    try:
        return convert(text.replace("_", ""))
    except ValueError:
        return _decimal(text)


def _decimal(text: str) -> Any:
    """Return a whole number with leading zeros, which Python's own syntax does not have; else the text."""
    try:
        return int(text)
    except ValueError:
        return text
