"""What a preview shows of a frame: dark noise, visible points, thin trails that outlive the reduction in size."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.frames.stretch import background, colour, reduce_size, tone


def noise(shape, level=1000.0, sigma=12.0):
    return np.random.default_rng(1).normal(level, sigma, shape).round().astype(np.uint16)


def test_the_background_is_measured_under_many_stars():
    image = noise((600, 600))
    stars = np.random.default_rng(2).random(image.shape) < 0.15
    image[stars] += np.random.default_rng(3).exponential(3000.0, image.shape)[stars].astype(np.uint16)
    level, sigma = background(image)
    assert level == pytest.approx(1000.0, abs=6.0)
    assert sigma == pytest.approx(12.0, rel=0.4)


def test_an_empty_frame_stays_dark():
    image = noise((400, 400)).astype(np.float32)
    tones = tone(image, *background(image))
    assert np.median(tones) < 0.25
    assert tones.max() < 0.6  # five sigma in 160 000 pixels is no star


def test_a_constant_frame_is_one_tone():
    image = np.full((50, 70), 1234.0, dtype=np.float32)
    tones = tone(image, *background(image))
    assert np.unique(tones).size == 1
    assert 0.0 <= tones[0, 0] < 0.5


def test_brighter_pixels_are_brighter():
    image = noise((200, 200)).astype(np.float32)
    image[0, :5] = [1000, 1050, 1200, 1400, 60000]
    shown = colour(tone(image, *background(image)))[0, :5].sum(axis=1, dtype=int)
    assert (np.diff(shown) > 0).all()


@pytest.mark.parametrize("shape", [(3000, 2000), (1367, 100), (4096, 4096), (1366, 1366), (5, 3000)])
def test_every_pixel_is_in_one_block(shape):
    image = np.full(shape, 7, dtype=np.uint16)
    reduced, factor = reduce_size(image, 1366)
    assert max(reduced.shape) <= 1366
    assert reduced.shape == tuple(-(-side // factor) for side in shape)
    assert np.allclose(reduced, 7.0)


def test_a_faint_star_and_a_thin_trail_survive_the_reduction():
    image = noise((3000, 3000))
    image[1500:1503, 1200:1203] += 80  # a star of 20 sigma in nine pixels
    image[600, 300:900] += 50  # a trail of four sigma a pixel
    reduced, factor = reduce_size(image, 1000)
    level, sigma = background(reduced)
    assert factor == 3
    assert reduced[499:503, 399:403].max() > level + 8 * sigma
    assert np.median(reduced[200, 100:300]) > level + 2 * sigma
