"""How long whole scenes take, from the scenario to the frame with its truth, and how much memory.

Wall-clock seconds on all processors, of the first frame in a fresh process; nothing is written to disk. Run it on an
otherwise idle machine:

    python benchmarks/scenes.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

MEBIBYTE = 2.0**20

# A 15 cm telescope with a field of 5° in the galactic plane (l = 60°, b = 0.5°): 2.7 million stars to G = 20.
GALACTIC_PLANE = (
    "minimal",
    "detector.shape=[4096, 4096]",
    "telescope.aperture=15 cm",
    "telescope.focal_length=0.469 m",
    "pointing={ra: 295.1887 deg, dec: 24.1262 deg}",
    "stars.limit=20",
)
SCENES = {
    "the built-in scenario, one frame": ("kazsat-from-lunar-orbit",),
    "5 deg in the galactic plane to G = 20": GALACTIC_PLANE,
    "the same, every star trailed": (
        *GALACTIC_PLANE,
        "pointing.track=rates",
        "pointing.rates={ra: 40 arcsec/s, dec: 20 arcsec/s, roll: 20 arcsec/s}",
    ),
}


def one_scene(name: str) -> dict[str, float]:
    """Render one scene in this process and return seconds by stage, stars and memory."""
    from skyforge import simulate
    from skyforge.scenario import load
    from skyforge.studio import studio

    preset, *overrides = SCENES[name]
    scenario = load(preset, overrides)
    started = time.perf_counter()
    stage = studio(scenario)
    ready = time.perf_counter()
    exposure = simulate.exposure(stage.plan, 0)
    exposed = time.perf_counter()
    stage.develop(exposure)
    done = time.perf_counter()
    return {
        "setup_s": ready - started,
        "expose_s": exposed - ready,
        "develop_s": done - exposed,
        "frame_s": done - ready,
        "sources": float(exposure.truth.num_rows),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE,
    }


def measure() -> list[dict[str, object]]:
    """Run every scene in a process of its own."""
    rows: list[dict[str, object]] = []
    for name in SCENES:
        command = [sys.executable, str(Path(__file__)), "--scene", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        rows.append({"what": name, **json.loads(done.stdout.splitlines()[-1])})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--scene", choices=SCENES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scene is not None:
        print(json.dumps(one_scene(options.scene)))
        return
    rows = measure()
    width = max(len(str(row["what"])) for row in rows)
    print(
        f"{'':<{width}}  {'setup':>8} {'expose':>8} {'develop':>8} {'frame':>8} {'sources':>9} {'memory':>9}"
    )
    print(f"{'':<{width}}  {'s':>8} {'s':>8} {'s':>8} {'s':>8} {'':>9} {'MiB':>9}")
    for row in rows:
        seconds = " ".join(f"{row[key]:8.2f}" for key in ("setup_s", "expose_s", "develop_s", "frame_s"))
        print(f"{row['what']:<{width}}  {seconds} {row['sources']:9.0f} {row['memory_mib']:9.0f}")
    print("target: a frame of the field in the galactic plane <= 3 s and <= 2 GB (1907 MiB)")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
