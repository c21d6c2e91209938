"""Star tables are chosen from and joined without mixing rows."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.stars import StarTable, concatenate, gaia_bright_cone, select, synthetic_cone


def test_joined_tables_keep_their_stars_in_order():
    real, drawn = gaia_bright_cone(80.0, 20.0, 2.0), synthetic_cone(80.0, 20.0, 1.0, 10.0, 15.0)
    both = concatenate([real, drawn])
    assert len(both) == len(real) + len(drawn)
    assert both.catalog == "gaia-bright+synthetic"
    np.testing.assert_array_equal(both.g_mag[len(real) :], drawn.g_mag)
    np.testing.assert_array_equal(select(both, slice(0, len(real))).source_id, real.source_id)
    assert len(np.unique(both.source_id)) == len(both)


def test_nothing_joined_is_an_empty_table():
    assert len(concatenate([])) == 0


def test_unequal_columns_are_refused():
    short, long = np.zeros(2), np.zeros(3)
    with pytest.raises(ValueError, match="common length"):
        StarTable(np.arange(3), short, long, long, long, long, long, long, long)
