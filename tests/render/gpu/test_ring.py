"""Frames on their way to the host, several launches at a time: the CPU's pixels, words and rows."""

from __future__ import annotations

import numpy as np
import pytest
from frame_cases import COARSE, FULL_DETECTOR, SHAPE, bank, points, trails

from skyforge import codec, render
from skyforge.errors import InputError
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.ring import Form, Ring
from skyforge.render.gpu.stars import project_stars, upload_stars


def _frames(runtime, form, launches, frames_of_a_launch=1):
    """What lands of so many launches, in order, with the frames that a CPU makes of the same."""
    renderer = GpuRenderer(runtime, bank("gaussian"), SHAPE, FULL_DETECTOR)
    ring = Ring(renderer, form, frames_of_a_launch)
    landed, expected = [], []
    for launch in range(launches):
        # The lists of the third launch are too small at first.
        scenes = [trails(24 if launch % 2 else 900), points(60 + launch)][:frames_of_a_launch]
        requests = [FrameRequest(scene, COARSE, 9, 2 * launch + k) for k, scene in enumerate(scenes)]
        memory = [runtime.pinned(form.frame_bytes(SHAPE), np.uint8) for _ in requests]
        landed += ring.push(requests, memory)
        expected += [
            render.render_frame(each.sources, bank("gaussian"), SHAPE, COARSE, FULL_DETECTOR, 9, each.frame)
            for each in requests
        ]
    return landed + ring.drain(), expected


@pytest.mark.parametrize("frames_of_a_launch", [1, 2])
@pytest.mark.parametrize("form", list(Form))
def test_what_lands_is_what_a_cpu_makes(form, frames_of_a_launch, any_schedule):
    landed, expected = _frames(any_schedule, form, 5, frames_of_a_launch)
    assert len(landed) == len(expected)
    for frame, adu in zip(landed, expected, strict=True):
        words, datasum = codec.fits_words(adu)
        if form is Form.PIXELS:
            assert frame.memory.tobytes() == adu.tobytes()
        elif form is Form.WORDS:
            assert frame.memory.tobytes() == words.tobytes()
            assert frame.datasum == datasum
        else:
            rows = codec.rice_compress(adu)
            assert frame.rice.data.tobytes() == rows.data.tobytes()
            assert (frame.rice.sizes == rows.sizes).all()
            assert frame.datasum == codec.datasum(rows.data)


def test_bad_light_is_refused_when_it_lands(emulated):
    runtime = emulated(schedule="lazy")
    ring = Ring(GpuRenderer(runtime, bank("gaussian"), SHAPE), Form.PIXELS)
    light = runtime.array(np.full(SHAPE, np.nan, np.float32))
    ring.push([FrameRequest(points(), light)], [runtime.pinned(2 * SHAPE[0] * SHAPE[1], np.uint8)])
    with pytest.raises(InputError, match="finite"):
        ring.drain()
    # One that is refused takes no launch away from those that follow.
    wrong = render.Sources.points([1.0], [1.0], [1.0], [3])
    for _ in range(5):
        memory = [runtime.pinned(2 * SHAPE[0] * SHAPE[1], np.uint8)]
        with pytest.raises(InputError, match="psf_index 3"):
            ring.push([FrameRequest(wrong)], memory)
        ring.push([FrameRequest(points(), 3.0)], memory)
    ring.drain()


def test_projected_stars_are_waited_for(emulated):
    # They are put on the pixels on one stream, and drawn on others.
    runtime = emulated(schedule="lazy")
    renderer = GpuRenderer(runtime, bank("gaussian"), SHAPE, FULL_DETECTOR)
    light = np.full(200, 900.0, np.float32)
    number = np.arange(200)
    tangent = np.stack(
        [(number * 0.731) % 2.0 - 1.0, (number * 0.417) % 1.4 - 0.7, np.full(200, 100.0)], axis=1
    )
    directions = tangent / np.linalg.norm(tangent, axis=1)[:, None]
    view = render.View(np.array([1.0, 0.0, 0.0]), 0.0, 1.0, np.zeros(3), np.eye(3), 1e-4, (101.0, 74.5))
    stars = upload_stars(runtime, directions, light, np.zeros(200, np.int32), renderer.halo(light))
    ring = Ring(renderer, Form.PIXELS)
    landed = []
    for frame in range(4):
        sources = project_stars(runtime, stars, [(view, view)])[0]
        memory = [runtime.pinned(Form.PIXELS.frame_bytes(SHAPE), np.uint8)]
        landed += ring.push([FrameRequest(sources, 4.0, 1, frame)], memory)
    places = render.project(directions, view)
    for frame, image in enumerate(landed + ring.drain()):
        alone = render.render_frame(
            render.Sources.points(*places, light), bank("gaussian"), SHAPE, 4.0, FULL_DETECTOR, 1, frame
        )
        assert image.memory.tobytes() == alone.tobytes()
