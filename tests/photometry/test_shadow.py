from __future__ import annotations

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.errors import InputError
from skyforge.photometry import sunlit_fraction
from skyforge.photometry.shadow import (
    EARTH_FLATTENING,
    EARTH_RADIUS_KM,
    MOON_RADIUS_KM,
    SUN_RADIUS_KM,
)

AU_KM = 149597870.7
EARTH_GM = 398600.4415
SUN = np.array([AU_KM, 0.0, 0.0])
ORIGIN = np.zeros(3)


def counted_fraction(
    target: np.ndarray,
    radius: float,
    samples: int = 40000,
    polar_axis: float = 1.0,
    sun: np.ndarray = SUN,
) -> float:
    """Share of rays to an even pattern of points on the Sun's disc that miss a spheroid at the origin."""
    index = np.arange(samples) + 0.5
    rho = np.sqrt(index / samples)
    angle = np.pi * (1.0 + np.sqrt(5.0)) * index
    axis = sun - target
    distance = np.linalg.norm(axis)
    axis = axis / distance
    first = np.cross(axis, [0.3, 0.5, 0.8])
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    half_angle = np.arcsin(SUN_RADIUS_KM / distance)
    offset = np.tan(half_angle * rho)
    rays = axis + offset[:, None] * (np.cos(angle)[:, None] * first + np.sin(angle)[:, None] * second)
    scale = np.array([1.0, 1.0, 1.0 / polar_axis])
    rays, start = rays * scale, target * scale
    rays /= np.linalg.norm(rays, axis=1)[:, None]
    nearest = -(rays @ start)
    miss = np.linalg.norm(start + np.maximum(nearest, 0.0)[:, None] * rays, axis=1)
    return float(np.mean(miss > radius))


def on_the_shadows_edge(distance_km: float, radius: float, offset_deg: float) -> np.ndarray:
    """Target at a distance from the body's centre, the Sun's centre `offset_deg` above the limb."""
    half_angle = np.arcsin(radius / distance_km)
    separation = half_angle + np.radians(offset_deg)
    return distance_km * np.array([-np.cos(separation), np.sin(separation), 0.0])


@pytest.mark.parametrize("distance", [6700.0, 7200.0, 42164.0, 384400.0])
@pytest.mark.parametrize("offset", [-0.25, -0.1, 0.0, 0.13, 0.24])
def test_penumbra_is_what_rays_to_the_suns_disc_count(distance, offset):
    target = on_the_shadows_edge(distance, EARTH_RADIUS_KM, offset)
    # 40000 rays on a sunflower pattern: good to 1e-3.
    assert sunlit_fraction(target, SUN, ORIGIN, EARTH_RADIUS_KM) == pytest.approx(
        counted_fraction(target, EARTH_RADIUS_KM), abs=1.5e-3
    )


@pytest.mark.parametrize("offset", [-0.2, 0.0, 0.2])
@pytest.mark.parametrize("tilt", [0.0, 0.7, 1.4])
def test_an_oblate_earth_shades_what_rays_count(offset, tilt):
    turn = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(tilt), -np.sin(tilt)], [0.0, np.sin(tilt), np.cos(tilt)]])
    target = turn @ on_the_shadows_edge(7200.0, EARTH_RADIUS_KM, offset)
    found = sunlit_fraction(target, SUN, ORIGIN, EARTH_RADIUS_KM, flattening=EARTH_FLATTENING)
    counted = counted_fraction(target, EARTH_RADIUS_KM, polar_axis=1.0 - EARTH_FLATTENING)
    assert found == pytest.approx(counted, abs=5e-3)


def test_an_annular_eclipse_leaves_the_ring():
    # A body of 0.2° in front of the Sun's centre covers the square of the ratio of the two radii.
    distance = 500000.0
    body_half_angle = np.arcsin(MOON_RADIUS_KM / distance)
    sun_half_angle = np.arcsin(SUN_RADIUS_KM / (AU_KM + distance))
    fraction = sunlit_fraction([-distance, 0.0, 0.0], SUN, ORIGIN, MOON_RADIUS_KM)
    assert fraction == pytest.approx(1.0 - (body_half_angle / sun_half_angle) ** 2, rel=1e-4)


def test_umbra_and_sunlight_are_exact():
    targets = np.array([[-7000.0, 0.0, 0.0], [7000.0, 0.0, 0.0], [0.0, 7000.0, 0.0], [0.0, 0.0, -42164.0]])
    assert sunlit_fraction(targets, SUN, ORIGIN, EARTH_RADIUS_KM).tolist() == [0.0, 1.0, 1.0, 1.0]


def test_the_umbra_ends_where_euclid_says():
    # Length of the Earth's umbra: R d / (R_sun − R) behind its centre.
    length = EARTH_RADIUS_KM * AU_KM / (SUN_RADIUS_KM - EARTH_RADIUS_KM)
    inside, outside = (
        sunlit_fraction([-length * f, 0.0, 0.0], SUN, ORIGIN, EARTH_RADIUS_KM) for f in (0.999, 1.001)
    )
    assert inside == 0.0
    assert 0.0 < outside < 0.01


