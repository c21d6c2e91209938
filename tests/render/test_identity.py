"""The same bytes, whatever the threads, the processor, or the way a frame is put together."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from golden_frame import FRAME, GOLDEN, SEED, SHAPE
from golden_frame import background as _background
from golden_frame import bank as _bank
from golden_frame import detector as _detector
from golden_frame import scene as _scene

from skyforge import render
from skyforge.render import _core


def _frame(**options):
    return render.render_frame(_scene(), _bank(), SHAPE, _background(), _detector(), SEED, FRAME, **options)


def test_golden_frame():
    frame = _frame()
    saturated = frame[frame > 32700]
    assert (saturated == 32767).sum() > 20
    assert (saturated < 32767).sum() > 20
    assert hashlib.sha256(frame.astype("<u2").tobytes()).hexdigest() == GOLDEN


@pytest.mark.parametrize("isa", _core.instruction_sets())
def test_instruction_sets_and_threads_agree(isa):
    reference = render.expected_image(_scene(), _bank(), SHAPE, _background(), threads=1, isa="baseline")
    noisy = _frame(threads=1, isa="baseline")
    for threads in (1, 2, 5):
        image = render.expected_image(_scene(), _bank(), SHAPE, _background(), threads=threads, isa=isa)
        assert image.tobytes() == reference.tobytes()
        assert _frame(threads=threads, isa=isa).tobytes() == noisy.tobytes()
    assert render.standard_normal(999, 4, 2, isa=isa).tobytes() == render.standard_normal(999, 4, 2).tobytes()
    assert render.uniform(999, 4, 2, isa=isa).tobytes() == render.uniform(999, 4, 2).tobytes()


def test_many_sources_in_many_threads_agree():
    # More sources than a thread plans at a time.
    rng = np.random.default_rng(3)
    n = 100_000
    x, y = rng.uniform(-20.0, 320.0, (2, n))
    sources = render.Sources(
        x, y, x + rng.normal(0.0, 1.0, n) * (rng.random(n) < 0.1), y, rng.uniform(1.0, 1e4, n)
    )
    images = [render.expected_image(sources, _bank(), (300, 300), threads=threads) for threads in (1, 2, 7)]
    assert images[0].tobytes() == images[1].tobytes() == images[2].tobytes()


def test_fused_and_separate_steps_agree():
    expected = render.expected_image(_scene(), _bank(), SHAPE, _background())
    assert render.expose(expected, _detector(), SEED, FRAME).tobytes() == _frame().tobytes()


def test_a_cut_frame_is_the_corner_of_the_whole():
    # Tiles, halo grids and reach tests must not show: the same sources on a smaller frame give the same floats.
    points = render.Sources.points(
        np.arange(40) * 5.3 - 8.0, np.arange(40) * 3.9 - 4.0, 2.0 ** (np.arange(40) % 19)
    )
    whole = render.expected_image(points, _bank(), SHAPE)
    cut = render.expected_image(points, _bank(), (97, 101))
    assert cut.tobytes() == np.ascontiguousarray(whole[:97, :101]).tobytes()


def test_sources_out_of_sight_do_not_matter():
    scene = _scene()
    far = np.array([-5000.0, 9e8])
    columns = [
        np.concatenate([getattr(scene, name), far]) for name in ("x_start", "y_start", "x_end", "y_end")
    ]
    # As faint as this they do not change the halo's quantum either.
    more = render.Sources(
        *columns, np.concatenate([scene.electrons, [1.0, 1.0]]), np.append(scene.psf_index, [0, 1])
    )
    one, other = (render.expected_image(sources, _bank(), SHAPE) for sources in (scene, more))
    assert one.tobytes() == other.tobytes()


def test_a_bank_made_twice_is_the_same():
    for one, other in zip(_bank().tables, _bank.__wrapped__().tables, strict=True):
        np.testing.assert_array_equal(one, other)
