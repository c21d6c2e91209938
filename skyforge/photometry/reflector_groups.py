"""Bodies of one kind as arrays: what they send of the Sun's light, or another's, to the observer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.photometry.asteroid import hg1g2_phase_function, hg_phase_function
from skyforge.photometry.body_axes import axes_from_z, nadir_axes, turning_axes
from skyforge.photometry.facets import Facets, facet_scattering_area, stack_facets
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM, lambert_sphere_phase_function
from skyforge.photometry.reflectors import (
    Asteroid,
    Attitude,
    AttitudeLaw,
    DiffuseSphere,
    FacetedBody,
    MeasuredLight,
    Model,
    SpecularSphere,
)
from skyforge.photometry.scene import Scene
from skyforge.photometry.solar_disc import sun_radius_rad
from skyforge.photometry.sunlight import SUN_V_MAG

Floats = NDArray[np.float64]

_M_PER_KM = 1e3


class Group(Protocol):
    """Bodies of one kind."""

    def scattering_area(self, seen: Scene) -> Floats:
        """Return the light sent to the observer per irradiance at the body, m² per steradian, (k, m)."""
        ...

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:
        """Return the same for a light in another direction (k, m, 3) with a disc of an angular radius (k, m)."""
        ...


@dataclass(frozen=True)
class DiffuseSpheres:
    """Diffuse spheres: the product of albedo and cross-section in m², (k,)."""

    reflecting_area_m2: Floats

    def scattering_area(self, seen: Scene) -> Floats:
        """See `Group`: ρA · 2/(3π) · (sin φ + (π − φ) cos φ)/π."""
        return self._at(seen.phase_angle_rad)

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:  # noqa: ARG002
        """See `Group`."""
        cosine = np.clip(np.sum(to_light * seen.to_observer, axis=-1), -1.0, 1.0)
        return self._at(np.arccos(cosine))

    def _at(self, phase_rad: Floats) -> Floats:
        area: Floats = (
            self.reflecting_area_m2[:, None] * 2.0 / (3.0 * np.pi) * lambert_sphere_phase_function(phase_rad)
        )
        return area


@dataclass(frozen=True)
class SpecularSpheres:
    """Mirror balls: the product of reflectance and cross-section in m², (k,); 1/4π of it goes everywhere."""

    reflecting_area_m2: Floats

    def scattering_area(self, seen: Scene) -> Floats:
        """See `Group`."""
        return np.broadcast_to(self.reflecting_area_m2[:, None] / (4.0 * np.pi), seen.range_km.shape)

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:  # noqa: ARG002
        """See `Group`."""
        return self.scattering_area(seen)


@dataclass(frozen=True)
class FacetedBodies:
    """Bodies of facets (k, f) with the numbers of their attitudes, each (k,) or (k, 3)."""

    facets: Facets
    law: NDArray[np.str_]
    axis: Floats
    tilt_rad: Floats
    axis_angle_rad: Floats
    body_angle_rad: Floats
    axis_rate: Floats
    body_rate: Floats
    epoch_tdb_s: Floats

    def scattering_area(self, seen: Scene) -> Floats:
        """See `Group`."""
        return self.lit_from(seen, seen.to_sun, sun_radius_rad(seen.sun_distance_km))

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:
        """See `Group`."""
        return facet_scattering_area(
            self.facets, self.axes(seen), to_light, seen.to_observer, seen.to_sun, light_radius_rad
        )

    def axes(self, seen: Scene) -> Floats:
        """Return the rotations from body axes to the ICRF, (k, m, 3, 3)."""
        axes = np.empty((*seen.range_km.shape, 3, 3))
        nadir, sun, turning = (
            self.law == law for law in (AttitudeLaw.NADIR, AttitudeLaw.SUN, AttitudeLaw.TURNING)
        )
        if np.any(nadir):
            if seen.from_center_km is None or seen.velocity_km_s is None:
                raise InputError(
                    "a body that keeps its side to a centre needs its place and velocity about it"
                )
            axes[nadir] = nadir_axes(seen.from_center_km[nadir], seen.velocity_km_s[nadir])
        if np.any(sun):
            axes[sun] = axes_from_z(seen.to_sun[sun])
        if np.any(turning):
            elapsed = seen.instants[turning] - self.epoch_tdb_s[turning, None]
            axes[turning] = turning_axes(
                self.axis[turning, None, :],
                np.broadcast_to(self.tilt_rad[turning, None], elapsed.shape),
                self.axis_angle_rad[turning, None] + self.axis_rate[turning, None] * elapsed,
                self.body_angle_rad[turning, None] + self.body_rate[turning, None] * elapsed,
            )
        return axes


@dataclass(frozen=True)
class Asteroids:
    """Asteroids: H, and G (NaN where the law is H, G₁, G₂), G₁, G₂; each (k,)."""

    h: Floats
    g: Floats
    g1: Floats
    g2: Floats

    def scattering_area(self, seen: Scene) -> Floats:
        """See `Group`: from V = H at 1 au from the Sun and the observer."""
        phase = seen.phase_angle_rad
        two = np.isnan(self.g)
        share = np.empty(phase.shape)
        share[~two] = hg_phase_function(phase[~two], self.g[~two, None])
        share[two] = hg1g2_phase_function(phase[two], self.g1[two, None], self.g2[two, None])
        at_one_au = 10.0 ** (-0.4 * (self.h - SUN_V_MAG)) * (ASTRONOMICAL_UNIT_KM * _M_PER_KM) ** 2
        area: Floats = at_one_au[:, None] * share
        return area

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:  # noqa: ARG002
        """See `Group`: asteroids are lit by the Sun alone."""
        return np.zeros(seen.range_km.shape)


@dataclass(frozen=True)
class MeasuredLights:
    """Bodies of measured light: V, and the distance in km that it holds at (NaN: at any); each (k,)."""

    v_mag: Floats
    range_km: Floats

    def scattering_area(self, seen: Scene) -> Floats:
        """See `Group`."""
        as_seen = np.isnan(self.range_km)[:, None]
        distance = np.where(as_seen, seen.range_km, self.range_km[:, None]) * _M_PER_KM
        au = np.where(as_seen, seen.sun_distance_km / ASTRONOMICAL_UNIT_KM, 1.0)
        area: Floats = 10.0 ** (-0.4 * (self.v_mag[:, None] - SUN_V_MAG)) * (distance * au) ** 2
        return area

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:  # noqa: ARG002
        """See `Group`: what was measured holds in full sunlight."""
        return np.zeros(seen.range_km.shape)


def group_of(models: Sequence[Model]) -> Group:
    """Return the bodies of one kind as arrays."""
    if all(isinstance(model, FacetedBody) for model in models):
        return _faceted([model for model in models if isinstance(model, FacetedBody)])
    rows: dict[type, list[tuple[float, ...]]] = {}
    for model in models:
        rows.setdefault(type(model), []).append(_numbers(model))
    ((kind, numbers),) = rows.items()
    columns = [np.array(column) for column in zip(*numbers, strict=True)]
    if kind is DiffuseSphere:
        return DiffuseSpheres(columns[0])
    if kind is SpecularSphere:
        return SpecularSpheres(columns[0])
    if kind is Asteroid:
        return Asteroids(*columns)
    return MeasuredLights(*columns)


def _numbers(model: Model) -> tuple[float, ...]:
    nan = float("nan")
    if isinstance(model, DiffuseSphere):
        return (_reflecting_area(model.diameter_m, model.albedo),)
    if isinstance(model, SpecularSphere):
        return (_reflecting_area(model.diameter_m, model.reflectance),)
    if isinstance(model, Asteroid):
        return model.h, nan if model.g is None else model.g, model.g1, model.g2
    if isinstance(model, MeasuredLight):
        return model.v_mag, nan if model.range_km is None else model.range_km
    raise TypeError(f"{type(model).__name__} is no model of one row")


def _reflecting_area(diameter_m: float, share: float) -> float:
    if not diameter_m > 0 or not 0 <= share <= 1:
        raise InputError(
            f"a sphere needs a diameter above zero and an albedo from 0 to 1, not {diameter_m:g} m and {share:g}"
        )
    return 0.25 * np.pi * diameter_m**2 * share


def _faceted(models: Sequence[FacetedBody]) -> FacetedBodies:
    attitudes: list[Attitude] = [model.attitude for model in models]
    return FacetedBodies(
        stack_facets([model.facets for model in models]),
        np.array([attitude.law.value for attitude in attitudes]),
        np.array([attitude.axis for attitude in attitudes], dtype=np.float64),
        np.array([attitude.tilt_rad for attitude in attitudes]),
        np.array([attitude.axis_angle_rad for attitude in attitudes]),
        np.array([attitude.body_angle_rad for attitude in attitudes]),
        np.array([2.0 * np.pi / attitude.axis_period_s for attitude in attitudes]),
        np.array([2.0 * np.pi / attitude.body_period_s for attitude in attitudes]),
        np.array([attitude.epoch_tdb_s for attitude in attitudes]),
    )
