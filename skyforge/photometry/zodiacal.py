"""Zodiacal light: the table of Leinert et al. (1998), its continuation towards the Sun, and its colour."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.passband import SystemResponse
from skyforge.photometry.spectra import solar_irradiance, solar_photon_irradiance
from skyforge.resources import catalogs_directory

Floats = NDArray[np.float64]

TABLE_UNIT = 1e-8  # W m⁻² sr⁻¹ µm⁻¹
REFERENCE_NM = 500.0
_SUN_AVERAGE_NM = 10.0  # half width over which the Sun's lines are averaged around 500 nm
_NM_PER_UM = 1e3

# Towards the Sun the brightness rises as elongation to the −2.3 (Leinert et al. 1981, A&A 103, 177, from
# Helios).
INNER_EXPONENT = -2.3
_INNER_ANCHOR_DEG = 15.0  # where the table begins
_INNERMOST_DEG = 1.0  # four solar radii; nearer, brightness is held
_BLEND_FROM_DEG, _BLEND_TO_DEG = 13.0, 18.0
# Filled cells that border the empty ones, (Δλ, β) in degrees.
_BORDER = ((15.0, 0.0), (15.0, 5.0), (10.0, 10.0), (5.0, 15.0), (0.0, 15.0))

# Seen from r au the brightness scales as r^−2.3 (Leinert et al. 1998, section 8.2; Leinert et al. 1981).
DISTANCE_EXPONENT = -2.3

# Reddening against the Sun, f = 1 + c log₁₀(λ / 500 nm) (Leinert et al. 1998, section 8.4): c below
# and above 500 nm, at elongations of 30° and less and of 90° and more, linear in between.
_REDDENING_ELONGATION_DEG = (30.0, 90.0)
_REDDENING_BLUE = (1.2, 0.9)
_REDDENING_RED = (0.8, 0.6)
_REDDENING_FLOOR = 0.1  # keeps the extrapolated law positive in the far ultraviolet


@cache
def _table() -> tuple[Floats, Floats, Floats]:
    """|Δλ| in degrees, |β| in degrees, brightness in `TABLE_UNIT` with NaN where the source has none."""
    path = catalogs_directory() / "zodiacal" / "leinert1998_table17.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    values = np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])
    latitude = np.array([0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 45.0, 60.0, 75.0, 90.0])
    return values[:, 0], latitude, values[:, 1:]


def _elongation_deg(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    cosine = np.cos(np.radians(longitude_deg)) * np.cos(np.radians(latitude_deg))
    elongation: Floats = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return elongation


def _position_angle_deg(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    """Angle at the Sun from the ecliptic towards its pole, 0…90°."""
    across = np.sin(np.radians(longitude_deg)) * np.cos(np.radians(latitude_deg))
    angle: Floats = np.degrees(np.arctan2(np.sin(np.radians(latitude_deg)), across))
    return angle


@cache
def _inner_anchors() -> tuple[Floats, Floats]:
    """Position angles about the Sun and the log brightness at 15° from it there, from the border cells."""
    longitudes, latitudes, brightness = _table()
    longitude, latitude = np.array(_BORDER).T
    cells = brightness[np.searchsorted(longitudes, longitude), np.searchsorted(latitudes, latitude)]
    to_anchor = (_INNER_ANCHOR_DEG / _elongation_deg(longitude, latitude)) ** INNER_EXPONENT
    return _position_angle_deg(longitude, latitude), np.log(cells * to_anchor)


def _inner_log_brightness(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    """Log brightness by the power law in elongation that continues the table towards the Sun."""
    angles, anchors = _inner_anchors()
    elongation = np.maximum(_elongation_deg(longitude_deg, latitude_deg), _INNERMOST_DEG)
    at_anchor = np.interp(_position_angle_deg(longitude_deg, latitude_deg), angles, anchors)
    log_brightness: Floats = at_anchor + INNER_EXPONENT * np.log(elongation / _INNER_ANCHOR_DEG)
    return log_brightness


@cache
def _outer_spline() -> Any:
    """Cubic spline of log brightness over (|Δλ|, |β|), mirrored to be smooth across its edges."""
    from scipy.interpolate import RectBivariateSpline

    longitudes, latitudes, brightness = _table()
    grid_longitude, grid_latitude = np.meshgrid(longitudes, latitudes, indexing="ij")
    inner = _inner_log_brightness(grid_longitude, grid_latitude)
    log_brightness = np.where(np.isnan(brightness), inner, np.log(brightness))
    mirrored = np.pad(log_brightness, ((3, 3), (3, 3)), mode="reflect")
    mirrored_longitude = np.pad(longitudes, 3, mode="reflect", reflect_type="odd")
    mirrored_latitude = np.pad(latitudes, 3, mode="reflect", reflect_type="odd")
    return RectBivariateSpline(mirrored_longitude, mirrored_latitude, mirrored, kx=3, ky=3, s=0)


def zodiacal_radiance(
    ecliptic_longitude_from_sun_deg: ArrayLike, ecliptic_latitude_deg: ArrayLike, sun_distance_au: float = 1.0
) -> Floats:
    """Return the zodiacal light's spectral radiance at 500 nm (Leinert et al. 1998, Table 17).

    Its logarithm is interpolated by a cubic spline. Nearer to the Sun than 15°, where the table is empty, it
    goes on as elongation to the power −2.3 with the table's ratio of ecliptic to pole, and stays constant
    within 1°.

    Parameters
    ----------
    ecliptic_longitude_from_sun_deg
        Ecliptic longitude minus the Sun's, in degrees, any sign or turn, shape (n,).
    ecliptic_latitude_deg
        Ecliptic latitude in degrees, −90…90, shape (n,).
    sun_distance_au
        The observer's distance from the Sun in au.

    Returns
    -------
    NDArray
        W m⁻² sr⁻¹ µm⁻¹, shape (n,).

    Raises
    ------
    InputError
        If a latitude is not within −90…90° or the distance not positive.
    """
    latitude = np.abs(np.asarray(ecliptic_latitude_deg, dtype=np.float64))
    if not np.all(latitude <= 90.0):
        raise InputError(
            f"an ecliptic latitude must lie between -90 and 90 degrees, not at {np.max(latitude):g}"
        )
    if not sun_distance_au > 0:
        raise InputError(f"the distance from the Sun must be above zero, not {sun_distance_au:g} au")
    longitude = np.asarray(ecliptic_longitude_from_sun_deg, dtype=np.float64)
    longitude = np.abs((longitude + 180.0) % 360.0 - 180.0)
    longitude, latitude = np.broadcast_arrays(longitude, latitude)
    elongation = _elongation_deg(longitude, latitude)
    ramp = np.clip((elongation - _BLEND_FROM_DEG) / (_BLEND_TO_DEG - _BLEND_FROM_DEG), 0.0, 1.0)
    outer_weight = ramp**2 * (3.0 - 2.0 * ramp)
    outer = _outer_spline().ev(longitude, latitude)
    inner = _inner_log_brightness(longitude, latitude)
    at_one_au = TABLE_UNIT * np.exp(outer_weight * outer + (1.0 - outer_weight) * inner)
    radiance: Floats = at_one_au * sun_distance_au**DISTANCE_EXPONENT
    return radiance


def reddening(wavelength_nm: ArrayLike, elongation_deg: ArrayLike) -> Floats:
    """Return the zodiacal light's colour relative to the Sun's, 1 at 500 nm (Leinert et al. 1998, sec. 8.4).

    Parameters
    ----------
    wavelength_nm
        Wavelengths in nm, shape (m,); the law was fitted from 220 to 2500 nm.
    elongation_deg
        Angles from the Sun in degrees, shape (...).

    Returns
    -------
    NDArray
        Factors, shape (..., m).
    """
    wavelength = np.asarray(wavelength_nm, dtype=np.float64)
    elongation = np.asarray(elongation_deg, dtype=np.float64)[..., np.newaxis]
    blue = np.interp(elongation, _REDDENING_ELONGATION_DEG, _REDDENING_BLUE)
    red = np.interp(elongation, _REDDENING_ELONGATION_DEG, _REDDENING_RED)
    slope = np.where(wavelength < REFERENCE_NM, blue, red)
    factor: Floats = np.maximum(1.0 + slope * np.log10(wavelength / REFERENCE_NM), _REDDENING_FLOOR)
    return factor


@cache
def _sun_at_reference() -> float:
    """Return the Sun's irradiance around 500 nm, averaged over its lines, in W m⁻² µm⁻¹."""
    around = np.linspace(REFERENCE_NM - _SUN_AVERAGE_NM, REFERENCE_NM + _SUN_AVERAGE_NM, 41)
    return float(np.mean(solar_irradiance(around))) * _NM_PER_UM


