import astropy.units as u
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from skyforge.scenario import kinds
from skyforge.scenario.quantities import parse_quantity, quantity_text

UNITS = [
    "m",
    "cm",
    "nm",
    "km",
    "au",
    "s",
    "h",
    "d",
    "deg",
    "arcsec",
    "mas",
    "rad",
    "hourangle",
    "deg_C",
    "K",
    "e",
    "px",
]
COMPOUND_UNITS = ["e/s", "e/adu", "arcsec/s", "km/s", "deg/h"]


def read(kind, value):
    return TypeAdapter(kind).validate_python(value)


def complaint(kind, value):
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    return caught.value.errors()[0]["msg"]


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(UNITS + COMPOUND_UNITS))
def test_a_quantity_survives_being_written_and_read_to_the_last_bit(number, unit):
    quantity = parse_quantity(f"{number!r} {unit}")
    again = parse_quantity(quantity_text(quantity))
    assert again.unit == quantity.unit
    assert again.value.hex() == quantity.value.hex() == float(number).hex()


@pytest.mark.parametrize(
    ("kind", "text", "value", "unit"),
    [
        (kinds.Length, "30 cm", 0.3, u.m),
        (kinds.Length, "30cm", 0.3, u.m),
        (kinds.Length, "1.2e0 m", 1.2, u.m),
        (kinds.PixelPitch, "6.5 µm", 6.5, u.um),
        (kinds.PixelPitch, "6.5 micron", 6.5, u.um),
        (kinds.Duration, "500 ms", 0.5, u.s),
        (kinds.Duration, "2 min", 120.0, u.s),
        (kinds.Jitter, '0.3"', 0.3, u.arcsec),
        (kinds.Jitter, "0.3″", 0.3, u.arcsec),
        (kinds.ImageSize, "1.8 px", 1.8, u.pix),
        (kinds.ImageSize, "1.8 pixels", 1.8, u.pix),
        (kinds.ElectronsOrZero, "3 e-", 3.0, u.electron),
        (kinds.ElectronsOrZero, "3e", 3.0, u.electron),
        (kinds.ElectronsOrZero, "3 electrons", 3.0, u.electron),
        (kinds.ElectronRate, "0.1 e-/s", 0.1, u.electron / u.s),
        (kinds.ElectronRate, "6 e/min", 0.1, u.electron / u.s),
        (kinds.Gain, "0.75 e-/DN", 0.75, u.electron / u.adu),
        (kinds.Gain, "0.75 electron/ADU", 0.75, u.electron / u.adu),
        (kinds.Counts, "100 DN", 100.0, u.adu),
        (kinds.Temperature, "-20 °C", -20.0, u.deg_C),
        (kinds.Temperature, "253.15 K", -20.0, u.deg_C),
        (kinds.AngularRate, "15 arcsec/s", 15.0, u.arcsec / u.s),
        (kinds.RightAscension, "5h34m31.94s", 15 * (5 + 34 / 60 + 31.94 / 3600), u.deg),
        (kinds.RightAscension, "6 hourangle", 90.0, u.deg),
        (kinds.Declination, "-0d30m00s", -0.5, u.deg),
        (kinds.Declination, "+22°00′52.2″", 22 + 52.2 / 3600, u.deg),
    ],
)
def test_quantities_are_read_as_people_write_them(kind, text, value, unit):
    assert read(kind, text).to_value(unit) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (
            kinds.Length,
            30,
            "found 30 without a unit; must be a length such as '30 cm' (units: m, cm, mm, um, nm)",
        ),
        (kinds.Length, 0.3, "without a unit"),
        (kinds.Length, "30", "without a unit"),
        (kinds.Length, "30 s", "not a length"),
        (kinds.Length, "30 deg", "not a length"),
        (kinds.Length, "30 cmm", "units: m, cm"),
        (kinds.Length, "cm", "must be a length"),
        (kinds.Length, "", "must be a length"),
        (kinds.Length, "30 2 cm", "must be a length"),
        (kinds.Length, True, "must be a length"),
        (kinds.Length, None, "must be a length"),
        (kinds.Length, ["30 cm"], "must be a length"),
        (kinds.Length, "nan m", "must be a length"),
        (kinds.Length, "1e999 m", "must be finite"),
        (kinds.Length, "-30 cm", "found '-30 cm'; must be greater than 0 m"),
        (kinds.Length, "0 cm", "greater than 0 m"),
        (kinds.Length, [1, 2] * u.m, "not an array"),
        (kinds.Duration, "2 m", "not a duration"),
        (kinds.Temperature, "-300 deg_C", "greater than -273.15 deg_C"),
        (kinds.Declination, "91 deg", "at least -90 deg and at most 90 deg"),
        (kinds.Declination, "05:34:31", "-5d23m28s"),
        (kinds.ElectronRate, "3 e", "not a rate of charge"),
        (kinds.Gain, "3 adu/e", "not a gain"),
        (kinds.Fraction, "0.3 m", "without a unit"),
        (kinds.Fraction, 1.5, "from 0 to 1"),
        (kinds.Fraction, "150 %", "from 0 to 1"),
        (kinds.Fraction, float("nan"), "from 0 to 1"),
        (kinds.FractionBelowOne, 1.0, "less than 1"),
        (kinds.PositiveFraction, 0, "greater than 0"),
    ],
)
def test_what_is_not_that_kind_of_quantity_is_refused_in_words(kind, value, words):
    assert words in complaint(kind, value)


def test_a_percentage_is_a_fraction():
    assert read(kinds.Fraction, "35 %") == 0.35


def test_a_quantity_of_a_scenario_cannot_be_changed_in_place():
    given_quantity = 30 * u.cm
    quantity = read(kinds.Length, given_quantity)
    with pytest.raises(ValueError, match="read-only"):
        quantity *= 2
    given_quantity *= 2
    assert read(kinds.Length, quantity) == 30 * u.cm


@pytest.mark.parametrize("value", ["1838 0 -1e2 km", "[1838, 0, -100] km", ["1838 km", "0 km", "-100000 m"]])
def test_a_vector_is_a_list_or_numbers_with_one_unit(value):
    assert [part.to_value(u.km) for part in read(kinds.PositionVector, value)] == [1838.0, 0.0, -100.0]


def test_a_vector_of_two_numbers_is_refused():
    with pytest.raises(ValidationError):
        read(kinds.PositionVector, "1838 0 km")
