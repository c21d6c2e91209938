"""The light between the stars, on a coarse grid: zodiacal light, stars too faint to be drawn, stray light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
from skyforge.scenario.sky import Background, StrayLight
from skyforge.simulate.camera import Camera
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.stray_light import stray_rate

Floats = NDArray[np.float64]

GRID = 17
"""Nodes of the background's grid along each side of the frame: both lights vary over degrees, not pixels."""


def background_rate(
    directions: Floats,
    observer_km: Floats,
    t_tdb_s: float,
    limit_g: float,
    wanted: Background,
    instrument: Instrument,
) -> Floats:
    """Return the diffuse light of the sky in electrons per second and pixel at the frame's centre scale, shape (n,).

    Parameters
    ----------
    directions
        Astrometric ICRF unit vectors, (n, 3).
    observer_km
        Barycentric position of the telescope, (3,).
    t_tdb_s
        When.
    limit_g
        G magnitude of the faintest star that is drawn one by one.
    wanted
        Which lights the scenario asks for.
    instrument
        What turns radiance into electrons.
    """
    rate = np.zeros(len(directions))
    if wanted.zodiacal:
        sun, _ = orbits.ephemeris().state("sun", np.array([t_tdb_s]))
        rate += zodiacal_rate(directions, sun[0] - observer_km, instrument)
    if wanted.starlight:
        rate += starlight_rate(directions, limit_g, instrument)
    if isinstance(wanted.stray_light, StrayLight):
        rate += stray_rate(directions, observer_km, t_tdb_s, wanted.stray_light, instrument)
    return rate


def zodiacal_rate(directions: Floats, sun_km: Floats, instrument: Instrument) -> Floats:
    """Return the zodiacal light in electrons per second and pixel, shape (n,).

    Parameters
    ----------
    directions
        Astrometric ICRF unit vectors, (n, 3).
    sun_km
        ICRF vector from the observer to the Sun, (3,).
    instrument
        What turns radiance into electrons.
    """
    ecliptic = orbits.ecliptic_from_icrf(directions)
    longitude_deg, latitude_deg = orbits.angles_from_directions(ecliptic)
    sun_longitude_deg, _ = orbits.angles_from_directions(orbits.ecliptic_from_icrf(sun_km))
    return photometry.zodiacal_electron_rate(
        longitude_deg - sun_longitude_deg,
        latitude_deg,
        instrument.camera.pixel_scale_rad**2,
        instrument.area_m2,
        instrument.response,
        sun_distance_au=float(np.linalg.norm(sun_km)) / orbits.ASTRONOMICAL_UNIT_KM,
    )


def starlight_rate(directions: Floats, limit_g: float, instrument: Instrument) -> Floats:
    """Return the light of the stars fainter than a limit in electrons per second and pixel, shape (n,).

    Parameters
    ----------
    directions
        ICRF unit vectors, (n, 3).
    limit_g
        G magnitude of the faintest star that is drawn one by one.
    instrument
        What turns radiance into electrons.
    """
    longitude_deg, latitude_deg = orbits.angles_from_directions(orbits.galactic_from_icrf(directions))
    # The counts begin where stars are so few that their summed light has no mean: brighter limits add nothing known.
    limit_g = max(limit_g, stars.BRIGHTEST_SYNTHETIC_G)
    flux_per_deg2 = stars.unresolved_g_flux_per_deg2(longitude_deg, latitude_deg, limit_g)
    mean_bp_rp = float(np.mean(stars.unresolved_bp_rp(longitude_deg, latitude_deg, limit_g)))
    return photometry.starlight_electron_rate(
        flux_per_deg2,
        instrument.camera.pixel_scale_rad**2,
        instrument.area_m2,
        instrument.response,
        mean_bp_rp,
    )


def solid_angle_falloff(camera: Camera, x: Floats, y: Floats) -> Floats:
    """Return the solid angle of pixels relative to the central one: cos³ of the angle off axis (gnomonic)."""
    centre_x, centre_y = camera.centre
    off_axis = np.hypot(x - centre_x, y - centre_y) * camera.pixel_scale_rad
    return (1.0 + off_axis**2) ** -1.5


def spread_over_frame(grid: Floats, shape: tuple[int, ...]) -> Floats:
    """Return a map of a frame's shape, linear between the nodes of a grid that spans it from corner to corner."""
    (ny, nx), (rows, columns) = shape, grid.shape
    y, x = np.linspace(0.0, rows - 1.0, ny), np.linspace(0.0, columns - 1.0, nx)
    row, column = np.minimum(y.astype(int), rows - 2), np.minimum(x.astype(int), columns - 2)
    across = grid[:, column] + (x - column) * (grid[:, column + 1] - grid[:, column])
    full: Floats = across[row] + (y - row)[:, None] * (across[row + 1] - across[row])
    return full
