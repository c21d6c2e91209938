"""Stars on the pixels: each on its own path, with its own aberration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, stars
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import Camera
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.star_field import StarField
from skyforge.simulate.tracks import Tracks, segments_needed, trace

Floats = NDArray[np.float64]

_PROBES_ACROSS = 5
_REACH_PX = 512.0  # no light is drawn farther from its source


@dataclass(frozen=True)
class StarImages:
    """The stars of an exposure, n of them.

    Attributes
    ----------
    field
        Their catalogue entries.
    astrometric, apparent
        ICRF unit vectors (n, 3) at mid-exposure, without and with aberration.
    tracks
        Their ways over the pixels.
    electrons
        Photo-electrons of the exposure, (n,); 0 for those behind a body.
    hidden
        Mask (n,): behind the Earth, the Moon or the Sun.
    """

    field: StarField
    astrometric: Floats
    apparent: Floats
    tracks: Tracks
    electrons: Floats
    hidden: NDArray[np.bool_]

    def segments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return x_start, y_start, x_end, y_end and electrons of every straight piece of every star."""
        tracks, count = self.tracks, self.tracks.segments
        if len(tracks.x) == 1:
            return tracks.x[0], tracks.y[0], tracks.x[0], tracks.y[0], self.electrons
        # Star by star, not node by node: a star's light stays together in the renderer's order of summation.
        pieces = (tracks.x[:-1].T, tracks.y[:-1].T, tracks.x[1:].T, tracks.y[1:].T)
        x_start, y_start, x_end, y_end = (np.ascontiguousarray(piece).ravel() for piece in pieces)
        return x_start, y_start, x_end, y_end, np.repeat(self.electrons / count, count)


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
    here, velocity = (vector[0] for vector in observer.state(np.array([middle])))
    astrometric = stars.astrometric_directions(field.table, middle, here)

    def path_of(directions: Floats, t_tdb_s: Floats) -> tuple[Floats, Floats]:
        _, velocities = observer.state(t_tdb_s)
        x = np.empty((t_tdb_s.size, len(directions)))
        y = np.empty_like(x)
        for node, (t, moving) in enumerate(zip(t_tdb_s, velocities, strict=True)):
            x[node], y[node] = camera.project(orbits.aberrate(directions, moving), attitude.axes(t))
        return x, y

    probes = orbits.remove_aberration(
        camera.look(*camera.grid(_PROBES_ACROSS), attitude.axes(middle)), velocity
    )
    segments = segments_needed(lambda t: path_of(probes, t), begin, end)
    tracks = trace(lambda t: path_of(astrometric, t), begin, end, segments)
    near = _near_frame(camera, tracks)
    astrometric = astrometric[near]
    hidden = np.zeros(len(astrometric), dtype=np.bool_)
    for disc in blocking:
        hidden |= disc.hides(astrometric)
    seen = field.select(near)
    return StarImages(
        seen,
        astrometric,
        orbits.aberrate(astrometric, velocity),
        tracks.select(near),
        np.where(hidden, 0.0, seen.electron_rate * exposure_s),
        hidden,
    )


def _near_frame(camera: Camera, tracks: Tracks) -> NDArray[np.bool_]:
    """Return a mask (n,) of the tracks whose bounding box comes near enough to the frame to throw light on it."""
    rows, columns = camera.shape
    with np.errstate(invalid="ignore"):
        across = (tracks.x.max(axis=0) > -_REACH_PX) & (tracks.x.min(axis=0) < columns + _REACH_PX)
        along = (tracks.y.max(axis=0) > -_REACH_PX) & (tracks.y.min(axis=0) < rows + _REACH_PX)
    near: NDArray[np.bool_] = across & along
    return near
