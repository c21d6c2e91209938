from __future__ import annotations

import numpy as np
import pytest
from astropy.time import Time
from astropy.utils import iers

from skyforge.orbits import tdb_seconds, utc_time, work_offline
from skyforge.orbits.timescales import quiet_future, tdb_calendar_date, tdb_calendar_time


def test_j2000_epoch_is_zero():
    assert tdb_seconds(Time(2451545.0, format="jd", scale="tdb")) == 0.0


def test_utc_is_behind_tdb_by_leap_seconds_and_terrestrial_offset():
    # 37 leap seconds since 2017 and TT - TAI = 32.184 s; TDB and TT differ by at most 2 ms.
    noon = Time("2022-01-01T12:00:00", scale="utc")
    since_j2000_in_utc_days = (noon.jd1 - 2451545.0) + noon.jd2
    assert tdb_seconds(noon) - since_j2000_in_utc_days * 86400.0 == pytest.approx(69.184, abs=0.002)


def test_a_leap_second_is_a_second_long():
    before, after = Time(["2016-12-31T23:59:59", "2017-01-01T00:00:00"], scale="utc")
    assert tdb_seconds(after) - tdb_seconds(before) == pytest.approx(2.0, abs=1e-6)


def test_utc_comes_back_within_the_resolution_of_float64():
    with quiet_future():
        times = Time(["1999-03-01T05:06:07.125", "2030-03-01T00:00:00", "2049-12-31T23:59:59.5"], scale="utc")
    assert np.abs(tdb_seconds(utc_time(tdb_seconds(times))) - tdb_seconds(times)).max() <= 2.4e-7


def test_time_keeps_its_shape():
    assert isinstance(tdb_seconds(Time("2020-01-01")), float)
    assert tdb_seconds(Time(["2020-01-01", "2020-01-02"])).shape == (2,)


def test_astropy_is_told_never_to_download():
    work_offline()
    assert iers.conf.auto_download is False
    assert iers.conf.auto_max_age is None


def test_epochs_are_written_as_people_read_them():
    assert tdb_calendar_date(0.0) == "2000-01-01"
    assert tdb_calendar_date(1e11).startswith("5168")
    assert tdb_calendar_time(0.0) == "2000-01-01T11:58:55Z"  # TT - UTC was 64.184 s
