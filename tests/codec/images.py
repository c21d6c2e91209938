"""Images that a codec must stand: noise of every strength, rendered stars, saturation, extremes, odd shapes."""

from __future__ import annotations

import numpy as np

from skyforge import optics, render


def gaussian_noise(shape, sigma, level=30_000.0, seed=1):
    noise = np.random.default_rng(seed).normal(level, sigma, shape)
    return np.clip(noise, 0, 65535).astype(np.uint16)


def rendered_stars(shape=(200, 333), brightest=3e6):
    generator = np.random.default_rng(5)
    x, y = generator.uniform(0, shape[1], 400), generator.uniform(0, shape[0], 400)
    electrons = np.minimum(50.0 * (1.0 - generator.random(400)) ** -1.2, brightest)
    bank = render.psf_bank(optics.gaussian(fwhm_px=2.5))
    detector = render.Detector(full_well_e=60_000, read_noise_e=4.0, gain_e_per_adu=1.0, bias_adu=500.0)
    sources = render.Sources.points(x, y, electrons)
    return render.render_frame(sources, bank, shape, 80.0, detector, seed=2, threads=1)


def extremes(shape=(7, 200)):
    image = np.zeros(shape, np.uint16)
    image[:, ::2] = 65535
    return image


def steep_tails(shape=(60, 700)):
    tails = np.random.default_rng(4).standard_cauchy(shape) * 30.0 + 2000.0
    return np.clip(tails, 0, 65535).astype(np.uint16)


def uniform(shape, seed=6, largest=65535):
    return np.random.default_rng(seed).integers(0, largest, shape, np.uint16, endpoint=True)


def every_kind():
    images = {
        f"noise {sigma:g}": gaussian_noise((21, 500), sigma) for sigma in (0.3, 1, 3, 10, 30, 300, 3000, 2e4)
    }
    images |= {
        "stars": rendered_stars(),
        "saturated": rendered_stars((64, 100), brightest=1e9),
        "all saturated": np.full((9, 130), 65535, np.uint16),
        "constant": np.full((10, 97), 1234, np.uint16),
        "empty": np.zeros((3, 64), np.uint16),
        "extremes": extremes(),
        "full range": uniform((20, 300)),
        "ramp": np.arange(65536, dtype=np.uint16).reshape(16, 4096),
        "steep tails": steep_tails(),
        "one bright pixel": np.eye(70, 90, dtype=np.uint16) * np.uint16(65535),
        "one pixel": np.array([[40_000]], np.uint16),
    }
    for width in (1, 2, 3, 31, 32, 33, 63, 64, 65, 4097):
        images[f"{width} wide"] = uniform((5, width), seed=width, largest=300)
    return images
