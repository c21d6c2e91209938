"""Numbers with units, as people write them: "30 cm", "2 s", "0.3 arcsec", "-20 deg_C"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from astropy import units
from astropy.units import Quantity
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER_AND_UNIT = re.compile(rf"\s*({NUMBER})\s*(.*?)\s*")
_MOST_CHARACTERS = 200
_SHOWN_CHARACTERS = 60
UNITS_KEY = "x-units"
"""Key under which a quantity's schema keeps its units, for whoever writes the field's description."""

# Spellings that people use and astropy does not know, or reads as something else ("C" is its coulomb).
_SPELLINGS = {
    "e": "electron",
    "e-": "electron",
    "electrons": "electron",
    "DN": "adu",
    "ADU": "adu",
    "px": "pix",
    "pixel": "pix",
    "pixels": "pix",
    "sec": "s",
    "micron": "um",
    "microns": "um",
    "degree": "deg",
    "degrees": "deg",
    "°": "deg",
    "″": "arcsec",
    '"': "arcsec",
    "′": "arcmin",
    "'": "arcmin",
    "°C": "deg_C",
    "degC": "deg_C",
    "C": "deg_C",
}
_UNIT_WORD = re.compile(r"°C|[°″′\"']|(?<![A-Za-zµ_])e-(?![\w-])|[A-Za-zµÅ_]+")
_WRITTEN = {"electron": "e", "pix": "px"}


def invalid(message: str) -> PydanticCustomError:
    """Return the error that a validator raises, with a message already in the user's words."""
    return PydanticCustomError("invalid", "{message}", {"message": message})


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Any:
    """Return the astropy unit that a text names; raises ValueError for one that is not known."""
    spelled = _UNIT_WORD.sub(lambda match: _SPELLINGS.get(match.group(), match.group()), text)
    unit = units.Unit(spelled)
    if getattr(unit, "scale", 1.0) != 1.0:
        raise ValueError(f"the unit {text!r} carries a number")
    return unit


def parse_quantity(text: str) -> Quantity:
    """Return the quantity that a text such as "30 cm" says; raises ValueError where it says none."""
    match = _NUMBER_AND_UNIT.fullmatch(text[:_MOST_CHARACTERS])
    if match is None:
        raise ValueError(f"{text!r} is not a number with a unit")
    return Quantity(float(match.group(1)), parse_unit(match.group(2)))


def quantity_text(quantity: Quantity) -> str:
    """Return a text that `parse_quantity` reads back to the last bit."""
    number = repr(float(quantity.value)).removesuffix(".0")
    return f"{number} {_unit_text(quantity.unit.to_string())}"


def _unit_text(unit: str) -> str:
    return re.sub(
        "[a-z]+", lambda match: _WRITTEN.get(match.group(), match.group()), unit.replace(" / ", "/")
    )


def constant(text: str) -> Quantity:
    """Return a quantity whose value cannot be changed, for the defaults of a model."""
    return _frozen(parse_quantity(text))


def _frozen(quantity: Quantity) -> Quantity:
    copy = Quantity(quantity, dtype=np.float64, copy=True)
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True)
class QuantityRule:
    """What a field accepts: the kind of quantity and its bounds.

    Attributes
    ----------
    kind
        What the quantity is, with its article: "a length".
    unit
        The unit that the bounds are in.
    examples
        How people write it; the first is shown in messages.
    allowed
        The units that messages and the schema name (every unit of the same kind is accepted).
    above, at_least, below, at_most
        Bounds; None for none.
    alternative
        A second unit, of another kind, that is accepted too, within the same bounds.
    special
        A parser tried before the common one; returns None for texts that are none of its business.
    """

    kind: str
    unit: str
    examples: tuple[str, ...]
    allowed: tuple[str, ...]
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    alternative: str | None = None
    special: Callable[[str], Quantity | None] | None = None

    def validate(self, value: object) -> Quantity:
        """Return the value as a scalar quantity within the bounds, or raise what is wrong with it."""
        quantity = self._quantity(value)
        if np.ndim(quantity.value) != 0:
            raise invalid(f"found {value!r}; must be {self._wanted()}, not an array")
        bounded = self._in_bound_unit(quantity)
        if bounded is None:
            raise invalid(f"found {_shown(value)}, which is not {self.kind}; must be {self._wanted()}")
        if not np.isfinite(bounded):
            raise invalid(f"found {_shown(value)}; must be finite")
        self._check_bounds(bounded, value)
        # Kelvin and Celsius convert only by an equivalency, so a temperature is kept in one unit.
        return _frozen(Quantity(bounded, self.unit) if self.unit == "deg_C" else quantity)

    def _quantity(self, value: object) -> Quantity:
        if isinstance(value, Quantity):
            return value
        if isinstance(value, str):
            special = self.special(value) if self.special is not None else None
            return special if special is not None else self._parsed(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise invalid(f"found {value!r} without a unit; must be {self._wanted()}")
        raise invalid(f"found {_shown(value)}; must be {self._wanted()}")

    def _parsed(self, text: str) -> Quantity:
        match = _NUMBER_AND_UNIT.fullmatch(text[:_MOST_CHARACTERS])
        if match is not None and not match.group(2):
            raise invalid(f"found {text!r} without a unit; must be {self._wanted()}")
        try:
            return parse_quantity(text)
        except (ValueError, TypeError):
            raise invalid(f"found {_shown(text)}; must be {self._wanted()}") from None

    def _in_bound_unit(self, quantity: Quantity) -> float | None:
        equivalencies = units.temperature() if self.unit == "deg_C" else []
        for unit in (self.unit, self.alternative):
            if unit is not None and quantity.unit.is_equivalent(units.Unit(unit), equivalencies):
                return float(quantity.to_value(units.Unit(unit), equivalencies))
        return None

    def _check_bounds(self, number: float, value: object) -> None:
        within = (
            (self.above is None or number > self.above)
            and (self.at_least is None or number >= self.at_least)
            and (self.below is None or number < self.below)
            and (self.at_most is None or number <= self.at_most)
        )
        if not within:
            raise invalid(f"found {_shown(value)}; must be {self.bounds()}")

    def bounds(self) -> str:
        """Return the bounds in words."""
        limits = (
            ("greater than", self.above),
            ("at least", self.at_least),
            ("less than", self.below),
            ("at most", self.at_most),
        )
        unit = _unit_text(self.unit)
        return " and ".join(f"{words} {limit:g} {unit}" for words, limit in limits if limit is not None)

    def _wanted(self) -> str:
        return f"{self.kind} such as {self.examples[0]!r} (units: {', '.join(self.allowed)})"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                quantity_text, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bounds = f", {self.bounds()}" if self.bounds() else ""
        words = f"{self.kind[0].upper()}{self.kind[1:]} with its unit ({', '.join(self.allowed)}){bounds}."
        pattern = rf"^\s*{NUMBER}\s*[^\s\d].*$" if self.special is None else r"^\s*[-+.\d].*[^\d\s]\s*$"
        return {"type": "string", "pattern": pattern, "examples": list(self.examples), UNITS_KEY: words}


def _shown(value: object) -> str:
    if isinstance(value, Quantity) and np.ndim(value.value) == 0:
        return repr(quantity_text(value))
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
