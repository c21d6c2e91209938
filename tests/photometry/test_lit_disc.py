"""Lit discs: their light adds up to the magnitude, and their terminators and limbs lie where geometry puts them."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import disc_light, lit_body, planet_v_magnitude
from skyforge.photometry.lit_body import SHAPES, lommel_seeliger_phase_function
from skyforge.photometry.phase import lambert_sphere_phase_function
from skyforge.photometry.planets import moon_v_magnitude

AU_KM = 149597870.7


def camera(scale, shape):
    """Look along x: a gnomonic camera whose frame has its centre there."""
    centre_y, centre_x = (shape[0] - 1) / 2.0, (shape[1] - 1) / 2.0

    def look(x, y):
        rays = np.stack([np.ones_like(x), (x - centre_x) * scale, (y - centre_y) * scale], axis=1)
        return rays / np.linalg.norm(rays, axis=1, keepdims=True)

    y, x = np.indices(shape)
    solid_angle = scale**2 * (1.0 + ((x - centre_x) ** 2 + (y - centre_y) ** 2) * scale**2) ** -1.5
    return look, solid_angle


def seen_at(name, distance_km, phase_deg, sun_distance_km=AU_KM, off_axis=(0.0, 0.0)):
    """A body ahead, a little off the axis, the Sun at a phase angle in the plane of x and y."""
    center = np.array([1.0, *off_axis])
    center *= distance_km / np.linalg.norm(center)
    phase = np.radians(phase_deg)
    back = -center / distance_km
    side = np.cross([0.0, 0.0, 1.0], back)
    side /= np.linalg.norm(side)
    return lit_body(name, center, center + sun_distance_km * (np.cos(phase) * back + np.sin(phase) * side))


def magnitude(body, radius_px, shape=(101, 103)):
    scale = body.angular_radius_rad / radius_px
    look, solid_angle = camera(scale, shape)
    light = np.sum(disc_light(body, look, shape, scale)[0] * solid_angle)
    return -26.74 - 2.5 * np.log10(light)


@pytest.mark.parametrize("radius_px", [0.3, 1.0, 3.7, 12.0, 45.0])
@pytest.mark.parametrize("phase_deg", [0.0, 60.0, 120.0])
def test_the_light_of_the_moons_disc_is_its_magnitude(radius_px, phase_deg):
    scale = 1737.4 / 384400.0 / radius_px
    body = seen_at("moon", 384400.0, phase_deg, off_axis=(0.31 * scale, -0.17 * scale))
    expected = float(moon_v_magnitude(384400.0, AU_KM, np.radians(phase_deg)))
    # From so near, less than half of the Moon is seen: the rim 5e-3 of its radius wide is missing, 1 % of a crescent.
    assert magnitude(body, radius_px) == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize("phase_deg", [0.0, 50.0, 100.0])
@pytest.mark.parametrize("radius_px", [0.6, 5.0, 40.0])
def test_disc_and_point_agree_to_a_thousandth_from_afar(phase_deg, radius_px):
    scale = 1e-5 / radius_px
    body = seen_at("moon", 1737.4e5, phase_deg, off_axis=(0.2 * scale, 0.4 * scale))
    expected = float(moon_v_magnitude(1737.4e5, AU_KM, np.radians(phase_deg)))
    assert magnitude(body, radius_px) == pytest.approx(expected, abs=1.1e-3 if phase_deg < 90.0 else 2e-3)


@pytest.mark.parametrize(
    ("planet", "distance", "sun", "phase_deg"),
    [
        ("mercury", 0.9, 0.4, 70.0),
        ("venus", 0.4, 0.72, 110.0),
        ("mars", 0.5, 1.5, 30.0),
        ("jupiter", 4.3, 5.2, 8.0),
        ("saturn", 8.6, 9.5, 4.0),
        ("uranus", 18.2, 19.2, 1.0),
        ("neptune", 29.0, 30.0, 1.0),
    ],
)
def test_the_light_of_a_planets_disc_is_its_magnitude(planet, distance, sun, phase_deg):
    body = seen_at(planet, distance * AU_KM, phase_deg, sun * AU_KM)
    expected = planet_v_magnitude(planet, distance * AU_KM, sun * AU_KM, np.radians(phase_deg))
    assert magnitude(body, 20.0) == pytest.approx(float(expected), abs=3e-3)


@pytest.mark.parametrize("phase_deg", [0.0, 45.0, 90.0, 135.0])
def test_the_earths_light_is_that_of_a_diffuse_sphere_of_albedo_three_tenths(phase_deg):
    body = seen_at("earth", 6378.137e4, phase_deg)
    share = 0.3 * 2.0 / 3.0 * lambert_sphere_phase_function(np.radians(phase_deg)) * 1e-8
    # The Earth is flattened by 1/298, its disc smaller by that.
    assert magnitude(body, 40.0) == pytest.approx(-26.74 - 2.5 * np.log10(share), abs=0.01)


def test_a_half_moon_is_lit_on_the_suns_side_up_to_its_middle():
    body = seen_at("moon", 384400.0, 90.0)
    scale = body.angular_radius_rad / 40.0
    look, _ = camera(scale, (101, 101))
    light = disc_light(body, look, (101, 101), scale)[0]
    toward_sun = np.sign((body.sun_km - body.center_km)[1])
    columns = np.arange(101)
    lit = light[50] > 0.0
    assert np.all(
        lit == ((columns - 50) * toward_sun > 0) & (np.abs(columns - 50) <= 40) | (lit & (columns == 50))
    )


def test_a_full_moon_is_evenly_bright_and_a_full_earth_is_not():
    for name, evenness in (("moon", 0.03), ("earth", 1.0)):
        body = seen_at(name, SHAPES[name][0] * 200.0, 0.5)
        scale = body.angular_radius_rad / 40.0
        look, _ = camera(scale, (101, 101))
        row = disc_light(body, look, (101, 101), scale)[0][50, 12:89]
        assert np.ptp(row) / row.max() < evenness
        assert np.ptp(row) / row.max() > 0.6 or name == "moon"


def test_the_full_moon_is_as_bright_per_square_arcsecond_as_observed():
    # 3.4 mag/arcsec² (mean of the full disc: V = −12.7 over 31.1' across).
    body = seen_at("moon", 384400.0, 0.0)
    radiance = float(body.brightness(np.array([1.0, 0.0, 0.0])))
    assert -26.74 - 2.5 * np.log10(radiance * np.radians(1.0 / 3600.0) ** 2) == pytest.approx(3.4, abs=0.1)


def test_the_earth_is_flattened_on_its_picture():
    distance = 60_000.0
    body = seen_at("earth", distance, 0.0)
    scale = body.angular_radius_rad / 700.0
    look, _ = camera(scale, (1501, 3))
    height = np.sum(disc_light(body, look, (1501, 3), scale)[0][:, 1] > 0)
    look, _ = camera(scale, (3, 1501))
    width = np.sum(disc_light(body, look, (3, 1501), scale)[0][1] > 0)
    assert width - height == pytest.approx(2.0 * 700.0 / 298.257, abs=1.5)


def test_a_disc_covers_what_is_behind_it_with_its_night_side_too():
    body = seen_at("moon", 384400.0, 120.0)
    scale = body.angular_radius_rad / 40.0
    look, _ = camera(scale, (101, 101))
    covered = disc_light(body, look, (101, 101), scale)[1]
    assert covered.sum() == pytest.approx(np.pi * 40.0**2, rel=1e-3)
    assert covered[50, 50] == 1.0
    assert covered[0, 0] == 0.0


def test_a_moon_that_fills_the_frame_leaves_no_pixel_dark():
    body = seen_at("moon", 1837.4, 20.0)
    look, _ = camera(1e-4, (40, 50))
    assert disc_light(body, look, (40, 50), 1e-4)[0].min() > 0.0


def test_a_disc_beside_the_frame_leaves_it_dark():
    body = seen_at("moon", 384400.0, 20.0, off_axis=(0.1, 0.0))
    look, _ = camera(1e-5, (64, 64))
    assert disc_light(body, look, (64, 64), 1e-5)[0].max() == 0.0


def test_the_lommel_seeliger_sphere_is_what_its_surface_adds_up_to():
    for phase in (0.0, 0.7, 2.0):
        cosine = (np.arange(800) + 0.5) / 400.0 - 1.0
        azimuth = (np.arange(800) + 0.5) / 800.0 * 2.0 * np.pi
        z, angle = np.meshgrid(cosine, azimuth, indexing="ij")
        normal = np.stack([np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z])
        incident = np.maximum(normal[0], 0.0)
        leaving = np.maximum(np.cos(phase) * normal[0] + np.sin(phase) * normal[1], 0.0)
        both = (incident > 0) & (leaving > 0)
        total = np.sum(np.where(both, incident * leaving / np.maximum(incident + leaving, 1e-12), 0.0))
        total *= 4.0 * np.pi / 800**2 / np.pi
        assert total == pytest.approx(0.5 * float(lommel_seeliger_phase_function(phase)), abs=2e-3)


def test_bodies_without_a_disc_are_refused():
    with pytest.raises(InputError, match="pluto"):
        lit_body("pluto", [1e9, 0.0, 0.0], [0.0, 1e8, 0.0])
