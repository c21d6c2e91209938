from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import KeplerElements
from skyforge.orbits.kepler import eccentric_anomaly, elements_to_state, state_to_elements

EARTH_MU = 398600.4418


def test_textbook_state():
    # Vallado 2013, example 2-6: p = 11067.790 km, e = 0.83285, i = 87.87, node 227.89, omega 53.38, nu 92.335
    # deg.
    elements = KeplerElements(
        semi_major_axis_km=11067.790 / (1 - 0.83285**2),
        eccentricity=0.83285,
        inclination_deg=87.87,
        raan_deg=227.89,
        argument_of_periapsis_deg=53.38,
        true_anomaly_deg=92.335,
    )
    position, velocity = elements_to_state(elements, EARTH_MU)
    # The book's figures are rounded to the metre and its angles to a hundredth of a degree.
    assert position == pytest.approx([6525.344, 6861.535, 6449.125], abs=0.05)
    assert velocity == pytest.approx([4.902276, 5.533124, -1.975709], abs=5e-5)


@pytest.mark.parametrize("eccentricity", [0.0, 0.3, 0.81, 0.99, 0.999999])
def test_kepler_equation_is_solved(eccentricity):
    mean = np.linspace(-9.0, 9.0, 2001)
    anomaly = eccentric_anomaly(mean, eccentricity)
    residual = anomaly - eccentricity * np.sin(anomaly) - mean
    assert np.abs((residual + np.pi) % (2 * np.pi) - np.pi).max() < 1e-13


@pytest.mark.parametrize("eccentricity", [0.01, 0.65, 0.95])
def test_state_gives_its_elements_back(eccentricity):
    elements = KeplerElements(9750.0, eccentricity, 57.0, 211.0, 303.0, true_anomaly_deg=164.0)
    back = state_to_elements(*elements_to_state(elements, EARTH_MU), EARTH_MU)
    for name in (
        "semi_major_axis_km",
        "eccentricity",
        "inclination_deg",
        "raan_deg",
        "argument_of_periapsis_deg",
    ):
        assert getattr(back, name) == pytest.approx(getattr(elements, name), rel=1e-10)
    assert back.true_anomaly_deg == pytest.approx(164.0, rel=1e-10)


def test_mean_and_true_anomaly_meet_at_the_apses():
    for degrees in (0.0, 180.0):
        mean = KeplerElements(9750.0, 0.6, mean_anomaly_deg=degrees)
        true = KeplerElements(9750.0, 0.6, true_anomaly_deg=degrees)
        assert np.cos(mean.true_anomaly_rad()) == pytest.approx(np.cos(true.true_anomaly_rad()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eccentricity": 1.0}, "eccentricity 1 is impossible"),
        ({"eccentricity": -0.1}, "eccentricity -0.1 is impossible"),
        ({"semi_major_axis_km": -9000.0}, "semi-major axis -9000 km is impossible"),
        ({"inclination_deg": 190.0}, "inclination 190 deg is impossible"),
        ({"raan_deg": float("nan")}, "finite"),
        ({"mean_anomaly_deg": 1.0}, "exactly one"),
        ({"true_anomaly_deg": None}, "exactly one"),
    ],
)
def test_impossible_elements_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        KeplerElements(
            **{"semi_major_axis_km": 9750.0, "eccentricity": 0.6, "true_anomaly_deg": 0.0} | change
        )
