"""Stars put on the pixels by the device: at the very places where the CPU puts them."""

from __future__ import annotations

import numpy as np
import pytest
from frame_cases import PLAIN_DETECTOR, SHAPE, bank

from skyforge import render
from skyforge.errors import InputError
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.stars import project_stars, upload_stars

PIXEL_SCALE = 2e-5


def _view(turn):
    """A camera that looks along z, turned a little, from an observer that moves and stands near the Sun."""
    cosine, sine = np.cos(turn), np.sin(turn)
    axes = np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]])
    return render.View(
        np.array([0.6, 0.0, -0.8]),
        2e-8,
        1e-5,
        np.array([6e-5, -7e-5, 3e-5]),
        axes,
        PIXEL_SCALE,
        (101.0, 74.5),
    )


def _sky(count=300):
    number = np.arange(count)
    x, y = ((number * 37.31) % 240.0 - 20.0) * PIXEL_SCALE, ((number * 53.77) % 190.0 - 20.0) * PIXEL_SCALE
    direction = np.stack([x - 100 * PIXEL_SCALE, y - 70 * PIXEL_SCALE, np.ones(count)], axis=1)
    direction[::50] *= -1.0  # behind the camera
    return direction / np.linalg.norm(direction, axis=1)[:, None], 2.0 ** (4 + number % 14)


def _on_the_cpu(directions, electrons, opening, closing):
    places = [
        np.nan_to_num(part, nan=-1e15)
        for view in (opening, closing)
        for part in render.project(directions, view)
    ]
    return render.Sources(*places, electrons)


def test_frames_of_projected_stars_are_the_cpus(any_schedule):
    directions, electrons = _sky()
    renderer = GpuRenderer(any_schedule, bank("moffat"), SHAPE, PLAIN_DETECTOR)
    light = electrons.astype(np.float32)
    stars = upload_stars(
        any_schedule, directions, light, np.zeros(len(light), np.int32), renderer.halo(light)
    )
    views = [(_view(0.0), _view(0.0)), (_view(2e-4), _view(3e-4)), (_view(1e-3), _view(1e-3))]
    requests = [
        FrameRequest(sources, 2.0, 4, frame)
        for frame, sources in enumerate(project_stars(any_schedule, stars, views))
    ]
    images = any_schedule.to_host(renderer.draw(requests, image=True).image)
    for frame, (image, pair) in enumerate(zip(images, views, strict=True)):
        alone = render.render_frame(
            _on_the_cpu(directions, electrons, *pair), bank("moffat"), SHAPE, 2.0, PLAIN_DETECTOR, 4, frame
        )
        assert image.tobytes() == alone.tobytes()


def test_columns_of_different_length_are_refused(emulated):
    with pytest.raises(InputError, match="directions of shape"):
        upload_stars(
            emulated(), np.zeros((3, 3)), np.zeros(4, np.float32), np.zeros(4, np.int32), (0, 0, 0, 0, 0.0)
        )
