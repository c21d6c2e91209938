"""Whether a run's memory grows with its frames: resident memory of the process that renders, and of its writers.

One run of small frames; the slope is that of a straight line through the second half of it, when every cache is warm.
How far the slope may be trusted is said beside it: the same line through halves of that half. Run it on a machine with
memory to spare:

    python benchmarks/memory.py [--frames 1000] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np

KILOBYTE = 1e3
TARGET_KB_PER_FRAME = 1.0
EVERY = 10
SCENARIO = (
    "kazsat-from-lunar-orbit",
    "detector.shape=[128, 128]",
    "telescope.psf={kind: gaussian, fwhm: 2 px}",
    "stars.limit=17",
)


def resident_bytes(pid: int | str = "self") -> int:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def writers() -> list[int]:
    """Return the processes that this one started."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in pids]


def measure(frames: int, compress: bool) -> dict[str, object]:
    """Render a run and return the slopes of its memory, kB a frame."""
    from skyforge.pipeline import render_run
    from skyforge.scenario import load

    preset, *overrides = SCENARIO
    scenario = load(preset, [*overrides, f"time.frames={frames}"])
    samples: list[tuple[int, int, int]] = []

    def sample(done: int, _: int) -> None:
        if done % EVERY == 0:
            samples.append((done, resident_bytes(), sum(resident_bytes(pid) for pid in writers())))

    with tempfile.TemporaryDirectory() as folder:
        summary = render_run(scenario, Path(folder) / "run", compress=compress, progress=sample, writers=1)
    done, run, others = np.array(samples, dtype=float).T
    late = done > frames / 2
    quarters = np.array_split(np.flatnonzero(late), 2)
    return {
        "what": f"{frames} frames of 128 x 128{', compressed' if compress else ''}",
        "kb_per_frame": slope(done[late], run[late]),
        "kb_per_frame_of_its_halves": [slope(done[part], run[part]) for part in quarters],
        "writer_kb_per_frame": slope(done[late], others[late]),
        "run_mb": run[-1] / 1e6,
        "writer_mb": others[late].max() / 1e6,
        "ms_per_frame": 1e3 * (summary.seconds - summary.stages.ready_s) / frames,
    }


def slope(frames: np.ndarray, size: np.ndarray) -> float:
    """Return kilobytes a frame of the best straight line."""
    return float(np.polyfit(frames, size / KILOBYTE, 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--frames", type=int, default=1000)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = [measure(options.frames, compress) for compress in (False, True)]
    for row in rows:
        first, second = row["kb_per_frame_of_its_halves"]
        print(
            f"{row['what']:<40} {row['kb_per_frame']:7.3f} kB a frame ({first:.3f}, {second:.3f}), "
            f"writer {row['writer_kb_per_frame']:.3f}; {row['run_mb']:.0f} MB, writer {row['writer_mb']:.0f} MB; "
            f"{row['ms_per_frame']:.1f} ms a frame"
        )
    print(f"target: <= {TARGET_KB_PER_FRAME:g} kB a frame")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
