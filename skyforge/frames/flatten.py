"""A sky that is brighter on one side, evened out for the eye."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatImage = NDArray[np.float32]

_BLOCKS = 24  # along each side
_ROUNDS = 5
_CLIP_SIGMAS = 3.0
_LEAST_SHARE = 0.6  # of the blocks that a smooth sky must explain; else there is more than sky
_KEPT = 0.15
"""Of the unevenness that stays to be seen: enough to tell from where stray light comes."""


def evened(image: FloatImage) -> FloatImage:
    """Take most of a smooth unevenness out of a picture.

    A quadratic surface is fitted to the medians of blocks, those that stand out left aside. Where it does not explain
    most of them to within the noise (a bright Moon in the field), the picture stays as it is.

    Parameters
    ----------
    image
        Pixels, shape ``(ny, nx)``.

    Returns
    -------
    NDArray
        The same median, shape as the image's.
    """
    rows, columns = image.shape
    if min(rows, columns) < 2 * _BLOCKS:
        return image
    y = (np.arange(_BLOCKS) + 0.5) / _BLOCKS * 2.0 - 1.0
    edges_y, edges_x = (np.linspace(0, side, _BLOCKS + 1).astype(int) for side in (rows, columns))
    blocks = [
        image[edges_y[j] : edges_y[j + 1], edges_x[i] : edges_x[i + 1]]
        for j in range(_BLOCKS)
        for i in range(_BLOCKS)
    ]
    values = np.array([np.median(block) for block in blocks], dtype=np.float64)
    noise = float(np.median([np.median(np.abs(block - np.median(block))) for block in blocks]))
    grid_x, grid_y = np.meshgrid(y, y)
    terms = _terms(grid_x.ravel(), grid_y.ravel())
    kept = np.ones(values.size, dtype=np.bool_)
    for _ in range(_ROUNDS):
        coefficients = np.linalg.lstsq(terms[kept], values[kept], rcond=None)[0]
        residual = np.abs(values - terms @ coefficients)
        kept = residual <= _CLIP_SIGMAS * max(1.4826 * float(np.median(residual[kept])), 1e-6)
    if kept.mean() < _LEAST_SHARE or float(np.median(residual)) > max(noise, 1.0):
        return image
    across = np.linspace(-1.0, 1.0, columns)[None, :] * np.ones((rows, 1))
    along = np.linspace(-1.0, 1.0, rows)[:, None] * np.ones((1, columns))
    sky = (_terms(across.ravel(), along.ravel()) @ coefficients).reshape(rows, columns)
    middle = float(np.median(terms @ coefficients))
    return np.asarray(image - (1.0 - _KEPT) * (sky - middle), dtype=np.float32)


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
