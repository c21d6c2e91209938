"""A user's own table, in the formats and with the mistakes that users have."""

from __future__ import annotations

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn, QTable, Table

from skyforge.errors import InputError
from skyforge.stars import read_table

COLUMNS = {"ra": "RAJ2000", "dec": "DEJ2000", "g_mag": "Gmag"}


def plain_table():
    return Table(
        {"RAJ2000": [10.5, 359.5], "DEJ2000": [-45.0, 60.0], "Gmag": [12.5, 9.0], "colour": [0.4, 1.9]}
    )


FORMATS = {
    "stars.ecsv": "ascii.ecsv",
    "stars.csv": "ascii.csv",
    "stars.fits": "fits",
    "stars.vot": "votable",
    "stars.txt": "ascii",
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(tmp_path, name):
    path = tmp_path / name
    plain_table().write(path, format=FORMATS[name])
    stars = read_table(path, {**COLUMNS, "bp_rp": "colour"})
    np.testing.assert_array_equal(stars.ra_deg, [10.5, 359.5])
    np.testing.assert_array_equal(stars.dec_deg, [-45.0, 60.0])
    np.testing.assert_array_equal(stars.g_mag, [12.5, 9.0])
    np.testing.assert_array_equal(stars.bp_rp, [0.4, 1.9])
    np.testing.assert_array_equal(stars.source_id, [1, 2])
    assert stars.catalog == "stars"


def test_units_of_the_columns_are_honoured(tmp_path):
    path = tmp_path / "stars.ecsv"
    QTable(
        {
            "ra": [1.5] * u.hourangle,
            "dec": [0.5] * u.rad,
            "g_mag": [11.0] * u.mag,
            "pm_ra": [0.25] * u.arcsec / u.yr,
            "pm_dec": [-100.0] * u.arcsec / u.Unit("100 yr"),
            "parallax": [0.1] * u.arcsec,
            "id": [1234567890123456789],
        }
    ).write(path)
    stars = read_table(path, {"source_id": "id", "epoch": 2016.0})
    assert stars.ra_deg[0] == pytest.approx(22.5)
    assert stars.dec_deg[0] == pytest.approx(np.degrees(0.5))
    assert stars.pm_ra_mas_yr[0] == pytest.approx(250.0)
    assert stars.pm_dec_mas_yr[0] == pytest.approx(-1000.0)
    assert stars.parallax_mas[0] == pytest.approx(100.0)
    assert stars.source_id[0] == 1234567890123456789
    assert stars.epoch_jyear[0] == 2016.0


def test_sexagesimal_text(tmp_path):
    path = tmp_path / "stars.csv"
    path.write_text("ra,dec,g_mag\n05:34:31.94,+22:00:52.2,16.5\n")
    stars = read_table(path)
    # The Crab pulsar.
    assert stars.ra_deg[0] == pytest.approx(83.63308, abs=1e-5)
    assert stars.dec_deg[0] == pytest.approx(22.01450, abs=1e-5)


def test_what_is_not_known_has_a_default(tmp_path):
    path = tmp_path / "stars.ecsv"
    table = plain_table()
    table["plx"] = MaskedColumn([5.0, 0.0], mask=[False, True])
    table["pm"] = [np.nan, 3.0]
    table.write(path)
    stars = read_table(path, {**COLUMNS, "parallax": "plx", "pm_ra": "pm"})
    np.testing.assert_array_equal(stars.parallax_mas, [5.0, 0.0])
    np.testing.assert_array_equal(stars.pm_ra_mas_yr, [0.0, 3.0])
    np.testing.assert_array_equal(stars.bp_rp, [0.82, 0.82])
    np.testing.assert_array_equal(stars.epoch_jyear, [2000.0, 2000.0])


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"there is no star table .*nowhere\.ecsv"):
        read_table(tmp_path / "nowhere.ecsv", COLUMNS)


def test_a_file_that_is_no_table(tmp_path):
    path = tmp_path / "stars.fits"
    path.write_bytes(b"\x00\x01 this is no FITS file")
    with pytest.raises(InputError, match=r"cannot read the star table .*astropy\.table"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({**COLUMNS, "ra": "RAJ200"}, r"no column 'RAJ200' \(for ra\); did you mean RAJ2000"),
        ({**COLUMNS, "decl": "DEJ2000"}, r"no star column 'decl'; did you mean dec"),
        ({"ra": "RAJ2000", "dec": "DEJ2000"}, r"say which column holds g_mag; did you mean Gmag"),
        ({**COLUMNS, "bp_rp": 0.7}, r"bp_rp must be the name of a column"),
    ],
)
def test_wrong_columns(tmp_path, columns, message):
    path = tmp_path / "stars.ecsv"
    plain_table().write(path)
    with pytest.raises(InputError, match=message):
        read_table(path, columns)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("RAJ2000", [10.0, np.nan], "ra is missing in 1 of 2 rows, first in row 2"),
        ("Gmag", [np.nan, np.nan], "g_mag is missing in 2 of 2 rows, first in row 1"),
        ("DEJ2000", [10.0, 91.0], "dec is 91 deg in row 2"),
        ("Gmag", ["bright", "faint"], "'Gmag' cannot be used as g_mag"),
        ("DEJ2000", [1.0, 2.0] * u.m, "'DEJ2000' cannot be used as dec"),
    ],
)
def test_wrong_values(tmp_path, column, values, message):
    path = tmp_path / "stars.ecsv"
    table = plain_table()
    table[column] = values
    table.write(path)
    with pytest.raises(InputError, match=message):
        read_table(path, COLUMNS)
