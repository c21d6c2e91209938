"""The targets of an exposure, all at once: where they are on the pixels, how bright, and what hides or darkens them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import LIGHT_REACH_PX, Camera
from skyforge.simulate.illumination import Lights, lights, mean_flicker, steady_flux
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.obstruction import Disc, hidden_behind
from skyforge.simulate.passage import Passage, passage, reach_rad
from skyforge.simulate.target import Targets
from skyforge.simulate.tracks import PROBES, segments_each
from skyforge.simulate.trails import Trails, trails

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

MOST_FOLLOWED_OUTSIDE = 1000
"""Up to so many targets in a scenario, those far from the field are worked out and have a row of truth, too."""

_DIMMING_PIECES = 16  # of a track over which the sunlight changes: each has its own brightness
_STEADY = 0.01
_PIECES_AT_A_TIME = 1 << 14  # fit a processor's cache


@dataclass(frozen=True)
class Appearance:
    """How m targets appear at mid-exposure.

    Attributes
    ----------
    astrometric, apparent
        ICRF unit vectors (m, 3) without and with aberration and the Sun's bending of light.
    range_km
        Distance that the light travelled, (m,).
    phase_angle_rad
        Angle Sun-target-observer, (m,).
    sunlit
        Share of the Sun's disc that a target sees, (m,).
    steady_flux
        Irradiance over the Sun's at 1 au, (m,), shadow included and light curves left out.
    v_mag
        Johnson V magnitude, shadow and light curve included, (m,); infinite in the dark.
    """

    astrometric: Floats
    apparent: Floats
    range_km: Floats
    phase_angle_rad: Floats
    sunlit: Floats
    steady_flux: Floats
    v_mag: Floats


@dataclass(frozen=True)
class TargetImages:
    """The targets of an exposure, m of them.

    Attributes
    ----------
    targets
        Which they are.
    rows
        Their places among all targets of the run, (m,), ascending.
    middle
        How they appear at mid-exposure.
    rate_arcsec_s
        Apparent rates against the stars, (m,).
    occulted
        Mask (m,): behind the Earth, the Moon, the Sun or a planet at mid-exposure.
    trails
        Their ways over the pixels; of those far from the field only the place at mid-exposure.
    electrons
        Photo-electrons of each piece of the trails, (p,).
    without_place
        Why targets have no place in this exposure, by their places among all.
    """

    targets: Targets
    rows: Rows
    middle: Appearance
    rate_arcsec_s: Floats
    occulted: NDArray[np.bool_]
    trails: Trails
    electrons: Floats
    without_place: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.rows)

    def segments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return x_start, y_start, x_end, y_end and electrons of every straight piece that has pixels."""
        own = self.trails
        columns = (own.x_start, own.y_start, own.x_end, own.y_end, self.electrons)
        # What lies behind the camera has none.
        seen = np.isfinite(own.x_start + own.x_end)
        x_start, y_start, x_end, y_end, electrons = (column[seen] for column in columns)
        return x_start, y_start, x_end, y_end, electrons


