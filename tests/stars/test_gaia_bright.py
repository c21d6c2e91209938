"""The embedded catalogue against stars that everybody knows and against independent counts of Gaia DR3."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.stars import gaia_bright_cone, gaia_bright_info, galactic_from_icrf

# Gaia DR3: position at J2016.0, G, BP − RP; Sirius and Vega: Hipparcos, carried to J2016.0 by proper motion.
KNOWN = {
    "Barnard's star": (269.448503, 4.739420, 8.194, 2.834),
    "Proxima Centauri": (217.392321, -62.676075, 8.985, 3.805),
    "61 Cygni A": (316.748479, 38.763862, 4.767, 1.463),
    "61 Cygni B": (316.753663, 38.756073, 5.451, 1.715),
    "Lalande 21185": (165.830959, 35.948653, 6.551, 2.216),
    "Sirius": (101.284622, -16.721552, -1.11, 0.0),
    "Vega": (279.235880, 38.784961, 0.07, 0.0),
}


@pytest.fixture(scope="module")
def whole_sky():
    return gaia_bright_cone(0.0, 0.0, 180.0)


@pytest.mark.parametrize("name", KNOWN)
def test_known_stars_are_where_they_are(name):
    ra, dec, g_mag, bp_rp = KNOWN[name]
    # Two arcseconds: the places above are to 4 mas, the circle must not take in a neighbour.
    found = gaia_bright_cone(ra, dec, 2.0 / 3600.0)
    assert len(found) == 1
    assert abs(found.ra_deg[0] - ra) * np.cos(np.radians(dec)) * 3600.0 < 0.01
    assert abs(found.dec_deg[0] - dec) * 3600.0 < 0.01
    assert found.g_mag[0] == pytest.approx(g_mag, abs=0.005)
    assert found.bp_rp[0] == pytest.approx(bp_rp, abs=0.02)
    assert found.epoch_jyear[0] == 2016.0


def test_fast_stars_move_and_the_others_stand():
    barnard = gaia_bright_cone(269.4485, 4.7394, 0.01)
    # Gaia DR3: -801.551, 10362.394 mas/yr, 546.976 mas; stored to 1/16 mas.
    assert barnard.pm_ra_mas_yr[0] == pytest.approx(-801.551, abs=0.04)
    assert barnard.pm_dec_mas_yr[0] == pytest.approx(10362.394, abs=0.04)
    assert barnard.parallax_mas[0] == pytest.approx(546.976, abs=0.04)


def test_the_catalogue_has_every_star(whole_sky):
    assert np.count_nonzero(whole_sky.source_id > 0) == 482106
    assert np.count_nonzero(whole_sky.source_id < 0) == 70
    assert len(np.unique(whole_sky.source_id)) == len(whole_sky)
    assert whole_sky.g_mag.max() < 10.0
    assert np.all(np.isfinite(whole_sky.bp_rp))


@pytest.mark.parametrize("g_limit", [6, 8, 9, 10])
def test_counts_per_cell_are_those_of_gaia(whole_sky, counted_cells, g_limit):
    l_deg, b_deg = galactic_from_icrf(whole_sky.ra_deg, whole_sky.dec_deg)
    # The counts are of Gaia alone.
    chosen = (whole_sky.g_mag < g_limit) & (whole_sky.source_id > 0)
    found = np.array(
        [np.count_nonzero(chosen & counted_cells.inside(i, l_deg, b_deg)) for i in range(len(counted_cells))]
    )
    expected = counted_cells.counts(g_limit) * counted_cells.area_deg2()
    # The table is rounded to four digits.
    assert np.all(np.abs(found - expected) <= 0.1 + 5.1e-4 * expected)


@pytest.mark.parametrize(
    ("ra", "dec", "radius"),
    [(0.0, 0.0, 3.0), (359.9, 60.0, 5.0), (45.0, 90.0, 4.0), (10.0, -89.5, 2.0), (200.0, 30.0, 70.0)],
)
def test_a_cone_holds_what_the_whole_sky_has_there(whole_sky, ra, dec, radius):
    cone = gaia_bright_cone(ra, dec, radius, 8.5)
    separation = _separation_deg(whole_sky.ra_deg, whole_sky.dec_deg, ra, dec)
    expected = whole_sky.source_id[(separation <= radius) & (whole_sky.g_mag < 8.5)]
    assert set(cone.source_id.tolist()) == set(expected.tolist())


def _separation_deg(ra_deg, dec_deg, ra0_deg, dec0_deg):
    """Vincenty's formula."""
    ra, dec, ra0, dec0 = np.radians(ra_deg), np.radians(dec_deg), np.radians(ra0_deg), np.radians(dec0_deg)
    across = np.hypot(
        np.cos(dec) * np.sin(ra - ra0),
        np.cos(dec0) * np.sin(dec) - np.sin(dec0) * np.cos(dec) * np.cos(ra - ra0),
    )
    along = np.sin(dec0) * np.sin(dec) + np.cos(dec0) * np.cos(dec) * np.cos(ra - ra0)
    return np.degrees(np.arctan2(across, along))


def test_the_catalogue_says_what_it_is():
    info = gaia_bright_info()
    assert info.stars == 482176
    assert info.gaia_stars == 482106
    assert info.g_limit == 10.0
    assert info.epoch_jyear == 2016.0
    assert info.licence == "CC BY-SA 3.0 IGO"
    assert info.size_bytes <= 15e6


@pytest.mark.parametrize(
    ("ra", "dec", "radius", "message"),
    [(0.0, 91.0, 1.0, "declination"), (0.0, 0.0, 0.0, "radius"), (np.nan, 0.0, 1.0, "right ascension")],
)
def test_a_cone_off_the_sky_is_refused(ra, dec, radius, message):
    with pytest.raises(InputError, match=message):
        gaia_bright_cone(ra, dec, radius)
