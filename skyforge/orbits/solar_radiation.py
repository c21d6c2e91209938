"""The pressure of sunlight on a body, as on a ball, with the shadows of the Earth and the Moon."""

from __future__ import annotations

from typing import Final

import numpy as np

from skyforge.orbits.bodies import ASTRONOMICAL_UNIT_KM, MEAN_RADIUS_KM, SPEED_OF_LIGHT_KM_S
from skyforge.orbits.trajectory import FloatArray

_TOTAL_SOLAR_IRRADIANCE_W_M2: Final = 1361.0  # at 1 au: IAU 2015 resolution B3, nominal value
_M_PER_KM: Final = 1000.0
# Pressure on a perfect absorber at 1 au, N/m².
PRESSURE_AT_1_AU: Final = _TOTAL_SOLAR_IRRADIANCE_W_M2 / (SPEED_OF_LIGHT_KM_S * _M_PER_KM)
_MARGIN: Final = 1.05


def radiation_acceleration(
    from_sun_km: FloatArray, reflecting_area_to_mass_m2_kg: FloatArray, sunlit: FloatArray
) -> FloatArray:
    """Return the acceleration by sunlight.

    Parameters
    ----------
    from_sun_km : (3, n)
        Positions relative to the Sun.
    reflecting_area_to_mass_m2_kg : (n,)
        Radiation pressure coefficient (1 absorbs, 2 mirrors) times area over mass.
    sunlit : (n,)
        Share of the Sun's disc that is seen.

    Returns
    -------
    (3, n)
        km/s² (Montenbruck & Gill 2000, Satellite Orbits, eq. 3.75).
    """
    distance_squared = np.einsum("in,in->n", from_sun_km, from_sun_km)
    at_1_au = PRESSURE_AT_1_AU / _M_PER_KM * reflecting_area_to_mass_m2_kg * sunlit
    return np.asarray(
        at_1_au * ASTRONOMICAL_UNIT_KM**2 / distance_squared * (from_sun_km / np.sqrt(distance_squared)),
        dtype=np.float64,
    )


def sunlit_share(from_sun_km: FloatArray, from_body_km: FloatArray, body_radius_km: float) -> FloatArray:
    """Return the share of the Sun's disc that a spherical body leaves in sight.

    The force needs no more than a sphere: the Earth's flattening shifts a shadow's edge by seconds.

    Parameters
    ----------
    from_sun_km, from_body_km : (3, n)
        Positions relative to the Sun and to the body's centre.
    body_radius_km
        Radius of the body.

    Returns
    -------
    (n,)
        0 to 1 (Montenbruck & Gill 2000, section 3.4.2: two circles on the sky).
    """
    squared, sun_squared = (np.einsum("in,in->n", one, one) for one in (from_body_km, from_sun_km))
    sun_distance = np.sqrt(sun_squared)
    behind = np.einsum("in,in->n", from_sun_km, from_body_km) / sun_distance
    # The penumbra is a cone that opens away from the Sun; what is outside it needs no angles.
    penumbra = body_radius_km + behind * (MEAN_RADIUS_KM["sun"] + body_radius_km) / sun_distance * _MARGIN
    near = np.flatnonzero((behind > 0.0) & (squared - behind**2 < (_MARGIN * penumbra) ** 2))
    lit = np.ones(squared.size)
    if near.size:
        distance = np.sqrt(squared[near])
        sun = np.arcsin(np.minimum(MEAN_RADIUS_KM["sun"] / sun_distance[near], 1.0))
        body = np.arcsin(np.minimum(body_radius_km / distance, 1.0))
        apart = np.arccos(np.clip(behind[near] / distance, -1.0, 1.0))
        lit[near] = np.where(apart < sun + body, 1.0 - _covered(sun, body, apart), 1.0)
    return lit


def _covered(sun: FloatArray, body: FloatArray, apart: FloatArray) -> FloatArray:
    """Return the share of a circle that another covers, from their radii and the distance of their centres."""
    inside = apart <= np.abs(body - sun)
    safe = np.where(inside, sun + body, apart)
    along = (safe**2 + sun**2 - body**2) / (2.0 * safe)
    half_chord = np.sqrt(np.maximum(sun**2 - along**2, 0.0))
    lens = (
        sun**2 * np.arccos(np.clip(along / sun, -1.0, 1.0))
        + body**2 * np.arccos(np.clip((safe - along) / body, -1.0, 1.0))
        - safe * half_chord
    )
    whole = np.minimum(body / sun, 1.0) ** 2
    return np.where(inside, whole, lens / (np.pi * sun**2))
