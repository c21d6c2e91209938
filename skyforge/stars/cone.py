"""Circles on the sky and the HEALPix pixels they touch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.stars.galactic import unit_vectors


def check_cone(ra_deg: float, dec_deg: float, radius_deg: float) -> None:
    """Refuse a cone that is not on the sky.

    Parameters
    ----------
    ra_deg, dec_deg, radius_deg
        Centre and radius, degrees.

    Raises
    ------
    InputError
        If a number is not finite, |dec| > 90° or the radius is not within 0…180°.
    """
    if not math.isfinite(ra_deg):
        raise InputError(f"the right ascension of the cone is {ra_deg}; give a finite number of degrees")
    if not -90.0 <= dec_deg <= 90.0:
        raise InputError(f"the declination of the cone is {dec_deg} deg; it must lie between -90 and 90")
    if not 0.0 < radius_deg <= 180.0:
        raise InputError(f"the radius of the cone is {radius_deg} deg; it must lie between 0 and 180")


def inside_cone(
    vectors: NDArray[np.float64], ra_deg: float, dec_deg: float, radius_deg: float
) -> NDArray[np.bool_]:
    """Return which unit vectors (n, 3) lie at most `radius_deg` from the centre of the cone."""
    centre = unit_vectors(np.float64(ra_deg), np.float64(dec_deg))  # type: ignore[arg-type]
    # The chord, not the cosine: the cosine of a small angle has lost the angle's digits.
    chord_squared = np.sum((vectors - centre) ** 2, axis=-1)
    return np.asarray(chord_squared <= 4.0 * math.sin(math.radians(radius_deg) / 2.0) ** 2)


def cone_pixels(
    ra_deg: float, dec_deg: float, radius_deg: float, order: int
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return the HEALPix pixels (nested scheme) that a cone touches, ascending, and which lie wholly inside.

    Parameters
    ----------
    ra_deg, dec_deg, radius_deg
        Centre and radius, degrees.
    order
        HEALPix order: the sphere has 12 × 4^order pixels.

    Returns
    -------
    tuple
        Pixel numbers, shape (m,), and a mask of shape (m,).
    """
    import astropy.units as u
    import cdshealpix.nested
    from astropy.coordinates import Latitude, Longitude

    if radius_deg >= 179.0:
        every = np.arange(12 * 4**order, dtype=np.uint64)
        return every, np.full(every.shape, radius_deg >= 180.0)
    pixels, _, inside = cdshealpix.nested.cone_search(
        Longitude(ra_deg % 360.0, u.deg), Latitude(dec_deg, u.deg), radius_deg * u.deg, order, flat=True
    )
    ascending = np.argsort(pixels)
    return np.asarray(pixels[ascending], dtype=np.uint64), np.asarray(inside[ascending], dtype=np.bool_)
