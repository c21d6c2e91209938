"""Frames that every device must give the same bytes of: every point spread function, every way to be a source, every
detector. The CPU says what they are; an emulated GPU and a real one are held to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from skyforge import render
from skyforge.optics import ImagePsf, Spider, airy, gaussian, moffat, pupil

SHAPE = (150, 203)
TELESCOPE = {"aperture_m": 0.3, "focal_length_m": 1.2, "pixel_um": 6.0}
BAND_NM = (500.0, 800.0)
PLAIN_DETECTOR = render.Detector(read_noise_e=3.0, bias_adu=100.0)


@dataclass(frozen=True)
class FrameCase:
    """What a frame is made of."""

    psf: str
    sources: render.Sources
    shape: tuple[int, int] = SHAPE
    background: render.Background = 3.5
    detector: render.Detector = PLAIN_DETECTOR
    seed: int = 11
    frame: int = 5

    @property
    def bank(self):
        return bank(self.psf)

    def expected(self):
        return render.expected_image(self.sources, self.bank, self.shape, self.background, device="cpu")

    def image(self):
        return render.render_frame(
            self.sources,
            self.bank,
            self.shape,
            self.background,
            self.detector,
            self.seed,
            self.frame,
            device="cpu",
        )


def _image_psf():
    y, x = np.mgrid[-40:41, -40:41]
    bean = np.exp(-(x**2 + 0.5 * y**2) / 32.0) + 0.3 * np.exp(-((x - 6.0) ** 2 + (y + 4.0) ** 2) / 40.0)
    return ImagePsf(bean, 4.0, (40.0, 40.0), jitter_px=0.2)


PSFS = {
    "sharp gaussian": lambda: gaussian(fwhm_px=1.0),
    "gaussian": lambda: gaussian(fwhm_px=2.2, jitter_px=0.2),
    "wide gaussian": lambda: gaussian(fwhm_px=9.0),
    "moffat": lambda: moffat(fwhm_px=2.0, beta=2.8, jitter_px=0.2),
    "steep moffat": lambda: moffat(fwhm_px=3.0, beta=4.7),
    "airy": lambda: airy(**TELESCOPE, wavelength_nm=BAND_NM, obstruction=0.35, jitter_px=0.2),
    "pupil": lambda: pupil(
        **TELESCOPE,
        wavelength_nm=BAND_NM,
        obstruction=0.35,
        spider=Spider(4, 0.005, 20.0),
        wavefront_error_nm=60.0,
        jitter_px=0.2,
    ),
    "image": _image_psf,
    "two": lambda: [moffat(fwhm_px=2.0, beta=2.8), gaussian(fwhm_px=3.0)],
}


@cache
def bank(name):
    """A bank of one of the `PSFS`."""
    return render.psf_bank(PSFS[name]())


def points(count=60, *, faint=4, octaves=15, shape=SHAPE):
    """Points all over the frame and beside it, from 2^faint electrons up."""
    number = np.arange(count)
    x = (number * 37.31) % (shape[1] + 30) - 15.0
    y = (number * 53.77) % (shape[0] + 30) - 15.0
    return render.Sources.points(x, y, 2.0 ** (faint + number % octaves))


def trails(count=24, *, run=(20.0, 9.0), faint=8, octaves=12):
    """Trails in several directions and lengths, some of them points."""
    start = points(count, faint=faint, octaves=octaves)
    turn = np.arange(count) * 0.7
    length = 0.25 * (np.arange(count) % 5)
    x = start.x_start + length * (run[0] * np.cos(turn) - run[1] * np.sin(turn))
    y = start.y_start + length * (run[0] * np.sin(turn) + run[1] * np.cos(turn))
    return render.Sources(start.x_start, start.y_start, x, y, start.electrons)


def _crossing():
    return render.Sources([-4e6, 10.0], [75.0, -3e5], [5e6, 180.0], [80.0, 4e5], [4e9, 3e9])


def _mixed():
    first, second = points(40), trails(30)
    columns = (
        np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("x_start", "y_start", "x_end", "y_end", "electrons")
    )
    return render.Sources(*columns, np.arange(70) % 2)


def _ramp(low, high):
    index = np.arange(SHAPE[0] * SHAPE[1]).reshape(SHAPE)
    return (low + (high - low) * ((index * 7919) % 1024) / 1024.0).astype(np.float32)


def _crowd():
    """More sources on one tile than are sorted in shared memory."""
    number = np.arange(2600)
    return render.Sources.points(
        64.0 + (number * 7.13) % 60.0, 66.0 + (number * 11.7) % 57.0, 5.0 + number % 90
    )


COARSE = render.CoarseBackground(np.array([[1.0, 80.0, 20.0], [30.0, 200.0, 5.0]], dtype=np.float32))
FULL_DETECTOR = render.Detector(
    dark_e=_ramp(0.0, 30.0),
    prnu=_ramp(0.95, 1.05),
    full_well_e=40833.0,
    read_noise_e=4.5,
    gain_e_per_adu=2.5,
    bias_adu=50.0,
    bits=14,
)
NOTHING = render.Sources.points([], [], [])

CASES = {
    **{f"points, {name}": FrameCase(name, points()) for name in PSFS},
    **{f"trails, {name}": FrameCase(name, trails()) for name in PSFS},
    "bright stars with diffraction": FrameCase("pupil", points(12, faint=18, octaves=10)),
    "bright stars with wings": FrameCase("moffat", points(12, faint=18, octaves=10)),
    "trails across the whole frame": FrameCase("gaussian", _crossing()),
    "long sharp trails": FrameCase("sharp gaussian", trails(8, run=(150.0, 90.0))),
    "points and trails of two functions": FrameCase("two", _mixed(), background=COARSE),
    "a crowded tile": FrameCase("gaussian", _crowd()),
    "no sources": FrameCase("gaussian", NOTHING),
    "no light": FrameCase("moffat", render.Sources.points([50.0], [60.0], [0.0]), background=0.0),
    "a frame smaller than a tile": FrameCase("airy", points(20, shape=(17, 41)), shape=(17, 41)),
    "a single pixel": FrameCase("gaussian", points(3, shape=(1, 1)), shape=(1, 1)),
    "an odd number of columns": FrameCase("gaussian", points(30, shape=(65, 129)), shape=(65, 129)),
    "a background map": FrameCase("airy", points(), background=_ramp(0.0, 900.0)),
    "a coarse background": FrameCase("airy", points(), background=COARSE),
    "every option of the detector": FrameCase("moffat", trails(), background=COARSE, detector=FULL_DETECTOR),
    "saturated": FrameCase(
        "gaussian",
        points(20, faint=18),
        detector=render.Detector(full_well_e=30_000.0, bits=12, read_noise_e=1.0),
    ),
    "without noise of reading": FrameCase("gaussian", points(), detector=render.Detector()),
    "bright sky": FrameCase("gaussian", points(), background=4e4, detector=FULL_DETECTOR),
    "an endless well": FrameCase(
        "gaussian",
        points(),
        background=2e6,
        detector=render.Detector(full_well_e=math.inf, gain_e_per_adu=90.0),
    ),
    "a large seed": FrameCase("gaussian", points(), seed=2**64 - 3, frame=2**32 - 1),
}
