"""The discs of the Moon, the Earth and the planets in the frame, as electrons in every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.obstruction import HIGHEST_GROUND_KM

Floats = NDArray[np.float64]

DRAWN = ("neptune", "uranus", "saturn", "jupiter", "mars", "venus", "mercury", "earth", "moon")
"""Bodies that are drawn, in no order of distance: where two overlap, the nearer one's electrons stay."""

_CORE_PX = 12  # radius of the point spread function's core that discs are blurred with
_FAINTEST_OF_CORE = 1e-6  # of its peak: fainter samples of the core are left out
_CORNERS = 2
_EQUATOR = 1.05  # of a planet over its mean radius, at most


def lit_discs_e(
    axes: Floats, seen_from: orbits.Viewpoint, instrument: Instrument
) -> NDArray[np.float32] | None:
    """Return the electrons of all lit discs in the field, [y, x]; None where there is none.

    Discs stand still where they are in the middle of the exposure. They are blurred with the core of the point spread
    function, out to 12 pixels; its far wings are left to the stray light's point-source transmittance.

    Parameters
    ----------
    axes
        Camera axes at mid-exposure, (3, 3).
    seen_from
        The observer at mid-exposure.
    instrument
        The telescope and its detector.
    """
    found = _bodies_in_field(axes, seen_from, instrument)
    if not found:
        return None
    camera = instrument.camera
    sun_e = float(
        photometry.sunlit_electron_rate(photometry.SUN_V_MAG, instrument.area_m2, instrument.response)
    )
    per_radiance = sun_e * camera.pixel_scale_rad**2 * instrument.exposure_s
    # Farthest first: what is nearer covers it.
    light = np.zeros((camera.shape[0] + 2 * _CORE_PX, camera.shape[1] + 2 * _CORE_PX))
    for body in sorted(found, key=lambda one: -one.distance_km):
        _draw(body, light, axes, seen_from, instrument)
    return _blurred(light * per_radiance, instrument).astype(np.float32)


def _bodies_in_field(
    axes: Floats, seen_from: orbits.Viewpoint, instrument: Instrument
) -> list[photometry.LitBody]:
    """Return the bodies that may be drawn; the Earth only from above its ground."""
    observer, t = seen_from.position_km, np.array([float(seen_from.t_tdb_s)])
    bodies = []
    for name in DRAWN:
        place, _, light_time_s = orbits.retarded_position(orbits.body_trajectory(name), t, observer)
        center = place[0] - observer
        if name == "earth" and np.linalg.norm(center) < orbits.EARTH_EQUATORIAL_RADIUS_KM + HIGHEST_GROUND_KM:
            continue
        if not _in_field(center, orbits.body_radius_km(name), axes, instrument):
            continue
        pole = orbits.earth_rotation_axis(t)[0] if name == "earth" else None
        sun, _ = orbits.ephemeris().state("sun", t - light_time_s)
        bodies.append(photometry.lit_body(name, center, sun[0] - observer, pole=pole))
    return bodies


def _in_field(center_km: Floats, radius_km: float, axes: Floats, instrument: Instrument) -> bool:
    camera = instrument.camera
    off_axis = float(orbits.angular_separation_rad(axes[2], center_km))
    angular_radius = float(np.arcsin(min(_EQUATOR * radius_km / float(np.linalg.norm(center_km)), 1.0)))
    margin = 2.0 * _CORE_PX * camera.pixel_scale_rad
    return off_axis < angular_radius + camera.half_diagonal_rad + margin


