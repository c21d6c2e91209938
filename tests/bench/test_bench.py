"""What the benchmark measures: every stage, on both devices; never how fast it is."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from skyforge.bench.cpu_stages import cpu_figures
from skyforge.bench.device_figures import device_figures
from skyforge.bench.device_limits import device_limits
from skyforge.bench.figures import STAGES, Stage
from skyforge.bench.kernel_clock import KernelClock
from skyforge.bench.kernel_resources import occupancy
from skyforge.bench.limits import Limits, cpu_limits
from skyforge.bench.placing import scene_sources
from skyforge.bench.rivals import against
from skyforge.bench.scenes import FIELD, GALACTIC_PLANE, STANDARD, WIDE_IMAGES, WINGS, Scene
from skyforge.errors import OutputError

LIMITS = Limits(1e10, 1e11, 1e9, 2e10, 2.5e10, 1e9)


def test_what_a_processor_can_do(tiny, tmp_path):
    limits = cpu_limits(2, tmp_path, tiny)
    assert limits.to_host_bytes_s is None
    for rate in (limits.memory_bytes_s, limits.multiply_adds_s, limits.random_blocks_s, limits.disk_bytes_s):
        assert 0.0 < rate < math.inf
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_cannot_be_written_is_an_error(tiny, tmp_path):
    with pytest.raises(OutputError):
        cpu_limits(1, tmp_path / "absent", tiny)


def test_what_a_device_can_do(emulated, tiny):
    limits = device_limits(emulated(schedule="random", seed=4), None, tiny)
    assert limits.disk_bytes_s is None
    assert all(rate > 0.0 for rate in limits.as_json().values() if rate is not None)


def test_every_stage_of_a_frame_on_a_processor(tiny, tmp_path, tiny_scenes):
    for scene in tiny_scenes:
        figures = cpu_figures(scene, LIMITS, tmp_path, 2, tiny)
        names = [stage.name for stage in figures.stages]
        assert names == [name for name in STAGES if name in names]
        assert {"bin", "splat", "noise", "compress", "write", "truth"} <= set(names)
        assert ("project" in names) == scene.projected
        assert ("halo" in names) == scene.wings
        assert all(stage.seconds >= 0.0 for stage in figures.stages)
        assert figures.end_to_end_frames_s > 0.0
        json.dumps(figures.as_json(), allow_nan=False)


def test_every_stage_of_a_frame_on_a_device(emulated, tiny, tmp_path, tiny_scenes):
    scenes = {scene.name: scene for scene in tiny_scenes}
    for name, schedule in (("galactic-plane", "lazy"), ("wings", "random")):
        figures = device_figures(emulated(schedule=schedule), scenes[name], LIMITS, tmp_path, 2, tiny)
        names = {stage.name for stage in figures.stages}
        assert {"bin", "splat", "noise", "compress", "transfer", "write", "truth"} <= names
        assert ("project" in names, "halo" in names) == (scenes[name].projected, scenes[name].wings)
        assert figures.frames_a_launch == 2
        assert figures.to_host_frames_s > 0.0


def test_frames_on_the_disk_are_frames(tiny, tmp_path, tiny_scenes):
    cpu_figures(tiny_scenes[0], LIMITS, tmp_path, 1, tiny)
    with fits.open(tmp_path / "frame-1.fits", checksum=True) as hdus:
        frame = hdus[1].data
    assert frame.shape == tiny_scenes[0].shape
    assert frame.std() > 0.0


def test_a_clock_does_the_work_that_it_times(emulated):
    timed, clock = KernelClock.around(emulated(schedule="lazy"))
    host, back = timed.pinned(64, np.uint8), timed.pinned(64, np.uint8)
    host[:] = np.arange(64)
    array = timed.empty(64, np.uint8)
    with timed.stream():
        timed.clear(array)
        timed.copy_to_device(host, array)
        timed.copy_to_host(array, back)
        seconds = clock.read()
    assert set(seconds) == {"clear", "copy to device", "copy to host"}
    assert (back == host).all()
    assert clock.read() == {}


@pytest.mark.parametrize("rival", ["photutils", "numpy", "astropy"])
def test_rivals_do_the_same_work(rival, tiny):
    pytest.importorskip(rival)
    scene = Scene("tiny", "a few stars", (80, 90), 20)
    figures = against(rival, tiny, scene).as_json()
    assert figures["rival"] == rival
    assert figures["work"].endswith("of a few stars")
    assert figures["theirs_ms"] >= 0.0


def test_scenes_are_what_their_titles_say():
    assert [scene.name for scene in STANDARD] == ["small", "field", "wings", "wide-images", "galactic-plane"]
    assert (FIELD.shape, FIELD.stars, WINGS.stars) == ((4096, 4096), 10_000, 10_000)
    # A stamp of half-width 16 holds 31 pixels wherever between pixels its star stands.
    assert WIDE_IMAGES.stars == 100_000
    assert WIDE_IMAGES.stamp_pixels() == 100_000 * 32**2
    assert GALACTIC_PLANE.stars == 2_500_000
    corner = np.degrees(np.arctan(0.5 * 4096 * GALACTIC_PLANE.pixel_scale))
    assert 2.0 * corner == pytest.approx(5.0)


def test_a_catalogue_fills_the_frame_and_moves_from_frame_to_frame():
    scene = replace(GALACTIC_PLANE, stars=20_000, shape=(512, 512))
    frames = scene_sources(scene, 1)
    first, second = next(frames), next(frames)
    inside = (np.abs(first.x_start - 255.5) < 256) & (np.abs(first.y_start - 255.5) < 256)
    # The catalogue's field is 2 % wider than the frame; aberration of 20" moves it by half a pixel here.
    assert inside.mean() == pytest.approx(1.0 / 1.02**2, abs=0.01)
    assert (first.x_start == first.x_end).all()
    moved = np.hypot(second.x_start - first.x_start, second.y_start - first.y_start)
    # Pixels of a plane are larger away from its middle: by 0.2 % in the corners.
    np.testing.assert_allclose(moved, 1.3, rtol=0.01)


def test_shares_of_a_limit():
    assert Stage("noise", 2e-3, "memory", 1e-3).share_of_limit == pytest.approx(0.5)
    assert Stage("halo", 2e-3).share_of_limit is None
    assert Stage("noise", 0.0, "memory", 1e-3).as_json()["percent_of_limit"] is None


def test_occupancy_is_what_nvidia_publishes():
    # CUDA C++ programming guide: 64 registers a thread leave room for half of the threads, 32 for all of them.
    assert occupancy(64, 0, 9) == 0.5
    assert occupancy(32, 0, 9) == 1.0
    # Blocks of 48 KiB and 1 KiB that the system takes: four in 228 KiB, three in 164 KiB.
    assert occupancy(32, 48 * 1024, 9) == 4 * 256 / 2048
    assert occupancy(32, 48 * 1024, 8) == 3 * 256 / 2048
