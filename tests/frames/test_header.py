"""The cards of an observation: standard names, values in UTC, a comment on each, nothing of the wall clock."""

from __future__ import annotations

import warnings

import pytest
from astropy.coordinates import EarthLocation
from astropy.io import fits
from astropy.time import Time, TimeDelta
from astropy.wcs import WCS

from skyforge.frames.fits import wcs_header
from skyforge.frames.header import ObserverState, ascii_text

PARANAL = EarthLocation.from_geodetic(-70.4028, -24.6272, 2635.0, ellipsoid="WGS84")
PARANAL_ITRS_M = tuple(float(axis.to_value("m")) for axis in PARANAL.geocentric)


def test_times_are_utc_whatever_scale_they_come_in(headers):
    begin = Time("2024-03-01T00:00:00", scale="utc")
    header = headers(begin=begin.tdb, mid=(begin + TimeDelta(1.0, format="sec")).tai, exposure_s=2.0)
    assert header["TIMESYS"] == "UTC"
    assert header["DATE-BEG"] == "2024-03-01T00:00:00.000000"
    assert header["DATE-AVG"] == "2024-03-01T00:00:01.000000"
    assert header["MJD-AVG"] == pytest.approx(60370.0 + 1.0 / 86400.0, abs=1e-10)
    assert header["MJD-END"] - header["MJD-BEG"] == pytest.approx(2.0 / 86400.0, abs=1e-10)


def test_a_time_far_ahead_needs_no_warning(headers):
    begin = Time(62561.0, format="mjd", scale="tdb")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        header = headers(begin=begin, mid=begin, end=begin)
    assert header["DATE-BEG"].startswith("2030-02-28T23:58:5")


def test_every_card_has_a_comment_and_a_standard_keyword(headers):
    header = headers(
        observer=ObserverState("site", [1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 2, 3], PARANAL_ITRS_M)
    )
    assert all(card.comment for card in header.cards)
    assert all(len(card.keyword) <= 8 and len(card.image) == 80 for card in header.cards)
    fits.PrimaryHDU(header=header).verify("exception")


def test_the_numbers_of_the_camera_are_what_a_reduction_expects(headers):
    header = headers()
    assert (header["GAIN"], header["RDNOISE"], header["SATURATE"], header["BUNIT"]) == (
        1.5,
        2.25,
        65535.0,
        "adu",
    )
    assert (header["EXPTIME"], header["SEED"], header["FRAMENO"]) == (2.0, 17, 3)
    assert header.comments["GAIN"].startswith("[electron/adu]")
    assert "DARKCUR" not in header  # unknown: no card rather than a wrong one


def test_a_spacecraft_has_a_state_and_no_place_on_the_ground(headers):
    header = headers()
    assert [header[f"BARYPOS{axis}"] for axis in "XYZ"] == [1.2e8, -8.5e7, -3.7e7]
    assert header.comments["BARYVELX"].startswith("[km/s]")
    assert not [keyword for keyword in header if keyword.startswith("OBSGEO")]


def test_a_ground_site_is_read_back_by_astropy_where_it_is(headers, frame):
    header = headers(observer=ObserverState("Paranal", [1, 2, 3], [4, 5, 6], site_itrs_m=PARANAL_ITRS_M))
    header.update(wcs_header(frame.wcs))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert WCS(header).wcs.obsgeo[:3] == pytest.approx(PARANAL_ITRS_M, abs=1e-3)
    # The cards' ellipsoid of 1976 differs from WGS84 by metres.
    assert header["OBSGEO-B"] == pytest.approx(-24.6272, abs=1e-5)
    assert header["OBSGEO-L"] == pytest.approx(-70.4028, abs=1e-9)
    assert header["OBSGEO-H"] == pytest.approx(2635.0, abs=5.0)


def test_the_same_values_make_the_same_cards(headers):
    assert headers().tostring() == headers().tostring()


def test_names_in_any_script_become_ascii(headers):
    assert ascii_text("Köln–Ångström") == "Koln?Angstrom"
    assert headers(object_name="КазСат-3")["OBJECT"] == "??????-3"


@pytest.mark.parametrize("length", [20, 45, 60, 66, 67, 68, 120])
def test_long_names_are_kept_whole_without_a_warning(headers, length):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        header = headers(scenario="x" * length)
        back = fits.Header.fromstring(header.tostring())
    assert back["SCENARIO"] == "x" * length


def test_further_cards_can_be_given(headers):
    header = headers(extra={"SUNANGLE": (95.5, "[deg] angle between pointing and Sun")})
    assert header["SUNANGLE"] == 95.5