def test_half_the_sun_is_above_a_flat_horizon():
    assert sunlit_fraction([0.0, EARTH_RADIUS_KM, 0.0], SUN, ORIGIN, EARTH_RADIUS_KM) == pytest.approx(
        0.5, abs=0.02
    )


def test_a_body_behind_the_sun_casts_no_shadow():
    assert sunlit_fraction(ORIGIN, SUN, 2.0 * SUN, EARTH_RADIUS_KM) == 1.0


@given(st.floats(6500.0, 400000.0), st.floats(-0.6, 0.6), st.floats(1e-4, 0.1))
def test_moving_out_of_the_shadow_never_darkens(distance, offset, step):
    fractions = [
        float(
            sunlit_fraction(on_the_shadows_edge(distance, EARTH_RADIUS_KM, at), SUN, ORIGIN, EARTH_RADIUS_KM)
        )
        for at in (offset, offset + step)
    ]
    assert 0.0 <= fractions[0] <= fractions[1] + 1e-9 <= 1.0 + 1e-9


@given(st.floats(-0.2657, 0.2657))
def test_light_fades_without_jumps(offset):
    # The steepest the light can fall is the Sun's diameter over its area: 2r/πr², 2.4 per degree.
    near, far = (
        float(
            sunlit_fraction(on_the_shadows_edge(42164.0, EARTH_RADIUS_KM, at), SUN, ORIGIN, EARTH_RADIUS_KM)
        )
        for at in (offset, offset + 1e-4)
    )
    assert 0.0 <= far - near < 2.5e-4


def two_body_position(seconds: np.ndarray) -> np.ndarray:
    """Positions on the GMAT check orbit, seconds after its epoch (km, Earth-centred, axes of J2000)."""
    a, e = 7191.9, 0.02
    i, node, perigee, nu = np.radians([98.0, 306.6, 314.1, 100.3])
    eccentric = 2.0 * np.arctan(np.sqrt((1 - e) / (1 + e)) * np.tan(nu / 2))
    mean = eccentric - e * np.sin(eccentric) + np.sqrt(EARTH_GM / a**3) * seconds
    eccentric = mean.copy()
    for _ in range(20):
        eccentric -= (eccentric - e * np.sin(eccentric) - mean) / (1.0 - e * np.cos(eccentric))
    x, y = a * (np.cos(eccentric) - e), a * np.sqrt(1 - e * e) * np.sin(eccentric)
    toward = np.array(
        [
            np.cos(node) * np.cos(perigee) - np.sin(node) * np.sin(perigee) * np.cos(i),
            np.sin(node) * np.cos(perigee) + np.cos(node) * np.sin(perigee) * np.cos(i),
            np.sin(perigee) * np.sin(i),
        ]
    )
    ahead = np.array(
        [
            -np.cos(node) * np.sin(perigee) - np.sin(node) * np.cos(perigee) * np.cos(i),
            -np.sin(node) * np.sin(perigee) + np.cos(node) * np.cos(perigee) * np.cos(i),
            np.cos(perigee) * np.sin(i),
        ]
    )
    return x[:, None] * toward + y[:, None] * ahead


@pytest.mark.parametrize(("flattening", "tolerance_s"), [(0.0, 6.0), (EARTH_FLATTENING, 0.1)])
def test_umbra_times_are_those_of_gmat(flattening, tolerance_s):
    # GMAT's umbra in seconds after 2020-01-01T11:30:00 UTC. It has an oblate Earth; a sphere is up to 6 s
    # off.
    expected = np.array([13 * 60 + 39.068, 46 * 60 + 44.181, 215 * 60 + 58.227, 249 * 60 + 4.946])
    seconds = np.arange(0.0, 15600.0, 0.02)
    julian_day_tdb = 2458849.5 + (11.5 * 3600.0 + 69.184 + seconds) / 86400.0
    # The geometric place of the Sun; its apparent place, 20" away, would shift the times by 0.1 s.
    coarse = np.linspace(0, seconds.size - 1, 50).astype(int)
    place = erfa.epv00(2458849.5, julian_day_tdb[coarse] - 2458849.5)[0]["p"] * -AU_KM
    sun = np.stack([np.interp(seconds, seconds[coarse], place[:, k]) for k in range(3)], axis=1)
    fraction = sunlit_fraction(
        two_body_position(seconds), sun, ORIGIN, EARTH_RADIUS_KM, flattening=flattening
    )
    edges = seconds[1:][np.diff((fraction == 0.0).astype(int)) != 0]
    assert edges.size == 6  # three eclipses, of which the first and the third are tabulated
    assert edges[[0, 1, 4, 5]] == pytest.approx(expected, abs=tolerance_s)


@pytest.mark.parametrize(
    ("radius", "keywords", "target", "message"),
    [
        (-1.0, {}, [7000.0, 0.0, 0.0], "radius"),
        (6378.0, {"flattening": 1.0}, [7000.0, 0.0, 0.0], "flattening"),
        (6378.0, {}, [AU_KM, 0.0, 1000.0], "check the positions"),
    ],
)
def test_impossible_geometry_is_refused(radius, keywords, target, message):
    with pytest.raises(InputError, match=message):
        sunlit_fraction(target, SUN, ORIGIN, radius, **keywords)
