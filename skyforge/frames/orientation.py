"""How a frame lies on the sky: scale, north and east, size of the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from astropy.wcs import WCS

Array = NDArray[np.float64]

_ARCSEC_PER_DEG = 3600.0
# Lengths a scale bar may have, arcseconds: round numbers of arcseconds, arcminutes and degrees.
_BAR_LENGTHS = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    20,
    30,
    60,
    120,
    300,
    600,
    1200,
    1800,
    3600,
    7200,
    18000,
    36000,
    72000,
)


@dataclass(frozen=True)
class Orientation:
    """How a frame lies on the sky.

    Parameters
    ----------
    north, east
        Unit vectors in pixel coordinates ``(x, y)`` at the centre of the frame, shape ``(2,)``.
    scale_arcsec
        Mean side of a pixel at the centre, arcseconds.
    width_deg, height_deg
        Size of the field through its centre, degrees.
    """

    north: Array
    east: Array
    scale_arcsec: float
    width_deg: float
    height_deg: float


def orientation(wcs: WCS, shape: tuple[int, int]) -> Orientation:
    """Read scale and orientation off a WCS.

    Parameters
    ----------
    wcs
        Pixels to sky, origin 0.
    shape
        Rows and columns of the frame.

    Returns
    -------
    Orientation
        At the centre of the frame.
    """
    x, y = 0.5 * (shape[1] - 1), 0.5 * (shape[0] - 1)
    places = [(x, y), (x + 1, y), (x, y + 1), (-0.5, y), (shape[1] - 0.5, y), (x, -0.5), (x, shape[0] - 0.5)]
    ra, dec = np.radians(wcs.all_pix2world(np.array(places), 0)).T
    directions = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    east_axis = np.array([-np.sin(ra[0]), np.cos(ra[0]), 0.0])
    north_axis = np.cross(directions[0], east_axis)
    steps = directions[1:3] - directions[0]  # one pixel along x and y
    # Rows: east and north; columns: x and y. Its inverse says where east and north go in pixels.
    matrix = np.stack([steps @ east_axis, steps @ north_axis])
    to_pixels = np.linalg.inv(matrix)
    east, north = (vector / np.hypot(*vector) for vector in to_pixels.T)
    return Orientation(
        north=north,
        east=east,
        scale_arcsec=float(np.degrees(np.sqrt(abs(np.linalg.det(matrix)))) * _ARCSEC_PER_DEG),
        width_deg=_separation_deg(directions[3], directions[4]),
        height_deg=_separation_deg(directions[5], directions[6]),
    )


def scale_bar(arcsec_per_px: float, longest_px: float) -> tuple[float, str]:
    """Choose a round length for a scale bar.

    Parameters
    ----------
    arcsec_per_px
        Scale of the picture.
    longest_px
        Longest bar there is room for, pixels of the picture.

    Returns
    -------
    length_px, label
        Length of the bar in pixels of the picture, and what it stands for.
    """
    fitting = [length for length in _BAR_LENGTHS if length <= longest_px * arcsec_per_px]
    length = fitting[-1] if fitting else longest_px * arcsec_per_px
    return length / arcsec_per_px, readable_angle(length / _ARCSEC_PER_DEG)


def readable_angle(angle_deg: float) -> str:
    """Write an angle as people do: ``1.03°``, ``5′``, ``30″``."""
    for value, sign in ((angle_deg, "°"), (angle_deg * 60.0, "′")):
        if value >= 1.0 - 1e-9:
            return f"{value:.3g}{sign}"
    return f"{angle_deg * _ARCSEC_PER_DEG:.3g}″"


def _separation_deg(a: Array, b: Array) -> float:
    return float(np.degrees(2.0 * np.arcsin(np.clip(0.5 * np.linalg.norm(a - b), 0.0, 1.0))))
