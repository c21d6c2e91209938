"""How exactly frames agree with their own truth: places, centroids, light.

python benchmarks/accuracy.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np

from skyforge import simulate
from skyforge.scenario import load
from skyforge.studio import studio

WIDE_FIELD = (
    "observer={orbit: lunar-llo-100km}",
    "telescope.aperture=15 cm",
    "telescope.focal_length=0.469 m",
    "telescope.psf={kind: gaussian, fwhm: 2 px}",
    "detector.shape=[4096, 4096]",
    "pointing={ra: 100 deg, dec: 40 deg}",
    "stars.limit=14",
)
MOTIONS = {
    "staring": (),
    "slew of 500 arcsec/s": ("pointing.track=rates", "pointing.rates={ra: 400 arcsec/s, dec: -300 arcsec/s}"),
    "field rotation of 1 deg/s": ("pointing.track=rates", "pointing.rates={roll: 1 deg/s}"),
}
PSFS = {
    "gaussian": ("{kind: gaussian, fwhm: 2 px}", "1.2 m"),
    "moffat": ("{kind: moffat, fwhm: 2.5 px}", "1.2 m"),
    "airy": ("{kind: airy}", "4.8 m"),
    "pupil, no aberration": ("{kind: pupil, wavefront_error: 0 nm}", "4.8 m"),
}


def places(motion: tuple[str, ...]) -> tuple[float, float, int]:
    """Return the largest distance between truth and WCS at the centre and the corners of a 5° field, and the stars."""
    stage = studio(load("minimal", [*WIDE_FIELD, *motion]))
    exposure = simulate.exposure(stage.plan, 0)
    frame = stage.develop(exposure)
    x, y, ra, dec = (exposure.truth.column(name).to_numpy() for name in ("x", "y", "ra_deg", "dec_deg"))
    distance = np.hypot(*(np.array(frame.wcs.all_world2pix(ra, dec, 0)) - (x, y)))
    radius = np.hypot(x - 2047.5, y - 2047.5)
    return float(distance[radius < 500].max()), float(distance[radius > 2400].max()), len(x)


def light(psf: str, focal_length: str) -> tuple[float, float]:
    """Return the worst windowed centroid in pixels and the relative error of all light, of 16 noiseless stars."""
    places_deg = [(270.0 + 0.05 * column, 66.53 + 0.02 * row) for row in range(4) for column in range(-2, 2)]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "stars.csv"
        table.write_text(
            "ra,dec,g_mag\n" + "".join(f"{ra},{dec},9\n" for ra, dec in places_deg), encoding="utf-8"
        )
        overrides = ["stars.catalogs=[]", "stars.synthetic=false", f"stars.table={table}"]
        telescope = [f"telescope.psf={psf}", f"telescope.focal_length={focal_length}"]
        stage = studio(load("minimal", [*overrides, *telescope]))
    exposure = simulate.exposure(stage.plan, 0)
    image = stage.renderer.expected_image(exposure.sources, 0.0)
    stars = exposure.truth.to_pylist()
    worst = 0.0
    for star in stars:
        left, low = round(star["x"]) - 12, round(star["y"]) - 12
        stamp = image[low : low + 25, left : left + 25].astype(np.float64)
        x, y = windowed_centroid(stamp, star["x"] - left, star["y"] - low)
        worst = max(worst, float(np.hypot(x + left - star["x"], y + low - star["y"])))
    electrons = sum(star["electrons"] for star in stars)
    return worst, abs(float(image.sum(dtype=np.float64)) / electrons - 1.0)


def windowed_centroid(stamp: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """Return the centroid under a Gaussian weight of 3 px, moved until the weight is centred on its own result."""
    rows, columns = np.indices(stamp.shape)
    for _ in range(60):
        weight = stamp * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 18.0)
        step_x, step_y = (np.sum(weight * (columns - x)), np.sum(weight * (rows - y))) / weight.sum()
        x, y = x + 2.0 * step_x, y + 2.0 * step_y
    return x, y


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows: list[dict[str, object]] = []
    print(
        "truth against the frame's WCS, 5 deg field of 4096^2, low lunar orbit; largest distance, px (<= 0.01)"
    )
    for name, motion in MOTIONS.items():
        centre, corner, stars = places(motion)
        rows.append({"what": name, "centre_px": centre, "corner_px": corner, "stars": stars})
        print(f"  {name:<28} centre {centre:.5f}  corners {corner:.5f}  ({stars} stars)")
    print("noiseless stars: worst centroid, px (<= 0.002); all light against the truth's electrons (<= 1e-4)")
    for name, (psf, focal_length) in PSFS.items():
        centroid, lost = light(psf, focal_length)
        rows.append({"what": name, "centroid_px": centroid, "light": lost})
        print(f"  {name:<28} centroid {centroid:.5f}  light {lost:.1e}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