def _draw(
    body: photometry.LitBody,
    light: Floats,
    axes: Floats,
    seen_from: orbits.Viewpoint,
    instrument: Instrument,
) -> None:
    """Put a body's light over what is behind it, in a frame with a margin for the blur."""
    camera = instrument.camera
    rows, columns = light.shape
    apparent = orbits.apparent_directions(
        body.center_km[None] / body.distance_km, seen_from, body.distance_km
    )
    x, y = camera.project(apparent, axes)
    reach = body.angular_radius_rad / camera.pixel_scale_rad * 1.2 + 3.0
    first_row, first_column, last_row, last_column = 0, 0, rows, columns
    if np.isfinite(x[0]) and reach < max(rows, columns):
        first_row, last_row = _window(y[0] + _CORE_PX, reach, rows)
        first_column, last_column = _window(x[0] + _CORE_PX, reach, columns)
    if first_row >= last_row or first_column >= last_column:
        return
    corrections = _corrections(axes, seen_from, instrument)

    def look(px: Floats, py: Floats) -> Floats:
        at_x, at_y = px + (first_column - _CORE_PX), py + (first_row - _CORE_PX)
        directions = camera.look(at_x, at_y, axes)
        directions = directions + _bilinear(corrections, at_x / camera.shape[1], at_y / camera.shape[0])
        unit: Floats = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        return unit

    shape = (last_row - first_row, last_column - first_column)
    own, covered = photometry.disc_light(body, look, shape, camera.pixel_scale_rad)
    window = light[first_row:last_row, first_column:last_column]
    window *= 1.0 - covered
    window += own


def _window(middle: float, reach: float, size: int) -> tuple[int, int]:
    """Return the first and the last-but-one row (or column) of a frame within reach of a place."""
    first = int(np.clip(np.floor(middle - reach), 0, size))
    last = int(np.clip(np.ceil(middle + reach) + 1, 0, size))
    return first, last


def _corrections(axes: Floats, seen_from: orbits.Viewpoint, instrument: Instrument) -> Floats:
    """Return astrometric minus apparent directions at the frame's corners, (2, 2, 3) in y, x.

    Over a degree they change by so little that straight lines between the corners are right to 0.002".
    """
    rows, columns = instrument.camera.shape
    y, x = np.meshgrid(np.array([0.0, rows]), np.array([0.0, columns]), indexing="ij")
    apparent = instrument.camera.look(x.ravel(), y.ravel(), axes)
    difference = orbits.astrometric_directions(apparent, seen_from) - apparent
    return difference.reshape(_CORNERS, _CORNERS, 3)


def _bilinear(corners: Floats, x: Floats, y: Floats) -> Floats:
    """Return values (n, 3) between those at the corners of a unit square."""
    left = corners[0, 0] + y[:, None] * (corners[1, 0] - corners[0, 0])
    right = corners[0, 1] + y[:, None] * (corners[1, 1] - corners[0, 1])
    value: Floats = left + x[:, None] * (right - left)
    return value


def _blurred(electrons: Floats, instrument: Instrument) -> Floats:
    """Return a frame blurred with the core of the point spread function, its margin cut off.

    Summed sample by sample, not by Fourier transforms: their rounding, not the same everywhere, is as large beside
    a bright disc as the light there.
    """
    core = instrument.psf.prf(_CORE_PX, 1)
    core = np.where(core > _FAINTEST_OF_CORE * core.max(), core, 0.0)
    core /= core.sum()
    rows, columns = (np.flatnonzero(electrons.any(axis=axis)) for axis in (1, 0))
    blurred = np.zeros(electrons.shape)
    if rows.size:
        # What is lit and may come into the frame, and as far around as the core reaches.
        lit = electrons[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        wide = np.pad(lit, 2 * _CORE_PX)
        spread = np.zeros((lit.shape[0] + 2 * _CORE_PX, lit.shape[1] + 2 * _CORE_PX))
        for dy, dx in np.argwhere(core > 0.0):
            spread += core[dy, dx] * wide[dy : dy + spread.shape[0], dx : dx + spread.shape[1]]
        room = np.pad(blurred, _CORE_PX)
        room[rows[0] : rows[0] + spread.shape[0], columns[0] : columns[0] + spread.shape[1]] = spread
        blurred = room[_CORE_PX:-_CORE_PX, _CORE_PX:-_CORE_PX]
    inside: Floats = blurred[_CORE_PX:-_CORE_PX, _CORE_PX:-_CORE_PX]
    return inside