def zodiacal_electron_rate(
    ecliptic_longitude_from_sun_deg: ArrayLike,
    ecliptic_latitude_deg: ArrayLike,
    pixel_solid_angle_sr: float,
    area_m2: float,
    response: SystemResponse,
    *,
    sun_distance_au: float = 1.0,
) -> Floats:
    """Return the electrons per second that the zodiacal light releases in each pixel.

    Parameters
    ----------
    ecliptic_longitude_from_sun_deg, ecliptic_latitude_deg
        Direction in degrees as for `zodiacal_radiance`, shape (n,).
    pixel_solid_angle_sr
        Solid angle of a pixel in sr.
    area_m2
        Collecting area in m².
    response
        Passband × throughput × quantum efficiency, within 280-4000 nm.
    sun_distance_au
        The observer's distance from the Sun in au.

    Returns
    -------
    NDArray
        Electrons per s and pixel, shape (n,).
    """
    longitude, latitude = np.broadcast_arrays(
        np.asarray(ecliptic_longitude_from_sun_deg, dtype=np.float64),
        np.asarray(ecliptic_latitude_deg, dtype=np.float64),
    )
    radiance = zodiacal_radiance(longitude, latitude, sun_distance_au)
    # The reddening is linear between two elongations, so two integrals serve every direction.
    sun = solar_photon_irradiance(response.wavelength_nm) / _sun_at_reference()
    near, far = (
        float(response.integrate(sun * reddening(response.wavelength_nm, e)))
        for e in _REDDENING_ELONGATION_DEG
    )
    photons_per_radiance = np.interp(
        _elongation_deg(longitude, latitude), _REDDENING_ELONGATION_DEG, (near, far)
    )
    rate: Floats = radiance * photons_per_radiance * pixel_solid_angle_sr * area_m2
    return rate
