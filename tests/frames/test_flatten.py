"""Pictures of a sky that is brighter on one side."""

from __future__ import annotations

import numpy as np

from skyforge.frames.flatten import evened


def _noise(shape=(300, 400)):
    return np.random.default_rng(4).normal(700.0, 20.0, shape).astype(np.float32)


def _columns(image):
    return np.median(image.reshape(image.shape[0], 8, -1), axis=(0, 2))


def test_a_gradient_is_taken_out_for_the_most_part_and_stars_stay():
    ramp = np.linspace(-80.0, 80.0, 400) ** 2 / 20.0 + np.linspace(0.0, 200.0, 400)
    image = _noise() + ramp.astype(np.float32)
    image[100, 200] = 20_000.0
    flat = evened(image)
    before, after = np.ptp(_columns(image)), np.ptp(_columns(flat))
    assert 0.1 * before < after < 0.25 * before
    assert flat[100, 200] > 19_000.0
    assert abs(np.median(flat) - np.median(image)) < 60.0


def test_an_even_sky_stays_as_it_is():
    image = _noise()
    assert np.abs(evened(image) - image).max() < 5.0


def test_a_picture_with_more_than_sky_in_it_is_left_alone():
    image = _noise()
    image[:, 150:] += 30_000.0
    image[::2, :150] += 9_000.0
    assert np.ptp(_columns(evened(image))) > 0.8 * np.ptp(_columns(image))
    small = _noise((20, 30))
    assert evened(small) is small
