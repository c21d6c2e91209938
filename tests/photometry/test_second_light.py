"""Earthshine and moonshine on satellites against integrals and known irradiances."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import (
    Asteroid,
    Attitude,
    AttitudeLaw,
    DiffuseSphere,
    FacetedBody,
    SpecularSphere,
    Surface,
    flux_per_sun,
    plate,
    reflectors,
    scene,
    second_light_flux,
)

AU_KM = 149597870.7


def scenes(place, observer=(-4e5, 0.0, 0.0), sun=(AU_KM, 0.0, 0.0)):
    """One satellite about a body in the origin."""
    return scene(
        np.array([[place]], dtype=float),
        np.array([observer]),
        np.array([sun]),
        np.zeros(1),
        center_km=np.zeros((1, 3)),
        velocity_km_s=np.array([[[0.0, 3.0, 0.0]]]),
    )


def test_a_far_sphere_gets_the_light_of_a_diffuse_earth_at_its_phase():
    # Over the Earth's day side at 30 radii; the mirror ball sends π r²/4π of what it gets everywhere.
    seen = scenes((30.0 * 6378.137, 0.0, 0.0))
    flux = second_light_flux(
        reflectors([SpecularSphere(2.0, 1.0)]), seen, "earth", np.array([[[-30.0 * 6378.137, 0, 0]]])
    )
    irradiance = 0.3 * 2.0 / 3.0 / 30.0**2
    sun = (AU_KM / (AU_KM - 30.0 * 6378.137)) ** 2
    assert flux[0, 0] * (seen.range_km[0, 0] * 1e3) ** 2 * 4.0 == pytest.approx(irradiance * sun, rel=0.03)


@pytest.mark.parametrize("height_km", [400.0, 1500.0])
def test_a_plate_that_looks_down_gets_what_the_day_side_under_it_sends_up(height_km):
    # Above the subsolar point a Lambert sphere lights a plate that faces it with about A (R/d)²: a little less, for the
    # Sun stands lower at the rim. Counted here over 400,000 points.
    distance = 6378.137 + height_km
    down = FacetedBody(plate(1.0, Surface(1.0)), Attitude(AttitudeLaw.NADIR))
    seen = scenes((distance, 0.0, 0.0), observer=(0.5 * distance, 1.0, 0.0))
    flux = second_light_flux(reflectors([down]), seen, "earth", np.array([[[-distance, 0.0, 0.0]]]))
    cosine = np.sum(np.array([-1.0, 0.0, 0.0]) * seen.to_observer[0, 0])
    irradiance = flux[0, 0] * (seen.range_km[0, 0] * 1e3) ** 2 * np.pi / cosine
    count = 400_000
    rim = np.arcsin(6378.137 / distance)
    index = np.arange(count) + 0.5
    drop = index / count * (1.0 - np.cos(rim))
    along = (1.0 - drop) * distance
    # Angle at the Earth's centre of the point seen.
    depth = np.sqrt(np.maximum(6378.137**2 - distance**2 * drop * (2.0 - drop), 0.0))
    reach = along - depth
    height = distance - reach * (1.0 - drop)
    expected = (
        np.sum(0.3 / np.pi * height / 6378.137 * (1.0 - drop)) * 2.0 * np.pi * (1.0 - np.cos(rim)) / count
    )
    assert irradiance == pytest.approx(expected, rel=0.03)
    assert 0.2 * (6378.137 / distance) ** 2 < expected < 0.3 * (6378.137 / distance) ** 2


def test_earthshine_on_a_geostationary_satellite_is_some_thousandths_of_sunlight():
    # At the Earth's quarter phase from GEO: 0.3 · 2/3 / π · (6378/42164)² = 1.5e-3 of the Sun's irradiance.
    seen = scenes((0.0, 42164.0, 0.0), observer=(0.0, 4e5, 0.0))
    bodies = reflectors([SpecularSphere(2.0, 1.0)])
    ratio = second_light_flux(bodies, seen, "earth", np.array([[[0.0, -42164.0, 0.0]]])) / flux_per_sun(
        bodies.scattering_area(seen), seen
    )
    assert ratio[0, 0] == pytest.approx(1.46e-3, rel=0.05)


def test_moonlight_in_a_low_lunar_orbit_is_a_tenth_of_sunlight():
    # The Moon's normal albedo is 0.12 (0.11-0.15 at full phase): over the subsolar point it fills nearly half the sky.
    seen = scenes((1837.4, 0.0, 0.0), observer=(-4e5, 1.0, 0.0))
    bodies = reflectors([SpecularSphere(2.0, 1.0)])
    flux = second_light_flux(bodies, seen, "moon", np.array([[[-1837.4, 0.0, 0.0]]]))
    ratio = flux / flux_per_sun(bodies.scattering_area(seen), seen)
    assert 0.05 < ratio[0, 0] < 0.2


def test_near_and_far_sums_meet():
    # At the angular radius where one takes over from the other, 0.2 rad.
    ball = reflectors([DiffuseSphere(2.0, 1.0)])
    distance = 6378.137 / np.sin(0.2)
    light = []
    for factor in (0.999, 1.001):
        seen = scenes((0.6 * distance * factor, 0.8 * distance * factor, 0.0))
        light.append(
            second_light_flux(ball, seen, "earth", -factor * distance * np.array([0.6, 0.8, 0.0]))[0, 0]
        )
    assert light[0] == pytest.approx(light[1], rel=0.15)


def test_over_the_night_side_there_is_none():
    seen = scenes((-7000.0, 0.0, 0.0))
    flux = second_light_flux(
        reflectors([DiffuseSphere(2.0, 1.0)]), seen, "earth", np.array([[[7000.0, 0.0, 0.0]]])
    )
    assert flux[0, 0] == 0.0


def test_kinds_of_one_batch_get_their_own_light():
    models = [DiffuseSphere(2.0, 1.0), Asteroid(20.0), SpecularSphere(2.0, 1.0)]
    seen = scene(
        np.tile([[[0.0, 42164.0, 0.0]]], (3, 4, 1)),
        np.array([[0.0, 4e5, 0.0]]),
        np.array([[AU_KM, 0.0, 0.0]]),
        np.zeros(4),
    )
    flux = second_light_flux(reflectors(models), seen, "earth", np.array([0.0, -42164.0, 0.0]))
    assert flux.shape == (3, 4)
    assert np.all(flux[1] == 0.0)
    assert np.all(flux[[0, 2]] > 0.0)
    eclipsed = second_light_flux(
        reflectors(models), seen, "earth", np.array([0.0, -42164.0, 0.0]), sunlight=0.25
    )
    assert eclipsed == pytest.approx(0.25 * flux)


def test_other_lights_are_refused():
    seen = scenes((7000.0, 0.0, 0.0))
    with pytest.raises(InputError, match="pluto"):
        second_light_flux(reflectors([DiffuseSphere(2.0, 1.0)]), seen, "pluto", np.zeros(3))
