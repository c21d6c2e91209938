"""The Moon, the Earth or a planet as a lit spheroid: the brightness of every point of its disc."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM, lambert_sphere_phase_function, phase_angle
from skyforge.photometry.planets import moon_v_magnitude, planet_v_magnitude
from skyforge.photometry.shadow import EARTH_FLATTENING, EARTH_RADIUS_KM, MOON_RADIUS_KM
from skyforge.photometry.sunlight import SUN_V_MAG

Floats = NDArray[np.float64]

EARTH_ALBEDO = 0.3
"""Bond albedo of the Earth, taken for a Lambert surface's: earthshine on the Moon asks for 0.27-0.31 at phase angles
from 30° to 140° (Goode et al. 2001, GRL 28, 1671; Pallé et al. 2003, JGR 108, 4710)."""

# Equatorial radius in km and flattening: Archinal et al. 2018 (Celest. Mech. Dyn. Astron. 130, 22), table 4.
SHAPES: dict[str, tuple[float, float]] = {
    "moon": (MOON_RADIUS_KM, 0.0),
    "earth": (EARTH_RADIUS_KM, EARTH_FLATTENING),
    "mercury": (2440.53, 0.00093),
    "venus": (6051.8, 0.0),
    "mars": (3396.19, 0.00589),
    "jupiter": (71492.0, 0.06487),
    "saturn": (60268.0, 0.09796),
    "uranus": (25559.0, 0.02293),
    "neptune": (24764.0, 0.01708),
}
# ICRF right ascension and declination of the north poles in degrees at J2000.0, same source, table 1.
POLES_DEG: dict[str, tuple[float, float]] = {
    "moon": (269.9949, 66.5392),
    "earth": (0.0, 90.0),
    "mercury": (281.0103, 61.4155),
    "venus": (272.76, 67.16),
    "mars": (317.6811, 52.8863),
    "jupiter": (268.0566, 64.4953),
    "saturn": (40.589, 83.537),
    "uranus": (257.311, -15.175),
    "neptune": (299.36, 43.46),
}

# Bodies without a thick atmosphere are evenly bright at full phase (Lommel 1889, Seeliger 1887), clouds are not.
_ROCKY = ("moon", "mercury", "mars")
# Beyond this phase angle the magnitudes are extrapolations and a crescent's surface is held at its last brightness.
_LAST_PHASE_RAD = np.radians(165.0)
_NORM_GRID = 96
_SMALL_RAD = 0.02  # angular radius below which all of a disc is seen under one phase angle


def lommel_seeliger_phase_function(phase_angle_rad: ArrayLike) -> Floats:
    """Return 1 − sin(α/2) tan(α/2) ln cot(α/4), a Lommel-Seeliger sphere's light relative to full phase.

    Parameters
    ----------
    phase_angle_rad
        Phase angle α in radians, 0…π.
    """
    alpha = np.clip(np.asarray(phase_angle_rad, dtype=np.float64), 1e-12, np.pi - 1e-9)
    half = 0.5 * alpha
    value: Floats = 1.0 + np.sin(half) * np.tan(half) * np.log(np.tan(0.25 * alpha))
    return np.maximum(value, 0.0)


@dataclass(frozen=True)
class LitBody:
    """A spheroid in sunlight, as one observer sees it.

    Attributes
    ----------
    name
        The body.
    center_km, sun_km
        ICRF vectors from the observer to its centre and to the Sun, (3,).
    radius_km, flattening, pole
        Equatorial radius, flattening and ICRF unit vector of its axis.
    lommel_seeliger
        Whether its surface follows μ₀/(μ₀ + μ) rather than Lambert's μ₀.
    roundness
        Factor on its brightness that makes up for its flattening, so that the whole disc has its magnitude.
    """

    name: str
    center_km: Floats
    sun_km: Floats
    radius_km: float
    flattening: float
    pole: Floats
    lommel_seeliger: bool
    roundness: float

    @property
    def distance_km(self) -> float:
        """Distance of its centre."""
        return float(np.linalg.norm(self.center_km))

    @property
    def angular_radius_rad(self) -> float:
        """Angle from its centre to its equator's limb; a right angle from its surface."""
        return float(np.arcsin(min(self.radius_km / self.distance_km, 1.0)))

    @property
    def sun_distance_km(self) -> float:
        """Distance of its centre from the Sun."""
        return float(np.linalg.norm(self.sun_km - self.center_km))

    @property
    def phase_angle_rad(self) -> float:
        """Angle at its centre between the Sun and the observer."""
        return float(phase_angle(self.center_km, np.zeros(3), self.sun_km))

    def stretched(self, vectors: Floats) -> Floats:
        """Return vectors (..., 3) in the space in which the body is a sphere of its equatorial radius."""
        if self.flattening == 0.0:
            return vectors
        along = (vectors @ self.pole)[..., None] * self.pole
        result: Floats = vectors + along * (1.0 / (1.0 - self.flattening) - 1.0)
        return result

    def limb_margin_rad(self, directions: Floats) -> Floats:
        """Return the angle (...) of directions (..., 3) outside the limb, negative on the disc.

        Measured where the body is round: near the limb right to a part in a thousand for the Earth.
        """
        rays, center = self.stretched(directions), self.stretched(self.center_km)
        across = np.linalg.norm(np.cross(rays, center), axis=-1)
        separation = np.arctan2(across, rays @ center)
        radius = np.arcsin(min(self.radius_km / float(np.linalg.norm(center)), 1.0))
        margin: Floats = separation - radius
        return margin

    def brightness(self, directions: Floats) -> Floats:
        """Return the radiance along directions, in units of the Sun's irradiance at 1 au, per steradian.

        Parameters
        ----------
        directions
            ICRF unit vectors from the observer, (..., 3), without aberration.

        Returns
        -------
        NDArray
            Shape (...); 0 beside the disc and on its night side.
        """
        rays, center = self.stretched(directions), self.stretched(self.center_km)
        length = np.linalg.norm(rays, axis=-1)
        unit = rays / length[..., None]
        along = unit @ center
        # What is left of the centre across the ray; its square is exact to the radius however far the body is.
        miss = center - along[..., None] * unit
        depth_squared = self.radius_km**2 - np.sum(miss * miss, axis=-1)
        hit = (depth_squared > 0.0) & (along > 0.0)
        depth = np.sqrt(np.where(hit, depth_squared, 0.0))
        normal = self.stretched(-miss - depth[..., None] * unit)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        to_sun = self.sun_km - self.center_km
        incident = np.maximum(normal @ (to_sun / np.linalg.norm(to_sun)), 0.0)
        leaving = np.maximum(-np.sum(normal * directions, axis=-1), 0.0)
        law = incident / np.maximum(incident + leaving, 1e-12) if self.lommel_seeliger else incident
        factor = self.roundness / np.pi * (ASTRONOMICAL_UNIT_KM / self.sun_distance_km) ** 2
        scale = surface_scale(self.name, self._phase_of_surface(directions, to_sun))
        return np.where(hit, factor * scale * law, 0.0)

    def _phase_of_surface(self, directions: Floats, to_sun: Floats) -> Floats:
        """Return the angle between Sun and observer at the points seen: one for a small disc."""
        if self.angular_radius_rad < _SMALL_RAD:
            return np.asarray(self.phase_angle_rad, dtype=np.float64)
        cosine = -(directions @ to_sun) / np.linalg.norm(to_sun)
        angle: Floats = np.arccos(np.clip(cosine, -1.0, 1.0))
        return angle


