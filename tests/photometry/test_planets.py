"""Magnitudes of the planets against skyfield's reading of the same paper and against published ones."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry.planets import moon_v_magnitude, planet_v_magnitude, saturn_v_magnitude

AU_KM = 149597870.7


@pytest.mark.parametrize(
    ("planet", "phases_deg"),
    [
        ("mercury", [2.2, 40.0, 100.0, 165.0]),
        ("venus", [1.3, 60.0, 124.1, 160.0, 169.0]),
        ("earth", [0.5, 50.0, 120.0]),
        ("mars", [4.9, 40.0, 60.0, 110.0]),
        ("jupiter", [0.3, 9.0, 20.0, 100.0]),
        ("saturn", [7.0, 50.0, 120.0]),
        ("uranus", [0.5, 3.0]),
        ("neptune", [1.95, 60.0]),
    ],
)
def test_magnitudes_are_those_skyfield_reads_from_the_paper(planet, phases_deg):
    laws = pytest.importorskip("skyfield.magnitudelib")
    law = getattr(laws, f"_{planet}_magnitude")
    r, delta = 0.72, 1.3
    for phase in phases_deg:
        found = planet_v_magnitude(planet, delta * AU_KM, r * AU_KM, np.radians(phase))
        more = {"saturn": (0.0, 0.0, False), "uranus": (0.0, 0.0), "neptune": (2020.0,)}.get(planet, ())
        assert found == pytest.approx(float(law(r, delta, np.array(phase), *more)), abs=2e-3)


@pytest.mark.parametrize(
    ("planet", "distance", "sun", "phase_deg", "published"),
    [
        # Mean opposition or greatest brilliancy as almanacs print them.
        ("venus", 0.4219, 0.7233, 118.0, -4.8),
        ("mars", 0.5237, 1.5237, 0.5, -2.0),
        ("jupiter", 4.2034, 5.2034, 0.2, -2.7),
        ("saturn", 8.537, 9.537, 0.2, 0.67),
        ("uranus", 18.19, 19.19, 0.1, 5.6),
        ("neptune", 29.07, 30.07, 0.05, 7.7),
    ],
)
def test_planets_are_as_bright_as_almanacs_say(planet, distance, sun, phase_deg, published):
    found = planet_v_magnitude(planet, distance * AU_KM, sun * AU_KM, np.radians(phase_deg))
    assert found == pytest.approx(published, abs=0.12)


def test_open_rings_make_saturn_a_magnitude_brighter():
    edge, open_ = (saturn_v_magnitude(8.537 * AU_KM, 9.537 * AU_KM, 0.0, np.radians(b)) for b in (0.0, 26.0))
    assert edge == pytest.approx(0.67, abs=0.1)
    assert open_ == pytest.approx(-0.3, abs=0.1)


def test_the_moon_is_full_at_minus_12_7_and_half_at_minus_10():
    full, half = (moon_v_magnitude(384400.0, AU_KM, np.radians(a)) for a in (0.0, 90.0))
    assert full == pytest.approx(-12.73)
    assert half == pytest.approx(-10.1, abs=0.1)


def test_unknown_planets_are_refused():
    with pytest.raises(InputError, match="neptune"):
        planet_v_magnitude("pluto", 1.0, 1.0, 0.0)
