"""Labels lie inside the picture, apart from each other, and beside what they name."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyforge.frames.labels import Box, place_labels

AREA = Box(0.0, 0.0, 1000.0, 800.0)
PLACE = st.tuples(st.floats(0.0, 1000.0), st.floats(0.0, 800.0))
SIZE = st.tuples(st.floats(20.0, 160.0), st.floats(10.0, 40.0))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PLACE, SIZE), min_size=1, max_size=20))
def test_labels_never_overlap_nor_leave_the_picture(marks):
    anchors, sizes = (np.array(values) for values in zip(*marks, strict=True))
    boxes = [box for box in place_labels(anchors, sizes, AREA, anchors, 16.0) if box is not None]
    assert all(box.inside(AREA) for box in boxes)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_a_lone_label_is_beside_its_mark_and_does_not_cover_it():
    (box,) = place_labels(
        np.array([[500.0, 400.0]]), np.array([[100.0, 30.0]]), AREA, np.array([[500.0, 400.0]]), 16.0
    )
    assert box is not None
    nearest = np.array([np.clip(500.0, box.left, box.right), np.clip(400.0, box.bottom, box.top)])
    assert 10.0 < np.hypot(*(nearest - (500.0, 400.0))) < 25.0


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1000.0, 0.0), (0.0, 800.0), (1000.0, 800.0)])
def test_a_mark_in_a_corner_still_gets_a_label(corner):
    (box,) = place_labels(np.array([corner]), np.array([[100.0, 30.0]]), AREA, np.array([corner]), 16.0)
    assert box is not None


def test_a_label_larger_than_the_picture_is_left_out():
    assert place_labels(
        np.array([[10.0, 10.0]]), np.array([[2000.0, 30.0]]), AREA, np.zeros((0, 2)), 16.0
    ) == [None]
