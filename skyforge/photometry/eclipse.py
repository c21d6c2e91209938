"""How much sunlight reaches a target past the Earth and the Moon together, with the darkness of the Sun's limb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.photometry.shadow import ICRF_POLE, limb_distances
from skyforge.photometry.solar_disc import LIMB_DARKENING_V, disc_brightness

Floats = NDArray[np.float64]

_NODES = 16  # in each of the pieces that a radius of the Sun is cut into: 1e-6 of its light


@dataclass(frozen=True)
class Occulter:
    """A body that may stand before the Sun.

    Attributes
    ----------
    position_km
        Its place when the light passed it, in the frame of target and Sun, (3,) or (..., 3) in km.
    radius_km
        (Equatorial) radius in km.
    flattening
        1 − polar / equatorial radius.
    pole
        Unit vectors of its axis, (3,) or (..., 3).
    """

    position_km: ArrayLike
    radius_km: float
    flattening: float = 0.0
    pole: ArrayLike = ICRF_POLE


def sunlight_fraction(
    target_km: ArrayLike,
    sun_km: ArrayLike,
    occulters: Sequence[Occulter],
    *,
    limb_darkening: float = LIMB_DARKENING_V,
) -> Floats:
    """Return the share of the Sun's light that reaches targets past several bodies.

    Umbra and full light are exact, decided by tangents. In between, the Sun's disc is summed ring by ring: of each the
    bodies cover arcs of known length, and where two bodies stand before the Sun the arcs' common part counts once.

    Parameters
    ----------
    target_km, sun_km
        Positions in one frame, (..., 3) in km, broadcast against each other and the occulters'.
    occulters
        The Earth, the Moon; where three overlap on the Sun at once, the part common to all is counted wrongly.
    limb_darkening
        Exponent a of the Sun's brightness μ^a over its disc; 0 gives the visible share of the disc's area.

    Returns
    -------
    NDArray
        0 in an umbra, 1 in full light, shape (...).

    Raises
    ------
    InputError
        If an occulter's radius or flattening is impossible or a target lies inside the Sun.
    """
    target, sun = np.asarray(target_km, dtype=np.float64), np.asarray(sun_km, dtype=np.float64)
    places = [np.asarray(body.position_km, dtype=np.float64) for body in occulters]
    shape = np.broadcast_shapes(target.shape, sun.shape, *(place.shape for place in places))[:-1]
    light = np.ones(shape)
    if not occulters:
        return light
    limbs = [
        limb_distances(target, sun, place, body.radius_km, flattening=body.flattening, pole=body.pole)
        for place, body in zip(places, occulters, strict=True)
    ]
    near = np.stack([np.broadcast_to(limb[0], shape) for limb in limbs])
    far = np.stack([np.broadcast_to(limb[1], shape) for limb in limbs])
    dark = np.any(near <= -1.0, axis=0)
    partial = ~dark & np.any(near < 1.0, axis=0)
    light[dark] = 0.0
    if np.any(partial):
        to_sun = np.broadcast_to(sun - target, (*shape, 3))[partial]
        to_bodies = [np.broadcast_to(place - target, (*shape, 3))[partial] for place in places]
        angles = np.stack([_position_angle(to_sun, to_body) for to_body in to_bodies])
        light[partial] = 1.0 - _covered_light(near[:, partial], far[:, partial], angles, limb_darkening)
    return light


def _position_angle(to_sun: Floats, to_body: Floats) -> Floats:
    """Angles (k,) of bodies about the Sun's centre on the sky, from any one direction that they share."""
    axis = to_sun / np.linalg.norm(to_sun, axis=-1, keepdims=True)
    # The coordinate axis that the line of sight is least along; the same for all bodies of one target.
    across = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis), axis=-1)])
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    up = np.cross(axis, across)
    angle: Floats = np.arctan2(np.sum(to_body * up, axis=-1), np.sum(to_body * across, axis=-1))
    return angle


def _covered_light(near: Floats, far: Floats, angle: Floats, limb_darkening: float) -> Floats:
    """Share of the Sun's light behind circles, (bodies, k) each given by its limb's distances and direction."""
    # Arcs grow as the square root of the distance from a ring that touches a limb: cut there, crowd nodes at the cuts.
    ends = np.zeros((1, near.shape[1]))
    cuts = np.sort(
        np.concatenate([ends, np.clip(np.abs(near), 0.0, 1.0), np.clip(far, 0.0, 1.0), ends + 1.0]), axis=0
    )
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    place = 0.5 * (1.0 - np.cos(0.5 * np.pi * (nodes + 1.0)))
    weight = 0.25 * np.pi * weights * np.sin(0.5 * np.pi * (nodes + 1.0))
    width = np.diff(cuts, axis=0)[..., None]
    radius = cuts[:-1, :, None] + width * place
    covered = _covered_arc(near[:, None, :, None], far[:, None, :, None], angle[:, None, :, None], radius)
    light = covered / np.pi * radius * disc_brightness(radius, limb_darkening) * weight * width
    total: Floats = np.clip(light.sum(axis=(0, 2)), 0.0, 1.0)
    return total


def _covered_arc(near: Floats, far: Floats, angle: Floats, radius: Floats) -> Floats:
    """Angle of a ring about the Sun's centre that lies behind any of the circles (bodies, ...), 0…2π."""
    cosine = (radius**2 + near * far) / (np.maximum(radius, 1e-12) * (near + far))
    half = np.arccos(np.clip(cosine, -1.0, 1.0))
    covered: Floats = 2.0 * half.sum(axis=0)
    for first, second in combinations(range(len(half)), 2):
        apart = np.abs((angle[first] - angle[second] + np.pi) % (2.0 * np.pi) - np.pi)
        covered = covered - _common_arc(half[first], half[second], apart)
    return np.clip(covered, 0.0, 2.0 * np.pi)


def _common_arc(first: Floats, second: Floats, apart: Floats) -> Floats:
    """Length common to two arcs of a circle, given their half lengths and the angle (0…π) between their middles."""
    common = np.zeros(np.broadcast_shapes(first.shape, second.shape, apart.shape))
    for middle in (apart, apart - 2.0 * np.pi):
        common = common + np.maximum(
            np.minimum(first, middle + second) - np.maximum(-first, middle - second), 0.0
        )
    return common
