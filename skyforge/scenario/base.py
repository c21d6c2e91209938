"""What every part of a scenario has in common: frozen, no unknown fields, errors that point at a field."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails

from skyforge.scenario.quantities import invalid


class Part(BaseModel):
    """A part of a scenario: immutable, and strict about the names of its fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=True,
        arbitrary_types_allowed=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )

    more_keys: ClassVar[tuple[str, ...]] = ()
    """Keys that the part understands beside its fields."""


def field_error(message: str, *location: str | int, value: Any = None) -> ValidationError:
    """Return an error of one field, for validators that look at several fields at once.

    Parameters
    ----------
    message
        What was found and what is allowed.
    location
        Names that lead from the model being validated to the field.
    value
        The value that is wrong.
    """
    return ValidationError.from_exception_data(
        "scenario", [InitErrorDetails(type=invalid(message), loc=location, input=value)]
    )


def require_one(part: Part, names: tuple[str, ...]) -> None:
    """Raise unless exactly one of the named fields of a part is given."""
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) != 1:
        found = "none" if not given else " and ".join(given)
        raise field_error(f"found {found}; must be exactly one of {', '.join(names)}")
