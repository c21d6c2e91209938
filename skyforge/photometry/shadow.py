"""How much of the Sun's disc a body leaves visible: umbra, penumbra and annular eclipse."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]

SUN_RADIUS_KM = 695_700.0  # IAU 2015, resolution B3
EARTH_RADIUS_KM = 6378.137  # equatorial, WGS 84
EARTH_FLATTENING = 1.0 / 298.257223563  # WGS 84
MOON_RADIUS_KM = 1737.4  # IAU working group on cartographic coordinates (Archinal et al. 2018)
ICRF_POLE = (0.0, 0.0, 1.0)

# A body seen as half of the sky or more (an observer on its surface) is kept just below half: its limb is
# then a straight line over the Sun's disc to 1 part in 10⁴.
_LARGEST_HALF_ANGLE = 0.5 * np.pi - 1e-4
_FAR_AWAY = 1e3  # solar radii: where a body that is not in front of the Sun is put


def sunlit_fraction(
    target_km: ArrayLike,
    sun_km: ArrayLike,
    body_km: ArrayLike,
    body_radius_km: float,
    *,
    flattening: float = 0.0,
    pole: ArrayLike = ICRF_POLE,
    sun_radius_km: float = SUN_RADIUS_KM,
) -> Floats:
    """Return the share of the Sun's disc that a target sees past a body.

    The Sun's and the body's discs are projected stereographically about the Sun's centre, which maps circles
    on the sphere to circles; their overlap is then exact but for 1e-5 of the disc. The Sun is taken as evenly
    bright.

    Parameters
    ----------
    target_km, sun_km, body_km
        Positions in one frame, in km, each (n, 3) or (3,).
    body_radius_km
        (Equatorial) radius of the body in km.
    flattening
        1 − polar / equatorial radius. Space is stretched along the pole until the body is a sphere; the Sun,
        stretched with it, reaches as far towards the body's limb as its ellipsoid does.
    pole
        Unit vectors of the body's axis in the frame of the positions, shape (3,) or (n, 3).
    sun_radius_km
        Radius of the Sun in km.

    Returns
    -------
    NDArray
        0 in the umbra, 1 in full sunlight, in between in the penumbra or an annular eclipse; shape (n,).

    Raises
    ------
    InputError
        If the radius is not positive, the flattening not within 0…1, or a target lies inside the Sun.
    """
    near, far = limb_distances(
        target_km,
        sun_km,
        body_km,
        body_radius_km,
        flattening=flattening,
        pole=pole,
        sun_radius_km=sun_radius_km,
    )
    return 1.0 - _covered_fraction(near, far)


def limb_distances(
    target_km: ArrayLike,
    sun_km: ArrayLike,
    body_km: ArrayLike,
    body_radius_km: float,
    *,
    flattening: float = 0.0,
    pole: ArrayLike = ICRF_POLE,
    sun_radius_km: float = SUN_RADIUS_KM,
) -> tuple[Floats, Floats]:
    """Return how far from the Sun's centre a body's limb begins and ends, as a target sees them.

    Both lie on the line through the two centres, in the stereographic projection about the Sun's centre and in
    units of the Sun's radius there. The body's disc is the circle between them.

    Parameters
    ----------
    target_km, sun_km, body_km, body_radius_km, flattening, pole, sun_radius_km
        As for `sunlit_fraction`.

    Returns
    -------
    near, far
        Each (n,). The Sun's centre is behind the body where `near` is negative; a body behind the Sun, or with the
        Sun behind the target's back, has both far outside.

    Raises
    ------
    InputError
        As `sunlit_fraction` does.
    """
    if not body_radius_km > 0:
        raise InputError(f"the radius of a shadowing body must be above zero, not {body_radius_km:g} km")
    if not 0 <= flattening < 1:
        raise InputError(f"a flattening must lie between 0 and 1, not at {flattening:g}")
    target = np.asarray(target_km, dtype=np.float64)
    to_sun = np.asarray(sun_km, dtype=np.float64) - target
    to_body = np.asarray(body_km, dtype=np.float64) - target
    sun_half_angle = _half_angle(sun_radius_km, np.linalg.norm(to_sun, axis=-1))
    if np.any(sun_half_angle >= 0.25 * np.pi):
        raise InputError(
            "a target is closer to the Sun than its own radius; check the positions' frame and unit"
        )
    if flattening > 0:
        # About the body's centre the stretch takes the spheroid to a sphere; target and Sun are stretched with it.
        to_body, to_sun = _stretch(to_body, pole, flattening), _stretch(to_sun, pole, flattening)
        reach = sun_radius_km * _stretched_reach(to_sun, to_body, pole, flattening)
        sun_half_angle = _half_angle(reach, np.linalg.norm(to_sun, axis=-1))
    body_distance = np.linalg.norm(to_body, axis=-1)
    body_half_angle = np.minimum(_half_angle(body_radius_km, body_distance), _LARGEST_HALF_ANGLE)
    separation = _angle_between(to_sun, to_body)
    sun = np.tan(0.5 * sun_half_angle)
    # The far point may not pass the point opposite the Sun, where the projection goes to infinity.
    near = np.tan(0.5 * (separation - body_half_angle)) / sun
    far = np.tan(0.5 * np.minimum(separation + body_half_angle, 2.0 * _LARGEST_HALF_ANGLE)) / sun
    behind_sun = body_distance > np.linalg.norm(to_sun, axis=-1)
    return np.where(behind_sun, _FAR_AWAY, near), np.where(behind_sun, 2.0 * _FAR_AWAY, far)


def _half_angle(radius_km: float | Floats, distance_km: Floats) -> Floats:
    """Angular radius of a sphere; a target on or below its surface sees it as half the sky."""
    sine = radius_km / np.maximum(distance_km, radius_km)
    half_angle: Floats = np.arcsin(sine)
    return half_angle


def _stretch(vector: Floats, pole: ArrayLike, flattening: float) -> Floats:
    axis = np.asarray(pole, dtype=np.float64)
    along = np.sum(vector * axis, axis=-1, keepdims=True) * axis
    stretched: Floats = vector + along * (1.0 / (1.0 - flattening) - 1.0)
    return stretched


def _angle_between(first: Floats, second: Floats) -> Floats:
    across = np.linalg.norm(np.cross(first, second), axis=-1)
    angle: Floats = np.arctan2(across, np.sum(first * second, axis=-1))
    return angle


def _stretched_reach(to_sun: Floats, to_body: Floats, pole: ArrayLike, flattening: float) -> Floats:
    """How much farther than its radius a stretched Sun reaches towards a body: its support along the limb's normal."""
    along = np.sum(to_sun * to_body, axis=-1, keepdims=True) / np.sum(to_sun**2, axis=-1, keepdims=True)
    normal = to_body - along * to_sun
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    unit = normal / np.where(length > 0.0, length, 1.0)
    reach: Floats = np.linalg.norm(_stretch(unit, pole, flattening), axis=-1)
    return np.where(length[..., 0] > 0.0, reach, 1.0)


