"""Orbits about the Sun as catalogues give them: arrays of elements, and where two-body motion puts the bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.orbits.bodies import ASTRONOMICAL_UNIT_KM, GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.rotations import about_x, about_z
from skyforge.orbits.trajectory import FloatArray, time_vector
from skyforge.orbits.universal import perifocal_states

# The ecliptic of J2000.0 that JPL and the Minor Planet Center refer elements to: IAU 1976 obliquity (Lieske et al.
# 1977, A&A 58, 1). The newer 84381.406" would turn every orbit by 0.04".
ELEMENTS_OBLIQUITY_RAD: Final = np.deg2rad(84_381.448 / 3600.0)


@dataclass(frozen=True)
class HeliocentricElements:
    """Osculating elements about the Sun, ecliptic and equinox of J2000.0, of n bodies on any conic.

    Elements that are no orbit are held as they are, so that the other bodies of a list can go on: `element_faults`
    says what is wrong with them, and their states are NaN.

    Attributes
    ----------
    names
        What the bodies are called, n of them.
    perihelion_au, eccentricity : (n,)
        Size and shape.
    inclination_deg, node_deg, argument_of_perihelion_deg : (n,)
        Inclination, longitude of the ascending node, and argument of perihelion.
    perihelion_time_tdb_s : (n,)
        A passage through perihelion, TDB seconds since J2000.0.
    epoch_tdb_s : (n,)
        When the elements osculate, TDB seconds since J2000.0.
    absolute_magnitude, slope : (n,)
        H (Johnson V, NaN where unknown) and G of the H, G system.
    """

    names: tuple[str, ...]
    perihelion_au: FloatArray
    eccentricity: FloatArray
    inclination_deg: FloatArray
    node_deg: FloatArray
    argument_of_perihelion_deg: FloatArray
    perihelion_time_tdb_s: FloatArray
    epoch_tdb_s: FloatArray
    absolute_magnitude: FloatArray
    slope: FloatArray

    def __post_init__(self) -> None:
        count = len(self.names)
        for one in fields(self)[1:]:
            value = np.array(np.broadcast_to(np.asarray(getattr(self, one.name), dtype=np.float64), (count,)))
            object.__setattr__(self, one.name, value)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def semi_major_axis_au(self) -> FloatArray:
        """Semi-major axes (n,), negative for hyperbolas and infinite for parabolas."""
        with np.errstate(divide="ignore"):
            return np.asarray(self.perihelion_au / (1.0 - self.eccentricity), dtype=np.float64)

    def select(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | Sequence[int]) -> HeliocentricElements:
        """Return the elements of some bodies: indices, or a mask (n,)."""
        rows = np.arange(len(self))[np.asarray(chosen)]
        arrays = {one.name: getattr(self, one.name)[rows] for one in fields(self)[1:]}
        return HeliocentricElements(names=tuple(self.names[row] for row in rows), **arrays)


def elements_from_mean_anomaly(
    names: Sequence[str],
    semi_major_axis_au: ArrayLike,
    eccentricity: ArrayLike,
    inclination_deg: ArrayLike,
    node_deg: ArrayLike,
    argument_of_perihelion_deg: ArrayLike,
    mean_anomaly_deg: ArrayLike,
    epoch_tdb_s: ArrayLike,
    absolute_magnitude: ArrayLike = np.nan,
    slope: ArrayLike = 0.15,
) -> HeliocentricElements:
    """Return elements given with a semi-major axis and a mean anomaly, as catalogues of asteroids have them.

    Parameters
    ----------
    names
        What the bodies are called, n of them.
    semi_major_axis_au, eccentricity : (n,)
        Size and shape; the axis of a hyperbola is negative.
    inclination_deg, node_deg, argument_of_perihelion_deg, mean_anomaly_deg : (n,)
        Against the ecliptic and equinox of J2000.0; the mean anomaly at the epoch.
    epoch_tdb_s : (n,) or scalar
        TDB seconds since J2000.0.
    absolute_magnitude, slope : (n,) or scalar
        H and G; G = 0.15 is what catalogues mean where they say nothing (Bowell et al. 1989, Asteroids II, 524).
    """
    axis, e = np.asarray(semi_major_axis_au, dtype=np.float64), np.asarray(eccentricity, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_motion = np.sqrt(
            GRAVITATIONAL_PARAMETER_KM3_S2["sun"] / np.abs(axis * ASTRONOMICAL_UNIT_KM) ** 3
        )
        # The nearer of two passages keeps the most digits.
        mean = np.asarray(mean_anomaly_deg, dtype=np.float64)
        turned = np.where(e < 1.0, np.mod(mean + 180.0, 360.0) - 180.0, mean)
        passage = np.asarray(epoch_tdb_s, dtype=np.float64) - np.deg2rad(turned) / mean_motion
    return HeliocentricElements(
        names=tuple(names),
        perihelion_au=axis * (1.0 - e),
        eccentricity=e,
        inclination_deg=np.asarray(inclination_deg, dtype=np.float64),
        node_deg=np.asarray(node_deg, dtype=np.float64),
        argument_of_perihelion_deg=np.asarray(argument_of_perihelion_deg, dtype=np.float64),
        perihelion_time_tdb_s=passage,
        epoch_tdb_s=np.asarray(epoch_tdb_s, dtype=np.float64),
        absolute_magnitude=np.asarray(absolute_magnitude, dtype=np.float64),
        slope=np.asarray(slope, dtype=np.float64),
    )


def concatenated(parts: Sequence[HeliocentricElements]) -> HeliocentricElements:
    """Return the bodies of several sets of elements as one."""
    arrays = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts])
        for one in fields(HeliocentricElements)[1:]
    }
    return HeliocentricElements(names=tuple(name for part in parts for name in part.names), **arrays)


def element_faults(elements: HeliocentricElements) -> dict[int, str]:
    """Return what is impossible about elements, by row; the rows that are orbits are not in it."""
    q, e, i = elements.perihelion_au, elements.eccentricity, elements.inclination_deg
    angles = np.stack([i, elements.node_deg, elements.argument_of_perihelion_deg])
    times = np.stack([elements.perihelion_time_tdb_s, elements.epoch_tdb_s])
    faults: dict[int, str] = {}
    # The first fault of a row is the one that is told.
    for wrong, what, values in (
        (~(np.isfinite(e) & (e >= 0.0)), "eccentricity {:g} is impossible: 0 or more is allowed", e),
        (
            ~(np.isfinite(q) & (q > 0.0)),
            "perihelion distance {:g} au is impossible: it must be above 0 (a hyperbola's semi-major axis is negative)",
            q,
        ),
        (~((i >= 0.0) & (i <= 180.0)), "inclination {:g} deg is impossible: 0 to 180 deg is allowed", i),
        (~np.isfinite(angles).all(axis=0), "an angle of the orbit is no finite number", i),
        (~np.isfinite(times).all(axis=0), "the epoch or the perihelion passage is no finite number", i),
    ):
        for row in np.flatnonzero(wrong):
            faults.setdefault(int(row), f"{elements.names[row]}: {what.format(float(values[row]))}")
    return dict(sorted(faults.items()))


def require_possible(elements: HeliocentricElements) -> None:
    """Raise `InputError` with the first body whose elements are no orbit, if there is one."""
    faults = element_faults(elements)
    if faults:
        more = f"; {len(faults) - 1} more bodies are wrong" if len(faults) > 1 else ""
        raise InputError(next(iter(faults.values())) + more)


def icrf_from_perifocal(elements: HeliocentricElements) -> FloatArray:
    """Return the first two columns of the rotations from the orbits' planes to ICRF, (n, 3, 2)."""
    node, inclination, periapsis = np.deg2rad(
        [elements.node_deg, elements.inclination_deg, elements.argument_of_perihelion_deg]
    )
    from_ecliptic = about_x(ELEMENTS_OBLIQUITY_RAD).T
    plane = np.swapaxes(about_z(periapsis) @ about_x(inclination) @ about_z(node), -1, -2)
    return np.asarray((from_ecliptic @ plane)[..., :2], dtype=np.float64)


