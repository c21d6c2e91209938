"""The part of the sky that a telescope sweeps in an interval, and from which light reaches its frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, stars
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import LIGHT_REACH_PX, Camera

Floats = NDArray[np.float64]

_GLANCES = 9
_FAINT_REACH_PX = (
    64.0  # of a star below the catalogue's limit no more than a part in a thousand falls farther away
)
_SLACK = 1.2  # the path between two glances may bend outwards a little
_STARING = 0.25  # share of the half diagonal that a field may drift and still be one field


@dataclass(frozen=True)
class SweptField:
    """What a telescope sees in an interval.

    Attributes
    ----------
    axis
        Astrometric unit vector (3,) of the middle.
    radius_rad
        Radius of the cone from which the light of bright stars reaches the frames.
    faint
        The smaller part of the sky from which that of faint stars does.
    stares
        Whether the field stays nearly the same throughout.
    """

    axis: Floats
    radius_rad: float
    faint: stars.Region
    stares: bool


def swept_field(
    attitude: Attitude, observer: orbits.Trajectory, camera: Camera, interval_tdb_s: tuple[float, float]
) -> SweptField:
    """Return the part of the sky from which light reaches the frames of an interval.

    Parameters
    ----------
    attitude, observer, camera
        Where the telescope points, where it is, and how wide it sees.
    interval_tdb_s
        Begin and end.
    """
    times = np.linspace(*interval_tdb_s, _GLANCES)
    seen_from, axes = orbits.viewpoint(observer, times), attitude.axes(times)
    corners = np.array(
        [
            orbits.astrometric_directions(
                camera.look(*_outline(camera, _FAINT_REACH_PX), axes[k]), seen_from.at(k)
            )
            for k in range(_GLANCES)
        ]
    )
    boresights = orbits.astrometric_directions(attitude.boresight(times), seen_from)
    axis = orbits.unit_vectors(boresights.mean(axis=0))
    radius = _SLACK * float(orbits.angular_separation_rad(boresights, axis).max()) + camera.half_diagonal_rad
    middle = corners[_GLANCES // 2]
    drift_rad = _SLACK * float(orbits.angular_separation_rad(corners, middle).max())
    stares = drift_rad < _STARING * camera.half_diagonal_rad
    if stares and 2.0 * radius < 0.5 * np.pi:
        margin_px = _FAINT_REACH_PX + drift_rad / camera.pixel_scale_rad
        outline = camera.look(*_outline(camera, margin_px), axes[_GLANCES // 2])
        faint: stars.Region = stars.Polygon(
            orbits.astrometric_directions(outline, seen_from.at(_GLANCES // 2))
        )
    else:
        faint = _cone(axis, radius + _FAINT_REACH_PX * camera.pixel_scale_rad)
    reach = min(radius + LIGHT_REACH_PX * camera.pixel_scale_rad, np.pi)
    return SweptField(axis, reach, faint, stares)


def _outline(camera: Camera, margin_px: float) -> tuple[Floats, Floats]:
    """Return x and y, each (4,), of the corners of a frame grown by a margin, one after the other."""
    rows, columns = camera.shape
    left, right, low, high = -margin_px, columns - 1.0 + margin_px, -margin_px, rows - 1.0 + margin_px
    return np.array([left, right, right, left]), np.array([low, low, high, high])


def _cone(axis: Floats, radius_rad: float) -> stars.Cone:
    ra_deg, dec_deg = orbits.angles_from_directions(axis)
    return stars.Cone(float(ra_deg), float(dec_deg), float(np.degrees(min(radius_rad, np.pi))))
