from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import BarycentricInterpolator, KroghInterpolator

from skyforge.orbits.interpolation import Interpolation, StateTable

TIMES = np.cumsum(np.random.default_rng(5).uniform(30.0, 90.0, 40))  # uneven, as files may be


def motion(times):
    phase = 1e-3 * times[:, None] + np.array([0.0, 1.0, 2.0])
    return 7000.0 * np.cos(phase), -7.0 * np.sin(phase)


@pytest.mark.parametrize("points", [2, 5, 8, 11])
def test_lagrange_is_scipys_polynomial_through_the_window(points):
    position, velocity = motion(TIMES)
    table = StateTable(TIMES, position, velocity, Interpolation.LAGRANGE, points)
    at = 0.5 * (TIMES[20] + TIMES[21]) - 1.0
    nearest = 20 if at - TIMES[20] <= TIMES[21] - at else 21
    first = 21 - points // 2 if points % 2 == 0 else nearest - points // 2
    rows = slice(first, first + points)
    found, speed = table.state(np.array([at]))
    assert found[0] == pytest.approx(BarycentricInterpolator(TIMES[rows], position[rows])(at), abs=1e-8)
    assert speed[0] == pytest.approx(BarycentricInterpolator(TIMES[rows], velocity[rows])(at), abs=1e-11)


@pytest.mark.parametrize("points", [1, 2, 4, 6])
def test_hermite_is_kroghs_polynomial_and_its_derivative(points):
    position, velocity = motion(TIMES)
    table = StateTable(TIMES, position, velocity, Interpolation.HERMITE, points)
    at = 0.3 * TIMES[20] + 0.7 * TIMES[21]
    rows = slice(21 - points // 2, 21 - points // 2 + points)
    if points == 1:
        rows = slice(21, 22)
    doubled = np.repeat(TIMES[rows] - at, 2)
    values = np.empty((doubled.size, 3))
    values[0::2], values[1::2] = position[rows], velocity[rows]
    expected = KroghInterpolator(doubled, values)
    found, speed = table.state(np.array([at]))
    if points > 1:
        assert found[0] == pytest.approx(expected(0.0), abs=1e-7)
        assert speed[0] == pytest.approx(expected.derivative(0.0), abs=1e-9)


def test_windows_at_the_ends_lean_inwards_and_hold_the_last_state():
    position, velocity = motion(TIMES)
    for method in Interpolation:
        table = StateTable(TIMES, position, velocity, method, 2)
        found, speed = table.state(TIMES[[0, -1]])
        assert found == pytest.approx(position[[0, -1]], abs=1e-8)
        assert speed == pytest.approx(velocity[[0, -1]], abs=1e-10)


def test_a_short_table_is_used_whole():
    position, velocity = motion(TIMES[:3])
    table = StateTable(TIMES[:3], position, velocity, Interpolation.LAGRANGE, 8)
    at = TIMES[1] + 3.0
    assert table.state(np.array([at]))[0][0] == pytest.approx(
        BarycentricInterpolator(TIMES[:3], position)(at)
    )
