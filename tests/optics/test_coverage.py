"""Areas of pixels cut by an edge."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyforge.optics.coverage import half_plane_coverage


def test_half_plane_coverage_is_the_clipped_area():
    grid = (np.arange(1000) + 0.5) / 1000 - 0.5
    for degrees in (0, 20, 45, 90, 160):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        for depth in (-0.6, -0.3, 0.0, 0.45, 0.9):
            truth = np.mean(grid[:, None] * s + grid[None, :] * c < depth)
            assert half_plane_coverage(np.array(depth), c, s) == pytest.approx(truth, abs=1e-3)
