"""The renderer of a GPU, emulated: the CPU's frames, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from frame_cases import CASES, COARSE, FULL_DETECTOR, NOTHING, SHAPE, bank, points, trails

from skyforge import codec, render
from skyforge.errors import InputError
from skyforge.render.gpu.exposing import expose_map
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest


def _renderer(runtime, case):
    return GpuRenderer(runtime, case.bank, case.shape, case.detector)


def _request(case):
    return FrameRequest(case.sources, case.background, case.seed, case.frame)


@pytest.mark.parametrize("name", CASES)
def test_frames_are_the_cpus(name, emulated):
    case, runtime = CASES[name], emulated(order="shuffled", seed=len(name))
    drawn = _renderer(runtime, case).draw([_request(case)], expected=True, image=True)
    assert runtime.to_host(drawn.expected[0]).tobytes() == case.expected().tobytes()
    assert runtime.to_host(drawn.image[0]).tobytes() == case.image().tobytes()


def test_in_any_order_of_threads_and_blocks(any_order):
    case = CASES["points and trails of two functions"]
    drawn = _renderer(any_order, case).draw([_request(case)], image=True)
    assert any_order.to_host(drawn.image[0]).tobytes() == case.image().tobytes()


def test_many_frames_in_one_launch(any_schedule):
    # Different sources, backgrounds, seeds and halos side by side; lists that are too small at first.
    scenes = [points(), trails(), NOTHING, points(200, octaves=20)]
    backgrounds = [3.0, COARSE, 0.5, np.full(SHAPE, 7.0, np.float32)]
    requests = [
        FrameRequest(*each, seed, 2 * seed) for seed, each in enumerate(zip(scenes, backgrounds, strict=True))
    ]
    renderer = GpuRenderer(any_schedule, bank("moffat"), SHAPE, FULL_DETECTOR)
    for _ in range(2):  # the second launch finds everything as the first left it
        images = any_schedule.to_host(renderer.draw(requests, image=True).image)
        for request, image in zip(requests, images, strict=True):
            alone = render.render_frame(
                request.sources,
                bank("moffat"),
                SHAPE,
                request.background,
                FULL_DETECTOR,
                request.seed,
                request.frame,
            )
            assert image.tobytes() == alone.tobytes()


def test_fits_words_and_their_sums(emulated):
    case, runtime = CASES["an odd number of columns"], emulated()
    drawn = _renderer(runtime, case).draw([_request(case)], words=True)
    words, datasum = codec.fits_words(case.image())
    assert runtime.to_host(drawn.words[0]).tobytes() == words.tobytes()
    assert codec.datasum_from_sums(*(int(value) for value in drawn.sums[0])) == datasum


def test_a_layer_that_stays_on_the_device(emulated):
    # What does not change is drawn once, and lies under every frame.
    runtime, detector = emulated(), FULL_DETECTOR
    renderer = GpuRenderer(runtime, bank("moffat"), SHAPE, detector)
    stars, target = renderer.upload(points()), trails(3)
    layer = renderer.draw([FrameRequest(stars, COARSE)], expected=True).expected[0]
    images = runtime.to_host(
        renderer.draw([FrameRequest(target, layer, 1, frame) for frame in range(3)], image=True).image
    )
    below = render.expected_image(points(), bank("moffat"), SHAPE, COARSE)
    for frame, image in enumerate(images):
        alone = render.render_frame(target, bank("moffat"), SHAPE, below, detector, 1, frame)
        assert image.tobytes() == alone.tobytes()


def test_exposing_a_map(emulated):
    case, runtime = CASES["every option of the detector"], emulated()
    light = runtime.array(case.expected())
    image = expose_map(runtime, light, case.detector, case.seed, case.frame)
    assert runtime.to_host(image).tobytes() == case.image().tobytes()
    with pytest.raises(InputError, match="not negative"):
        expose_map(runtime, runtime.array(np.full((4, 4), -1.0, np.float32)), render.Detector(), 1, 2)


def test_bad_light_is_refused(emulated):
    runtime = emulated()
    renderer = GpuRenderer(runtime, bank("gaussian"), SHAPE)
    with pytest.raises(InputError, match="psf_index 3"):
        renderer.draw([FrameRequest(render.Sources.points([1.0], [1.0], [1.0], [3]))], image=True)
    dark = runtime.array(np.full(SHAPE, -1.0, np.float32))
    with pytest.raises(InputError, match="not negative"):
        renderer.draw([FrameRequest(NOTHING, dark)], image=True)
    with pytest.raises(InputError, match="background map has shape"):
        renderer.draw([FrameRequest(NOTHING, runtime.zeros((3, 4), np.float32))], image=True)
