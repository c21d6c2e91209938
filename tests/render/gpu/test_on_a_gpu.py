"""On a real GPU: the CPU's bytes. What the emulator is asked in the other tests, and what only hardware can show."""

from __future__ import annotations

import hashlib

import images as codec_images
import numpy as np
import pytest
import test_expose_entries
import test_identity as identity
import test_renderer
import test_ring
import test_stars
from frame_cases import CASES, COARSE, FULL_DETECTOR, bank

from skyforge import codec, render
from skyforge.codec.device import compress_frames, device_frame, rice_buffers
from skyforge.render.gpu.presence import GpuMissingError, find_gpu
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.ring import Form, Ring

pytestmark = pytest.mark.gpu
LARGE = (2048, 2048)
FRAMES = 24


@pytest.fixture(scope="module")
def gpu():
    """Hand out the runtime of the first GPU."""
    try:
        find_gpu()
    except GpuMissingError as error:
        pytest.skip(f"no GPU: {error}")
    from skyforge.render.gpu.cupy_runtime import cupy_runtime

    return cupy_runtime()


@pytest.fixture
def emulated(gpu):
    """Take the place of the emulator in tests that both must pass."""
    return lambda **_: gpu


@pytest.mark.parametrize("name", CASES)
def test_frames_are_the_cpus(name, emulated):
    test_renderer.test_frames_are_the_cpus(name, emulated)


@pytest.mark.parametrize(
    "fact",
    [
        test_renderer.test_in_any_order_of_threads_and_blocks,
        test_renderer.test_many_frames_in_one_launch,
        test_stars.test_frames_of_projected_stars_are_the_cpus,
        test_expose_entries.test_pixels_are_those_of_the_cpu_in_any_order,
        test_expose_entries.test_light_that_is_no_number_is_reported,
    ],
)
def test_facts_of_a_runtime(fact, gpu):
    fact(gpu)


@pytest.mark.parametrize(
    "fact",
    [
        test_renderer.test_fits_words_and_their_sums,
        test_renderer.test_a_layer_that_stays_on_the_device,
        test_renderer.test_exposing_a_map,
        test_renderer.test_bad_light_is_refused,
    ],
)
def test_facts_of_a_renderer(fact, emulated):
    fact(emulated)


@pytest.mark.parametrize("frames_of_a_launch", [1, 2])
@pytest.mark.parametrize("form", list(Form))
def test_what_lands_is_what_a_cpu_makes(form, frames_of_a_launch, gpu):
    test_ring.test_what_lands_is_what_a_cpu_makes(form, frames_of_a_launch, gpu)


def test_the_golden_frame(gpu):
    renderer = GpuRenderer(gpu, identity._bank(), identity.SHAPE, identity._detector())
    request = FrameRequest(identity._scene(), identity._background(), 2**63 + 12345, 77)
    image = gpu.to_host(renderer.draw([request], image=True).image[0])
    assert hashlib.sha256(image.astype("<u2").tobytes()).hexdigest() == identity.GOLDEN


@pytest.mark.parametrize("kind", codec_images.every_kind())
def test_compressed_rows_are_the_cpus(kind, gpu):
    image = codec_images.every_kind()[kind]
    buffers = rice_buffers(gpu, 1, image.shape)
    compress_frames(gpu, gpu.array(image[None]), buffers)
    sizes, sums = gpu.to_host(buffers.sizes), gpu.to_host(buffers.sums)
    data = gpu.to_host(buffers.heap).view(np.uint8)[: int(sizes.sum())]
    frame = device_frame(sizes, 0, int(sums[0]), data, image.shape)
    expected = codec.rice_compress(image)
    assert frame.image.data.tobytes() == expected.data.tobytes()
    assert frame.heap_sum == codec.datasum(expected.data)


@pytest.fixture(scope="module")
def large():
    """Points, trails and wings on many tiles, as many as a GPU works on at a time."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(-300.0, 2300.0, (2, 20_000))
    moves = rng.random(20_000) < 0.05
    length = np.where(moves, rng.normal(0.0, 60.0, 20_000), 0.0)
    return render.Sources(x, y, x + length, y - 0.5 * length, 10.0 ** rng.uniform(1.0, 7.0, 20_000))


def test_a_large_frame_is_the_cpus_every_time(large, gpu):
    # Blocks run in whatever order the hardware likes; so once is not enough.
    renderer = GpuRenderer(gpu, bank("moffat"), LARGE)
    alone = render.render_frame(large, bank("moffat"), LARGE, COARSE, render.Detector(), 5, 6, device="cpu")
    for _ in range(10):
        image = gpu.to_host(renderer.draw([FrameRequest(large, COARSE, 5, 6)], image=True).image[0])
        assert image.tobytes() == alone.tobytes()


def test_large_frames_one_behind_the_other_are_the_cpus(large, gpu):
    ring = Ring(GpuRenderer(gpu, bank("moffat"), LARGE), Form.RICE, 2)
    landed = []
    for first in range(0, FRAMES, 2):
        requests = [FrameRequest(large, COARSE, 5, frame) for frame in (first, first + 1)]
        memory = [gpu.pinned(Form.RICE.frame_bytes(LARGE), np.uint8) for _ in requests]
        landed += ring.push(requests, memory)
    landed += ring.drain()
    assert len(landed) == FRAMES
    for frame in (0, 1, FRAMES // 2, FRAMES - 1):
        adu = render.render_frame(
            large, bank("moffat"), LARGE, COARSE, render.Detector(), 5, frame, device="cpu"
        )
        assert landed[frame].rice.data.tobytes() == codec.rice_compress(adu).data.tobytes()


def test_memory_stays_flat(gpu):
    case = CASES["every option of the detector"]
    renderer = GpuRenderer(gpu, case.bank, case.shape, FULL_DETECTOR)
    used = []
    for frame in range(200):
        renderer.draw([FrameRequest(case.sources, case.background, 1, frame)], image=True)
        used.append(gpu.memory_used())
    assert used[-1] == used[100]
