"""Every kernel on small frames of a GPU, each array an allocation of its own, for compute-sanitizer to watch."""

# ruff: noqa: E402  (the modules of the tests lie beside this file)
from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np
import test_expose_entries
import test_ring
import test_stars
from frame_cases import CASES

from skyforge.render.gpu.cupy_runtime import cupy_runtime
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.ring import Form

SMALL = (
    "points and trails of two functions",
    "every option of the detector",
    "a crowded tile",
    "an odd number of columns",
)


def main() -> None:
    """Compare with the CPU as well: what the sanitizer slows down must still be right."""
    runtime = cupy_runtime()
    import cupy

    cupy.cuda.set_allocator(None)  # no pool: so an access beyond an array is one beyond an allocation
    for name in SMALL:
        case = CASES[name]
        renderer = GpuRenderer(runtime, case.bank, case.shape, case.detector)
        request = FrameRequest(case.sources, case.background, case.seed, case.frame)
        drawn = renderer.draw([request], expected=True, image=True, words=True)
        assert runtime.to_host(drawn.image[0]).tobytes() == case.image().tobytes(), name
        assert np.isfinite(runtime.to_host(drawn.expected)).all()
    test_expose_entries.test_pixels_are_those_of_the_cpu_in_any_order(runtime)
    test_stars.test_frames_of_projected_stars_are_the_cpus(runtime)
    for form in Form:
        test_ring.test_what_lands_is_what_a_cpu_makes(form, 2, runtime)
    runtime.synchronize()
    print("all frames are the CPU's")  # noqa: T201


if __name__ == "__main__":
    main()
