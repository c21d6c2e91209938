from __future__ import annotations

import erfa
import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import ASTRONOMICAL_UNIT_KM, body_trajectory, ephemeris
from skyforge.orbits.ephemeris import SEGMENTS

TIMES = np.linspace(-1e9, 1.2e9, 23)


def test_earth_about_the_sun_agrees_with_vsop2000():
    # erfa.epv00 is an independent theory with errors up to 10 km (Moisson & Bretagnon 2001).
    heliocentric, _ = erfa.epv00(2451545.0, TIMES / 86400.0)
    position, velocity = ephemeris().relative_state("earth", "sun", TIMES)
    assert np.abs(position - heliocentric["p"] * ASTRONOMICAL_UNIT_KM).max() < 30.0
    assert np.abs(velocity - heliocentric["v"] * ASTRONOMICAL_UNIT_KM / 86400.0).max() < 1e-5


def test_moon_about_the_earth_agrees_with_elp():
    # erfa.moon98 (Meeus after ELP 2000-82) is good to some 20 km.
    moon = erfa.moon98(2451545.0, TIMES / 86400.0)
    position, velocity = ephemeris().relative_state("moon", "earth", TIMES)
    assert np.abs(position - moon["p"] * ASTRONOMICAL_UNIT_KM).max() < 60.0
    assert np.abs(velocity - moon["v"] * ASTRONOMICAL_UNIT_KM / 86400.0).max() < 3e-4


@pytest.mark.parametrize("body", sorted(SEGMENTS))
def test_velocity_is_the_derivative_of_position(body):
    step = 10.0
    before, after = (ephemeris().state(body, TIMES + sign * step)[0] for sign in (-1.0, 1.0))
    velocity = ephemeris().state(body, TIMES)[1]
    assert velocity.shape == (TIMES.size, 3)
    # Mercury's third derivative (1e-12 km/s^3) leaves 1e-8; the rounding of 4e9 km to float64 leaves 1e-7.
    assert np.abs((after - before) / (2 * step) - velocity).max() < 3e-7


def test_relative_and_barycentric_states_agree():
    ours, _ = ephemeris().relative_state("moon", "earth", TIMES)
    difference = ephemeris().state("moon", TIMES)[0] - ephemeris().state("earth", TIMES)[0]
    assert np.abs(ours - difference).max() < 1e-6


def test_coverage_is_that_of_de440():
    assert str(ephemeris().coverage) == "1549-12-31 to 2650-01-25"


@pytest.mark.parametrize(("t", "date"), [(2.1e10, "2665-06"), (-1.5e10, "1524-")])
def test_epoch_outside_names_itself_and_the_coverage(t, date):
    with pytest.raises(InputError, match=f"{date}.*DE440.*1549-12-31 to 2650-01-25"):
        ephemeris().state("sun", [0.0, t])


def test_not_a_time_is_refused():
    with pytest.raises(InputError, match="nan"):
        ephemeris().state("sun", np.nan)


def test_unknown_body_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean 'neptune'"):
        ephemeris().state("neptun", 0.0)


def test_bodies_are_trajectories():
    moon = body_trajectory("Moon")
    assert moon.name == "moon"
    assert np.array_equal(moon.state(5.0)[0], ephemeris().state("moon", 5.0)[0])
