from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.detector import dark_current
from skyforge.errors import InputError


def test_dark_current_doubles_each_step():
    assert dark_current(0.05, -20.0, 6.0, -20.0) == 0.05
    assert dark_current(0.05, -20.0, 6.0, -14.0) == pytest.approx(0.1)
    assert dark_current(0.05, -20.0, 6.0, -38.0) == pytest.approx(0.05 / 8.0)


def test_it_stays_near_a_measured_ccd_over_twenty_kelvin():
    # Teledyne e2v's law for back-illuminated CCDs, Q ∝ 122 T³ exp(−6400/T): 0.2 e/s at 248 K, doubling every
    # 5.97 K there.
    def law(kelvin: float) -> float:
        return 0.2 * (kelvin / 248.0) ** 3 * math.exp(-6400.0 * (1.0 / kelvin - 1.0 / 248.0))

    for kelvin in (238.0, 243.0, 253.0, 258.0):
        assert dark_current(0.2, -25.15, 5.97, kelvin - 273.15) == pytest.approx(law(kelvin), rel=0.10)


@given(st.floats(-100.0, 40.0), st.floats(0.1, 30.0), st.floats(3.0, 12.0))
def test_warmer_is_never_darker(temperature, rise, doubling):
    assert dark_current(0.1, -20.0, doubling, temperature + rise) > dark_current(
        0.1, -20.0, doubling, temperature
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0, -20.0, 6.0, 0.0), "negative"),
        ((1.0, -20.0, 0.0, 0.0), "doubles"),
        ((1.0, -20.0, 6.0, -300.0), "absolute zero"),
    ],
)
def test_impossible_numbers_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        dark_current(*arguments)
