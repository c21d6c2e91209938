"""Where drawing stars one by one ends."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import load
from skyforge.simulate import plan
from skyforge.simulate.limit import faintest_star_drawn


@pytest.mark.parametrize("read_noise", [1.0, 5.0, 30.0])
def test_at_the_limit_a_star_s_peak_is_a_tenth_of_the_noise(read_noise: float) -> None:
    electrons_at_zero, peak = 1e9, 0.3
    limit = faintest_star_drawn(electrons_at_zero, peak, lambda _: 20.0 + read_noise**2)
    electrons = electrons_at_zero * 10.0 ** (-0.4 * limit)
    assert electrons * peak == pytest.approx(0.1 * np.sqrt(20.0 + read_noise**2), rel=0.02)


def test_light_of_undrawn_stars_counts_as_noise() -> None:
    def variance(limit_g: float) -> float:
        return 4.0 + 1e4 * 10.0 ** (-0.2 * (limit_g - 10.0))

    limit = faintest_star_drawn(1e8, 0.4, variance)
    electrons = 1e8 * 10.0 ** (-0.4 * limit)
    assert electrons * 0.4 == pytest.approx(0.1 * np.sqrt(variance(limit)), rel=0.02)


def test_the_limit_stays_where_star_counts_are_known() -> None:
    assert faintest_star_drawn(1e15, 0.5, lambda _: 1.0) == 24.0
    assert faintest_star_drawn(1e2, 0.5, lambda _: 100.0) == 6.0


def test_stars_that_trail_are_drawn_less_deep() -> None:
    """A star trailed over ten pixels has a tenth of the peak or so: 2.5 magnitudes less."""
    limits = {}
    for track in ("sidereal", "target"):
        overrides = [f"pointing.track={track}", "time={frames: 1, exposure: 30 s, cadence: 40 s}"]
        scenario = load(
            "kazsat-from-lunar-orbit", [*overrides, "detector.read_noise=20 e", "telescope.aperture=10 cm"]
        )
        limits[track] = plan(scenario).selection.limit_g
    assert 1.5 < limits["sidereal"] - limits["target"] < 3.5
