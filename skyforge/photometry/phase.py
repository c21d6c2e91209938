"""How bright a diffuse sphere is at a phase angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.sunlight import SUN_V_MAG

Floats = NDArray[np.float64]

ASTRONOMICAL_UNIT_KM = 149_597_870.7  # IAU 2012, resolution B2
_M_PER_KM = 1e3


def phase_angle(target_km: ArrayLike, observer_km: ArrayLike, sun_km: ArrayLike) -> Floats:
    """Return the angle at the target between the Sun and the observer.

    Parameters
    ----------
    target_km, observer_km, sun_km
        Positions in one frame, in km, each (n, 3) or (3,).

    Returns
    -------
    NDArray
        Radians, 0…π, shape (n,).
    """
    target = np.asarray(target_km, dtype=np.float64)
    to_observer = np.asarray(observer_km, dtype=np.float64) - target
    to_sun = np.asarray(sun_km, dtype=np.float64) - target
    # atan2 of cross and dot products keeps its precision near 0 and π, where an arc cosine loses half the
    # digits.
    across = np.linalg.norm(np.cross(to_observer, to_sun), axis=-1)
    along = np.sum(to_observer * to_sun, axis=-1)
    angle: Floats = np.arctan2(across, along)
    return angle


def lambert_sphere_phase_function(phase_angle_rad: ArrayLike) -> Floats:
    """Return a diffuse sphere's brightness relative to full phase, (sin φ + (π − φ) cos φ) / π.

    Russell 1916, ApJ 43, 173.

    Parameters
    ----------
    phase_angle_rad
        Phase angle φ in radians, shape (n,).

    Returns
    -------
    NDArray
        1 at φ = 0, 0 at φ = π, shape (n,).
    """
    phase = np.asarray(phase_angle_rad, dtype=np.float64)
    value: Floats = np.maximum((np.sin(phase) + (np.pi - phase) * np.cos(phase)) / np.pi, 0.0)
    return value


def sphere_v_magnitude(
    diameter_m: ArrayLike,
    albedo: ArrayLike,
    range_km: ArrayLike,
    phase_angle_rad: ArrayLike,
    sun_distance_km: ArrayLike = ASTRONOMICAL_UNIT_KM,
) -> Floats:
    """Return the V magnitude of a diffusely reflecting (Lambert) sphere in sunlight.

    −26.74 − 2.5 log₁₀[ρA · 2/(3π²) · (sin φ + (π − φ) cos φ) / R² · (1 au / r)²] with A = πd²/4.

    Parameters
    ----------
    diameter_m
        Diameter d in m.
    albedo
        Diffuse reflectance ρ (Bond albedo), 0…1.
    range_km
        Distance R from observer to sphere in km.
    phase_angle_rad
        Phase angle φ in radians.
    sun_distance_km
        Distance r from Sun to sphere in km.

    Returns
    -------
    NDArray
        V magnitudes; +inf where no light is reflected.

    Raises
    ------
    InputError
        If a diameter, range or distance is not positive, or an albedo not within 0…1.
    """
    diameter, reflectance, distance_km, sun_km = (
        np.asarray(value, dtype=np.float64) for value in (diameter_m, albedo, range_km, sun_distance_km)
    )
    for name, value in (("diameter", diameter), ("range", distance_km), ("distance from the Sun", sun_km)):
        if not np.all(value > 0):
            raise InputError(f"the {name} of a sphere must be above zero, not {np.min(value):g}")
    if not np.all((reflectance >= 0) & (reflectance <= 1)):
        raise InputError(f"an albedo must lie between 0 and 1, not at {np.max(reflectance):g}")
    cross_section_m2 = 0.25 * np.pi * diameter**2
    # 2/(3π²) × (sin φ + (π − φ) cos φ) is 2/(3π) times the phase function.
    share = (
        reflectance * cross_section_m2 * 2.0 / (3.0 * np.pi) * lambert_sphere_phase_function(phase_angle_rad)
    )
    share = share / (distance_km * _M_PER_KM) ** 2 * (ASTRONOMICAL_UNIT_KM / sun_km) ** 2
    with np.errstate(divide="ignore"):
        magnitude: Floats = SUN_V_MAG - 2.5 * np.log10(share)
    return magnitude
