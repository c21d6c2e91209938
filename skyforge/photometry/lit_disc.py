"""Lit discs on pixels: the Moon, the Earth or a planet as the light that falls into every pixel of a frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skyforge.photometry.lit_body import LitBody

Floats = NDArray[np.float64]

Look = Callable[[Floats, Floats], Floats]
"""ICRF unit vectors (n, 3), without aberration, seen at pixel coordinates x and y, each (n,)."""

_LIMB_PX = 0.75  # half a pixel's diagonal and a little: nearer to the limb a pixel may lie on both sides
_LIMB_SAMPLES = 8  # in each direction of a pixel on the limb of a large disc
_SMALL_PX = 32.0  # radius below which every pixel of a disc is sampled finely
_ACROSS_SMALL = 192.0  # samples in a small disc's radius
_MOST_SAMPLES = 192
_CHUNK = 262_144  # directions at a time: what fits the caches


def disc_light(
    body: LitBody, look: Look, shape: tuple[int, int], pixel_scale_rad: float
) -> tuple[Floats, Floats]:
    """Return the light of a lit disc in every pixel, in units of the Sun's irradiance at 1 au times the solid angle.

    Times the electrons that the Sun at 1 au would release per second, and the pixel's solid angle in steradians, it is
    electrons per second. Pixels on the limb, and all pixels of a small disc, are the mean of many points: light is true
    to 1e-3 from a disc of a twentieth of a pixel to one larger than the frame. The disc is sharp: no point spread
    function.

    Parameters
    ----------
    body
        What is lit.
    look
        The camera: directions of pixel coordinates.
    shape
        Rows and columns of the frame.
    pixel_scale_rad
        Angle of a pixel at the frame's centre.

    Returns
    -------
    light
        Mean radiance in every pixel per irradiance of the Sun, per steradian, [y, x].
    covered
        Share of every pixel that the body covers, its night side too, [y, x].
    """
    light, covered = np.zeros(shape), np.zeros(shape)
    radius_px = body.angular_radius_rad / pixel_scale_rad
    small = radius_px < _SMALL_PX
    near_px = np.sqrt(2.0) if small else _LIMB_PX
    rows_at_once = max(_CHUNK // shape[1], 1)
    for first in range(0, shape[0], rows_at_once):
        rows = np.arange(first, min(first + rows_at_once, shape[0]))
        y, x = (
            grid.ravel().astype(np.float64) for grid in np.meshgrid(rows, np.arange(shape[1]), indexing="ij")
        )
        directions = look(x, y)
        margin_px = body.limb_margin_rad(directions) / pixel_scale_rad
        piece, part = np.zeros(x.size), (margin_px <= 0.0).astype(np.float64)
        if small:
            fine = margin_px < near_px
        else:
            fine = np.abs(margin_px) < near_px
            inside = margin_px <= -near_px
            piece[inside] = body.brightness(directions[inside])
        samples = int(np.clip(np.ceil(_ACROSS_SMALL / radius_px), _LIMB_SAMPLES, _MOST_SAMPLES))
        piece[fine], part[fine] = _mean_over_pixels(body, look, x[fine], y[fine], samples)
        light[rows] = piece.reshape(rows.size, shape[1])
        covered[rows] = part.reshape(rows.size, shape[1])
    return light, covered


def _mean_over_pixels(body: LitBody, look: Look, x: Floats, y: Floats, samples: int) -> tuple[Floats, Floats]:
    """Return the mean radiance over pixels and the share of them that is covered, from a grid of points in each."""
    offset = (np.arange(samples) + 0.5) / samples - 0.5
    dy, dx = (grid.ravel() for grid in np.meshgrid(offset, offset, indexing="ij"))
    mean, covered = np.empty(x.size), np.empty(x.size)
    pixels_at_once = max(_CHUNK // dx.size, 1)
    for first in range(0, x.size, pixels_at_once):
        chosen = slice(first, first + pixels_at_once)
        at_x, at_y = (x[chosen, None] + dx).ravel(), (y[chosen, None] + dy).ravel()
        directions = look(at_x, at_y)
        mean[chosen] = body.brightness(directions).reshape(-1, dx.size).mean(axis=1)
        covered[chosen] = (body.limb_margin_rad(directions) < 0.0).reshape(-1, dx.size).mean(axis=1)
    return mean, covered