def _covered_fraction(near: Floats, far: Floats) -> Floats:
    """Share of the Sun's disc behind a body's disc, from its limb's distances in the Sun's radii."""
    apart, total, annular = near >= 1.0, near <= -1.0, far <= 1.0
    partial = ~(apart | total | annular)
    overlap = _lens_area(np.where(partial, near, 0.0), np.where(partial, far, 1.0)) / np.pi
    ring = (0.5 * (far - near)) ** 2
    covered = np.where(annular & ~total, ring, np.where(total, 1.0, overlap))
    return np.where(apart, 0.0, np.clip(covered, 0.0, 1.0))


def _lens_area(near: Floats, far: Floats) -> Floats:
    """Area common to the unit circle about 0 and one that cuts the axis at `near` and `far`."""
    centre, radius = 0.5 * (far + near), 0.5 * (far - near)
    # centre² − radius² = near × far keeps its digits where the body's disc is much larger than the Sun's.
    chord = (near * far + 1.0) / (2.0 * centre)
    half_chord = np.sqrt(np.maximum(1.0 - chord**2, 0.0))
    sun_angle = np.arctan2(half_chord, chord)
    body_angle = np.arctan2(half_chord, centre - chord)
    area: Floats = sun_angle + radius**2 * body_angle - centre * half_chord
    return area
