"""Trails of different numbers of pieces: what of them lies on a frame, and what they add up to."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.simulate.trails import crosses, trails

SHAPE = (10, 20)


def three():
    """A point, a trail across the frame in two pieces, and one far away."""
    point = (np.array([0]), np.array([[5.0]]), np.array([[5.0]]))
    across = (np.array([1]), np.array([[-10.0], [10.0], [30.0]]), np.array([[5.0], [5.0], [5.0]]))
    away = (np.array([2]), np.array([[100.0]]), np.array([[5.0]]))
    return trails([point, away, across], np.array([5.0, 10.0, 100.0]), np.array([5.0, 5.0, 5.0]))


def test_trails_are_laid_one_after_the_other() -> None:
    made = three()
    np.testing.assert_array_equal(made.first, [0, 1, 3, 4])
    np.testing.assert_array_equal(made.length_px(), [0.0, 40.0, 0.0])
    np.testing.assert_array_equal(made.sums(np.array([1.0, 2.0, 3.0, 4.0])), [1.0, 5.0, 4.0])
    x_start, _, x_end, _ = made.ends()
    np.testing.assert_array_equal(x_start, [5.0, -10.0, 100.0])
    np.testing.assert_array_equal(x_end, [5.0, 30.0, 100.0])


def test_what_lies_on_the_frame() -> None:
    touches, cut = three().on_frame(SHAPE)
    np.testing.assert_array_equal(touches, [True, True, False])
    np.testing.assert_array_equal(cut, [False, True, False])
    np.testing.assert_array_equal(three().distance_from_frame_px(SHAPE), [0.0, 0.0, 80.5])


def test_no_trails_are_no_trouble() -> None:
    none = trails([], np.zeros(0), np.zeros(0))
    assert none.length_px().size == none.distance_from_frame_px(SHAPE).size == 0


@pytest.mark.parametrize(("y", "meets"), [(4.0, True), (9.4, True), (9.6, False), (-0.6, False)])
def test_a_level_line_meets_the_frame_where_its_rows_are(y: float, meets: bool) -> None:
    found = crosses(SHAPE, np.array([-50.0]), np.array([y]), np.array([50.0]), np.array([y]))
    assert bool(found[0]) is meets


def test_lines_against_many_points_of_them() -> None:
    random = np.random.default_rng(3)
    ends = random.uniform(-30.0, 40.0, (4, 400))
    found = crosses(SHAPE, *ends)
    fraction = np.linspace(0.0, 1.0, 20_001)[:, None]
    x, y = ends[0] + fraction * (ends[2] - ends[0]), ends[1] + fraction * (ends[3] - ends[1])
    inside = ((x >= -0.5) & (x <= 19.5) & (y >= -0.5) & (y <= 9.5)).any(axis=0)
    assert np.mean(found != inside) < 0.005  # corners cut by less than a sample
