"""Tracks follow a path as closely as they say, with as few pieces as that takes."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.simulate.tracks import Tracks, segments_needed, straight_pieces, trace


def circle(radius_px: float, turn_rad: float):
    """A source that runs along an arc during one second."""

    def path(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        angle = turn_rad * t[:, None]
        return radius_px * np.cos(angle), radius_px * np.sin(angle)

    return path


def line(rate_px: float):
    def path(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return rate_px * t[:, None], 3.0 + 0.0 * t[:, None]

    return path


def test_what_stands_still_is_one_point() -> None:
    assert segments_needed(line(5e-4), 0.0, 1.0) == 0
    tracks = trace(line(5e-4), 0.0, 1.0, 0)
    assert tracks.x.shape == (1, 1)
    assert tracks.segments == 1


def test_uniform_motion_is_one_segment() -> None:
    assert segments_needed(line(500.0), 0.0, 1.0) == 1


@pytest.mark.parametrize(
    ("radius_px", "turn_rad"), [(100.0, 0.1), (2000.0, 0.02), (2900.0, 0.3), (50.0, 3.0)]
)
def test_no_source_is_farther_from_its_segment_than_a_hundredth_of_a_pixel(
    radius_px: float, turn_rad: float
) -> None:
    path = circle(radius_px, turn_rad)
    count = segments_needed(path, 0.0, 1.0)
    tracks = trace(path, 0.0, 1.0, count)
    t = np.linspace(0.0, 1.0, 2001)
    true_x, true_y = path(t)
    node = np.linspace(0.0, 1.0, count + 1)
    drawn_x, drawn_y = np.interp(t, node, tracks.x[:, 0]), np.interp(t, node, tracks.y[:, 0])
    assert np.hypot(drawn_x - true_x[:, 0], drawn_y - true_y[:, 0]).max() < 0.01
    assert count < 10 * np.sqrt(radius_px * turn_rad**2 / 8.0 / 0.005) / 10 + 3


def test_the_middle_of_a_track_is_where_the_source_is_at_half_time() -> None:
    for count in (0, 1, 2, 5):
        tracks = trace(circle(80.0, 1.0), 0.0, 1.0, count)
        assert tracks.x_mid[0] == pytest.approx(80.0 * np.cos(0.5))
        assert tracks.y_mid[0] == pytest.approx(80.0 * np.sin(0.5))


def test_pieces_of_each_source_follow_each_other() -> None:
    x = np.array([[0.0, 10.0], [1.0, 11.0], [2.0, 12.0]])
    tracks = Tracks(x, x + 0.5, x[1], x[1] + 0.5)
    x_start, _, x_end, y_end = straight_pieces(tracks)
    np.testing.assert_array_equal(x_start, [0.0, 1.0, 10.0, 11.0])
    np.testing.assert_array_equal(x_end, [1.0, 2.0, 11.0, 12.0])
    np.testing.assert_array_equal(y_end, x_end + 0.5)


def test_what_is_behind_the_camera_asks_for_no_segments() -> None:
    def path(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.full((t.size, 1), np.nan), np.full((t.size, 1), np.nan)

    assert segments_needed(path, 0.0, 1.0) == 0
