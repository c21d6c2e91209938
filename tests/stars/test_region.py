"""Polygons and cones on the sky against plain geometry."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.stars import Cone, Polygon, synthetic_stars
from skyforge.stars.galactic import unit_vectors


def square(ra_deg: float, dec_deg: float, half_deg: float) -> Polygon:
    ra = ra_deg + half_deg / np.cos(np.radians(dec_deg)) * np.array([-1.0, 1.0, 1.0, -1.0])
    dec = dec_deg + half_deg * np.array([-1.0, -1.0, 1.0, 1.0])
    return Polygon(unit_vectors(ra, dec))


@pytest.mark.parametrize(("ra_deg", "dec_deg"), [(10.0, 0.0), (359.9, 30.0), (120.0, -60.0)])
@pytest.mark.parametrize("turn", [1, -1])
def test_a_polygon_holds_the_stars_of_a_cone_that_lie_within_its_sides(ra_deg, dec_deg, turn) -> None:
    polygon = Polygon(square(ra_deg, dec_deg, 0.5).corners[::turn])
    inside = synthetic_stars(polygon, 10.0, 17.0)
    around = synthetic_stars(Cone(ra_deg, dec_deg, 1.0), 10.0, 17.0)
    chosen = polygon.contains(unit_vectors(around.ra_deg, around.dec_deg))
    assert 0 < chosen.sum() < len(around)
    np.testing.assert_array_equal(np.sort(inside.source_id), np.sort(around.source_id[chosen]))


def test_a_polygon_s_share_of_the_sky_is_its_share_of_random_directions() -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(400_000, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    octant = Polygon(np.eye(3))
    assert octant.contains(vectors).mean() == pytest.approx(1.0 / 8.0, abs=0.003)


@pytest.mark.parametrize(
    "corners",
    [np.eye(3)[:2], np.zeros((4, 3)), np.array([[1, 0, 0], [0, 1, 0], [-1, -1, 0.01], [0.5, 0.5, 0.7]])],
)
def test_what_is_no_convex_polygon_is_refused(corners: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"polygon"):
        Polygon(corners)
