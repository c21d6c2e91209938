"""Stray light where targets are, from tables, against the light that an exposure works out there."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import orbits
from skyforge.scenario import load
from skyforge.scenario.sky import StrayLight
from skyforge.simulate.instrument import instrument
from skyforge.simulate.stray_light import stray_rate
from skyforge.simulate.trajectories import observer_trajectory
from skyforge.visibility.sky import sky_of
from skyforge.visibility.stray_light import stray_sky


@pytest.mark.parametrize("orbit", ["lunar-elfo-24h", "nrho-9-2", "geo-75e"])
def test_it_is_what_exposures_have_on_the_whole(orbit):
    # From a table: right on the whole; at the dark side of a limb, where there is little of it, to a factor of some.
    scenario = load("minimal", [f"observer={{orbit: {orbit}}}"])
    telescope = instrument(scenario)
    start = float(orbits.tdb_seconds(scenario.time.start))
    times = start + np.linspace(0.0, 80_000.0, 200)
    sky = sky_of(observer_trajectory(scenario, (start, times[-1])), times)
    wanted = scenario.background.stray_light
    assert isinstance(wanted, StrayLight)
    stray = stray_sky(sky, wanted, telescope)
    chosen = np.arange(3, 200, 28)
    step = np.arange(60)
    directions = orbits.directions_from_angles(
        step * 137.508, np.degrees(np.arcsin(1.0 - (2 * step + 1) / 60.0))
    )
    table = stray.per_pixel(
        np.broadcast_to(directions[:, None], (60, 200, 3)),
        sky.sun.separation_rad(np.broadcast_to(directions[:, None], (60, 200, 3))),
    )[:, chosen]
    exact = (
        np.stack(
            [
                stray_rate(directions, sky.seen_from.position_km[k], times[k], wanted, telescope)
                for k in chosen
            ],
            axis=1,
        )
        * telescope.exposure_s
    )
    outside = np.all(
        [
            body.separation_rad(np.broadcast_to(directions[:, None], (60, 200, 3)))[:, chosen]
            > body.angular_radius_rad[chosen] + 0.01
            for body in (sky.earth, sky.moon, sky.sun)
        ],
        axis=0,
    )
    ratio = np.log10(table[outside] / exact[outside])
    assert abs(np.median(ratio)) < 0.05
    assert np.quantile(np.abs(ratio), 0.9) < 0.1


def test_none_without_lights():
    scenario = load("minimal")
    telescope = instrument(scenario)
    start = float(orbits.tdb_seconds(scenario.time.start))
    sky = sky_of(observer_trajectory(scenario, (start, start + 60.0)), start + np.array([0.0, 30.0]))
    dark = stray_sky(sky, StrayLight(sun=False, earth=False, moon=False), telescope)
    directions = np.broadcast_to(np.array([0.0, 0.0, 1.0]), (1, 2, 3))
    assert (dark.per_pixel(directions, np.ones((1, 2))) == 0.0).all()
