"""What varies smoothly over a field, worked out at a few places and known at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ORDER = 6
"""Places along each side. Over a field of a quarter of its distance from a singularity, a polynomial through so many of
a power law's logarithm is good to 1e-4; across a kink, such as the rows of a table make, to some per cent."""


def smooth_over_field(directions: Floats, positive: Callable[[Floats], Floats]) -> Floats:
    """Return a positive function at many directions of a field, from its logarithm at `ORDER`² of them.

    Parameters
    ----------
    directions
        Unit vectors within some tens of degrees of each other, (n, 3).
    positive
        Takes unit vectors (m, 3), returns values above zero, (m,).

    Returns
    -------
    NDArray
        Values, (n,); the function's own where there are no more directions than places.
    """
    if len(directions) <= ORDER**2:
        return positive(directions)
    middle = directions.mean(axis=0)
    middle /= np.linalg.norm(middle)
    right = np.cross(middle, np.eye(3)[np.argmin(np.abs(middle))])
    right /= np.linalg.norm(right)
    up = np.cross(middle, right)
    depth = directions @ middle
    plane = np.stack([directions @ right / depth, directions @ up / depth], axis=1)
    low, high = plane.min(axis=0), plane.max(axis=0)
    scaled = (2.0 * plane - (low + high)) / np.maximum(high - low, 1e-15)
    # Chebyshev's nodes, stretched so that the outermost lie on the field's edges.
    nodes = -np.cos(np.pi * (np.arange(ORDER) + 0.5) / ORDER)
    nodes /= nodes[-1]
    x, y = (0.5 * ((high - low) * grid[:, None] + high + low).T for grid in (nodes, nodes))
    place = middle + x[0][None, :, None] * right + y[1][:, None, None] * up
    place /= np.linalg.norm(place, axis=2, keepdims=True)
    values = np.log(positive(place.reshape(-1, 3))).reshape(ORDER, ORDER)
    inverse = np.linalg.inv(np.polynomial.chebyshev.chebvander(nodes, ORDER - 1))
    coefficients = inverse @ values @ inverse.T  # [y, x]
    across, along = (np.polynomial.chebyshev.chebvander(scaled[:, axis], ORDER - 1) for axis in (0, 1))
    result: Floats = np.exp(np.einsum("ni,ij,nj->n", along, coefficients, across))
    return result
