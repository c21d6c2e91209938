"""How long targets take in a frame, light curve and illumination included, beside the rest of the exposure.

    python benchmarks/targets.py [--json FILE]

Satellites on mean elements in a geostationary cluster, all in the field of a telescope in orbit around the Moon that
follows the stars. A tumbling plate flickers in 32 pieces of its trail. What a target costs is the time of
`target_images` and of its rows of truth, in one thread.
"""

from __future__ import annotations

import os

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import argparse  # noqa: E402  (threads are counted when NumPy is loaded)
import json  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from skyforge import load, simulate  # noqa: E402
from skyforge.orbits.tle import tle_checksum  # noqa: E402
from skyforge.simulate.obstruction import discs, planet_discs  # noqa: E402
from skyforge.simulate.pixel_noise import PixelNoise  # noqa: E402
from skyforge.simulate.target_images import TargetImages, target_images  # noqa: E402
from skyforge.simulate.truth import target_truth  # noqa: E402

ALLOWED_MS = 0.1
COUNTS = (1, 10, 100, 1000, 5000)
MODELS = {
    "diffuse spheres": "{kind: sphere}",
    "flickering spheres": "{kind: sphere, flicker: {period: 8 s, amplitude: 1}}",
    "boxes with wings": "{kind: box_wing}",
    "tumbling plates": "{kind: plate, attitude: {kind: tumbling, period: 4 s}}",
}


def cluster(count: int) -> str:
    """Return two-line elements of satellites within half a degree of one place in the geostationary ring."""
    random = np.random.default_rng(5)
    lines = []
    for number in range(count):
        inclination, node, apart = (
            random.uniform(0.0, 0.3),
            random.uniform(0.0, 360.0),
            random.normal(0.0, 0.3),
        )
        anomaly = (41.0 + apart - node) % 360.0
        first = f"1 {number + 1:05d}U 98067A   30060.00000000  .00000000  00000-0  00000-0 0  999"
        angles = f"{inclination:8.4f} {node:8.4f} 0001000 {0.0:8.4f} {anomaly:8.4f}"
        second = f"2 {number + 1:05d} {angles} {1.0027:11.8f}    1"
        lines += [f"T{number}", f"{first}{tle_checksum(first)}", f"{second}{tle_checksum(second)}"]
    return "\n".join(lines) + "\n"


def least_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least processor time of some repeats."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def measure(folder: Path, count: int, model: str) -> dict[str, float]:
    """Return milliseconds a target and frame, and how many of them are in the field."""
    elements = folder / f"{count}.tle"
    elements.write_text(cluster(count), encoding="utf-8")
    scenario = load(
        "kazsat-from-lunar-orbit",
        [
            "time.start=2030-03-01T06:00:00Z",
            "time.frames=1",
            "time.exposure=2 s",
            f"targets=[{{tle: {elements}, model: {model}}}]",
            "pointing={target: T0}",
            "telescope={preset: lunar-15cm-f2}",
            "stars={catalogs: [], synthetic: false, limit: 10}",
            "background.stray_light=false",
        ],
    )
    plan = simulate.plan(scenario)
    begin, end = plan.interval_tdb_s(0)
    middle = 0.5 * (begin + end)
    here, _ = plan.observer.state(middle)
    blocking = discs(here[0], middle) + planet_discs(here[0], middle)
    telescope, noise = plan.instrument, PixelNoise((2048, 2048), np.ones((17, 17)), None, 0.1, 2.0, 1e5)

    def work() -> TargetImages:
        images = target_images(plan.targets, plan.observer, plan.attitude, telescope, (begin, end), blocking)
        target_truth(0, images, telescope.camera, telescope.image_shape, noise)
        return images

    inside, _ = work().trails.on_frame(telescope.camera.shape)
    return {"ms": 1e3 * least_s(work) / count, "in_field": float(inside.mean())}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    figures: dict[str, dict[str, dict[str, float]]] = {}
    print(f"milliseconds a target and frame (allowed: {ALLOWED_MS:g}), share of them in the field")
    with tempfile.TemporaryDirectory() as folder:
        for name, model in MODELS.items():
            figures[name] = {}
            for count in COUNTS:
                found = figures[name][str(count)] = measure(Path(folder), count, model)
                over = found["ms"] / ALLOWED_MS
                print(
                    f"  {name:<20} {count:>5}  {found['ms']:8.4f}  {found['in_field']:4.0%}  {over:6.2f} of allowed"
                )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
