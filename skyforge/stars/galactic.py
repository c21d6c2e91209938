"""Galactic coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# ESA (1997), The Hipparcos and Tycho Catalogues, vol. 1, eq. 1.5.11: rotation from ICRS to galactic axes.
ICRS_TO_GALACTIC = np.array(
    [
        [-0.0548755604162154, -0.8734370902348850, -0.4838350155487132],
        [+0.4941094278755837, -0.4448296299600112, +0.7469822444972189],
        [-0.8676661490190047, -0.1980763734312015, +0.4559837761750669],
    ]
)


def unit_vectors(
    longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the unit vectors (n, 3) of spherical coordinates in degrees, each of shape (n,)."""
    longitude, latitude = np.radians(longitude_deg), np.radians(latitude_deg)
    cos_latitude = np.cos(latitude)
    return np.stack(
        [cos_latitude * np.cos(longitude), cos_latitude * np.sin(longitude), np.sin(latitude)], axis=-1
    )


def spherical_deg(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude in [0, 360) and latitude in degrees, each (n,), of vectors (n, 3)."""
    longitude = np.degrees(np.arctan2(vectors[..., 1], vectors[..., 0])) % 360.0
    latitude = np.degrees(np.arctan2(vectors[..., 2], np.hypot(vectors[..., 0], vectors[..., 1])))
    return longitude, latitude


def galactic_from_icrf(
    ra_deg: NDArray[np.float64], dec_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return galactic longitude and latitude (degrees) of ICRF directions (degrees), each of shape (n,).

    The rotation is that of ESA (1997), The Hipparcos and Tycho Catalogues, vol. 1, eq. 1.5.11.
    """
    return spherical_deg(unit_vectors(ra_deg, dec_deg) @ ICRS_TO_GALACTIC.T)


def icrf_from_galactic(
    l_deg: NDArray[np.float64], b_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ICRF right ascension and declination (degrees) of galactic directions, each of shape (n,)."""
    return spherical_deg(unit_vectors(l_deg, b_deg) @ ICRS_TO_GALACTIC)
