"""The kinds of value that a scenario's fields hold, each with its units and bounds."""

from __future__ import annotations

import re
from typing import Annotated, Any

from astropy.units import Quantity
from pydantic import BeforeValidator, WithJsonSchema

from skyforge.scenario.quantities import NUMBER, QuantityRule, invalid

_LENGTHS = ("m", "cm", "mm", "um", "nm")
_DISTANCES = ("km", "m", "au")
_ANGLES = ("deg", "arcmin", "arcsec", "rad")

# lengths ------------------------------------------------------------------------------------------
Length = Annotated[Quantity, QuantityRule("a length", "m", ("30 cm", "1.2 m"), _LENGTHS, above=0.0)]
LengthOrZero = Annotated[Quantity, QuantityRule("a length", "m", ("60 nm", "3 mm"), _LENGTHS, at_least=0.0)]
SignedLength = Annotated[Quantity, QuantityRule("a length", "m", ("20 nm", "-15 nm"), _LENGTHS)]
Area = Annotated[Quantity, QuantityRule("an area", "m2", ("5 m2", "400 cm2"), ("m2", "cm2"), above=0.0)]
PixelPitch = Annotated[Quantity, QuantityRule("a length", "um", ("6.5 um",), ("um", "mm"), above=0.0)]
Wavelength = Annotated[
    Quantity, QuantityRule("a wavelength", "nm", ("400 nm", "0.9 um"), ("nm", "um"), above=0.0)
]
Distance = Annotated[Quantity, QuantityRule("a distance", "km", ("42164 km",), _DISTANCES, above=0.0)]
Coordinate = Annotated[Quantity, QuantityRule("a distance", "km", ("-1837.4 km",), _DISTANCES)]
Height = Annotated[
    Quantity,
    QuantityRule("a height", "m", ("2750 m", "2.75 km"), ("m", "km"), at_least=-1.0e4, at_most=1.0e6),
]
Speed = Annotated[Quantity, QuantityRule("a speed", "km/s", ("1.63 km/s", "1630 m/s"), ("km/s", "m/s"))]

# time ---------------------------------------------------------------------------------------------
Duration = Annotated[
    Quantity, QuantityRule("a duration", "s", ("2 s", "500 ms"), ("s", "ms", "min", "h", "d"), above=0.0)
]

# angles -------------------------------------------------------------------------------------------
_HOURS = re.compile(r"\s*(\d+)\s*h\s*(\d+)\s*m\s*(\d+(?:\.\d*)?)\s*s\s*")
_DEGREES = re.compile(r"\s*([-+]?)(\d+)\s*[d°]\s*(\d+)\s*[m'′]\s*(\d+(?:\.\d*)?)\s*[s\"″]\s*")


def _sexagesimal(text: str) -> Quantity | None:
    """Return "5h34m31.9s" or "-5d23m28s" in degrees, None for a text of another form."""
    if match := _HOURS.fullmatch(text):
        hours, minutes, seconds = (float(part) for part in match.groups())
        return Quantity(15.0 * (hours + minutes / 60.0 + seconds / 3600.0), "deg")
    if match := _DEGREES.fullmatch(text):
        degrees, minutes, seconds = (float(part) for part in match.groups()[1:])
        sign = -1.0 if match.group(1) == "-" else 1.0
        return Quantity(sign * (degrees + minutes / 60.0 + seconds / 3600.0), "deg")
    return None


Angle = Annotated[Quantity, QuantityRule("an angle", "deg", ("30 deg", "0.5 rad"), _ANGLES)]
Spread = Annotated[
    Quantity, QuantityRule("an angle", "deg", ("1 deg", "20 arcmin"), _ANGLES, at_least=0.0, at_most=90.0)
]
Exclusion = Annotated[
    Quantity, QuantityRule("an angle", "deg", ("45 deg",), _ANGLES, at_least=0.0, at_most=180.0)
]
Inclination = Annotated[
    Quantity, QuantityRule("an angle", "deg", ("90 deg",), _ANGLES, at_least=0.0, at_most=180.0)
]
RightAscension = Annotated[
    Quantity,
    QuantityRule(
        "an angle",
        "deg",
        ("83.63 deg", "5h34m31.9s"),
        ("deg", "hourangle", "rad", "5h34m31.9s"),
        at_least=0.0,
        at_most=360.0,
        special=_sexagesimal,
    ),
]
Declination = Annotated[
    Quantity,
    QuantityRule(
        "an angle",
        "deg",
        ("-5.39 deg", "-5d23m28s"),
        ("deg", "rad", "-5d23m28s"),
        at_least=-90.0,
        at_most=90.0,
        special=_sexagesimal,
    ),
]
Latitude = Annotated[
    Quantity,
    QuantityRule(
        "an angle", "deg", ("43.2 deg",), _ANGLES, at_least=-90.0, at_most=90.0, special=_sexagesimal
    ),
]
Longitude = Annotated[
    Quantity,
    QuantityRule(
        "an angle", "deg", ("76.9 deg",), _ANGLES, at_least=-180.0, at_most=360.0, special=_sexagesimal
    ),
]
Jitter = Annotated[
    Quantity,
    QuantityRule(
        "an angle",
        "arcsec",
        ("0.3 arcsec",),
        ("arcsec", "mas", "arcmin", "deg", "px"),
        at_least=0.0,
        alternative="pix",
    ),
]
ImageSize = Annotated[
    Quantity,
    QuantityRule(
        "an angle or a number of pixels",
        "arcsec",
        ("2.1 arcsec", "1.8 px"),
        ("arcsec", "mas", "arcmin", "px"),
        above=0.0,
        alternative="pix",
    ),
]
SampleScale = Annotated[
    Quantity, QuantityRule("an angle", "arcsec", ("0.1 arcsec",), ("arcsec", "mas", "arcmin"), above=0.0)
]
AngularRate = Annotated[
    Quantity,
    QuantityRule(
        "an angular rate", "arcsec/s", ("1.4 arcsec/s",), ("arcsec/s", "arcsec/h", "arcmin/s", "deg/s")
    ),
]

