"""The sum of a frame's pixels, by which a repeated run is known to be the same."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def pixel_sha256(data: NDArray[np.uint16]) -> str:
    """Sum up the pixels of a frame, whatever the machine's byte order or the file's compression.

    Parameters
    ----------
    data
        Pixels in ADU, ``uint16``, shape ``(ny, nx)``.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits, of the pixels as little-endian ``uint16``, row after row from the
        lowest.
    """
    return hashlib.sha256(np.ascontiguousarray(data, dtype="<u2").data).hexdigest()
