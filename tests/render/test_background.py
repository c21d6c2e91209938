"""Backgrounds: numbers, maps, and coarse grids."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import render
from skyforge.errors import InputError

EMPTY = render.Sources.points([], [], [])


def _drawn(background, shape, bank):
    return render.expected_image(EMPTY, bank("gaussian 1"), shape, background)


def test_a_map_is_taken_as_it_is(bank):
    light = np.random.default_rng(1).uniform(0.0, 100.0, (75, 131)).astype(np.float32)
    np.testing.assert_array_equal(_drawn(light, light.shape, bank), light)


def test_a_coarse_grid_spans_the_frame_corner_to_corner(bank):
    grid = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    image = _drawn(render.CoarseBackground(grid), (101, 201), bank)
    assert image[0, 0] == 1.0
    assert image[0, -1] == 4.0
    assert image[-1, 0] == 8.0
    assert image[-1, -1] == 32.0
    assert image[0, 100] == 2.0
    assert image[50, 50] == pytest.approx((1.0 + 2.0 + 8.0 + 16.0) / 4.0, rel=1e-6)


def test_a_coarse_grid_is_exact_for_a_bilinear_sky(bank):
    def sky(x, y):
        return 5.0 + 0.3 * x + 0.7 * y + 0.01 * x * y

    shape = (83, 97)
    x, y = np.linspace(0.0, 96.0, 5), np.linspace(0.0, 82.0, 4)
    image = _drawn(render.CoarseBackground(sky(x[None, :], y[:, None])), shape, bank)
    exact = sky(np.arange(97.0)[None, :], np.arange(83.0)[:, None])
    np.testing.assert_allclose(image, exact, rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (1, 70), (64, 1)])
def test_tiny_frames_work(shape, bank):
    assert _drawn(render.CoarseBackground(np.full((2, 2), 3.0)), shape, bank).shape == shape


@pytest.mark.parametrize(
    "background",
    [-1.0, np.nan, np.inf, np.ones((3, 4), np.float32), np.full((20, 30), np.nan, np.float32), "bright"],
)
def test_bad_backgrounds_are_refused(background, bank):
    with pytest.raises(InputError, match="background"):
        _drawn(background, (20, 30), bank)


def test_bad_grids_are_refused():
    with pytest.raises(InputError, match="2 x 2"):
        render.CoarseBackground(np.ones((1, 5)))
    with pytest.raises(InputError, match="negative"):
        render.CoarseBackground(np.array([[1.0, -1.0], [0.0, 0.0]]))
