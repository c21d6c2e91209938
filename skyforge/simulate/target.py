"""The targets of an exposure: where they are on the pixels, how bright, and what hides or darkens them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario.light import LightModel
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import LIGHT_REACH_PX, Camera
from skyforge.simulate.illumination import lights, target_flux
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.tracks import Tracks, segments_needed, straight_pieces, trace

Floats = NDArray[np.float64]

_DIMMING_STEPS = 16  # segments for a track over which the sunlight changes: each has its own brightness
_STEADY = 0.01


@dataclass(frozen=True)
class Body:
    """One target: what it is called, what it is, where it is and what reflects the light.

    Attributes
    ----------
    name, kind
        For truth and tables.
    trajectory
        Where it is.
    model
        Its light as the scenario has it.
    light
        The same for photometry: a batch of one.
    earthshine
        Whether the Earth and the Moon light it as well.
    """

    name: str
    kind: str
    trajectory: orbits.Trajectory
    model: LightModel
    light: photometry.Reflectors
    earthshine: bool = True


@dataclass(frozen=True)
class Geometry:
    """A body as the observer sees it at some instants, n of them.

    Attributes
    ----------
    astrometric, apparent
        ICRF unit vectors (n, 3) without and with aberration and the Sun's bending of light.
    range_km
        Distance that the light travelled, (n,).
    phase_angle_rad
        Angle Sun-target-observer, (n,).
    sunlit
        Share of the Sun's disc that the body sees, (n,).
    v_mag
        Johnson V magnitude with the shadow taken into account, (n,); infinite in the umbra.
    """

    astrometric: Floats
    apparent: Floats
    range_km: Floats
    phase_angle_rad: Floats
    sunlit: Floats
    v_mag: Floats

    def at(self, index: int) -> Geometry:
        """Return the geometry of one instant (n = 1)."""
        return Geometry(**{name: value[index : index + 1] for name, value in vars(self).items()})


@dataclass(frozen=True)
class TargetImage:
    """A target in one exposure.

    Attributes
    ----------
    body
        The target.
    tracks
        Its way over the pixels (one source).
    electrons
        Photo-electrons of each segment, shape (segments,).
    middle
        Geometry at mid-exposure (n = 1).
    rate_arcsec_s
        Apparent rate against the stars.
    occulted
        Whether the Earth or the Moon hides it at mid-exposure.
    """

    body: Body
    tracks: Tracks
    electrons: Floats
    middle: Geometry
    rate_arcsec_s: float
    occulted: bool

    def segments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return x_start, y_start, x_end, y_end and electrons of every straight piece."""
        return *straight_pieces(self.tracks), self.electrons


def geometry(body: Body, observer: orbits.Trajectory, t_tdb_s: Floats, mean_over_s: float = 0.0) -> Geometry:
    """Work out how a body looks from the observer: light time, aberration, phase, shadow and magnitude.

    Parameters
    ----------
    body
        The target.
    observer
        The telescope.
    t_tdb_s
        Instants of observation, (n,).
    mean_over_s
        Light curves are averaged over this time about each instant.
    """
    seen_from = orbits.viewpoint(observer, t_tdb_s)
    here = seen_from.position_km
    there, speed, light_time_s = orbits.retarded_position(body.trajectory, t_tdb_s, here)
    line_of_sight = there - here
    range_km = np.linalg.norm(line_of_sight, axis=1)
    astrometric = line_of_sight / range_km[:, None]
    emitted = (t_tdb_s - light_time_s)[None]
    lit = lights(there[None], emitted)
    flux, seen = target_flux(
        body.light,
        there[None],
        speed[None],
        here,
        emitted,
        lit,
        earthshine=body.earthshine,
        mean_over_s=mean_over_s,
    )
    return Geometry(
        astrometric,
        orbits.apparent_directions(astrometric, seen_from, range_km),
        range_km,
        seen.phase_angle_rad[0],
        lit.sunlit[0],
        photometry.v_magnitude(flux[0]),
    )