def lit_body(name: str, center_km: ArrayLike, sun_km: ArrayLike, *, pole: ArrayLike | None = None) -> LitBody:
    """Return the Moon, the Earth or a planet as a disc whose light adds up to its magnitude.

    The Moon, Mercury and Mars follow Lommel and Seeliger, the others Lambert. Surfaces are scaled so that the whole
    disc has the magnitude of `moon_v_magnitude` or `planet_v_magnitude`; the Earth is a Lambert surface of albedo 0.3.

    Parameters
    ----------
    name
        moon, earth, or a planet.
    center_km, sun_km
        ICRF vectors from the observer to the body's centre and the Sun, (3,), without aberration.
    pole
        ICRF unit vector of its axis; None for that of J2000.0.

    Raises
    ------
    InputError
        If the body is not known.
    """
    if name not in SHAPES:
        raise InputError(f"no disc is known of {name!r}; choose among {', '.join(SHAPES)}")
    radius_km, flattening = SHAPES[name]
    center, sun = np.asarray(center_km, dtype=np.float64), np.asarray(sun_km, dtype=np.float64)
    axis = _direction(*POLES_DEG[name]) if pole is None else np.asarray(pole, dtype=np.float64)
    body = LitBody(name, center, sun, radius_km, flattening, axis, name in _ROCKY, 1.0)
    return body if name == "earth" else replace(body, roundness=_roundness(body))


