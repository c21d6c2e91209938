"""Where a star with a given image would be measured to lie."""

from __future__ import annotations

import math

import numpy as np

from skyforge.optics.gaussian_psf import FWHM_PER_SIGMA
from skyforge.optics.psf import Array

CONVERGED_PX = 1e-7
MOST_STEPS = 200


def windowed_centroid(response: Array, x_px: Array, y_px: Array) -> tuple[float, float]:
    """Centroid of an image under a Gaussian window of its own width.

    Parameters
    ----------
    response
        ``(ny, nx)`` finely sampled image, ``[y, x]``.
    x_px, y_px
        ``(nx,)`` and ``(ny,)`` coordinates, evenly spaced, pixels.

    Returns
    -------
    tuple of float
        (x, y), pixels. The window is as wide as the part of the image above half its maximum and follows the
        centroid: the windowed position of SExtractor (Bertin 2009, eq. for XWIN_IMAGE), which is what
        astrometry uses.
    """
    cell = (x_px[1] - x_px[0]) * (y_px[1] - y_px[0])
    bright = float(np.count_nonzero(response > 0.5 * response.max()) * cell)
    sigma = 2.0 * math.sqrt(bright / math.pi) / FWHM_PER_SIGMA
    row, column = np.unravel_index(int(response.argmax()), response.shape)
    x, y = float(x_px[column]), float(y_px[row])
    for _ in range(MOST_STEPS):
        window_x = np.exp(-0.5 * ((x_px - x) / sigma) ** 2)
        window_y = np.exp(-0.5 * ((y_px - y) / sigma) ** 2)
        light = float(window_y @ response @ window_x)
        # Twice the step: the window alone would make the centroid follow by half for an image as wide as
        # itself.
        step_x = 2.0 * float(window_y @ response @ (window_x * (x_px - x))) / light
        step_y = 2.0 * float((window_y * (y_px - y)) @ response @ window_x) / light
        x, y = x + step_x, y + step_y
        if math.hypot(step_x, step_y) < CONVERGED_PX:
            break
    return x, y
