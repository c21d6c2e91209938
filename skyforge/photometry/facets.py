"""Bodies made of flat facets, each partly diffuse and partly a mirror: plates, boxes with wings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.solar_disc import mirrored_sun

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """What a facet does with light.

    Attributes
    ----------
    diffuse, specular
        Shares of the light that it scatters evenly (Lambert) and that it mirrors; the rest is absorbed.
    spread_rad
        Standard deviation in one axis of the directions of mirrored rays, radians: roughness or bent foil.

    Raises
    ------
    InputError
        If a share is negative or both add up to more than 1.
    """

    diffuse: float = 0.2
    specular: float = 0.0
    spread_rad: float = 0.0

    def __post_init__(self) -> None:
        if min(self.diffuse, self.specular) < 0 or self.diffuse + self.specular > 1.0 + 1e-12:
            raise InputError(
                f"a surface cannot scatter {self.diffuse:g} and mirror {self.specular:g} of the light; "
                "both must be at least 0 and together at most 1"
            )
        if self.spread_rad < 0:
            raise InputError(
                f"the spread of mirrored light must not be below zero, found {self.spread_rad:g} rad"
            )


@dataclass(frozen=True)
class Facets:
    """One-sided flat facets in body axes, f of a body or (n, f) of n bodies.

    Attributes
    ----------
    area_m2
        Areas (..., f); 0 for places that stand for no facet.
    normal
        Outward unit vectors in body axes, (..., f, 3); of a facet that turns, the sign along the Sun's direction:
        its first component is +1 for the side that is turned to the Sun and −1 for the other.
    hinge
        For facets that turn about a hinge to face the Sun as well as they can: the hinge's unit vector in body axes,
        (..., f, 3); zero for facets that are fixed.
    diffuse, specular, spread_rad
        As of `Surface`, (..., f).
    """

    area_m2: Floats
    normal: Floats
    hinge: Floats
    diffuse: Floats
    specular: Floats
    spread_rad: Floats

    @property
    def count(self) -> int:
        """Facets of a body."""
        return int(self.area_m2.shape[-1])

    @property
    def turns(self) -> NDArray[np.bool_]:
        """Which facets turn to the Sun, (..., f)."""
        turning: NDArray[np.bool_] = np.any(self.hinge != 0.0, axis=-1)
        return turning


def plate(area_m2: float, surface: Surface, back: Surface | None = None) -> Facets:
    """Return a flat plate that faces along the body's z axis, and with another surface along −z.

    Parameters
    ----------
    area_m2
        Area of one side.
    surface, back
        Of the front and, if it is not to be black, of the back.
    """
    sides = [(area_m2, (0.0, 0.0, 1.0), (0.0, 0.0, 0.0), surface)]
    if back is not None:
        sides.append((area_m2, (0.0, 0.0, -1.0), (0.0, 0.0, 0.0), back))
    return _facets(sides)


def box_wing(
    size_m: tuple[float, float, float],
    body: Surface,
    wing_area_m2: float,
    wing: Surface,
    wing_back: Surface,
    *,
    wings_turn: bool = True,
) -> Facets:
    """Return a box with wings on both sides along y.

    Parameters
    ----------
    size_m
        Edges of the box along x, y and z in m.
    body
        Surface of the box.
    wing_area_m2
        Area of both wings together, one side, in m².
    wing, wing_back
        Surfaces of the wings' front and back.
    wings_turn
        Whether the wings turn about y to face the Sun; otherwise their front looks along z.
    """
    x, y, z = size_m
    sides: list[tuple[float, tuple[float, float, float], tuple[float, float, float], Surface]] = []
    for axis, area in enumerate((y * z, x * z, x * y)):
        for sign in (1.0, -1.0):
            normal = [0.0, 0.0, 0.0]
            normal[axis] = sign
            sides.append((area, (normal[0], normal[1], normal[2]), (0.0, 0.0, 0.0), body))
    for sign, surface in ((1.0, wing), (-1.0, wing_back)):
        if wings_turn:
            sides.append((wing_area_m2, (sign, 0.0, 0.0), (0.0, 1.0, 0.0), surface))
        else:
            sides.append((wing_area_m2, (0.0, 0.0, sign), (0.0, 0.0, 0.0), surface))
    return _facets(sides)


def _facets(
    sides: Sequence[tuple[float, tuple[float, float, float], tuple[float, float, float], Surface]],
) -> Facets:
    areas, normals, hinges, surfaces = zip(*sides, strict=True)
    if min(areas) < 0:
        raise InputError(f"the area of a facet must not be below zero, found {min(areas):g} m2")
    return Facets(
        np.array(areas),
        np.array(normals),
        np.array(hinges),
        np.array([surface.diffuse for surface in surfaces]),
        np.array([surface.specular for surface in surfaces]),
        np.array([surface.spread_rad for surface in surfaces]),
    )


def stack_facets(bodies: Sequence[Facets]) -> Facets:
    """Return the facets of n bodies as arrays (n, f), bodies with fewer filled up with facets without area."""
    most = max(body.count for body in bodies)

    def stacked(name: str) -> Floats:
        columns = [getattr(body, name) for body in bodies]
        return np.stack([np.pad(one, ((0, most - len(one)), *((0, 0),) * (one.ndim - 1))) for one in columns])

    return Facets(**{field.name: stacked(field.name) for field in fields(Facets)})


def facet_scattering_area(
    facets: Facets,
    axes: ArrayLike,
    to_light: ArrayLike,
    to_observer: ArrayLike,
    to_sun: ArrayLike,
    sun_radius_rad: ArrayLike,
) -> Floats:
    """Return the light that bodies of facets send to an observer, per irradiance: m² per steradian.

    Diffuse parts follow Lambert's law, mirrored ones are `mirrored_sun` about the mirrored direction. Facets neither
    shade nor hide each other.

    Parameters
    ----------
    facets
        Of n bodies, (n, f).
    axes
        Rotations from body axes to the ICRF, (n, m, 3, 3).
    to_light, to_observer
        ICRF unit vectors from the body to the light and to the observer, (n, m, 3).
    to_sun
        ICRF unit vectors to the Sun, which turning facets follow whatever the light is, (n, m, 3).
    sun_radius_rad
        Angular radius of the light's disc, broadcast against (n, m).

    Returns
    -------
    NDArray
        Shape (n, m).
    """
    rotation = np.asarray(axes, dtype=np.float64)
    light, observer, sun = (np.asarray(v, dtype=np.float64) for v in (to_light, to_observer, to_sun))
    normal = np.einsum("nmij,nfj->nmfi", rotation, facets.normal)
    turns = facets.turns
    if np.any(turns):
        facing = _facing_the_sun(facets, rotation, sun)
        normal = np.where(turns[:, None, :, None], facing, normal)
    incident = np.einsum("nmfi,nmi->nmf", normal, light)
    leaving = np.einsum("nmfi,nmi->nmf", normal, observer)
    seen = (incident > 0.0) & (leaving > 0.0)
    projected = np.where(seen, facets.area_m2[:, None, :] * incident, 0.0)
    area = np.sum(projected * facets.diffuse[:, None, :] * leaving, axis=-1) / np.pi
    if np.any(facets.specular > 0.0):
        area = area + _mirrored(facets, projected, normal, incident, light, observer, sun_radius_rad)
    result: Floats = area
    return result


def _facing_the_sun(facets: Facets, rotation: Floats, sun: Floats) -> Floats:
    """Return the normals (n, m, f, 3) of facets that turn about their hinges as far to the Sun as these allow."""
    hinge = np.einsum("nmij,nfj->nmfi", rotation, facets.hinge)
    along = np.einsum("nmfi,nmi->nmf", hinge, sun)
    towards = sun[:, :, None, :] - along[..., None] * hinge
    length = np.linalg.norm(towards, axis=-1, keepdims=True)
    side = facets.normal[:, None, :, :1]
    facing: Floats = side * towards / np.maximum(length, 1e-12)
    return facing


def _mirrored(
    facets: Facets,
    projected: Floats,
    normal: Floats,
    incident: Floats,
    light: Floats,
    observer: Floats,
    sun_radius_rad: ArrayLike,
) -> Floats:
    """Mirrored light in m² per steradian, (n, m)."""
    mirrored = 2.0 * incident[..., None] * normal - light[:, :, None, :]
    # The chord's length keeps the digits of small angles.
    chord = np.linalg.norm(mirrored - observer[:, :, None, :], axis=-1)
    off_axis = 2.0 * np.arcsin(np.minimum(0.5 * chord, 1.0))
    radius = np.broadcast_to(np.asarray(sun_radius_rad, dtype=np.float64), incident.shape[:2])[..., None]
    lobe = mirrored_sun(off_axis, facets.spread_rad[:, None, :], radius)
    total: Floats = np.sum(projected * facets.specular[:, None, :] * lobe, axis=-1)
    return total
