"""The sky at many instants hides what the discs of a frame hide."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.time import Time

from skyforge import orbits
from skyforge.simulate.obstruction import discs
from skyforge.visibility.sky import sky_of

T = 9.5e8


@pytest.mark.parametrize("orbit", ["lunar-llo-100km", "lunar-elfo-24h"])
def test_bodies_hide_what_the_discs_of_a_frame_hide(orbit: str) -> None:
    times = T + 600.0 * np.arange(6)
    observer = orbits.orbit_preset(orbit).trajectory(T, (T, times[-1]))
    sky = sky_of(observer, times)
    random = np.random.default_rng(4)
    for body in (sky.earth, sky.moon, sky.sun):
        towards = body.center_km / body.distance_km[:, None]
        around = random.normal(size=(300, 6, 3)) * (1.5 * body.angular_radius_rad[:, None])
        directions = orbits.unit_vectors(towards + around)
        range_km = random.uniform(0.5, 1.5, (300, 6)) * body.distance_km
        hidden = body.hides(directions, range_km)
        assert 0.02 < hidden.mean() < 0.9
        for k, t in enumerate(times):
            frame = {disc.name: disc for disc in discs(sky.seen_from.position_km[k], float(t))}
            np.testing.assert_array_equal(
                hidden[:, k], frame[body.name].hides(directions[:, k], range_km[:, k])
            )


def test_the_sun_stands_where_it_does_over_a_site() -> None:
    """At the equator, on the day of an equinox, it is overhead at noon and rises a quarter of a day before."""
    noon = float(orbits.tdb_seconds(Time("2024-03-20T12:07:00", scale="utc")))
    site = orbits.ground_site("here", 0.0, 0.0, 0.0)
    altitude = np.degrees(sky_of(site, noon + np.array([-21600.0, 0.0])).sun_altitude_rad())
    assert altitude[1] == pytest.approx(90.0, abs=0.6)
    assert altitude[0] == pytest.approx(0.0, abs=0.6)
