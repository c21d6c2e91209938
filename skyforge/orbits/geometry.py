"""Angles and directions that an observer asks for: separations, sizes, what stands in the way."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.bodies import REFERENCE_RADII_KM
from skyforge.orbits.earth_orientation import itrs_to_gcrs
from skyforge.orbits.element_frames import ecliptic_from_icrf as _ecliptic_matrix
from skyforge.orbits.lunar_orientation import mean_earth_from_icrf
from skyforge.orbits.spelling import look_up
from skyforge.orbits.trajectory import FloatArray, time_vector

# ICRS to galactic: The Hipparcos and Tycho Catalogues (ESA SP-1200, 1997), vol. 1, eq. 1.5.11.
_GALACTIC_FROM_ICRF: Final = np.array(
    [
        [-0.0548755604162154, -0.8734370902348850, -0.4838350155487132],
        [+0.4941094278755837, -0.4448296299600112, +0.7469822444972189],
        [-0.8676661490190047, -0.1980763734312015, +0.4559837761750669],
    ]
)


def unit_vectors(vectors: ArrayLike) -> FloatArray:
    """Return vectors (..., 3) scaled to length one."""
    array = np.asarray(vectors, dtype=np.float64)
    return np.asarray(array / np.linalg.norm(array, axis=-1, keepdims=True), dtype=np.float64)


def directions_from_angles(longitude_deg: ArrayLike, latitude_deg: ArrayLike) -> FloatArray:
    """Return unit vectors (..., 3) of longitudes (right ascensions) and latitudes (declinations), deg."""
    longitude, latitude = np.deg2rad(longitude_deg), np.deg2rad(latitude_deg)
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)],
        axis=-1,
    )


def angles_from_directions(directions: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return longitude in [0, 360) and latitude, both (...) degrees, of vectors (..., 3)."""
    x, y, z = np.moveaxis(np.asarray(directions, dtype=np.float64), -1, 0)
    longitude = np.rad2deg(np.arctan2(y, x)) % 360.0
    return np.where(longitude >= 360.0, 0.0, longitude), np.rad2deg(np.arctan2(z, np.hypot(x, y)))


def angular_separation_rad(first: ArrayLike, second: ArrayLike) -> FloatArray:
    """Return the angle between vectors (..., 3), rad, exact for tiny and for opposite directions."""
    a, b = unit_vectors(first), unit_vectors(second)
    difference = np.linalg.norm(a - b, axis=-1)
    total = np.linalg.norm(a + b, axis=-1)
    return np.asarray(2.0 * np.arctan2(difference, total), dtype=np.float64)


def angular_rate_rad_s(relative_km: ArrayLike, relative_km_s: ArrayLike) -> FloatArray:
    """Return how fast directions turn, (...) rad/s, from lines of sight (..., 3) and their rates (..., 3)."""
    sight, rate = np.asarray(relative_km, dtype=np.float64), np.asarray(relative_km_s, dtype=np.float64)
    squared = np.sum(sight * sight, axis=-1)
    return np.asarray(np.linalg.norm(np.cross(sight, rate), axis=-1) / squared, dtype=np.float64)


def phase_angle_rad(observer_km: ArrayLike, target_km: ArrayLike, sun_km: ArrayLike) -> FloatArray:
    """Return the angle at the target between the observer and the Sun, rad."""
    target = np.asarray(target_km, dtype=np.float64)
    return angular_separation_rad(np.asarray(observer_km) - target, np.asarray(sun_km) - target)


def ecliptic_from_icrf(directions: ArrayLike) -> FloatArray:
    """Return ICRF vectors (..., 3) in the mean ecliptic and equinox of J2000.0."""
    return np.asarray(np.asarray(directions, dtype=np.float64) @ _ecliptic_matrix().T, dtype=np.float64)


def galactic_from_icrf(directions: ArrayLike) -> FloatArray:
    """Return ICRF vectors (..., 3) in galactic axes."""
    return np.asarray(np.asarray(directions, dtype=np.float64) @ _GALACTIC_FROM_ICRF.T, dtype=np.float64)


def angular_radius_rad(observer_km: ArrayLike, body_km: ArrayLike, radius_km: float) -> FloatArray:
    """Return the angle from a sphere's centre to its limb, rad; pi/2 from its surface or below."""
    distance = np.linalg.norm(np.asarray(body_km, dtype=np.float64) - np.asarray(observer_km), axis=-1)
    sine = np.clip(radius_km / np.maximum(distance, 1e-300), 0.0, 1.0)
    return np.asarray(np.arcsin(sine), dtype=np.float64)


def is_occulted(
    observer_km: ArrayLike, target_km: ArrayLike, body_km: ArrayLike, radius_km: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Say whether a sphere blocks the line of sight from observer to target.

    Parameters
    ----------
    observer_km, target_km, body_km : (..., 3)
        Positions in any one frame.
    radius_km
        Radius of the body.

    Returns
    -------
    (...) bool
        True where the segment from observer to target passes through the sphere.
    """
    observer = np.asarray(observer_km, dtype=np.float64)
    sight = np.asarray(target_km, dtype=np.float64) - observer
    to_body = np.asarray(body_km, dtype=np.float64) - observer
    length_squared = np.sum(sight * sight, axis=-1)
    along = np.clip(np.sum(to_body * sight, axis=-1) / np.maximum(length_squared, 1e-300), 0.0, 1.0)
    nearest = to_body - along[..., np.newaxis] * sight
    return np.asarray(np.sum(nearest * nearest, axis=-1) < radius_km**2)


def surface_coordinates(
    body: str, t_tdb_s: ArrayLike, relative_km: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the place on a body over which something is: its sub-observer or sub-satellite point.

    Parameters
    ----------
    body
        "earth" (ITRS, geodetic) or "moon" (mean-Earth axes).
    t_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.
    relative_km : (n, 3) or (3,)
        Position relative to the body's centre, ICRF axes.

    Returns
    -------
    longitude_deg : (n,)
        East, -180 to 180.
    latitude_deg : (n,)
        Geodetic on the Earth, spherical on the Moon.
    altitude_km : (n,)
        Above the WGS84 ellipsoid, or above the Moon's mean sphere.
    """
    look_up(REFERENCE_RADII_KM, body, "body with a map")
    times = time_vector(t_tdb_s)
    relative = np.broadcast_to(np.asarray(relative_km, dtype=np.float64), (times.size, 3))
    if body == "earth":
        import erfa

        fixed = np.einsum("nji,nj->ni", itrs_to_gcrs(times), relative)
        longitude, latitude, height_m = erfa.gc2gd(1, fixed * 1000.0)
        return np.rad2deg(longitude), np.rad2deg(latitude), np.asarray(height_m) / 1000.0
    fixed = np.einsum("nij,nj->ni", mean_earth_from_icrf(times), relative)
    longitude_deg, latitude_deg = angles_from_directions(fixed)
    altitude = np.linalg.norm(fixed, axis=1) - REFERENCE_RADII_KM["moon"][0]
    return (longitude_deg + 180.0) % 360.0 - 180.0, latitude_deg, altitude
