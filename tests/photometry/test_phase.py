from __future__ import annotations

import csv
from pathlib import Path

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.errors import InputError
from skyforge.photometry import phase_angle, sphere_v_magnitude

AU_KM = 149597870.7
TRUTH = Path(__file__).resolve().parents[3] / "shared" / "data"


def reflected_share(phase: float, samples: int = 400) -> float:
    """Light of a white, diffuse sphere of unit radius per unit irradiance: a sum over its surface."""
    cosine = (np.arange(samples) + 0.5) / samples * 2.0 - 1.0
    azimuth = (np.arange(samples) + 0.5) / samples * 2.0 * np.pi
    z, angle = np.meshgrid(cosine, azimuth, indexing="ij")
    sine = np.sqrt(1.0 - z**2)
    normal = np.stack([sine * np.cos(angle), sine * np.sin(angle), z])
    to_sun, to_observer = np.array([1.0, 0.0, 0.0]), np.array([np.cos(phase), np.sin(phase), 0.0])
    lit = np.maximum(np.tensordot(to_sun, normal, 1), 0.0) * np.maximum(
        np.tensordot(to_observer, normal, 1), 0.0
    )
    return float(lit.sum() * 4.0 * np.pi / samples**2 / np.pi)


@pytest.mark.parametrize("phase", [0.0, 0.5, 1.5, 2.5])
def test_sphere_is_as_bright_as_its_surface_adds_up_to(phase):
    expected = -26.74 - 2.5 * np.log10(0.2 * reflected_share(phase) * 2.0**2 / 3.8e8**2)
    assert sphere_v_magnitude(4.0, 0.2, 380000.0, phase) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("number", [1.0, 50.0])
def test_published_magnitude_of_a_calibration_sphere(number):
    # A white diffuse sphere of ρA = 1 m² at 1000 km and 90°: 2/(3π²) × 1 / 10¹² → V = −26.74 + 30 + 2.92.
    diameter = np.sqrt(4.0 * number / np.pi)
    magnitude = sphere_v_magnitude(diameter, 1.0, 1000.0, np.pi / 2) + 2.5 * np.log10(number)
    assert magnitude == pytest.approx(6.186, abs=0.002)


def test_magnitudes_of_geo_satellites_from_lunar_orbit():
    # ρA = 5 m² from the Moon, V = 16.0 / 17 / 19 at the 5 / 50 / 95 percentiles of range and phase,
    # 340000-430000 km.
    diameter = np.sqrt(4.0 * 5.0 / 0.2 / np.pi)
    assert sphere_v_magnitude(diameter, 0.2, 345000.0, 0.1) == pytest.approx(15.9, abs=0.2)
    assert sphere_v_magnitude(diameter, 0.2, 390000.0, 1.6) == pytest.approx(17.4, abs=0.3)


def test_distance_from_the_sun_dims_as_its_square():
    near = sphere_v_magnitude(1000.0, 0.1, 1e6, 0.3, AU_KM)
    far = sphere_v_magnitude(1000.0, 0.1, 1e6, 0.3, 2.0 * AU_KM)
    assert far - near == pytest.approx(2.5 * np.log10(4.0), abs=1e-12)


@given(st.floats(0.0, 3.13), st.floats(1e-4, 0.01))
def test_more_phase_is_never_brighter(phase, step):
    assert sphere_v_magnitude(1.0, 0.2, 1e4, min(phase + step, np.pi)) >= sphere_v_magnitude(
        1.0, 0.2, 1e4, phase
    )


def test_a_new_moon_sphere_is_dark():
    assert sphere_v_magnitude(1.0, 0.2, 1e4, np.pi) > 50.0
    assert sphere_v_magnitude(1.0, 0.0, 1e4, 0.0) == np.inf


def test_phase_angle_keeps_its_digits_at_its_ends():
    target = np.zeros((3, 3))
    sun = np.array([AU_KM, 0.0, 0.0])
    observer = np.array([[1e6, 1.0, 0.0], [0.0, 1e6, 0.0], [-1e6, 1.0, 0.0]])
    assert phase_angle(target, observer, sun) == pytest.approx([1e-6, np.pi / 2, np.pi - 1e-6], rel=1e-9)


def test_phase_angles_of_asteroids_are_those_of_horizons():
    path = TRUTH / "horizons" / "ephemeris.csv"
    if not path.is_file():
        pytest.skip("the Horizons ephemeris is not beside the checkout")
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    delta, ra, dec, mjd, expected = (
        np.array([float(row[column]) for row in rows])
        for column in ("delta", "RA", "DEC", "mjd_utc", "alpha")
    )
    ra, dec = np.radians(ra), np.radians(dec)
    direction = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    earth_from_sun = erfa.epv00(2400000.5, mjd + 69.184 / 86400.0)[0]["p"]
    found = np.degrees(phase_angle(delta[:, np.newaxis] * direction, np.zeros(3), -earth_from_sun))
    # 0.02 degrees: the observers stood up to 9" of the Sun's parallax from the Earth's centre; light time.
    assert np.abs(found - expected).max() < 0.02
    assert found.size > 1000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((-1.0, 0.2, 1.0, 0.0), "diameter"), ((1.0, 1.5, 1.0, 0.0), "albedo"), ((1.0, 0.2, 0.0, 0.0), "range")],
)
def test_impossible_spheres_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        sphere_v_magnitude(*arguments)