def heliocentric_states(elements: HeliocentricElements, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return where two-body motion puts bodies at some times: ellipses, parabolas and hyperbolas alike.

    Parameters
    ----------
    elements
        Of n bodies.
    t_tdb_s : (k,) or scalar, or (n, k)
        TDB seconds since J2000.0, for all bodies or for each its own.

    Returns
    -------
    position_km, velocity_km_s : (n, k, 3)
        Relative to the Sun, ICRF axes; NaN where elements are no orbit (`element_faults`).
    """
    times = np.asarray(t_tdb_s, dtype=np.float64)
    times = times if times.ndim == 2 else time_vector(times)[np.newaxis]
    since = times - elements.perihelion_time_tdb_s[:, np.newaxis]
    possible = np.ones(len(elements), dtype=np.bool_)
    possible[list(element_faults(elements))] = False
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        q = np.where(possible, elements.perihelion_au * ASTRONOMICAL_UNIT_KM, np.nan)
        e = np.where(possible, elements.eccentricity, np.nan)
    x, y, x_rate, y_rate = perifocal_states(
        np.repeat(q, since.shape[1]),
        np.repeat(e, since.shape[1]),
        since.ravel(),
        GRAVITATIONAL_PARAMETER_KM3_S2["sun"],
    )
    axes = icrf_from_perifocal(elements)
    in_plane = np.stack([np.stack([x, y], axis=-1), np.stack([x_rate, y_rate], axis=-1)])
    turned = np.einsum("nij,dnkj->dnki", axes, in_plane.reshape(2, *since.shape, 2))
    return turned[0], turned[1]
