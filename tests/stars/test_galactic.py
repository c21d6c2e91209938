"""Galactic coordinates against astropy."""

from __future__ import annotations

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord

from skyforge.stars.galactic import galactic_from_icrf, icrf_from_galactic


def test_agrees_with_astropy():
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0.0, 360.0, 500), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 500)))
    truth = SkyCoord(ra * u.deg, dec * u.deg).galactic
    l_deg, b_deg = galactic_from_icrf(ra, dec)
    ours = SkyCoord(l_deg * u.deg, b_deg * u.deg, frame="galactic")
    # astropy rotates FK5 axes by rounded angles; 0.03 arcsec is far below any use of galactic coordinates.
    assert ours.separation(truth).max() < 0.03 * u.arcsec


def test_there_and_back():
    l_deg, b_deg = np.array([0.0, 123.0, 359.9]), np.array([-89.0, 0.0, 45.0])
    back = galactic_from_icrf(*icrf_from_galactic(l_deg, b_deg))
    np.testing.assert_allclose(back, (l_deg, b_deg), atol=1e-11)
