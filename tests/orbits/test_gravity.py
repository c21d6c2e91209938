from __future__ import annotations

import numpy as np
import pytest
from scipy.special import sph_harm_y

from skyforge.errors import InputError
from skyforge.orbits import GravityField, point_mass, shipped_field

RNG = np.random.default_rng(11)


def places(radius_km: float, count: int = 12) -> np.ndarray:
    vectors = RNG.normal(size=(count, 3))
    poles = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [1e-9, 0.0, 1.0]])
    directions = np.vstack([vectors / np.linalg.norm(vectors, axis=1, keepdims=True), poles])
    return radius_km * directions


def test_potential_agrees_with_scipy_spherical_harmonics():
    field = shipped_field("moon")
    position = places(1850.0, 20)[:20]
    radius = np.linalg.norm(position, axis=1)
    colatitude, longitude = np.arccos(position[:, 2] / radius), np.arctan2(position[:, 1], position[:, 0])
    total = np.zeros(radius.size)
    for n in range(field.degree + 1):
        for m in range(n + 1):
            # Geodesy normalises to 4 pi and leaves out the Condon-Shortley phase.
            norm = np.sqrt(4 * np.pi * (2 if m else 1)) * (-1) ** m
            harmonic = norm * sph_harm_y(n, m, colatitude, longitude)
            surface = field.cosine[n, m] * harmonic.real + field.sine[n, m] * harmonic.imag
            total += (field.reference_radius_km / radius) ** n * surface
    expected = field.gravitational_parameter_km3_s2 / radius * total
    assert field.potential(position) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("body", ["moon", "earth"])
def test_acceleration_is_the_gradient_of_the_potential_poles_included(body):
    field = shipped_field(body)
    position = places(1.07 * field.reference_radius_km)
    step = 0.05
    gradient = np.stack(
        [
            (
                8.0 * (field.potential(position + step * axis) - field.potential(position - step * axis))
                - (field.potential(position + 2 * step * axis) - field.potential(position - 2 * step * axis))
            )
            / (12.0 * step)
            for axis in np.eye(3)
        ],
        axis=1,
    )
    size = np.linalg.norm(gradient, axis=1).max()
    # Fourth-order differences of a potential known to 1e-16 over 0.05 km.
    assert np.abs(field.acceleration(position) - gradient).max() < 1e-9 * size


def test_oblateness_agrees_with_its_textbook_formula():
    field = shipped_field("earth").truncated(2)
    position = places(7000.0)
    x, y, z = position.T
    r = np.linalg.norm(position, axis=1)
    mu, radius = field.gravitational_parameter_km3_s2, field.reference_radius_km
    j2 = -np.sqrt(5.0) * field.cosine[2, 0]
    assert j2 == pytest.approx(1.08263e-3, rel=1e-5)
    factor = -1.5 * j2 * mu * radius**2 / r**5
    oblate = np.stack(
        [
            factor * x * (1 - 5 * z**2 / r**2),
            factor * y * (1 - 5 * z**2 / r**2),
            factor * z * (3 - 5 * z**2 / r**2),
        ],
        axis=1,
    )
    expected = -mu * position / r[:, np.newaxis] ** 3 + oblate
    assert np.abs(field.acceleration(position) - expected).max() < 1e-16


def test_sphere_pulls_as_a_point():
    position = places(2500.0)
    expected = -4902.800118 * position / 2500.0**3
    assert point_mass("moon").acceleration(position) == pytest.approx(expected, rel=1e-14, abs=1e-19)


def test_harmonic_field_has_no_sources_outside():
    # Laplace's equation: the divergence of the acceleration vanishes.
    field, step = shipped_field("moon"), 0.2
    position = places(1837.4)
    divergence = sum(
        (field.acceleration(position + step * axis) - field.acceleration(position - step * axis))[:, k]
        / (2 * step)
        for k, axis in enumerate(np.eye(3))
    )
    # The radial gradient 2 GM/r^3 = 1.6e-6 is the scale; differences of second order leave (n step/r)^2.
    assert np.abs(divergence).max() < 1e-11


def test_high_degrees_stay_finite_at_the_poles():
    degree = 360
    coefficients = RNG.normal(size=(degree + 1, degree + 1)) * 1e-9
    coefficients[0, 0] = 1.0
    field = GravityField("noise", "moon", 4902.8, 1738.0, np.tril(coefficients), np.tril(coefficients) * 0)
    assert np.all(np.isfinite(field.acceleration(places(1800.0, 2))))


def test_shipped_lunar_field_reaches_degree_20_and_can_be_cut():
    field = shipped_field("moon")
    assert field.degree == 20
    assert field.truncated(8).degree == 8
    # Konopliv et al. 2013 (JGR Planets 118, 1415): J2 = 203.2e-6, C22 = 22.4e-6, unnormalised.
    assert -np.sqrt(5.0) * field.cosine[2, 0] == pytest.approx(203.2e-6, rel=1e-3)
    assert np.sqrt(5.0 / 12.0) * field.cosine[2, 2] == pytest.approx(22.38e-6, rel=1e-3)
    with pytest.raises(InputError, match="reaches degree 20, not 50"):
        shipped_field("moon", 50)


def test_unknown_body_has_no_field():
    with pytest.raises(InputError, match="did you mean 'moon'"):
        shipped_field("mon")