def _direction(right_ascension_deg: float, declination_deg: float) -> Floats:
    longitude, latitude = np.radians(right_ascension_deg), np.radians(declination_deg)
    return np.array(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


def is_lommel_seeliger(name: str) -> bool:
    """Say whether a body's surface follows Lommel and Seeliger's law rather than Lambert's."""
    return name in _ROCKY


def surface_scale(name: str, phase_angle_rad: ArrayLike) -> Floats:
    """Return the radiance factor of a body's surface per unit of its law, at phase angles.

    The radiance factor is the radiance over that of a white, diffuse surface lit perpendicularly; the law is Lommel and
    Seeliger's μ₀/(μ₀ + μ) for the Moon, Mercury and Mars, Lambert's μ₀ for the others.

    Parameters
    ----------
    name
        Body.
    phase_angle_rad
        Angle between Sun and observer, shape (...).
    """
    phase = np.minimum(np.asarray(phase_angle_rad, dtype=np.float64), _LAST_PHASE_RAD)
    if name == "earth":
        return np.full(phase.shape, EARTH_ALBEDO)
    at = (ASTRONOMICAL_UNIT_KM, ASTRONOMICAL_UNIT_KM, phase)
    magnitude = moon_v_magnitude(*at) if name == "moon" else planet_v_magnitude(name, *at)
    wanted = 10.0 ** (-0.4 * (magnitude - SUN_V_MAG)) * (ASTRONOMICAL_UNIT_KM / SHAPES[name][0]) ** 2
    scale: Floats = wanted / _whole_disc(name, phase)
    return scale


def _whole_disc(name: str, phase: Floats) -> Floats:
    """Return the light of a sphere's whole disc under a body's law, in units of a white, flat one of its radius."""
    if name in _ROCKY:
        return 0.5 * lommel_seeliger_phase_function(phase)
    return 2.0 / 3.0 * lambert_sphere_phase_function(phase)


def albedo_at_phase(name: str, phase_angle_rad: ArrayLike) -> Floats:
    """Return a body's geometric albedo times its phase law: the light of its disc over a white, flat one's of its size.

    Parameters
    ----------
    name
        Body.
    phase_angle_rad
        Angle between Sun and observer, shape (...).
    """
    phase = np.asarray(phase_angle_rad, dtype=np.float64)
    return surface_scale(name, phase) * _whole_disc(name, phase)


def _roundness(body: LitBody) -> float:
    """Return the light of the body's disc were it a sphere over that of the spheroid: a sum over the disc."""
    if body.flattening < 1e-3:  # a sphere's integral is right to as much
        return 1.0
    step = (np.arange(_NORM_GRID) + 0.5) / _NORM_GRID
    angle, radius = 2.0 * np.pi * step, np.sqrt(step)
    center = body.center_km / body.distance_km
    across = np.cross(center, _direction(37.0, 21.0))
    across /= np.linalg.norm(across)
    up = np.cross(center, across)
    # A little beyond the equator's limb no spheroid reaches; outside its own the brightness is 0.
    offset = (
        np.tan(body.angular_radius_rad)
        * radius[:, None, None]
        * (np.cos(angle)[None, :, None] * across + np.sin(angle)[None, :, None] * up)
    )
    directions = center + offset
    directions /= np.linalg.norm(directions, axis=-1, keepdims=True)
    round_body = replace(body, flattening=0.0)
    return float(round_body.brightness(directions).sum() / body.brightness(directions).sum())
