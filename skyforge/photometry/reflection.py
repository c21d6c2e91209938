"""The magnitudes of many bodies of many kinds at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.photometry.light_curve import LightCurve, LightCurves, stack_light_curves
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM
from skyforge.photometry.reflector_groups import Group, group_of
from skyforge.photometry.reflectors import AttitudeLaw, FacetedBody, Model, group_by_kind
from skyforge.photometry.scene import Scene, scene
from skyforge.photometry.sunlight import SUN_V_MAG

Floats = NDArray[np.float64]
_Table = TypeVar("_Table")

_M_PER_KM = 1e3
_PER_FLICKER = 16  # pieces of an exposure for each maximum of a light curve
_PER_TURN = 64  # and for each turn of a body of facets
_MOST_PIECES = 256
_INSTANT_S = 5e-5  # half of what counts as an instant of a light curve


@dataclass(frozen=True)
class Reflectors:
    """Many bodies, kind by kind, as arrays.

    Attributes
    ----------
    count
        Number of bodies n.
    groups
        Bodies of one kind each, with their places among the n.
    curves
        Light curves, with the places of the bodies that have them.
    pieces_per_s
        How finely an exposure must be cut to follow each body's light, pieces per second, (n,); 0 for steady ones.
    """

    count: int
    groups: tuple[tuple[NDArray[np.intp], Group], ...]
    curves: tuple[tuple[NDArray[np.intp], LightCurves], ...]
    pieces_per_s: Floats

    def pieces(self, exposure_s: float) -> NDArray[np.intp]:
        """Return in how many pieces of its own brightness each body's trail is to be drawn, (n,), 1…256."""
        wanted = np.ceil(self.pieces_per_s * exposure_s)
        return np.clip(wanted, 1, _MOST_PIECES).astype(np.intp)

    def select(self, chosen: ArrayLike) -> Reflectors:
        """Return some of the bodies, in a new order: indices (k,) or a mask (n,)."""
        wanted = np.arange(self.count)[np.asarray(chosen)]
        place_of = np.full(self.count, -1)
        place_of[wanted] = np.arange(wanted.size)
        groups, curves = [], []
        for places, group in self.groups:
            kept = np.flatnonzero(place_of[places] >= 0)
            if kept.size:
                groups.append((place_of[places[kept]], _rows(group, kept)))
        for places, table in self.curves:
            kept = np.flatnonzero(place_of[places] >= 0)
            if kept.size:
                curves.append((place_of[places[kept]], _rows(table, kept)))
        return Reflectors(wanted.size, tuple(groups), tuple(curves), self.pieces_per_s[wanted])

    def scattering_area(self, seen: Scene) -> Floats:
        """Return the sunlight sent to the observer per irradiance, m² per steradian, (n, m); without light curves."""
        area = np.empty(seen.range_km.shape)
        for places, group in self.groups:
            area[places] = group.scattering_area(seen.of(places))
        return area

    def lit_from(self, seen: Scene, to_light: Floats, light_radius_rad: Floats) -> Floats:
        """Return the same for a light in another direction, (n, m, 3), of an angular radius, (n, m)."""
        area = np.empty(seen.range_km.shape)
        for places, group in self.groups:
            area[places] = group.lit_from(seen.of(places), to_light[places], light_radius_rad[places])
        return area

    def mean_flicker(self, begin_tdb_s: ArrayLike, end_tdb_s: ArrayLike) -> Floats:
        """Return the mean of each body's light curve over intervals (m,) or (n, m): (n, m), 1 where it has none."""
        begin, end = (np.asarray(t, dtype=np.float64) for t in (begin_tdb_s, end_tdb_s))
        shape = np.broadcast_shapes((self.count, 1), begin.shape, end.shape)
        begin, end = np.broadcast_to(begin, shape), np.broadcast_to(end, shape)
        mean = np.ones(shape)
        for places, curves in self.curves:
            mean[places] = curves.mean_flux(begin[places], end[places])
        return mean


