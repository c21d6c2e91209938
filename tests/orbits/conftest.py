"""What the tests of `skyforge.orbits` share."""

from __future__ import annotations

from pathlib import Path

import pytest
from astropy.time import Time

from skyforge.orbits import tdb_seconds
from skyforge.orbits.timescales import quiet_future

_TRUTH = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def truth():
    """Return the path of a file of independent truth, or skip the test."""

    def path(name: str) -> Path:
        if not (_TRUTH / name).is_file():
            pytest.skip(f"independent truth {name} is not beside this checkout")
        return _TRUTH / name

    return path


@pytest.fixture(scope="session")
def tdb():
    """Return TDB seconds since J2000.0 of a UTC calendar time."""

    def seconds(text: str) -> float:
        with quiet_future():
            return float(tdb_seconds(Time(text, scale="utc")))

    return seconds
