from datetime import UTC, datetime, timedelta, timezone

import pytest
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from skyforge.scenario.utc import Utc, parse_utc, utc_text

ADAPTER = TypeAdapter(Utc)


@given(st.integers(2 * 365 * 86400, 180 * 365 * 86400), st.integers(0, 10**9 - 1))
def test_an_instant_survives_being_written_and_read_to_the_nanosecond(seconds, nanoseconds):
    text = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"
    time = parse_utc(text)
    again = parse_utc(utc_text(time))
    assert (again.jd1, again.jd2) == (time.jd1, time.jd2)
    assert utc_text(time) == text.rstrip("0Z").rstrip(".") + "Z" or nanoseconds == 0


@pytest.mark.parametrize(
    "value",
    [
        "2030-03-01T00:00:00Z",
        "2030-03-01T00:00:00",
        "2030-03-01 00:00",
        "2030-03-01",
        "2030-03-01T00:00:00.000+00:00",
        datetime(2030, 3, 1, tzinfo=UTC),
        datetime(2030, 3, 1, 5, tzinfo=timezone(timedelta(hours=5))),
        Time("2030-03-01T00:00:00", scale="utc"),
    ],
)
def test_the_same_instant_in_many_spellings(value):
    time = ADAPTER.validate_python(value)
    assert time.scale == "utc"
    assert utc_text(time) == "2030-03-01T00:00:00Z"


def test_a_leap_second_is_an_instant():
    assert utc_text(parse_utc("2016-12-31T23:59:60.5Z")) == "2016-12-31T23:59:60.5Z"


@pytest.mark.parametrize(
    "value",
    ["tomorrow", "2030-13-01", "2030-02-30T00:00:00Z", "2030-03-01T05:00:00+05:00", 2030, "12:00", None],
)
def test_what_is_no_instant_is_refused(value):
    with pytest.raises(
        ValidationError, match="must be a UTC instant in ISO 8601 such as 2030-03-01T00:00:00Z"
    ):
        ADAPTER.validate_python(value)
