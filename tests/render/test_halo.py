"""Wings of bright stars: no seam between stamps and halo, no visible square."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from render_kinds import FUNCTIONS
from render_oracle import point_image

from skyforge import render

WINGED = ["moffat 2.5", "moffat 4", "airy 2, obstructed", "airy 0.5, obstructed"]


def _profile(image, x, y, radii):
    distance = np.hypot(np.arange(image.shape[1]) - x, np.arange(image.shape[0])[:, None] - y)
    which = np.digitize(distance, radii)
    return np.array([image[which == i].mean() for i in range(1, len(radii))])


@pytest.mark.parametrize("name", WINGED)
@pytest.mark.parametrize("electrons", [1e8, 1e9])
def test_the_radial_profile_follows_the_function(name, electrons, bank):
    shape, x, y = (361, 361), 180.4, 179.7
    image = render.expected_image(render.Sources.points([x], [y], [electrons]), bank(name), shape).astype(
        np.float64
    )
    truth = electrons * point_image(FUNCTIONS[name], x, y, shape)
    radii = np.concatenate([np.arange(6.0, 30.0, 2.0), np.arange(30.0, 174.0, 8.0)])
    drawn, expected = _profile(image, x, y, radii), _profile(truth, x, y, radii)
    # Within 4 % of the local level, or a tenth of an electron, whichever is more. Beyond 110 px, where the coarsest
    # grid takes over and the light that belongs beyond 512 px is put back, 30 %.
    tolerance = np.where(radii[:-1] < 110.0, 0.04, 0.3)
    assert np.all(np.abs(drawn - expected) <= tolerance * expected + 0.1)


@pytest.mark.parametrize("name", WINGED)
def test_no_square_shows(name, bank):
    # Along a circle, light at the stamps' corners and edges is the same for a round function.
    x = y = 200.0
    image = render.expected_image(render.Sources.points([x], [y], [1e8]), bank(name), (401, 401)).astype(
        np.float64
    )
    offsets = np.arange(401) - x
    distance, direction = np.hypot(offsets, offsets[:, None]), np.arctan2(offsets[:, None], offsets)
    # Rings at which stamps of 16, 32, 64 and 128 px end, and between.
    for radius in (10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 125.0):
        ring = np.abs(distance - radius) < 2.0
        level = image[ring].mean()
        if level < 0.5:
            break
        fourfold = np.abs((image[ring] * np.exp(4j * direction[ring])).mean()) / level
        # The pixels' own squareness stays below 4 %; a stamp's corners would not.
        assert fourfold < 0.04, radius


def test_a_faint_star_near_a_bright_one_changes_nothing_else(bank):
    bright = render.Sources.points([100.0], [100.0], [1e8])
    both = render.Sources.points([100.0, 160.0], [100.0, 160.0], [1e8, 50.0])
    difference = render.expected_image(both, bank("airy 2, obstructed"), (256, 256)).astype(
        np.float64
    ) - render.expected_image(bright, bank("airy 2, obstructed"), (256, 256))
    assert difference[120:200, 120:200].sum() == pytest.approx(50.0, rel=0.05)  # the rest is in the halo
    assert difference.min() > -0.05


@pytest.mark.parametrize("name", WINGED[:3])
def test_halo_light_falls_smoothly_across_brightness_classes(name, bank):
    # Sources of a little more light must not look different: per electron, images a factor 1.3 apart agree.
    images = []
    for electrons in 1e3 * 1.3 ** np.arange(0, 40, 3):
        image = render.expected_image(
            render.Sources.points([64.3], [63.8], [electrons]), bank(name), (128, 128)
        )
        images.append((electrons, image / electrons))
    for (electrons, one), (_, other) in pairwise(images):
        # A class may misplace 0.1 e- in a pixel; float32 sums of the brightest carry their own rounding.
        assert np.abs(one - other).max() <= 0.25 / electrons + 2e-7
