"""The golden frame: made of exact arithmetic, so that every build and every device must give its bytes."""

from __future__ import annotations

from functools import cache

import numpy as np

from skyforge import render

SEED, FRAME = 2**63 + 12345, 77
SHAPE = (150, 203)
# Of the frame below; every build of every later version must give it, or say in the changelog why not.
GOLDEN = "7016f6e3b8dba53d495c0f486bdfa0514036220f73bf683b31d4c942e58734d3"


def ramp(low, high):
    """A map made from exact arithmetic, so that it is the same on every host."""
    index = np.arange(SHAPE[0] * SHAPE[1]).reshape(SHAPE)
    return (low + (high - low) * ((index * 7919) % 1024) / 1024.0).astype(np.float32)


def scene():
    number = np.arange(120)
    x, y = (number * 37 % 211) - 4.0 + number / 128.0, (number * 53 % 163) - 6.0 + number / 256.0
    trailed = number % 3 == 0
    electrons = 2.0 ** (4 + number % 17)
    electrons[7] = 3e7
    return render.Sources(
        x,
        y,
        np.where(trailed, x + (number % 50) - 20.0, x),
        np.where(trailed, y + 9.0, y),
        electrons,
        number % 2,
    )


@cache
def bank():
    return render.psf_bank([RationalPeak(3.0), RationalPeak(5.0)])


class RationalPeak:
    """A rational function with wings: the same on every host, as it needs no libm."""

    def __init__(self, width):
        self.width = width

    def prf(self, radius_px, samples_per_pixel):
        axis = (
            np.arange(-radius_px * samples_per_pixel, radius_px * samples_per_pixel + 1) / samples_per_pixel
        )
        t = (axis[None, :] ** 2 + axis[:, None] ** 2) / self.width**2
        # Moffat's function for beta = 3, left without pixel integration: only what a host's libm cannot touch.
        return 2.0 / (np.pi * self.width**2) / ((1.0 + t) ** 3)


def background():
    return render.CoarseBackground(np.array([[1.0, 80.0, 20.0], [30.0, 200.0, 5.0]], dtype=np.float32))


def detector():
    return render.Detector(
        dark_e=ramp(0.0, 30.0),
        prnu=ramp(0.95, 1.05),
        full_well_e=40833.0,  # saturated pixels lie astride the converter's last step: both limits act
        read_noise_e=4.5,
        gain_e_per_adu=1.25,
        bias_adu=100.5,
        bits=15,
    )
