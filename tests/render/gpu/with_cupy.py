"""Tests of `CupyRuntime` on CuPy itself, with the emulator where its device would be; run by test_cupy_runtime.py."""

# ruff: noqa: E402  (CuPy is changed before anybody imports it)
from __future__ import annotations

import cupy_on_cpu

CUDA = cupy_on_cpu.install()  # before CuPy is imported

import cupy
import numpy as np
import pytest
from frame_cases import CASES
from test_expose_entries import FRAME, PIXELS, SEED, _detector, _expected, _exposed

from skyforge import render
from skyforge.errors import SkyforgeError
from skyforge.render.gpu.cupy_runtime import CupyRuntime
from skyforge.render.gpu.presence import Gpu
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.runtime import Runtime

MEMORY = 2**31


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKYFORGE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return CupyRuntime(cupy, Gpu("H200", (9, 0), MEMORY, (13, 0), 1, cupy.__version__, (13, 0)))


def test_it_is_a_runtime(runtime):
    assert all(hasattr(runtime, name) for name in dir(Runtime) if not name.startswith("_"))
    assert runtime.name == "H200"


def test_kernels_get_their_arguments_by_value(runtime):
    image, bad = _exposed(runtime, _expected(), _detector())
    assert image.tobytes() == render.expose(_expected(), _detector(), SEED, FRAME, device="cpu").tobytes()
    assert bad == 0
    assert CUDA.launches[-1] == ("expose_image", (-(-PIXELS // 256), 1, 1, 256, 1, 1), 0)


@pytest.mark.parametrize("name", list(CASES)[::4])
def test_frames_are_the_cpus(name, runtime):
    case = CASES[name]
    renderer = GpuRenderer(runtime, case.bank, case.shape, case.detector)
    request = FrameRequest(case.sources, case.background, case.seed, case.frame)
    drawn = renderer.draw([request], expected=True, image=True)
    assert runtime.to_host(drawn.expected[0]).tobytes() == case.expected().tobytes()
    assert runtime.to_host(drawn.image[0]).tobytes() == case.image().tobytes()


def test_work_goes_to_the_current_stream(runtime):
    one, other = runtime.stream(), runtime.stream()
    host, back = runtime.pinned((3, 5), np.uint32), runtime.pinned((3, 5), np.uint32)
    host[:] = np.arange(15).reshape(3, 5)
    with one:
        device = runtime.zeros((3, 5), np.uint32)
        begun = one.record(timed=True)
        runtime.copy_to_device(host, device)
        uploaded = runtime.current_stream().record(timed=True)
    with other:
        other.wait(uploaded)
        runtime.copy_to_host(device, back)
        other.record().synchronize()
    np.testing.assert_array_equal(back, host)
    assert uploaded.done
    assert uploaded.seconds_since(begun) > 0.0
    assert sorted(CUDA.streams.values()) == [1, 1]  # cudaStreamNonBlocking
    runtime.synchronize()


def test_registered_memory_is_released_once(runtime):
    host = np.zeros(100, np.float64)
    with runtime.register(host) as registration:
        assert host.ctypes.data in CUDA.registered
        runtime.copy_to_host(runtime.array(np.arange(100.0)), host)
    assert host.ctypes.data not in CUDA.registered
    registration.release()
    np.testing.assert_array_equal(host, np.arange(100.0))


def test_pinned_memory_is_given_back(runtime):
    before = len(CUDA.hosts)
    array = runtime.pinned((1000, 1000), np.uint16)
    assert sum(host.nbytes for host in CUDA.hosts.values()) >= array.nbytes
    piece = array[3:5]
    del array
    assert len(CUDA.hosts) == before + 1  # a piece holds it
    del piece
    assert len(CUDA.hosts) == before


def test_device_memory_is_counted_and_given_back(runtime):
    used, free = runtime.memory_used(), runtime.memory_free()
    array = runtime.empty((1000, 1000), np.float32)
    assert runtime.memory_used() >= used + array.nbytes
    assert runtime.memory_free() <= free - array.nbytes
    piece = array[10:20].reshape(10, 10, 100)
    del array
    assert runtime.memory_used() > used
    del piece
    assert runtime.memory_used() == used
    runtime.release_memory()
    assert runtime.memory_free() == free or runtime.memory_free() > free


def test_pieces_and_views(runtime):
    values = np.arange(60, dtype=np.uint32).reshape(5, 12)
    device = runtime.array(values)
    np.testing.assert_array_equal(runtime.to_host(device[2]), values[2])
    np.testing.assert_array_equal(runtime.to_host(device[1:4].reshape(4, 9)), values[1:4].reshape(4, 9))
    np.testing.assert_array_equal(runtime.to_host(device.view(np.uint16)), values.view(np.uint16))
    np.testing.assert_array_equal(runtime.to_host(device[-1][3:5]), values[-1][3:5])
    structured = np.zeros(3, [("a", "u4"), ("b", "f8")])
    structured["b"] = 2.5
    np.testing.assert_array_equal(runtime.to_host(runtime.array(structured)), structured)
    assert runtime.to_host(runtime.empty((0, 4), np.uint8)).shape == (0, 4)
    assert runtime.address(None) == 0
    with pytest.raises(ValueError, match="one size"):
        runtime.to_host(device, np.empty(3, np.uint32))
    with pytest.raises(ValueError, match="contiguous"):
        runtime.to_host(device, np.empty((12, 5), np.uint32).T)


def test_cupy_sees_the_same_memory(runtime):
    device = runtime.array(np.arange(12, dtype=np.float32).reshape(3, 4))
    seen = runtime.cupy_array(device[1:])
    assert isinstance(seen, cupy.ndarray)
    assert (seen.shape, seen.dtype, seen.data.ptr) == ((2, 4), np.float32, device.address + 16)
    used = runtime.memory_used()
    del device
    assert runtime.memory_used() == used  # CuPy's array holds it


def test_too_much_memory_is_an_error_in_words(runtime):
    pool = cupy.get_default_memory_pool()
    pool.set_limit(size=pool.total_bytes() + 2**20)
    try:
        with pytest.raises(SkyforgeError, match=r"no room for 512 MiB, \d+ MiB are free.*device 'cpu'"):
            runtime.empty(2**29, np.uint8)
    finally:
        pool.set_limit(size=0)


def test_a_failure_of_cuda_is_an_error_in_words(runtime, monkeypatch):
    def fail(*_):
        cupy.cuda.runtime.check_status(700)

    monkeypatch.setattr(cupy.cuda.runtime, "deviceSynchronize", fail)
    with pytest.raises(SkyforgeError, match="the GPU failed: cudaErrorIllegalAddress"):
        runtime.synchronize()


def test_no_blocks_are_no_launch(runtime):
    launched = len(CUDA.launches)
    runtime.launch("expose_image", (0, 3), np.zeros(1, np.uint8))
    assert len(CUDA.launches) == launched
