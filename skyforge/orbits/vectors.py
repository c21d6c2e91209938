"""Products of many vectors at once."""

from __future__ import annotations

import numpy as np

from skyforge.orbits.trajectory import FloatArray


def dot(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the scalar products (...) of vectors (..., 3) with vectors (..., 3) or one vector (3,)."""
    if second.ndim == 1:
        return np.asarray(first @ second, dtype=np.float64)
    return np.asarray(np.einsum("...i,...i->...", first, second), dtype=np.float64)


def length(vectors: FloatArray) -> FloatArray:
    """Return the lengths (...) of vectors (..., 3)."""
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", vectors, vectors)), dtype=np.float64)
