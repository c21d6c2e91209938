"""What is wrong with a scenario, one line an error: where, which field, what was found, what is allowed."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from skyforge.scenario.base import Part
from skyforge.scenario.document import Document, Location
from skyforge.scenario.preset_library import did_you_mean

MOST_ERRORS = 5
_SHOWN_CHARACTERS = 60
_CONSEQUENCE = "default_factory_not_called"  # a default that follows from a field that is itself wrong


def field_path(location: Location) -> str:
    """Return the dotted name of a field, as `--set` takes it."""
    return ".".join(str(part) for part in location)


def explain(error: ValidationError, model: type[Part], document: Document) -> str:
    """Return the lines that tell a user what is wrong in a document.

    Parameters
    ----------
    error
        What pydantic found.
    model
        The model that was validated.
    document
        What was validated, with the place of every value.
    """
    found = [details for details in error.errors(include_url=False) if details["type"] != _CONSEQUENCE]
    lines = dict.fromkeys(_line(details, model, document) for details in found)
    shown = list(lines)[:MOST_ERRORS]
    if len(lines) > MOST_ERRORS:
        shown.append(f"and {len(lines) - MOST_ERRORS} more")
    return "\n".join(shown)


def _line(details: ErrorDetails, model: type[Part], document: Document) -> str:
    is_unknown = details["type"] == "extra_forbidden"
    raw = details["loc"][:-1] if is_unknown else details["loc"]
    location, models = _follow(model, raw)
    message = _unknown(details, models, model) if is_unknown else _translated(details, models)
    if is_unknown:
        location = (*location, details["loc"][-1])
    path = field_path(location)
    return (
        f"{document.mark(location)}: {path}: {message}" if path else f"{document.mark(location)}: {message}"
    )


def _follow(model: type[Part], raw: Location) -> tuple[Location, list[type[Part]]]:
    """Return a location without pydantic's names of union members, and the models that may stand there."""
    location: list[str | int] = []
    candidates: list[Any] = [model]
    for part in raw:
        inner = _step(candidates, part)
        if inner is not None:
            location.append(part)
            candidates = inner
        else:
            candidates = [one for one in candidates if _is_of_kind(one, part)] or candidates
    return tuple(location), [one for one in candidates if _is_model(one)]


def _step(candidates: list[Any], part: str | int) -> list[Any] | None:
    """Return the types that may stand behind a key or index; None if it is no key or index."""
    found: list[Any] = []
    for one in candidates:
        if _is_model(one):
            found += [t for name, field in one.model_fields.items() if part in (name, field.alias)
                      for t in _members(field.annotation)]  # fmt: skip
            if part in one.more_keys:
                found.append(str)
        elif get_origin(one) is tuple and isinstance(part, int):
            found += [t for argument in get_args(one) if argument is not ... for t in _members(argument)]
        elif get_origin(one) is dict:
            found += _members(get_args(one)[1])
    return found or None


def _members(annotation: Any) -> list[Any]:
    """Return the types that an annotation stands for, unions and metadata unwrapped."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for argument in get_args(annotation) for member in _members(argument)]
    return [annotation]


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _is_of_kind(candidate: Any, tag: str | int) -> bool:
    return (
        _is_model(candidate)
        and "kind" in candidate.model_fields
        and candidate.model_fields["kind"].default == tag
    )


def _keys(models: list[type[Part]]) -> list[str]:
    keys = [field.alias or name for model in models for name, field in model.model_fields.items()]
    return list(dict.fromkeys([*(key for model in models for key in model.more_keys), *keys]))


def _unknown(details: ErrorDetails, models: list[type[Part]], root: type[Part]) -> str:
    key = str(details["loc"][-1])
    hint = did_you_mean(key, _keys(models))
    if hint.startswith("allowed") and (homes := _homes(key, root)):
        hint = f"did you mean {' or '.join(homes)}?"
    return f"unknown field; {hint}"


def _homes(key: str, root: type[Part]) -> list[str]:
    """Return the fields of that name elsewhere in the scenario, as "telescope.aperture"."""
    return [
        f"'{name}.{key}'"
        for name, field in root.model_fields.items()
        for member in _members(field.annotation)
        if _is_model(member) and key in _keys([member])
    ]


def shown(value: Any) -> str:
    """Return a value as a message quotes it."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, BaseModel)):
        return "a mapping"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _translated(details: ErrorDetails, models: list[type[Part]]) -> str:
    kind = details["type"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if kind == "invalid":
        return str(details["msg"])
    if kind == "missing":
        return f"missing; {_missing_hint(models)}"
    if kind in _NEEDS_MAPPING:
        return (
            f"found {shown(details['input'])}; must be a mapping with the fields {', '.join(_keys(models))}"
        )
    wanted = _WANTED.get(kind)
    if wanted is None:
        return f"found {shown(details['input'])}; {details['msg'][0].lower()}{details['msg'][1:]}"
    return f"found {_found(details)}; {wanted(context)}"


def _missing_hint(models: list[type[Part]]) -> str:
    return f"must be a mapping with the fields {', '.join(_keys(models))}" if models else "it must be given"


def _found(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    if details["type"] == "union_tag_invalid":
        return f"kind {context['tag']!r}"
    if details["type"] == "union_tag_not_found":
        return f"{shown(details['input'])} without kind"
    return shown(details["input"])


def _one_of(context: Mapping[str, Any]) -> str:
    expected = str(context.get("expected") or context.get("expected_tags"))
    return f"must be one of {expected.replace(' or ', ', ').replace(chr(39), '')}"


_NEEDS_MAPPING = frozenset({"model_type", "model_attributes_type", "dict_type"})
_WANTED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "enum": _one_of,
    "literal_error": _one_of,
    "union_tag_invalid": _one_of,
    "union_tag_not_found": lambda _: "must be a mapping with kind: gaussian, moffat, airy, pupil or file",
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "int_parsing_size": lambda _: "must be a whole number of fewer digits",
    "float_type": lambda _: "must be a number",
    "float_parsing": lambda _: "must be a number without a unit",
    "finite_number": lambda _: "must be finite",
    "bool_type": lambda _: "must be true or false",
    "bool_parsing": lambda _: "must be true or false",
    "string_type": lambda _: "must be text; put a number in quotes",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "string_pattern_mismatch": lambda _: "must be letters, digits, '.', '_' and '-', a letter or digit first",
    "tuple_type": lambda _: "must be a list",
    "list_type": lambda _: "must be a list",
    "too_short": lambda context: f"must have at least {context['min_length']} entries",
    "too_long": lambda context: f"must have at most {context['max_length']} entries",
    "greater_than": lambda context: f"must be greater than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
}
