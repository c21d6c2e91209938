"""Stars on the pixels: each on its own path, with its own aberration and bending of light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, render
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import LIGHT_REACH_PX, Camera
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.star_field import StarField
from skyforge.simulate.tracks import Tracks, segments_needed, straight_pieces, trace

Floats = NDArray[np.float64]

_PROBES_ACROSS = 5


@dataclass(frozen=True)
class StarImages:
    """The stars of an exposure, n of them.

    Attributes
    ----------
    field
        The stars they are taken from.
    rows
        Their rows in the field, (n,).
    astrometric
        ICRF unit vectors (n, 3) at mid-exposure, without aberration.
    seen_from
        The observer at mid-exposure.
    tracks
        Their ways over the pixels.
    electrons
        Photo-electrons of the exposure, (n,); 0 for those behind a body.
    hidden
        Mask (n,): behind the Earth, the Moon or the Sun.
    """

    field: StarField
    rows: NDArray[np.intp]
    astrometric: Floats
    seen_from: orbits.Viewpoint
    tracks: Tracks
    electrons: Floats
    hidden: NDArray[np.bool_]

    def segments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return x_start, y_start, x_end, y_end and electrons of every straight piece of every star."""
        count = self.tracks.segments
        electrons = self.electrons if count == 1 else np.repeat(self.electrons / count, count)
        return *straight_pieces(self.tracks), electrons


def star_images(
    field: StarField,
    observer: orbits.Trajectory,
    attitude: Attitude,
    camera: Camera,
    interval_tdb_s: tuple[float, float],
    blocking: tuple[Disc, ...],
    exposure_s: float,
) -> StarImages:
    """Put the stars of a field on the pixels.

    Parameters
    ----------
    field
        The stars.
    observer, attitude, camera
        Where the telescope is, where it points, and how it projects.
    interval_tdb_s
        Shutter opening and closing.
    blocking
        Discs that hide what is behind them.
    exposure_s
        Exposure time.
    """
    begin, end = interval_tdb_s
    middle = 0.5 * (begin + end)
    mid_view = orbits.viewpoint(observer, middle)
    astrometric = field.astrometric(middle, mid_view.position_km)

    def path_of(directions: Floats, t_tdb_s: Floats) -> tuple[Floats, Floats]:
        views, axes = orbits.viewpoint(observer, t_tdb_s), attitude.axes(t_tdb_s)
        places = [
            render.project(directions, _view(views.at(node), axes[node], camera))
            for node in range(t_tdb_s.size)
        ]
        return np.stack([x for x, _ in places]), np.stack([y for _, y in places])

    probes = orbits.astrometric_directions(
        camera.look(*camera.grid(_PROBES_ACROSS), attitude.axes(middle)), mid_view
    )
    segments = segments_needed(lambda t: path_of(probes, t), begin, end)
    tracks = trace(lambda t: path_of(astrometric, t), begin, end, segments)
    rows = np.flatnonzero(_near_frame(camera, tracks))
    astrometric = astrometric[rows]
    hidden = np.zeros(len(rows), dtype=np.bool_)
    for disc in blocking:
        hidden |= disc.hides(astrometric)
    electrons = np.where(hidden, 0.0, field.electron_rate[rows] * exposure_s)
    return StarImages(field, rows, astrometric, mid_view, tracks.select(rows), electrons, hidden)


def _view(seen_from: orbits.Viewpoint, axes: Floats, camera: Camera) -> render.View:
    """Return how an observer sees stars at one instant."""
    lens = orbits.solar_lens(seen_from.position_km - seen_from.sun_km)
    return render.View(
        lens.from_sun,
        lens.bending,
        lens.least_opening,
        seen_from.velocity_km_s / orbits.SPEED_OF_LIGHT_KM_S,
        axes,
        camera.pixel_scale_rad,
        camera.centre,
    )


def _near_frame(camera: Camera, tracks: Tracks) -> NDArray[np.bool_]:
    """Return a mask (n,) of the tracks whose bounding box comes near enough to the frame to throw light on it."""
    rows, columns = camera.shape
    with np.errstate(invalid="ignore"):
        across = (tracks.x.max(axis=0) > -LIGHT_REACH_PX) & (tracks.x.min(axis=0) < columns + LIGHT_REACH_PX)
        along = (tracks.y.max(axis=0) > -LIGHT_REACH_PX) & (tracks.y.min(axis=0) < rows + LIGHT_REACH_PX)
    near: NDArray[np.bool_] = across & along
    return near
