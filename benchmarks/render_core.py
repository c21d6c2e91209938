"""How fast the render core is, as ratios to other code in the same process on the same thread.

Times are process CPU time, the least of some repeats, unless they say wall clock. Run it on an otherwise idle machine:

    python benchmarks/render_core.py [--json FILE] [--quick]
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np
from astropy.table import Table
from figures import tell
from photutils.datasets import make_model_image
from photutils.psf import GaussianPRF
from scipy.special import erf

from skyforge import render
from skyforge.render import _core

SIGMA_PX = {"15": 1.5, "31": 3.0}  # stamps of 16 and 32 px a side
SIDE = 4096
MEBIBYTE = 2.0**20


class Gaussian:
    """A pixel-integrated Gaussian."""

    def __init__(self, sigma):
        self.sigma = sigma

    def prf(self, radius_px, samples_per_pixel):
        """Sample it."""
        n = radius_px * samples_per_pixel
        edge = np.arange(-n, n + 1) / samples_per_pixel
        scale = self.sigma * np.sqrt(2.0)
        line = 0.5 * (erf((edge + 0.5) / scale) - erf((edge - 0.5) / scale))
        return line[:, None] * line[None, :]


class Moffat:
    """A Moffat function, sampled: wings that reach over the whole frame."""

    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta

    def prf(self, radius_px, samples_per_pixel):
        """Sample it."""
        n = radius_px * samples_per_pixel
        axis = np.arange(-n, n + 1) / samples_per_pixel
        square = (axis[:, None] ** 2 + axis[None, :] ** 2) / self.alpha**2
        return (self.beta - 1.0) / (np.pi * self.alpha**2) * (1.0 + square) ** -self.beta


def least(work: Callable[[], object], repeats: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least time of some repeats, seconds."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def stars(count, side, generator, brightest=1e6):
    """Make stars whose counts grow tenfold for each 1.7 magnitudes."""
    x, y = generator.uniform(0.0, side, (2, count))
    electrons = np.minimum(20.0 * (1.0 - generator.random(count)) ** -0.68, brightest)
    return render.Sources.points(x, y, electrons)


def against_photutils(repeats):
    generator = np.random.default_rng(1)
    x, y = generator.uniform(0.0, 2048.0, (2, 10_000))
    flux = generator.uniform(1e3, 1e5, 10_000)
    sources, bank = render.Sources.points(x, y, flux), render.psf_bank(Gaussian(SIGMA_PX["15"]))
    fwhm = np.full(10_000, SIGMA_PX["15"] * 2.0 * np.sqrt(2.0 * np.log(2.0)))
    table = Table({"x_0": x, "y_0": y, "flux": flux, "x_fwhm": fwhm, "y_fwhm": fwhm})
    theirs = least(
        lambda: make_model_image((2048, 2048), GaussianPRF(), table, model_shape=(15, 15)), min(repeats, 2)
    )
    ours = least(lambda: render.expected_image(sources, bank, (2048, 2048), threads=1), repeats)
    return theirs, ours


def against_numpy(repeats, level):
    expected = np.full((SIDE, SIDE), level, dtype=np.float32)
    detector = render.Detector(full_well_e=6e4, read_noise_e=5.0, gain_e_per_adu=1.5, bias_adu=100.0)
    generator = np.random.default_rng(1)

    def numpy():
        electrons = generator.poisson(expected) + generator.normal(0.0, 5.0, expected.shape)
        return np.clip(electrons / 1.5 + 100.5, 0, 65535).astype(np.uint16)

    return least(numpy, min(repeats, 2)), least(
        lambda: render.expose(expected, detector, 1, threads=1), repeats
    )


def frame_rates(repeats, quick):
    generator = np.random.default_rng(2)
    detector = render.Detector(
        dark_e=3.0, full_well_e=6e4, read_noise_e=5.0, gain_e_per_adu=1.5, bias_adu=100.0
    )
    shape = (SIDE, SIDE)
    wide, sharp = render.psf_bank(Gaussian(SIGMA_PX["31"])), render.psf_bank(Gaussian(SIGMA_PX["15"]))
    winged = render.psf_bank(Moffat(2.0, 2.5))
    few, many = stars(10_000, SIDE, generator), stars(100_000, SIDE, generator)
    angle = generator.normal(0.3, 0.02, 10_000)
    trails = render.Sources(
        few.x_start,
        few.y_start,
        few.x_start + 35.0 * np.cos(angle),
        few.y_start + 35.0 * np.sin(angle),
        few.electrons,
    )

    def frame(sources, bank, threads):
        return lambda: render.render_frame(sources, bank, shape, 200.0, detector, 1, threads=threads)

    rows = [
        ("1e5 stars of 31^2, all noise, 1 thread", least(frame(many, wide, 1), repeats), "cpu s", 0.6),
        (
            "1e4 stars, all noise, 2 threads",
            least(frame(few, sharp, 2), repeats, time.perf_counter),
            "wall s",
            0.4,
        ),
        (
            "the same with Moffat wings",
            least(frame(few, winged, 2), repeats, time.perf_counter),
            "wall s",
            0.4,
        ),
        (
            "1e4 trails of 35 px, 2 threads",
            least(frame(trails, sharp, 2), repeats, time.perf_counter),
            "wall s",
            0.7,
        ),
        (
            "the same with Moffat wings",
            least(frame(trails, winged, 2), repeats, time.perf_counter),
            "wall s",
            0.7,
        ),
    ]
    if not quick:
        crowd = stars(2_500_000, SIDE, generator)
        for name, bank in (("2.5e6 stars, 2 threads", sharp), ("the same with Moffat wings", winged)):
            seconds = least(frame(crowd, bank, 2), repeats, time.perf_counter)
            rows.append((name, seconds, "wall s", 1.0))
    one = least(frame(many, wide, 1), repeats, time.perf_counter)
    two = least(frame(many, wide, 2), repeats, time.perf_counter)
    return rows, one / two


def measure(quick):
    repeats = 2 if quick else 5
    rows, speedup = frame_rates(repeats, quick)
    table = [
        {"what": what, "value": value, "unit": unit, "target": f"<= {target}"}
        for what, value, unit, target in rows
    ]
    theirs, ours = against_photutils(repeats)
    ratio = {"unit": "times", "target": ">= 50", "theirs_s": theirs, "ours_s": ours}
    table.insert(
        0, {"what": "1e4 stars of 15^2 on 2048^2 against photutils", "value": theirs / ours, **ratio}
    )
    for place, level in enumerate((200.0, 2.0), start=1):
        theirs, ours = against_numpy(repeats, level)
        ratio = {"unit": "times", "target": ">= 3.5", "theirs_s": theirs, "ours_s": ours}
        what = f"detector on 4096^2, {level:g} e-, against NumPy"
        table.insert(place, {"what": what, "value": theirs / ours, **ratio})
    table.append({"what": "two threads against one", "value": speedup, "unit": "times", "target": ">= 1.7"})
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE
    table.append(
        {"what": "largest memory of this process", "value": memory, "unit": "MiB", "target": "<= 1200"}
    )
    return table


if __name__ == "__main__":
    tell(__doc__, "fewer repeats, and without the 2.5e6 stars", measure, _core.instruction_sets())
