"""The light between the stars: zodiacal light and the stars too faint to be drawn, on a coarse grid over the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
from skyforge.simulate.attitude import spherical_deg
from skyforge.simulate.camera import Camera
from skyforge.simulate.instrument import Instrument

Floats = NDArray[np.float64]

GRID = 17
"""Nodes of the background's grid along each side of the frame: both lights vary over degrees, not pixels."""


def zodiacal_rate(directions: Floats, sun_direction: Floats, instrument: Instrument) -> Floats:
    """Return the zodiacal light in electrons per second and pixel, shape (n,).

    Parameters
    ----------
    directions
        Astrometric ICRF unit vectors, (n, 3).
    sun_direction
        ICRF unit vector from the observer to the Sun, (3,).
    instrument
        What turns radiance into electrons.
    """
    ecliptic = orbits.ecliptic_from_icrf(directions)
    sun = orbits.ecliptic_from_icrf(sun_direction[None, :])[0]
    longitude_deg, latitude_deg = spherical_deg(ecliptic)
    sun_longitude_deg, _ = spherical_deg(sun)
    return photometry.zodiacal_electron_rate(
        longitude_deg - sun_longitude_deg,
        latitude_deg,
        instrument.camera.pixel_scale_rad**2,
        instrument.area_m2,
        instrument.response,
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
    longitude_deg, latitude_deg = spherical_deg(orbits.galactic_from_icrf(directions))
    flux_per_deg2 = stars.unresolved_g_flux_per_deg2(longitude_deg, latitude_deg, limit_g)
    return photometry.starlight_electron_rate(
        flux_per_deg2, instrument.camera.pixel_scale_rad**2, instrument.area_m2, instrument.response
    )


def solid_angle_falloff(camera: Camera, x: Floats, y: Floats) -> Floats:
    """Return the solid angle of pixels relative to that at the centre: cos³ of the angle off axis (gnomonic projection)."""
    centre_x, centre_y = camera.centre
    off_axis = np.hypot(x - centre_x, y - centre_y) * camera.pixel_scale_rad
    return (1.0 + off_axis**2) ** -1.5
