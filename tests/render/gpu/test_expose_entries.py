"""The detector's kernel, thread by thread, gives the CPU's bytes in any order of threads."""

from __future__ import annotations

import numpy as np

from skyforge import render
from skyforge.render.gpu import layouts
from skyforge.render.gpu.structure import arguments
from skyforge.render.gpu.uploads import exposure_record, upload_detector

SHAPE = (67, 203)
SEED, FRAME = 2**63 + 12345, 77
PIXELS = SHAPE[0] * SHAPE[1]


def _expected():
    """Dark, faint, bright and saturated pixels beside each other."""
    index = np.arange(PIXELS).reshape(SHAPE)
    return (2.0 ** ((index * 7919 % 1024) / 40.0) - 1.0).astype(np.float32)


def _detector():
    response = (0.9 + 0.2 * _expected() % 1.0).astype(np.float32)
    return render.Detector(
        dark_e=(_expected() % 7.0).astype(np.float32),
        prnu=response,
        full_well_e=50_000.0,
        read_noise_e=5.5,
        gain_e_per_adu=1.5,
        bias_adu=100.25,
        bits=15,
    )


def _exposed(runtime, expected, detector):
    model = upload_detector(runtime, detector, SHAPE)
    light, image = runtime.array(expected), runtime.empty(SHAPE, np.uint16)
    bad = runtime.zeros(1, np.uint32)
    values = arguments(
        layouts.EXPOSE_ARGUMENTS,
        detector=exposure_record(model, SEED, FRAME),
        expected=runtime.address(light),
        image=runtime.address(image),
        bad=runtime.address(bad),
        pixels=PIXELS,
    )
    runtime.launch("expose_image", -(-PIXELS // 256), values)
    return runtime.to_host(image), runtime.to_host(bad)[0]


def test_pixels_are_those_of_the_cpu_in_any_order(any_order):
    image, bad = _exposed(any_order, _expected(), _detector())
    assert image.tobytes() == render.expose(_expected(), _detector(), SEED, FRAME, device="cpu").tobytes()
    assert bad == 0
    assert len(np.unique(image)) > 2000


def test_pixels_are_those_of_the_cpu_whenever_streams_run(any_schedule):
    image, _ = _exposed(any_schedule, _expected(), _detector())
    assert image.tobytes() == render.expose(_expected(), _detector(), SEED, FRAME, device="cpu").tobytes()


def test_light_that_is_no_number_is_reported(any_order):
    expected = _expected()
    expected[40, 7] = np.nan
    assert _exposed(any_order, expected, render.Detector())[1] == 1
    expected[40, 7] = -1.0
    assert _exposed(any_order, expected, render.Detector())[1] == 1