def reflectors(models: Sequence[Model]) -> Reflectors:
    """Return bodies ready to be computed all at once.

    Parameters
    ----------
    models
        One for each body.
    """
    by_size: dict[int, list[int]] = {}
    for place, model in enumerate(models):
        if model.flicker is not None:
            by_size.setdefault(model.flicker.flux.size, []).append(place)
    curves = tuple(
        (
            np.array(places),
            stack_light_curves([curve for p in places if (curve := models[p].flicker) is not None]),
        )
        for places in by_size.values()
    )
    groups = tuple((places, group_of(members)) for _, places, members in group_by_kind(models))
    return Reflectors(len(models), groups, curves, np.array([_pieces_per_s(model) for model in models]))


def _rows(table: _Table, kept: NDArray[np.intp]) -> _Table:
    """Return some rows of all arrays of a dataclass, and of dataclasses in it."""
    changed = {}
    for field in fields(cast("Any", table)):
        value = getattr(table, field.name)
        changed[field.name] = _rows(value, kept) if is_dataclass(value) else value[kept]
    kept_rows: _Table = replace(cast("Any", table), **changed)
    return kept_rows


def _pieces_per_s(model: Model) -> float:
    rate = 0.0
    if isinstance(model, FacetedBody) and model.attitude.law is AttitudeLaw.TURNING:
        rate = _PER_TURN * (1.0 / model.attitude.axis_period_s + 1.0 / model.attitude.body_period_s)
    if model.flicker is not None:
        rate += _PER_FLICKER * _maxima(model.flicker) / model.flicker.length_s
    return rate


def _maxima(curve: LightCurve) -> int:
    """Return the number of places where a curve turns from rising to falling, at least 1; 0 for a steady one."""
    steps = np.diff(curve.flux)
    rising = steps[steps != 0.0] > 0.0
    if rising.size == 0:
        return 0
    after = np.append(rising[1:], rising[0] if curve.periodic else False)
    return max(int(np.sum(rising & ~after)), 1)


def flux_per_sun(area_m2_per_sr: Floats, seen: Scene) -> Floats:
    """Return the irradiance at the observer relative to the Sun's at 1 au, (n, m), in full sunlight."""
    flux: Floats = (
        area_m2_per_sr / (seen.range_km * _M_PER_KM) ** 2 * (ASTRONOMICAL_UNIT_KM / seen.sun_distance_km) ** 2
    )
    return flux


def v_magnitude(flux: ArrayLike) -> Floats:
    """Return the V magnitude of a flux relative to the Sun's at 1 au; +inf for none."""
    with np.errstate(divide="ignore"):
        magnitude: Floats = SUN_V_MAG - 2.5 * np.log10(np.asarray(flux, dtype=np.float64))
    return magnitude


def reflected_v_magnitude(
    bodies: Reflectors,
    target_km: ArrayLike,
    observer_km: ArrayLike,
    sun_km: ArrayLike,
    t_tdb_s: ArrayLike,
    *,
    sunlight: ArrayLike = 1.0,
    center_km: ArrayLike | None = None,
    velocity_km_s: ArrayLike | None = None,
) -> Floats:
    """Return the V magnitudes of n bodies of any kinds at m instants.

    Parameters
    ----------
    bodies
        What they are, n of them.
    target_km, observer_km, sun_km, t_tdb_s, center_km, velocity_km_s
        Where they are, as for `scene`.
    sunlight
        Share of the Sun's light that reaches them, broadcast against (n, m).

    Returns
    -------
    NDArray
        Johnson V at those instants, light curves included, (n, m); +inf in the dark.
    """
    seen = scene(target_km, observer_km, sun_km, t_tdb_s, center_km=center_km, velocity_km_s=velocity_km_s)
    flux = flux_per_sun(bodies.scattering_area(seen), seen) * np.asarray(sunlight, dtype=np.float64)
    if bodies.curves:
        instants = seen.instants
        flux = flux * bodies.mean_flicker(instants - _INSTANT_S, instants + _INSTANT_S)
    return v_magnitude(flux)
