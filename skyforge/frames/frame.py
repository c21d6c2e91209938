"""A frame: the pixels a telescope delivered, where they point, and what was really there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skyforge.errors import SkyforgeError

if TYPE_CHECKING:
    import pyarrow as pa
    from astropy.io import fits
    from astropy.wcs import WCS
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Frame:
    """One exposure as a telescope delivers it, with the truth that only scoring may open.

    Parameters
    ----------
    index
        Number of the frame in its run, counted from 0.
    data
        Pixels in ADU, ``uint16``, shape ``(ny, nx)``; ``data[0, 0]`` is the lower left pixel.
    wcs
        Pixels to astrometric ICRF; pixel (0, 0) is the centre of the lower left pixel (origin 0).
    header
        FITS cards of the observation, without structure and WCS, as `cards_header` makes them.
    truth
        One row per source, in the columns of `skyforge.frames.truth.TRUTH_SCHEMA`.

    Raises
    ------
    SkyforgeError
        If the pixels are not a two-dimensional array of ``uint16``.
    """

    index: int
    data: NDArray[np.uint16]
    wcs: WCS
    header: fits.Header
    truth: pa.Table

    def __post_init__(self) -> None:
        if self.data.ndim != 2 or self.data.dtype != np.uint16:
            found = f"{self.data.dtype} of shape {self.data.shape}"
            raise SkyforgeError(f"a frame holds uint16 pixels of shape (ny, nx), found {found}")
