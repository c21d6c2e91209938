"""Point sources, against direct pixel integration in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_kinds import FUNCTIONS, bank_of
from render_oracle import point_image

from skyforge import render

PEAK_TOLERANCE = 4e-4  # of the source's peak: what the renderer promises
FLUX_TOLERANCE = 1e-5
SHAPE = (140, 141)


@pytest.mark.parametrize("electrons", [1.0, 1e3, 1e5, 1e7])
def test_a_point_matches_pixel_integration(kind, electrons):
    name, psf, bank = kind
    rng = np.random.default_rng(len(name))
    for x, y in rng.uniform(60.0, 70.0, (3, 2)):
        image = render.expected_image(render.Sources.points([x], [y], [electrons]), bank, SHAPE)
        truth = electrons * point_image(psf, x, y, SHAPE)
        assert np.abs(image - truth).max() <= PEAK_TOLERANCE * truth.max()


def test_all_the_light_lands(kind):
    # A frame wide enough for the farthest halo, and the coarsest cells around it, holds every electron.
    _, _, bank = kind
    shape = (1400, 1420)
    for electrons in (3.0, 1e4, 1e8):
        image = render.expected_image(render.Sources.points([700.3], [710.8], [electrons]), bank, shape)
        assert image.sum(dtype=np.float64) == pytest.approx(electrons, rel=FLUX_TOLERANCE)


def test_flux_within_ten_pixels_is_the_function_s(kind):
    # Light folded back from beyond the reach must not brighten the core.
    _, psf, bank = kind
    x, y = 70.37, 64.81
    image = render.expected_image(render.Sources.points([x], [y], [1e6]), bank, SHAPE)
    truth = 1e6 * point_image(psf, x, y, SHAPE)
    near = np.hypot(np.arange(SHAPE[1]) - x, np.arange(SHAPE[0])[:, None] - y) < 10.0
    assert image[near].sum(dtype=np.float64) == pytest.approx(truth[near].sum(), rel=3e-5)


@given(x=st.floats(-5.0, 45.0), y=st.floats(-5.0, 45.0), electrons=st.floats(1.0, 1e9))
@settings(max_examples=60, deadline=None)
def test_no_place_or_brightness_loses_flux(x, y, electrons):
    # 20 px of margin hold a Gaussian of 1 px to far below the tolerance.
    image = render.expected_image(
        render.Sources.points([x + 20.0], [y + 20.0], [electrons]), bank_of("gaussian 1"), (80, 81)
    )
    assert image.sum(dtype=np.float64) == pytest.approx(electrons, rel=FLUX_TOLERANCE)


def test_sources_beyond_the_edge_throw_light_in(kind):
    _, psf, bank = kind
    shape = (48, 40)
    for x, y in [(-2.3, 10.4), (41.7, 20.2), (17.5, -1.1), (12.0, 49.6), (-1.5, -1.5)]:
        image = render.expected_image(render.Sources.points([x], [y], [1e5]), bank, shape)
        truth = 1e5 * point_image(psf, x, y, shape)
        peak = 1e5 * point_image(psf, 20.0, 20.0, shape).max()
        assert np.abs(image - truth).max() <= PEAK_TOLERANCE * peak
        assert image.sum() > 0.0


def test_places_out_of_reach_add_nothing(bank):
    far = [-1e9, 1e9, -1e300, 1e300, 3000.0]
    sources = render.Sources.points(far, far, np.full(5, 1e9))
    for name in ("gaussian 1", "moffat 2.5"):
        assert not render.expected_image(sources, bank(name), (30, 40)).any()


def test_light_adds_up(bank):
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0.0, 150.0, (2, 40))
    electrons = rng.uniform(10.0, 1e5, 40)
    both = render.psf_bank([FUNCTIONS["gaussian 1"], FUNCTIONS["airy 0.5, obstructed"]])
    index = np.arange(40) % 2
    together = render.expected_image(render.Sources.points(x, y, electrons, index), both, (150, 150), 3.0)
    alone = np.full((150, 150), 3.0)
    for i in range(40):
        alone += render.expected_image(
            render.Sources.points([x[i]], [y[i]], [electrons[i]], [index[i]]), both, (150, 150)
        )
    np.testing.assert_allclose(together, alone, rtol=2e-5)


def test_no_sources_leave_the_background(bank):
    empty = render.Sources.points([], [], [])
    np.testing.assert_array_equal(
        render.expected_image(empty, bank("moffat 2.5"), (70, 30), 2.5), np.float32(2.5)
    )
