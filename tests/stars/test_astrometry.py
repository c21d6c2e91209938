"""Space motion and parallax against ERFA and astropy."""

from __future__ import annotations

import astropy.units as u
import erfa
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.time import Time

from skyforge.stars import StarTable, astrometric_directions, gaia_bright_cone, synthetic_cone
from skyforge.stars.galactic import unit_vectors

YEAR_S = 365.25 * 86400.0
AU_KM = 149597870.7
# Barnard's star, Proxima and Groombridge 1830 (Gaia DR3), a fast star at the pole, one that stands still.
STARS = {
    "ra_deg": [269.448503, 217.392321, 178.248, 37.9, 10.0],
    "dec_deg": [4.739420, -62.676075, 37.7024, 89.99, -20.0],
    "pm_ra_mas_yr": [-801.551, -3781.741, 4002.567, 3000.0, 0.0],
    "pm_dec_mas_yr": [10362.394, 769.465, -5817.802, -3000.0, 0.0],
    "parallax_mas": [546.976, 768.067, 109.030, 50.0, 0.0],
}
RADIAL_VELOCITY_KM_S = np.array([-110.5, -22.2, -98.0, 10.0, 0.0])


@pytest.fixture
def table():
    count = len(STARS["ra_deg"])
    columns = {name: np.array(values) for name, values in STARS.items()}
    return StarTable(
        source_id=np.arange(count),
        epoch_jyear=np.full(count, 2016.0),
        g_mag=np.full(count, 10.0),
        bp_rp=np.full(count, 1.0),
        **columns,
    )


def angle(a, b):
    return 2.0 * np.arcsin(np.linalg.norm(a - b, axis=-1) / 2.0)


@pytest.mark.parametrize("radial", [np.zeros(5), RADIAL_VELOCITY_KM_S])
@pytest.mark.parametrize("year", [1991.25, 2016.0, 2030.3, 2100.0])
def test_agrees_with_erfa(table, year, radial):
    observer_au = np.array([0.6, -0.75, -0.3])
    ours = astrometric_directions(table, (year - 2000.0) * YEAR_S, observer_au * AU_KM, radial)
    ra, dec = np.radians(table.ra_deg), np.radians(table.dec_deg)
    truth = erfa.pmpx(
        ra,
        dec,
        np.radians(table.pm_ra_mas_yr / 3.6e6) / np.cos(dec),
        np.radians(table.pm_dec_mas_yr / 3.6e6),
        table.parallax_mas / 1000.0,
        radial,
        year - 2016.0,
        observer_au,
    )
    assert angle(ours, truth).max() < 1e-12


def test_agrees_with_astropy_space_motion(table):
    # From the barycentre, so that only proper motion is left.
    ours = astrometric_directions(table, 30.0 * YEAR_S, np.zeros(3))
    coordinates = SkyCoord(
        table.ra_deg * u.deg,
        table.dec_deg * u.deg,
        pm_ra_cosdec=table.pm_ra_mas_yr * u.mas / u.yr,
        pm_dec=table.pm_dec_mas_yr * u.mas / u.yr,
        obstime=Time(2016.0, format="jyear", scale="tdb"),
    ).apply_space_motion(Time(2030.0, format="jyear", scale="tdb"))
    truth = unit_vectors(coordinates.ra.deg, coordinates.dec.deg)
    assert angle(ours, truth).max() < 1e-9


def test_parallax_moves_a_star_away_from_the_observer(table):
    here = astrometric_directions(table, 16.0 * YEAR_S, np.zeros(3))
    east = np.cross([0.0, 0.0, 1.0], here[1])
    east /= np.linalg.norm(east)
    shifted = astrometric_directions(table, 16.0 * YEAR_S, east * AU_KM)
    # Proxima seen from 1 au to the east: 0.768 arcsec to the west.
    assert angle(here[1], shifted[1]) == pytest.approx(np.radians(0.768067 / 3600.0), rel=1e-4)
    assert (shifted[1] - here[1]) @ east < 0.0


def test_barnard_of_the_catalogue_is_where_it_was_in_2000():
    star = gaia_bright_cone(269.4485, 4.7394, 0.005)
    direction = astrometric_directions(star, 0.0, np.zeros(3))
    # SIMBAD, J2000: 17 57 48.49847 +04 41 36.1139; the motions are stored to 1/32 mas.
    truth = SkyCoord("17h57m48.49847s", "+04d41m36.1139s")
    expected = unit_vectors(np.array([truth.ra.deg]), np.array([truth.dec.deg]))
    assert np.degrees(angle(direction, expected)) * 3600.0 < 0.005


def test_stars_without_motion_keep_their_places():
    stars = synthetic_cone(10.0, 20.0, 1.0, 10.0, 16.0)
    moved = astrometric_directions(stars, 30.0 * YEAR_S, np.array([AU_KM, 0.0, 0.0]))
    np.testing.assert_array_equal(moved, unit_vectors(stars.ra_deg, stars.dec_deg))
