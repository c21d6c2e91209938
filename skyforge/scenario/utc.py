"""Instants as people write them: UTC in ISO 8601, such as 2030-03-01T00:00:00Z."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from typing import Annotated, Any

from astropy.time import Time
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from skyforge.scenario.quantities import invalid

_EXAMPLE = "2030-03-01T00:00:00Z"
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|\+00:00)?")
_NANOSECONDS = 9


def utc_text(time: Time) -> str:
    """Return an instant as ISO 8601 UTC to the nanosecond, without needless zeros."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ERFA calls years without announced leap seconds "dubious"
        text = str(Time(time.utc, format="isot", precision=_NANOSECONDS).value)
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}Z" if decimals else f"{whole}Z"


def parse_utc(text: str) -> Time:
    """Return the instant that an ISO 8601 text in UTC names; raises ValueError where it names none."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an instant in ISO 8601")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Time(f"{match.group(1)}T{match.group(2) or '00:00:00'}", format="isot", scale="utc")


class _UtcRule:
    """Accepts an ISO 8601 text in UTC, a datetime with a time zone, or an astropy Time."""

    def validate(self, value: object) -> Time:
        """Return the value as a scalar Time in UTC, to the nanosecond."""
        try:
            if isinstance(value, str):
                return parse_utc(value)
            if isinstance(value, datetime) and value.tzinfo is not None:
                return parse_utc(value.astimezone(UTC).replace(tzinfo=None).isoformat())
            if isinstance(value, Time) and value.isscalar:
                return parse_utc(utc_text(value))
        except ValueError:
            pass
        shown = value if isinstance(value, str) else repr(value)
        raise invalid(f"found {shown!s}; must be a UTC instant in ISO 8601 such as {_EXAMPLE}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                utc_text, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        pattern = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?\s*(Z|\+00:00)?$"
        return {
            "type": "string",
            "pattern": pattern,
            "examples": [_EXAMPLE],
            "description": "An instant in UTC.",
        }


Utc = Annotated[Time, _UtcRule()]