def target_images(
    targets: Targets,
    observer: orbits.Trajectory,
    attitude: Attitude,
    instrument: Instrument,
    interval_tdb_s: tuple[float, float],
    blocking: tuple[Disc, ...],
) -> TargetImages:
    """Look at all targets in the middle of an exposure, and follow those near the field through it.

    Parameters
    ----------
    targets
        All of the run, n. Of more than `MOST_FOLLOWED_OUTSIDE` those far from the field are left out of the result.
    observer, attitude, instrument
        Where the telescope is, where it points, and what it is.
    interval_tdb_s
        Shutter opening and closing.
    blocking
        Discs that hide what is behind them.
    """
    begin, end = interval_tdb_s
    middle_tdb_s = 0.5 * (begin + end)
    seen = orbits.sightings(targets.group, observer, [middle_tdb_s])
    reach = reach_rad(attitude, instrument.camera, interval_tdb_s, LIGHT_REACH_PX)
    close = orbits.near_field(seen, attitude.boresight(middle_tdb_s), reach, end - begin)
    way = passage(targets.select(close), seen.select(close), observer, interval_tdb_s, instrument.camera)
    followed = np.isfinite(way.nodes.range_km).all(axis=1)
    reasons = {**seen.reasons(), **{int(close[row]): why for row, why in way.nodes.reasons().items()}}
    reasons = {row: targets.bodies[row].lacks(why) for row, why in reasons.items()}
    kept = np.isfinite(seen.range_km[:, 0])
    kept[close[~followed]] = False
    if len(targets) > MOST_FOLLOWED_OUTSIDE:
        kept &= np.isin(np.arange(len(targets)), close)
    rows = np.flatnonzero(kept)
    # Places of the followed ones among the kept, and in the passage.
    places, in_passage = np.searchsorted(rows, close[followed]), np.flatnonzero(followed)
    chosen, glimpse = targets.select(rows), seen.select(rows)
    looks = _appearance(chosen, glimpse)
    rate = glimpse.rates_rad_s()[:, 0]
    rate[places] = way.rates_rad_s()[in_passage]
    occulted = hidden_behind(blocking, looks.astrometric, looks.range_km, chosen.group.trajectories)
    drawn, electrons = _drawn(chosen, looks, way, places, in_passage, attitude, instrument)
    pieces = np.diff(drawn.first)
    return TargetImages(
        chosen,
        rows,
        looks,
        np.degrees(rate) * 3600.0,
        occulted,
        drawn,
        np.where(np.repeat(occulted, pieces), 0.0, electrons),
        reasons,
    )


def _appearance(targets: Targets, seen: orbits.Sightings) -> Appearance:
    """Return how targets appear at mid-exposure, from their sightings then (k = 1)."""
    states = seen.states
    emitted = seen.t_tdb_s - states.light_time_s
    lit = lights(states.position_km, emitted)
    flux, scene = steady_flux(
        targets.light,
        states.position_km,
        states.velocity_km_s,
        seen.seen_from.position_km,
        emitted,
        lit,
        earthshine=targets.earthshine,
    )
    return Appearance(
        seen.astrometric[:, 0],
        seen.apparent[:, 0],
        seen.range_km[:, 0],
        scene.phase_angle_rad[:, 0],
        lit.sunlit[:, 0],
        flux[:, 0],
        photometry.v_magnitude((flux * mean_flicker(targets.light, emitted))[:, 0]),
    )


def _drawn(
    targets: Targets,
    looks: Appearance,
    way: Passage,
    places: Rows,
    in_passage: Rows,
    attitude: Attitude,
    instrument: Instrument,
) -> tuple[Trails, Floats]:
    """Return the trails of targets and the electrons of their pieces; those that are not followed are points."""
    begin, end = way.interval_tdb_s
    middle = 0.5 * (begin + end)
    x, y = instrument.camera.project_paths(looks.apparent[:, None], attitude.axes(np.array([middle])))
    cut = _cut(way, in_passage, looks.sunlit[places], attitude, instrument)
    pieces = np.zeros(len(looks.range_km), dtype=np.intp)
    pieces[places] = cut.pieces
    rank = np.zeros(len(pieces), dtype=np.intp)
    rank[places] = np.arange(len(places))
    groups, fluxes = [], []
    for count in np.unique(pieces):
        mine = np.flatnonzero(pieces == count)
        if count == 0:
            groups.append((mine, x[:, mine], y[:, mine]))
        else:
            groups.append(
                (mine, *_path(way, cut.rows[rank[mine]], int(count) + 1, attitude, instrument.camera))
            )
        if count > 1:
            fluxes.append(_flux_along(way, cut, rank[mine], int(count)))
        else:
            # The whole exposure is one piece, and its middle is known.
            emitted = middle - looks.range_km[mine, None] / orbits.SPEED_OF_LIGHT_KM_S
            flicker = mean_flicker(targets.light.select(mine), emitted, end - begin)
            fluxes.append(looks.steady_flux[mine, None] * flicker)
    drawn = trails(groups, x[0], y[0])
    flux = np.empty(int(drawn.first[-1]))
    for (mine, _, _), own in zip(groups, fluxes, strict=True):
        flux[drawn.first[mine][:, None] + np.arange(own.shape[1])] = own
    rate_e_s = photometry.sunlit_electron_rate(
        photometry.v_magnitude(flux), instrument.area_m2, instrument.response
    )
    lasts_s = np.repeat((end - begin) / np.diff(drawn.first), np.diff(drawn.first))
    return drawn, rate_e_s * lasts_s


