"""The GPU's encoder, its kernels run thread by thread on the CPU: the bytes of the CPU's encoder."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from skyforge import codec
from skyforge.codec import device as on_device
from skyforge.errors import InputError

EMULATOR = Path(__file__).parents[1] / "render" / "gpu" / "emulator.py"


class EmulatedArray:
    """Memory with unmapped pages on both sides, as NumPy sees it."""

    def __init__(self, emulator, count, dtype):
        size = count * np.dtype(dtype).itemsize
        self.address = emulator.allocate(size)
        self.host = np.frombuffer((ctypes.c_uint8 * size).from_address(self.address), dtype)
        self.host.view(np.uint8)[:] = 0xA5


class EmulatedDevice:
    def __init__(self, emulator, order):
        self._emulator, self._order = emulator, order

    def empty(self, count, dtype):
        return EmulatedArray(self._emulator, count, dtype)

    def array(self, values):
        array = self.empty(values.size, values.dtype)
        array.host[:] = values.ravel()
        return array

    def clear(self, array):
        array.host[:] = 0

    def address(self, array):
        return array.address

    def launch(self, name, blocks, arguments):
        self._emulator.launch(name, (blocks, 1), arguments.tobytes(), self._order, seed=3)


@pytest.fixture(scope="session")
def emulator():
    if not EMULATOR.exists() or shutil.which("g++") is None:
        pytest.skip("the emulator of a GPU is not here, or no g++ to build it")
    name = "codec_test_emulator"
    spec = importlib.util.spec_from_file_location(name, EMULATOR)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.emulator()


def compressed(device, images, room=None):
    frames, *shape = images.shape
    buffers = on_device.rice_buffers(device, room or frames, tuple(shape))
    on_device.compress_frames(device, device.array(images), buffers, frames)
    heap, offsets = buffers.heap.host.view(np.uint8), buffers.offsets.host.tolist()
    result = []
    for frame, total in enumerate(buffers.sums.host[:frames].tolist()):
        first, end = frame * shape[0], (frame + 1) * shape[0]
        data = heap[offsets[first] : offsets[end]]
        sizes = buffers.sizes.host[first:end]
        result.append(on_device.device_frame(sizes, offsets[first], total, data, tuple(shape)))
    return result


def assert_as_on_the_cpu(frames, images):
    for frame, image in zip(frames, images, strict=True):
        expected = codec.rice_compress(image, threads=1)
        assert np.array_equal(frame.image.sizes, expected.sizes)
        assert np.array_equal(frame.image.data, expected.data)
        assert frame.heap_sum == codec.datasum(expected.data)


def test_structures_are_laid_out_as_the_kernels_have_them(emulator):
    layouts = {
        "rice_rows": ("RiceRowsArguments", on_device.ROWS_ARGUMENTS),
        "rice_offsets": ("RiceOffsetsArguments", on_device.OFFSETS_ARGUMENTS),
        "rice_gather": ("RiceGatherArguments", on_device.GATHER_ARGUMENTS),
    }
    for name, (structure, layout) in layouts.items():
        entry = emulator.entries[name]
        assert (entry.structure, entry.bytes, entry.threads) == (structure, layout.itemsize, 256)


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_every_kind_of_image_gives_the_bytes_of_the_cpu(image, emulator, order):
    # A few rows: of the emulator's 256 threads, each takes its turn at every barrier.
    few = image[:: max(1, image.shape[0] // 5)][:6]
    assert_as_on_the_cpu(compressed(EmulatedDevice(emulator, order), few[None]), few[None])


def test_frames_of_one_launch_are_told_apart(emulator, stars):
    # Odd sizes: frames begin anywhere within a word of the heap.
    images = np.stack([stars[k : k + 11, k : k + 150] for k in (0, 30, 60, 90, 120)])
    frames = compressed(EmulatedDevice(emulator, "shuffled"), images, room=7)
    assert len({int(np.sum(frame.image.sizes)) % 4 for frame in frames}) > 1
    assert_as_on_the_cpu(frames, images)


def test_rows_longer_than_a_chunk_go_on_where_the_last_word_ended(emulator):
    image = np.random.default_rng(2).normal(900.0, 40.0, (2, 9001)).astype(np.uint16)
    image[1] = np.resize(np.array([0, 25_000], np.uint16), 9001)  # in full: the longest code
    assert_as_on_the_cpu(compressed(EmulatedDevice(emulator, "shuffled"), image[None]), image[None])


def test_more_rows_than_one_stretch_of_offsets(emulator):
    images = np.random.default_rng(3).integers(0, 50, (2, 2500, 5)).astype(np.uint16)
    assert_as_on_the_cpu(compressed(EmulatedDevice(emulator, "ascending"), images), images)


def test_frames_that_do_not_fit_are_refused(emulator):
    device = EmulatedDevice(emulator, "ascending")
    with pytest.raises(InputError, match="at least one frame"):
        on_device.rice_buffers(device, 0, (4, 4))
    buffers = on_device.rice_buffers(device, 2, (4, 4))
    for frames in (0, 3):
        with pytest.raises(InputError, match="room for 1 to 2 frames"):
            on_device.compress_frames(device, None, buffers, frames)
