"""What people ask for: a device by its name, and frames as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from frame_cases import CASES

from skyforge import render
from skyforge.errors import SkyforgeError
from skyforge.render import frame as frame_module
from skyforge.render import renderers
from skyforge.render.gpu import frames as gpu_frames
from skyforge.render.options import resolve_device


@pytest.fixture
def pretended(emulated, monkeypatch):
    """A machine on which the emulated GPU is found."""
    runtime = emulated(order="shuffled", seed=8)
    for module in (frame_module, renderers):
        monkeypatch.setattr(module, "resolve_device", lambda device: "cpu" if device == "cpu" else "gpu")
    monkeypatch.setattr(gpu_frames, "cupy_runtime", lambda: runtime)
    return runtime


def test_auto_renders_on_the_gpu_and_brings_numpy_arrays(pretended):
    case = CASES["every option of the detector"]
    scene = (case.sources, case.bank, case.shape, case.background)
    expected = render.expected_image(*scene)
    assert isinstance(expected, np.ndarray)
    assert expected.tobytes() == case.expected().tobytes()
    adu = render.render_frame(*scene, case.detector, case.seed, case.frame)
    assert adu.tobytes() == case.image().tobytes()
    exposed = render.expose(expected, case.detector, case.seed, case.frame)
    assert exposed.tobytes() == case.image().tobytes()
    assert pretended.launches.count("draw_frames") >= 2


def test_a_renderer_brings_its_tables_to_the_device_once(pretended):
    case = CASES["points and trails of two functions"]
    with_gpu = render.renderer(case.bank, case.shape, case.detector)
    without = render.renderer(case.bank, case.shape, case.detector, "cpu", threads=1)
    assert (with_gpu.device, without.device) == ("emulated GPU", "cpu")
    for frame in (0, 1):
        arguments = (case.sources, case.background, case.seed, frame)
        assert with_gpu.render_frame(*arguments).tobytes() == without.render_frame(*arguments).tobytes()
    images = [each.expected_image(case.sources, case.background) for each in (with_gpu, without)]
    assert images[0].tobytes() == images[1].tobytes() == case.expected().tobytes()


def test_without_a_gpu_the_error_says_what_is_missing():
    try:
        device = resolve_device("gpu")
    except SkyforgeError as error:
        assert any(word in str(error) for word in ("CuPy", "driver", "GPU", "compiler"))  # noqa: PT017
        assert "device 'auto' or 'cpu'" in str(error)  # noqa: PT017
        assert resolve_device("auto") == "cpu"
    else:
        assert device == "gpu"
