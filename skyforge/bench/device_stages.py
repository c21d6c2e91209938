"""The stages of a frame on a GPU, kernel by kernel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from statistics import median

import numpy as np

from skyforge.bench.device_scene import device_scene
from skyforge.bench.effort import Effort
from skyforge.bench.kernel_clock import COPY_TO_HOST, KernelClock
from skyforge.bench.scenes import Scene
from skyforge.codec.device import compress_frames
from skyforge.render.gpu.runtime import Runtime
from skyforge.render.gpu.workspace import Workspace

KERNEL_STAGES = {
    "project_stars": "project",
    "plan_count": "bin",
    "plan_offsets": "bin",
    "plan_fill": "bin",
    "plan_sort": "bin",
    "halo_gather": "halo",
    "halo_spread": "halo",
    "rice_rows": "compress",
    "rice_offsets": "compress",
    "rice_gather": "compress",
    COPY_TO_HOST: "transfer",
}
"""The stage that each kernel belongs to; drawing is two stages in one kernel."""
DRAWING = "draw_frames"
DRAWING_WITHOUT_NOISE = "draw_frames, no output"
_REPEATS = 7


def kernel_seconds(runtime: Runtime, scene: Scene, effort: Effort) -> dict[str, float]:
    """
    Return the seconds of a frame by kernel and copy, each the median of some launches of many frames.

    Nothing else is on its way meanwhile. Drawing is timed with its noise and once more without any output, which
    leaves the stars alone.
    """
    timed, clock = KernelClock.around(runtime)
    ready = device_scene(timed, scene, effort)
    found: dict[str, list[float]] = defaultdict(list)
    with timed.stream():
        image, buffers, workspace = ready.images(), ready.buffers(), Workspace(timed)
        host = timed.pinned((ready.frames, *scene.shape), np.uint16)
        ready.grown([workspace], {"image": image})
        clock.read()
        for _ in range(_REPEATS):
            ready.renderer.launch(ready.requests(0), {}, workspace)
            found[DRAWING_WITHOUT_NOISE].append(clock.read()[DRAWING])
            ready.renderer.launch(ready.requests(0), {"image": image}, workspace)
            compress_frames(timed, image, buffers)
            timed.copy_to_host(image, host)
            for name, seconds in clock.read().items():
                found[name].append(seconds)
    return {name: median(seconds[1:]) / ready.frames for name, seconds in found.items()}


def stage_seconds(kernels: Mapping[str, float]) -> dict[str, float]:
    """Return the seconds of a frame by stage."""
    seconds: dict[str, float] = defaultdict(float)
    for name, stage in KERNEL_STAGES.items():
        if name in kernels:
            seconds[stage] += kernels[name]
    seconds["splat"] = kernels[DRAWING_WITHOUT_NOISE]
    seconds["noise"] = max(0.0, kernels[DRAWING] - kernels[DRAWING_WITHOUT_NOISE])
    return dict(seconds)
