"""How much of a pixel lies inside an edge."""

from __future__ import annotations

import numpy as np

from skyforge.optics.psf import Array


def half_plane_coverage(depth: Array, cosine: Array | float, sine: Array | float) -> Array:
    """Area of a unit square on the inner side of a straight edge.

    Parameters
    ----------
    depth
        Distance of the square's centre from the edge, positive inside, in sides of the square.
    cosine, sine
        Direction of the edge's normal.

    Returns
    -------
    ndarray
        The area, 0 … 1: the cumulative distribution of the sum of two uniform variables.
    """
    # Beyond one side's length nothing changes, and the squares below would lose their difference to rounding.
    depth = np.clip(depth, -1.0, 1.0)
    # An edge along an axis is the limit of a slightly tilted one; a tilt of 1e-4 changes the area by 1e-4 at
    # most.
    wide = np.maximum(0.5 * np.abs(cosine), 5e-5)
    narrow = np.maximum(0.5 * np.abs(sine), 5e-5)

    def ramp(value: Array) -> Array:
        positive: Array = np.maximum(value, 0.0)
        return positive * positive

    area = (
        ramp(depth + wide + narrow)
        - ramp(depth + wide - narrow)
        - ramp(depth - wide + narrow)
        + ramp(depth - wide - narrow)
    ) / (8.0 * wide * narrow)
    return np.clip(area, 0.0, 1.0)
