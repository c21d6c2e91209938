"""From ADU to what an eye can take in: reduction in size, black and white points, tone, colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatImage = NDArray[np.float32]

_GAUSSIAN_SIGMA_PER_MAD = 1.4826
_CLIP_ITERATIONS = 6
_CLIP_SIGMAS = 3.0
_SAMPLES = 400_000

# Black lies just under the background, so that the noise is there but dark.
_BLACK_SIGMAS = 0.8
_SOFTENING_SIGMAS = 2.0
# At least this many sigmas from black to white: the noise of an empty frame must not look like stars.
_WHITE_SIGMAS = 40.0
_WHITE_QUANTILE = 0.9995
_MAX_SHARE = 0.45  # of the brightest pixel in a block against its mean

# Night sky: blue-black, through slate, to a warm white; (tone, red, green, blue).
_COLOURS = np.array(
    [
        [0.00, 4, 6, 13],
        [0.20, 18, 24, 43],
        [0.34, 72, 92, 132],
        [0.55, 148, 168, 202],
        [0.82, 226, 231, 238],
        [1.00, 255, 252, 242],
    ]
)


def reduce_size(data: NDArray[np.uint16], longest_side: int) -> tuple[FloatImage, int]:
    """Shrink an image by a whole factor so that faint stars and thin trails stay visible.

    The mean of each block keeps faint light above the noise, its brightest pixel keeps points and trails
    sharp; the result blends both, each measured from its own background.

    Parameters
    ----------
    data
        Pixels, shape ``(ny, nx)``.
    longest_side
        Largest side of the result, pixels.

    Returns
    -------
    image
        Reduced pixels, ``float32``; the last row and column may stand for less than a full block.
    factor
        Pixels per block along a side.
    """
    factor = -(-max(data.shape) // longest_side)
    if factor == 1:
        return data.astype(np.float32), 1
    rows = np.arange(0, data.shape[0], factor)
    columns = np.arange(0, data.shape[1], factor)
    area = np.outer(np.diff(rows, append=data.shape[0]), np.diff(columns, append=data.shape[1]))
    total = np.add.reduceat(np.add.reduceat(data, rows, axis=0, dtype=np.uint32), columns, axis=1)
    brightest = np.maximum.reduceat(np.maximum.reduceat(data, rows, axis=0), columns, axis=1)
    mean = (total / area).astype(np.float32)
    level_of_mean, _ = background(mean)
    level_of_brightest, _ = background(brightest)
    excess = brightest - np.float32(level_of_brightest)
    blend = (1.0 - _MAX_SHARE) * (mean - level_of_mean) + _MAX_SHARE * excess + level_of_mean
    return blend.astype(np.float32), int(factor)


def background(image: NDArray[np.uint16] | FloatImage) -> tuple[float, float]:
    """Measure the background of an image and its noise by clipping what stands out.

    Parameters
    ----------
    image
        Pixels, any shape.

    Returns
    -------
    level, sigma
        Median and standard deviation (from the median absolute deviation) of what is left; sigma is never
        zero.
    """
    step = max(1, image.size // _SAMPLES)
    values = image.ravel()[::step].astype(np.float32)
    level, sigma = 0.0, 0.0
    for _ in range(_CLIP_ITERATIONS):
        level = float(np.median(values))
        sigma = _GAUSSIAN_SIGMA_PER_MAD * float(np.median(np.abs(values - level)))
        kept = values[np.abs(values - level) <= _CLIP_SIGMAS * max(sigma, 0.5)]
        if kept.size in {0, values.size}:
            break
        values = kept
    # Coarse converters leave most pixels on one value: their noise is then below a step, not zero.
    return level, max(sigma, 0.3)


def tone(image: FloatImage, level: float, sigma: float) -> FloatImage:
    """Map pixels to 0 (black) ... 1 (white) along an inverse hyperbolic sine.

    Parameters
    ----------
    image
        Pixels, any shape.
    level, sigma
        Background and noise as `background` measures them.

    Returns
    -------
    NDArray
        Tones, same shape. The scale is Lupton, Gunn & Szalay 1999, AJ 118, 1406.
    """
    black = level - _BLACK_SIGMAS * sigma
    white = max(float(np.quantile(image, _WHITE_QUANTILE)), level + _WHITE_SIGMAS * sigma)
    softening = _SOFTENING_SIGMAS * sigma
    scaled = np.arcsinh((image - black) / softening) / np.arcsinh((white - black) / softening)
    return np.asarray(np.clip(scaled, 0.0, 1.0), dtype=np.float32)


def colour(tones: FloatImage) -> NDArray[np.uint8]:
    """Turn tones of shape ``(ny, nx)`` into red, green and blue, ``uint8``, shape ``(ny, nx, 3)``."""
    steps = np.linspace(0.0, 1.0, 1024)
    table = np.stack([np.interp(steps, _COLOURS[:, 0], _COLOURS[:, 1 + band]) for band in range(3)], axis=1)
    index = (tones * (len(steps) - 1) + 0.5).astype(np.int32)
    return np.asarray(table.round().astype(np.uint8)[index])
