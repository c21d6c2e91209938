"""Second light: what the Earth and the Moon, lit by the Sun, throw onto satellites."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.lit_body import SHAPES, albedo_at_phase, is_lommel_seeliger, surface_scale
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM
from skyforge.photometry.reflection import Reflectors
from skyforge.photometry.scene import Scene

Floats = NDArray[np.float64]

_POINTS = 32  # of a near body's disc: 2 % of its light on a sphere in a low orbit
_FAR_RAD = 0.2  # angular radius below which a disc is taken for even
_GOLDEN_ANGLE = np.pi * (1.0 + np.sqrt(5.0))
_M_PER_KM = 1e3


def second_light_flux(
    bodies: Reflectors, seen: Scene, name: str, to_body_km: ArrayLike, sunlight: ArrayLike = 1.0
) -> Floats:
    """Return the flux that bodies send to the observer by the light of the Earth or the Moon, relative to the Sun's.

    A near body's disc, as each satellite sees it, is summed over points of equal solid angle, each a small light of its
    own; a far one is a single light. Add it to `flux_per_sun` of direct light. Asteroids and measured lights get none.

    Parameters
    ----------
    bodies
        What is lit, n.
    seen
        Their scene at m instants.
    name
        earth or moon.
    to_body_km
        Vectors from the satellites to the Earth's or the Moon's centre, (n, m, 3).
    sunlight
        Share of the Sun's light on that body (1 but in eclipses), broadcast against (n, m).

    Returns
    -------
    NDArray
        Irradiance at the observer over the Sun's at 1 au, (n, m). Its colour is taken to be the Sun's: the Earth is
        bluer by 0.1-0.2 mag in B − V, the Moon redder by 0.3.

    Raises
    ------
    InputError
        If no surface of that name is known.
    """
    if name not in SHAPES:
        raise InputError(f"no light is known of {name!r}; choose among {', '.join(SHAPES)}")
    to_body = np.broadcast_to(np.asarray(to_body_km, dtype=np.float64), seen.to_sun.shape)
    distance = np.linalg.norm(to_body, axis=-1)
    sine = np.minimum(SHAPES[name][0] / distance, 1.0)
    center = to_body / distance[..., None]
    near = np.any(sine > np.sin(_FAR_RAD), axis=1)
    sent = np.empty(distance.shape)
    for chosen, light in ((np.flatnonzero(~near), _far_light), (np.flatnonzero(near), _near_light)):
        if chosen.size:
            sent[chosen] = light(bodies.select(chosen), seen.of(chosen), name, center[chosen], sine[chosen])
    # The body's sunlight is as strong as the satellite's, but for one part in 10⁴.
    sun = (ASTRONOMICAL_UNIT_KM / seen.sun_distance_km) ** 2 * np.asarray(sunlight, dtype=np.float64)
    result: Floats = sent * sun / (seen.range_km * _M_PER_KM) ** 2
    return result


def _far_light(bodies: Reflectors, seen: Scene, name: str, center: Floats, sine: Floats) -> Floats:
    """Return m² per steradian of the light of a body so far that its disc may be taken for even, (n, m)."""
    phase = np.arccos(np.clip(-np.sum(center * seen.to_sun, axis=-1), -1.0, 1.0))
    irradiance = albedo_at_phase(name, phase) * sine**2
    sent: Floats = irradiance * bodies.lit_from(seen, center, np.arcsin(sine))
    return sent


def _near_light(bodies: Reflectors, seen: Scene, name: str, center: Floats, sine: Floats) -> Floats:
    """Return m² per steradian of the light of a near body, summed over points of its disc, (n, m)."""
    # 1 − cos ρ, of which the disc's solid angle is 2π times.
    cap = sine**2 / (1.0 + np.sqrt(1.0 - sine**2))
    patch_sr = 2.0 * np.pi * cap / _POINTS
    patch_radius = np.sqrt(patch_sr / np.pi)
    across = _across(center)
    up = np.cross(center, across)
    sent = np.zeros(sine.shape)
    for index in range(_POINTS):
        drop = (index + 0.5) / _POINTS * cap
        spread = np.sqrt(drop * (2.0 - drop))[..., None]
        angle = _GOLDEN_ANGLE * index
        towards = (1.0 - drop)[..., None] * center + spread * (np.cos(angle) * across + np.sin(angle) * up)
        irradiance = _brightness(name, towards, center, sine, seen.to_sun) * patch_sr
        sent += irradiance * bodies.lit_from(seen, towards, patch_radius)
    return sent


def _brightness(name: str, towards: Floats, center: Floats, sine: Floats, to_sun: Floats) -> Floats:
    """Return a sphere's radiance along directions from outside, per irradiance on it, (n, m)."""
    # In units of the distance: the centre's part along the ray, and the depth from there back to the surface.
    along = np.sum(towards * center, axis=-1)
    miss = center - along[..., None] * towards
    depth = np.sqrt(np.maximum(sine**2 - np.sum(miss * miss, axis=-1), 0.0))
    normal = -(miss + depth[..., None] * towards) / sine[..., None]
    incident = np.maximum(np.sum(normal * to_sun, axis=-1), 0.0)
    leaving = np.maximum(-np.sum(normal * towards, axis=-1), 0.0)
    law = incident / np.maximum(incident + leaving, 1e-12) if is_lommel_seeliger(name) else incident
    phase = np.arccos(np.clip(-np.sum(towards * to_sun, axis=-1), -1.0, 1.0))
    radiance: Floats = surface_scale(name, phase) * law / np.pi
    return radiance


def _across(directions: Floats) -> Floats:
    """Return unit vectors across directions, (..., 3)."""
    axis = np.eye(3)[np.argmin(np.abs(directions), axis=-1)]
    across = np.cross(directions, axis)
    unit: Floats = across / np.linalg.norm(across, axis=-1, keepdims=True)
    return unit
