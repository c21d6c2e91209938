from __future__ import annotations

import astropy.units as u
import erfa
import numpy as np
import pytest
from astropy.coordinates import GCRS, TEME, CartesianDifferential, CartesianRepresentation
from astropy.time import Time

from skyforge.orbits import tdb_seconds, work_offline
from skyforge.orbits.earth_orientation import celestial_to_intermediate, earth_rotation_axis, teme_to_gcrs

GEOSTATIONARY_RADIUS_KM = 42_164.0


def test_teme_to_gcrs_agrees_with_astropy():
    work_offline()
    times = Time("2005-01-01T03:00:00") + np.linspace(0.0, 7000.0, 40) * u.day
    rng = np.random.default_rng(2)
    position = rng.normal(size=(40, 3))
    position *= GEOSTATIONARY_RADIUS_KM / np.linalg.norm(position, axis=1, keepdims=True)
    velocity = rng.normal(size=(40, 3))
    representation = CartesianRepresentation(
        position.T * u.km, differentials=CartesianDifferential(velocity.T * u.km / u.s)
    )
    expected = (
        TEME(representation, obstime=times).transform_to(GCRS(obstime=times)).cartesian.xyz.to_value(u.km).T
    )
    found = np.einsum("nij,nj->ni", teme_to_gcrs(tdb_seconds(times)), position)
    assert np.linalg.norm(found - expected, axis=1).max() < 1e-5  # 1 cm in geostationary orbit


def test_precession_and_nutation_are_iau_2006_2000a():
    days = np.linspace(-9000.0, 20000.0, 300)
    full = erfa.c2i06a(2451545.0, days)
    # TDB instead of TT, and cubic interpolation: both below 2e-11 rad, 4 microarcseconds.
    assert np.abs(celestial_to_intermediate(days * 86400.0) - full).max() < 2e-11


def test_rotations_are_orthogonal():
    rotation = teme_to_gcrs(np.linspace(0.0, 9e8, 20))
    assert np.abs(rotation @ np.swapaxes(rotation, 1, 2) - np.eye(3)).max() < 1e-14


def test_pole_precesses_by_twenty_arcseconds_a_year():
    century = 36525.0 * 86400.0
    pole = earth_rotation_axis([0.0, century])
    angle = np.degrees(np.arccos(pole[0] @ pole[1])) * 3600.0
    # General precession in declination n = 2004.19"/century (IAU 2006), nutation up to 9" at either end.
    assert angle == pytest.approx(2004.2, abs=20.0)
