"""What pulls on bodies: the gravity fields near them, distant bodies, and the pressure of sunlight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2, MEAN_RADIUS_KM, SPEED_OF_LIGHT_KM_S
from skyforge.orbits.earth_orientation import celestial_to_intermediate, itrs_to_gcrs
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.harmonics import HarmonicTerms
from skyforge.orbits.lunar_orientation import principal_axes_from_icrf
from skyforge.orbits.solar_radiation import radiation_acceleration, sunlit_share
from skyforge.orbits.spelling import look_up
from skyforge.orbits.time_table import TimeTable, time_table
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray

THIRD_BODIES: Final[dict[str, tuple[str, ...]]] = {
    "moon": ("earth", "sun", "venus", "jupiter"),
    "earth": ("moon", "sun", "venus", "jupiter"),
    "sun": ("mercury", "venus", "earth", "moon", "mars", "jupiter", "saturn", "uranus", "neptune"),
}

# A piece of a table turns by less than a quarter of a radian, so that 12 Chebyshev nodes leave an error below 1e-14.
_PLACES_SEGMENT_S: Final = {"moon": DAY_S, "earth": 0.5 * DAY_S, "sun": DAY_S}
_ROTATION_SEGMENT_S: Final = {"moon": DAY_S, "earth": 0.5 * DAY_S}
_ROTATING_EARTH_SEGMENT_S: Final = DAY_S / 24.0
_SHADOWING: Final = ("earth", "moon")


@dataclass(frozen=True)
class ForceModel:
    """What is reckoned with in an integration.

    Attributes
    ----------
    center
        "moon", "earth" or "sun": what positions are relative to.
    bodies
        What else pulls, as points.
    fields
        Gravity fields in spherical harmonics, of the centre or of any of the bodies "moon" and "earth".
    radiation_pressure
        Whether sunlight pushes.
    relativity
        Whether the Sun pulls as Einstein says; for orbits about the Sun.
    """

    center: str
    bodies: tuple[str, ...]
    fields: tuple[GravityField, ...] = ()
    radiation_pressure: bool = False
    relativity: bool = False

    def __post_init__(self) -> None:
        look_up(THIRD_BODIES, self.center, "centre of an orbit")
        for body in self.bodies:
            look_up(GRAVITATIONAL_PARAMETER_KM3_S2, body, "body that pulls")
        if self.center in self.bodies or len(set(self.bodies)) != len(self.bodies):
            raise InputError(
                f"the bodies {', '.join(self.bodies)} name one twice, or the centre {self.center}"
            )
        owners = [one.body for one in self.fields]
        for owner in owners:
            if owner not in {"moon", "earth"} or owner not in {self.center, *self.bodies}:
                raise InputError(
                    f"a gravity field of the {owner} needs the {owner} as centre or among the bodies that pull, "
                    "and can be that of the Moon or the Earth only"
                )
        if len(set(owners)) != len(owners):
            raise InputError("a body has one gravity field; two were given for one")
        if self.radiation_pressure and "sun" not in {self.center, *self.bodies}:
            raise InputError("radiation pressure needs the Sun among the bodies that pull")
        if self.relativity and self.center != "sun":
            raise InputError(f"relativity is reckoned for orbits about the Sun, not the {self.center}")


def force_model(
    center: str,
    gravity: GravityField | None = None,
    *,
    bodies: tuple[str, ...] | None = None,
    other_fields: tuple[GravityField, ...] = (),
    radiation_pressure: bool = False,
) -> ForceModel:
    """Return what pulls on an orbit about a body.

    Parameters
    ----------
    center
        "moon", "earth" or "sun".
    gravity
        Field of the centre; None takes a point.
    bodies
        What else pulls; None takes the Sun, Venus, Jupiter, and the Earth or the Moon; about the Sun all planets.
    other_fields
        Fields of bodies among these.
    radiation_pressure
        Whether sunlight pushes.

    Raises
    ------
    InputError
        If bodies and fields do not fit each other.
    """
    others = look_up(THIRD_BODIES, center, "centre of an orbit") if bodies is None else bodies
    if gravity is not None and gravity.body != center:
        raise InputError(
            f"the gravity field {gravity.name} is that of the {gravity.body}, not of the {center}"
        )
    fields = other_fields if gravity is None else (gravity, *other_fields)
    return ForceModel(center, others, fields, radiation_pressure, relativity=center == "sun")


@dataclass(frozen=True)
class Surroundings:
    """Where everything that pulls is, at one instant for each of n bodies.

    Attributes
    ----------
    places : (bodies, 3, n)
        Positions of the bodies relative to the centre, km.
    center_pull : (3, n)
        What they do to the centre, km/s².
    rotations
        For each field (3, 3, n): from ICRF to its axes.
    """

    places: FloatArray
    center_pull: FloatArray
    rotations: tuple[FloatArray, ...]

    def part(self, chosen: slice) -> Surroundings:
        """Return what there is for some of the n."""
        return Surroundings(
            self.places[..., chosen],
            self.center_pull[..., chosen],
            tuple(one[..., chosen] for one in self.rotations),
        )


@dataclass(frozen=True)
class Forces:
    """A force model over a span of time, with all that depends on time alone tabulated."""

    model: ForceModel
    harmonics: tuple[HarmonicTerms, ...]
    places: TimeTable | None
    rotations: tuple[TimeTable, ...]
    center_gm: float = field(init=False)
    body_gm: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        own = [
            one.gravitational_parameter_km3_s2 for one in self.model.fields if one.body == self.model.center
        ]
        gm = own[0] if own else GRAVITATIONAL_PARAMETER_KM3_S2[self.model.center]
        object.__setattr__(self, "center_gm", gm)
        pulls = np.array([GRAVITATIONAL_PARAMETER_KM3_S2[body] for body in self.model.bodies])
        object.__setattr__(self, "body_gm", pulls)

    def surroundings(self, t_tdb_s: FloatArray) -> Surroundings:
        """Return where everything is at times (n,)."""
        count = len(self.model.bodies)
        if self.places is None:
            places, pull = np.zeros((0, 3, t_tdb_s.size)), np.zeros((3, t_tdb_s.size))
        else:
            places = self.places(t_tdb_s).reshape(count, 3, t_tdb_s.size)
            # The distant bodies pull on the centre too; what counts is the difference (Vallado 2013, eq. 8-34).
            pull = _pulls(places, self.body_gm)
        return Surroundings(
            places, pull, tuple(table(t_tdb_s).reshape(3, 3, t_tdb_s.size) for table in self.rotations)
        )

    def acceleration(
        self,
        around: Surroundings,
        position_km: FloatArray,
        velocity_km_s: FloatArray,
        reflecting_area_to_mass_m2_kg: FloatArray | None = None,
    ) -> FloatArray:
        """Return the accelerations of bodies.

        Parameters
        ----------
        around
            Where everything is at the instant of each.
        position_km, velocity_km_s : (3, n)
            Relative to the centre, ICRF axes.
        reflecting_area_to_mass_m2_kg : (n,)
            Radiation pressure coefficient times area over mass, for radiation pressure.

        Returns
        -------
        (3, n)
            km/s².
        """
        squared = np.einsum("in,in->n", position_km, position_km)
        total: FloatArray = position_km * (-self.center_gm / (squared * np.sqrt(squared)))
        if len(around.places):
            apart = around.places - position_km
            total += _pulls(apart, self.body_gm) - around.center_pull
        for terms, rotation in zip(self.harmonics, around.rotations, strict=True):
            relative = (
                position_km
                if terms.body == self.model.center
                else position_km - self.place(around, terms.body)
            )
            terms.add(total, relative, rotation)
        if self.model.relativity:
            total += _relativistic(position_km, velocity_km_s, self.center_gm, squared)
        if self.model.radiation_pressure and reflecting_area_to_mass_m2_kg is not None:
            total += self._radiation(around, position_km, reflecting_area_to_mass_m2_kg)
        return total

    def place(self, around: Surroundings, body: str) -> FloatArray:
        """Return where a body is relative to the centre, (3, n) km."""
        if body == self.model.center:
            return np.zeros((3, around.center_pull.shape[1]))
        place: FloatArray = around.places[self.model.bodies.index(body)]
        return place

    def _radiation(
        self, around: Surroundings, position_km: FloatArray, area_to_mass: FloatArray
    ) -> FloatArray:
        from_sun = position_km - self.place(around, "sun")
        sunlit = np.ones(position_km.shape[1])
        for body in _SHADOWING:
            if body in {self.model.center, *self.model.bodies}:
                from_body = position_km - self.place(around, body)
                sunlit *= sunlit_share(from_sun, from_body, MEAN_RADIUS_KM[body])
        return radiation_acceleration(from_sun, area_to_mass, sunlit)


def _pulls(apart: FloatArray, gm: FloatArray) -> FloatArray:
    """Return the sum (3, n) of the pulls of bodies that are at (bodies, 3, n) from where they pull."""
    squared = np.einsum("bin,bin->bn", apart, apart)
    strength = gm[:, np.newaxis] / (squared * np.sqrt(squared))
    return np.asarray(np.einsum("bn,bin->in", strength, apart), dtype=np.float64)


def _relativistic(position: FloatArray, velocity: FloatArray, gm: float, squared: FloatArray) -> FloatArray:
    # The Schwarzschild term: IERS Conventions 2010, eq. 10.12, first line, with beta = gamma = 1.
    distance = np.sqrt(squared)
    scale = gm / (SPEED_OF_LIGHT_KM_S**2 * squared * distance)
    along = np.einsum("in,in->n", position, velocity)
    speed_squared = np.einsum("in,in->n", velocity, velocity)
    return np.asarray(scale * ((4.0 * gm / distance - speed_squared) * position + 4.0 * along * velocity))


def forces(model: ForceModel, start_tdb_s: float, end_tdb_s: float) -> Forces:
    """Make a force model ready for a span of time, TDB seconds since J2000.0.

    Raises
    ------
    InputError
        If the ephemeris does not cover the span.
    """
    ephemeris().coverage.check(np.array([start_tdb_s, end_tdb_s]), ephemeris().name)
    places = None
    if model.bodies:

        def columns(times: FloatArray) -> FloatArray:
            return np.concatenate(
                [ephemeris().relative_state(body, model.center, times)[0] for body in model.bodies], axis=1
            )

        places = time_table(columns, start_tdb_s, end_tdb_s, _PLACES_SEGMENT_S[model.center])
    uneven = [one for one in model.fields if one.degree > 0]
    rotations = []
    for one in uneven:
        axes, longest = _body_fixed_axes(one)
        rotations.append(
            time_table(lambda t, axes=axes: axes(t).reshape(t.size, 9), start_tdb_s, end_tdb_s, longest)  # type: ignore[misc]
        )
    return Forces(model, tuple(HarmonicTerms.of(one) for one in uneven), places, tuple(rotations))


def _body_fixed_axes(field: GravityField) -> tuple[Callable[[FloatArray], FloatArray], float]:
    """Return the rotation from ICRF to the field's axes, and how long one polynomial of it may be."""
    if field.body == "moon":
        return principal_axes_from_icrf, _ROTATION_SEGMENT_S["moon"]
    if np.any(field.cosine[:, 1:]) or np.any(field.sine):
        return lambda t: np.swapaxes(itrs_to_gcrs(t), -1, -2), _ROTATING_EARTH_SEGMENT_S
    return celestial_to_intermediate, _ROTATION_SEGMENT_S["earth"]  # zonal terms do not feel the Earth turn