@dataclass(frozen=True)
class _Cut:
    """How trails are cut into pieces.

    Attributes
    ----------
    rows
        Which of a passage they are, (g,).
    pieces
        Into how many pieces each, (g,); 0 for a point.
    at_ends
        What lights them when the shutter opens and when it closes.
    dims
        Mask (g,): the sunlight changes in between.
    """

    rows: Rows
    pieces: Rows
    at_ends: Lights
    dims: NDArray[np.bool_]


def _cut(way: Passage, rows: Rows, sunlit: Floats, attitude: Attitude, instrument: Instrument) -> _Cut:
    """Return into how many pieces trails are cut: for bends, shadows and flicker."""
    begin, end = way.interval_tdb_s
    apparent = way.apparent(rows, PROBES)
    pieces = segments_each(*instrument.camera.project_paths(apparent, attitude.axes(way.times(PROBES))))
    ends = np.array([0.0, 1.0])
    there = way.emission(rows, ends)
    at_ends = lights(there.position_km, way.times(ends) - there.light_time_s)
    seen_sun = np.column_stack([at_ends.sunlit, sunlit])
    dims = (seen_sun.max(axis=1) - seen_sun.min(axis=1)) > _STEADY
    pieces = np.where(dims, np.maximum(pieces, _DIMMING_PIECES), pieces)
    flickers = way.targets.light.pieces_per_s[rows] > 0.0
    own = way.targets.light.pieces(end - begin)[rows]
    pieces = np.where((pieces > 0) | flickers, np.maximum(pieces, own), pieces)
    # Few different numbers: those of one number are worked out together.
    even = 2 ** np.ceil(np.log2(np.maximum(pieces, 1)))
    return _Cut(rows, np.where(pieces > 1, even, pieces).astype(np.intp), at_ends, dims)


def _path(way: Passage, rows: Rows, nodes: int, attitude: Attitude, camera: Camera) -> tuple[Floats, Floats]:
    """Return pixel coordinates (nodes, g) of targets at evenly spaced instants from opening to closing."""
    fractions = np.linspace(0.0, 1.0, nodes)
    return camera.project_paths(way.apparent(rows, fractions), attitude.axes(way.times(fractions)))


def _flux_along(way: Passage, cut: _Cut, chosen: Rows, pieces: int) -> Floats:
    """Return the flux of some targets of a cut in each of the equal pieces of an exposure, (g, pieces)."""
    centres = (np.arange(pieces) + 0.5) / pieces
    here = orbits.viewpoint(way.observer, way.times(centres)).position_km
    flux = np.empty((len(chosen), pieces))
    step = max(_PIECES_AT_A_TIME // pieces, 1)
    for dims in (False, True):
        alike = np.flatnonzero(cut.dims[chosen] == dims)
        for first in range(0, len(alike), step):
            mine = alike[first : first + step]
            flux[mine] = _flux_at(way, cut, chosen[mine], centres, here, dims=dims)
    return flux


def _flux_at(way: Passage, cut: _Cut, chosen: Rows, centres: Floats, here: Floats, *, dims: bool) -> Floats:
    begin, end = way.interval_tdb_s
    rows = cut.rows[chosen]
    there = way.emission(rows, centres)
    emitted = way.times(centres) - there.light_time_s
    lit = lights(there.position_km, emitted) if dims else cut.at_ends.select(chosen).between(centres)
    reflecting = way.targets.light.select(rows)
    steady, _ = steady_flux(
        reflecting,
        there.position_km,
        there.velocity_km_s,
        here,
        emitted,
        lit,
        earthshine=way.targets.earthshine,
    )
    return steady * mean_flicker(reflecting, emitted, (end - begin) / len(centres))