def target_image(
    body: Body,
    observer: orbits.Trajectory,
    attitude: Attitude,
    instrument: Instrument,
    interval_tdb_s: tuple[float, float],
    blocking: tuple[Disc, ...],
) -> TargetImage:
    """Follow one target through an exposure.

    Parameters
    ----------
    body
        The target.
    observer, attitude, instrument
        Where the telescope is, where it points, and what it is.
    interval_tdb_s
        Shutter opening and closing.
    blocking
        Discs that hide what is behind them.
    """
    begin, end = interval_tdb_s
    times = np.array([begin, 0.5 * (begin + end), end])
    seen = geometry(body, observer, times)
    rate = float(orbits.angular_separation_rad(seen.astrometric[0], seen.astrometric[2])) / (end - begin)
    middle = seen.at(1)
    occulted = any(disc.hides(middle.astrometric, float(middle.range_km[0]))[0] for disc in blocking)

    def path(t_tdb_s: Floats) -> tuple[Floats, Floats]:
        apparent = geometry(body, observer, t_tdb_s).apparent
        x, y = zip(
            *(
                instrument.camera.project(direction[None, :], axes)
                for axes, direction in zip(attitude.axes(t_tdb_s), apparent, strict=True)
            ),
            strict=True,
        )
        return np.array(x), np.array(y)

    if _is_far_away(seen.apparent, attitude, instrument.camera, times):
        segments = 0
    else:
        segments = segments_needed(path, begin, end)
        if float(np.ptp(seen.sunlit)) > _STEADY:
            segments = max(segments, _DIMMING_STEPS)
        if segments > 0 or body.light.pieces_per_s[0] > 0.0:
            segments = max(segments, int(body.light.pieces(end - begin)[0]))
    tracks = trace(path, begin, end, segments)
    centres = begin + (np.arange(tracks.segments) + 0.5) * (end - begin) / tracks.segments
    lit = geometry(body, observer, centres, (end - begin) / tracks.segments)
    rate_e_s = photometry.sunlit_electron_rate(lit.v_mag, instrument.area_m2, instrument.response)
    electrons = rate_e_s * (0.0 if occulted else (end - begin) / tracks.segments)
    return TargetImage(body, tracks, electrons, middle, float(np.degrees(rate)) * 3600.0, occulted)


def _is_far_away(apparent: Floats, attitude: Attitude, camera: Camera, times: Floats) -> bool:
    """Say whether a target stays clear of the field by more than it moves: its track need not be followed.

    Parameters
    ----------
    apparent
        Apparent unit vectors (3, 3) when the shutter opens, half way, and when it closes.
    attitude, camera, times
        Where the telescope points at those instants, and how wide it sees.
    """
    in_camera = np.einsum("tij,tj->ti", attitude.axes(times), apparent)
    off_axis = np.arctan2(np.hypot(in_camera[:, 0], in_camera[:, 1]), in_camera[:, 2])
    motion = float(np.linalg.norm(np.diff(in_camera, axis=0), axis=1).sum())
    reach = LIGHT_REACH_PX * camera.pixel_scale_rad
    return bool(off_axis.min() > camera.half_diagonal_rad + motion + reach)


def distance_from_frame_px(camera: Camera, tracks: Tracks) -> float:
    """Return how far outside the frame a track (one source) stays, in pixels; 0 if it crosses it, NaN if behind."""
    rows, columns = camera.shape
    outside_x = np.maximum(np.maximum(-0.5 - tracks.x, tracks.x - (columns - 0.5)), 0.0)
    outside_y = np.maximum(np.maximum(-0.5 - tracks.y, tracks.y - (rows - 0.5)), 0.0)
    distance = np.hypot(outside_x, outside_y)
    return float(np.nan if np.isnan(distance).all() else np.nanmin(distance))
