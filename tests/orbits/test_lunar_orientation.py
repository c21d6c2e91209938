from __future__ import annotations

import numpy as np
import pytest

from skyforge.orbits import ecliptic_from_icrf, ephemeris, surface_coordinates
from skyforge.orbits.lunar_orientation import mean_earth_from_icrf, principal_axes_from_icrf

YEAR_S = 365.25 * 86400.0
NODAL_PERIOD_S = 18.6 * YEAR_S


@pytest.fixture(scope="module")
def sub_earth_point():
    times = np.linspace(0.0, 4 * NODAL_PERIOD_S, 20_000)
    earth, _ = ephemeris().relative_state("earth", "moon", times)
    return surface_coordinates("moon", times, earth)


def test_librations_reach_as_far_as_they_are_observed_to(sub_earth_point):
    # Geocentric optical libration: 7.9 degrees in longitude, 6.9 in latitude (Explanatory Supplement 2013,
    # ch. 10).
    longitude, latitude, _ = sub_earth_point
    assert np.abs(longitude).max() == pytest.approx(7.9, abs=0.2)
    assert np.abs(latitude).max() == pytest.approx(6.85, abs=0.15)


def test_mean_earth_axis_points_at_the_earth_on_average(sub_earth_point):
    longitude, latitude, _ = sub_earth_point
    # The sampled mean of a 7 degree swing is good to some hundredths of a degree.
    assert longitude.mean() == pytest.approx(0.0, abs=0.03)
    assert latitude.mean() == pytest.approx(0.0, abs=0.03)


def test_cassini_laws_hold():
    times = np.linspace(0.0, NODAL_PERIOD_S, 500)
    pole = mean_earth_from_icrf(times)[:, 2]
    inclination = np.degrees(np.arccos(ecliptic_from_icrf(pole)[:, 2]))
    # Cassini's second law: the equator keeps 1.543 degrees to the ecliptic, physical libration moves it by
    # 0.03.
    assert inclination == pytest.approx(1.543, abs=0.05)
    # Third law: pole, ecliptic pole and orbit pole lie in one plane, the ecliptic's between the others.
    position, velocity = ephemeris().relative_state("moon", "earth", times)
    orbit_pole = np.cross(position, velocity)
    orbit_pole /= np.linalg.norm(orbit_pole, axis=1, keepdims=True)
    between = np.degrees(np.arccos(np.sum(orbit_pole * pole, axis=1)))
    assert between.mean() == pytest.approx(6.68, abs=0.05)


def test_principal_axes_are_about_a_hundred_arcseconds_from_the_mean_earth_axes():
    times = np.array([0.0, 7e8])
    turn = principal_axes_from_icrf(times) @ np.swapaxes(mean_earth_from_icrf(times), 1, 2)
    angle = np.degrees(np.arccos((np.trace(turn, axis1=1, axis2=2) - 1.0) / 2.0)) * 3600.0
    # 875 m on the surface (NAIF lunar kernel tutorial): 104".
    assert angle == pytest.approx(103.8, abs=0.5)
    # The principal x axis lies west of the sub-Earth mean: its mean-Earth longitude is +67.9" (turned back by
    # Rz(-67.92")).
    x_axis = mean_earth_from_icrf(times) @ np.swapaxes(principal_axes_from_icrf(times), 1, 2)
    assert np.degrees(np.arctan2(x_axis[:, 1, 0], x_axis[:, 0, 0])) * 3600.0 == pytest.approx(67.92, abs=0.1)