# detectors ----------------------------------------------------------------------------------------
Electrons = Annotated[
    Quantity, QuantityRule("a charge", "electron", ("30000 e",), ("e", "electron"), above=0.0)
]
ElectronsOrZero = Annotated[
    Quantity, QuantityRule("a charge", "electron", ("1.6 e",), ("e", "electron"), at_least=0.0)
]
ElectronRate = Annotated[
    Quantity,
    QuantityRule("a rate of charge", "electron/s", ("0.05 e/s",), ("e/s", "e/min", "e/h"), at_least=0.0),
]
Gain = Annotated[
    Quantity, QuantityRule("a gain", "electron/adu", ("0.75 e/adu",), ("e/adu", "e/DN"), above=0.0)
]
Counts = Annotated[Quantity, QuantityRule("a count", "adu", ("100 adu",), ("adu", "DN"), at_least=0.0)]
_ABSOLUTE_ZERO_C = -273.15
Temperature = Annotated[
    Quantity,
    QuantityRule("a temperature", "deg_C", ("-20 deg_C", "253.15 K"), ("deg_C", "K"), above=_ABSOLUTE_ZERO_C),
]
TemperatureStep = Annotated[
    Quantity, QuantityRule("a difference of temperature", "K", ("6 K",), ("K",), above=0.0)
]

# plain numbers ------------------------------------------------------------------------------------
_FRACTION_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*[\d.]+\s*%\s*$"},
    ],
    "examples": [0.35, "35 %"],
}


def _fraction(value: Any) -> Any:
    if isinstance(value, str) and (match := re.fullmatch(r"\s*([\d.]+)\s*%\s*", value)):
        try:
            value = float(match.group(1)) / 100.0
        except ValueError:
            raise invalid(f"found {value!r}; must be a fraction such as 0.35 or '35 %'") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise invalid(f"found {value!r}; must be a fraction such as 0.35 or '35 %', without a unit")
    if not 0.0 <= value <= 1.0:
        raise invalid(f"found {value!r}; must be a fraction from 0 to 1")
    return float(value)


def _fraction_below_one(value: Any) -> float:
    fraction: float = _fraction(value)
    if fraction >= 1.0:
        raise invalid(f"found {value!r}; must be at least 0 and less than 1")
    return fraction


def _fraction_above_zero(value: Any) -> float:
    fraction: float = _fraction(value)
    if fraction <= 0.0:
        raise invalid(f"found {value!r}; must be greater than 0 and at most 1")
    return fraction


Fraction = Annotated[float, BeforeValidator(_fraction), WithJsonSchema(_FRACTION_SCHEMA)]
FractionBelowOne = Annotated[float, BeforeValidator(_fraction_below_one), WithJsonSchema(_FRACTION_SCHEMA)]
PositiveFraction = Annotated[float, BeforeValidator(_fraction_above_zero), WithJsonSchema(_FRACTION_SCHEMA)]


# several numbers with one unit --------------------------------------------------------------------
_MOST_CHARACTERS = 4000
_NUMBERS_AND_UNIT = re.compile(rf"\s*\[?\s*((?:{NUMBER}[\s,]+)*{NUMBER})\s*\]?\s*([^\d\s].*)")


def split_quantities(value: object) -> object:
    """Turn "400 500 600 nm" or "[400, 500, 600] nm" into a list of one text for each number; others pass."""
    if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
        return value
    match = _NUMBERS_AND_UNIT.fullmatch(value)
    if match is None:
        return value
    return [f"{number} {match.group(2)}" for number in re.split(r"[\s,]+", match.group(1))]


PositionVector = Annotated[tuple[Coordinate, Coordinate, Coordinate], BeforeValidator(split_quantities)]
VelocityVector = Annotated[tuple[Speed, Speed, Speed], BeforeValidator(split_quantities)]
Wavelengths = Annotated[tuple[Wavelength, ...], BeforeValidator(split_quantities)]


# names --------------------------------------------------------------------------------------------
def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Selection = Annotated[
    str,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
"""An object of a file: its name, or its NORAD number."""
