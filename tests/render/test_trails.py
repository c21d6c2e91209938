"""Trails, against fine quadrature of the pixel-integrated function along the track."""

from __future__ import annotations

import numpy as np
import pytest
from render_oracle import trail_at

from skyforge import render

PEAK_TOLERANCE = 4e-4  # of the trail's peak
FLUX_TOLERANCE = 1e-5
ANGLES_DEG = (0.0, 90.0, 45.0, 17.3, 101.7, 233.0)
SPACING = {"gaussian 4": 0.3, "airy 0.5, obstructed": 0.06}  # px between the oracle's nodes


def _segment(length, angle_deg, middle):
    half = 0.5 * length * np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])
    return middle - half, middle + half


def _image(start, end, electrons, bank, shape):
    return render.expected_image(
        render.Sources([start[0]], [start[1]], [end[0]], [end[1]], [electrons]), bank, shape
    ).astype(np.float64)


@pytest.mark.parametrize("electrons", [20.0, 1e5])
@pytest.mark.parametrize("length", [0.1, 3.0, 30.0, 300.0])
def test_a_trail_matches_quadrature(kind, length, electrons):
    name, psf, bank = kind
    rng = np.random.default_rng(int(10 * length))
    side = int(1.1 * length) + 80
    for angle in ANGLES_DEG:
        start, end = _segment(length, angle, np.array([0.5 * side, 0.5 * side]) + rng.uniform(-0.5, 0.5, 2))
        normal = np.array([end[1] - start[1], start[0] - end[0]]) / length
        along, across = rng.uniform(-0.02, 1.02, (40, 1)), rng.normal(0.0, 3.0, (40, 1))
        ends = np.repeat([start, end], 15, axis=0) + rng.normal(0.0, 2.0, (30, 2))
        pixels = np.concatenate([start + along * (end - start) + across * normal, ends])
        pixels = np.clip(np.round(pixels), 0, side - 1)
        truth = electrons * trail_at(psf, start, end, pixels, SPACING.get(name, 0.12))
        column, row = pixels.astype(int).T
        drawn = _image(start, end, electrons, bank, (side, side))[row, column]
        assert np.abs(drawn - truth).max() <= PEAK_TOLERANCE * truth.max(), angle


@pytest.mark.parametrize("length", [0.1, 3.0, 30.0, 300.0])
def test_a_trail_keeps_its_flux(kind, length):
    _, _, bank = kind
    for angle in ANGLES_DEG[:4]:
        start, end = _segment(length, angle, np.array([750.2, 749.7]))
        image = _image(start, end, 1e5, bank, (1500, 1500))
        assert image.sum() == pytest.approx(1e5, rel=FLUX_TOLERANCE)


def test_a_trail_across_the_frame_is_clipped_right(bank):
    # Only 64 px of 1e6 lie on the frame: the light per pixel of length is the same everywhere along it.
    image = _image((-5e5, 31.8), (5e5, 33.1), 1e9, bank("gaussian 1"), (64, 64))
    np.testing.assert_allclose(image.sum(axis=0), 1e9 / 1e6, rtol=2e-4)


def test_ends_a_billion_pixels_away_are_harmless(bank):
    image = _image((-1e9, -1e9), (1e9, 1e9), 1e9, bank("gaussian 1"), (64, 64))
    diagonal = image[32, 20:44].sum()  # a row crosses sqrt(2) px of the diagonal
    assert diagonal == pytest.approx(1e9 * np.sqrt(2.0) / (2e9 * np.sqrt(2.0)), rel=1e-3)


def test_both_directions_give_the_same_trail(bank):
    start, end = (20.3, 31.9), (71.6, 44.2)
    for name in ("gaussian 0.5", "moffat 2.5"):
        forth, back = (_image(a, b, 1e5, bank(name), (80, 90)) for a, b in ((start, end), (end, start)))
        np.testing.assert_allclose(forth, back, atol=1e-4 * forth.max())


def test_an_end_at_the_start_is_a_point(bank):
    trail = _image((20.3, 31.9), (20.3, 31.9), 1e5, bank("moffat 2.5"), (64, 64))
    point = render.expected_image(render.Sources.points([20.3], [31.9], [1e5]), bank("moffat 2.5"), (64, 64))
    np.testing.assert_array_equal(trail, point)
