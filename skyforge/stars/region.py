"""Parts of the sky, circles and polygons, and the HEALPix pixels they touch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.stars.galactic import unit_vectors

_FLAT = 1e-12  # sine of the angle by which a corner may lie outside a side by rounding


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


class Region(Protocol):
    """A part of the sky."""

    def pixels(self, order: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return the HEALPix pixels it touches, ascending, (m,), and which of them lie wholly inside, (m,)."""

    def contains(self, vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which unit vectors (n, 3) lie in it."""


@dataclass(frozen=True)
class Cone:
    """A circle on the sky: its centre and radius, degrees."""

    ra_deg: float
    dec_deg: float
    radius_deg: float

    def __post_init__(self) -> None:
        check_cone(self.ra_deg, self.dec_deg, self.radius_deg)

    def pixels(self, order: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return the pixels it touches and which lie wholly inside; see `cone_pixels`."""
        return cone_pixels(self.ra_deg, self.dec_deg, self.radius_deg, order)

    def contains(self, vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which unit vectors (n, 3) lie in it."""
        return inside_cone(vectors, self.ra_deg, self.dec_deg, self.radius_deg)


@dataclass(frozen=True)
class Polygon:
    """A convex polygon of great circles, smaller than a hemisphere.

    Attributes
    ----------
    corners
        Unit vectors (k, 3) of the corners, counter-clockwise as seen from inside the celestial sphere or clockwise.
    """

    corners: NDArray[np.float64]

    def __post_init__(self) -> None:
        corners = np.asarray(self.corners, dtype=np.float64)
        if corners.ndim != 2 or corners.shape[1] != 3 or len(corners) < 3:
            raise InputError(
                f"a polygon has three corners or more, unit vectors (k, 3); found {corners.shape}"
            )
        sides = np.linalg.norm(np.cross(corners, np.roll(corners, -1, axis=0)), axis=1)
        # not (… > 0) rather than … <= 0: NaN fails too.
        if not np.all(sides > 0.0) or np.any(self._heights(corners) < -_FLAT):
            raise InputError("the corners are not those of a convex polygon smaller than a hemisphere")

    def _heights(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sines of the angles (n, k) by which vectors lie inside each side."""
        corners = np.asarray(self.corners, dtype=np.float64)
        normals = np.cross(corners, np.roll(corners, -1, axis=0))
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        turn = np.sign(np.sum(normals @ corners.mean(axis=0)))
        return np.asarray(vectors @ (turn * normals).T)

    def pixels(self, order: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return the pixels it touches and which lie wholly inside; see `cone_pixels`."""
        import astropy.units as u
        import cdshealpix.nested
        from astropy.coordinates import Latitude, Longitude

        x, y, z = np.asarray(self.corners, dtype=np.float64).T
        pixels, _, inside = cdshealpix.nested.polygon_search(
            Longitude(np.arctan2(y, x) % (2.0 * np.pi), u.rad),
            Latitude(np.arctan2(z, np.hypot(x, y)), u.rad),
            order,
            flat=True,
        )
        ascending = np.argsort(pixels)
        return np.asarray(pixels[ascending], dtype=np.uint64), np.asarray(inside[ascending], dtype=np.bool_)

    def contains(self, vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which unit vectors (n, 3) lie in it."""
        return np.asarray(np.all(self._heights(vectors) >= 0.0, axis=1))
