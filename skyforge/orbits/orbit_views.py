"""An orbit as two frames show it: one that turns, and one that does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from skyforge.orbits.bodies import EARTH_EQUATORIAL_RADIUS_KM, MEAN_RADIUS_KM
from skyforge.orbits.cr3bp import EARTH_MOON_SYSTEM, lagrange_points
from skyforge.orbits.earth_orientation import itrs_to_gcrs
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.presets import OrbitPreset
from skyforge.orbits.pulsating_frame import pulsating_frame, pulsating_from_geocentric
from skyforge.orbits.three_body_orbit import Mode
from skyforge.orbits.timescales import DAY_S, tdb_calendar_time
from skyforge.orbits.trajectory import FloatArray

MEAN_MOON_DISTANCE_KM: Final = 384_400.0  # rounded, as the Moon's distance is usually quoted
_SAMPLES: Final = 4000
_REVOLUTIONS: Final = 3.0
_AFTER_ARRIVAL_D: Final = 1.0
_EARTH_COLOR, _MOON_COLOR, _POINT_COLOR = "#2b6cb0", "#8a8a8a", "#c05621"


@dataclass(frozen=True)
class Mark:
    """Something that stands in a view.

    Attributes
    ----------
    label, color
        What to write beside it, and its colour.
    place_km
        Where it is, (3,).
    radius_km
        Its size; zero for a point.
    is_shown
        Whether the view must reach to it.
    """

    label: str
    color: str
    place_km: FloatArray
    radius_km: float = 0.0
    is_shown: bool = True


@dataclass(frozen=True)
class OrbitView:
    """An orbit in one frame.

    Attributes
    ----------
    title, axes
        What the frame is, and what its x, y and z point to.
    path_km : (n, 3)
        The orbit.
    marks
        What rests in the frame.
    others
        Ways of what moves in it, with label and colour: (label, colour, (n, 3)).
    note
        What is to be said of what is out of sight.
    """

    title: str
    axes: tuple[str, str, str]
    path_km: FloatArray
    marks: tuple[Mark, ...]
    others: tuple[tuple[str, str, FloatArray], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class OrbitPicture:
    """All that a drawing of an orbit needs.

    Attributes
    ----------
    title, subtitle
        What stands above it.
    elapsed_d : (n,)
        Days since the start.
    rotating, inertial
        The two views.
    """

    title: str
    subtitle: str
    elapsed_d: FloatArray
    rotating: OrbitView
    inertial: OrbitView


def orbit_picture(preset: OrbitPreset, epoch_tdb_s: float, mode: Mode | None = None) -> OrbitPicture:
    """Follow a preset over some revolutions and look at it in two frames.

    Parameters
    ----------
    preset
        The orbit.
    epoch_tdb_s
        When it starts, TDB seconds since J2000.0.
    mode
        Of a three-body orbit, "n-body" or "kinematic".
    """
    flies = not preset.is_three_body and preset.elements is None
    duration = preset.period_s + _AFTER_ARRIVAL_D * DAY_S if flies else _REVOLUTIONS * preset.period_s
    times = np.linspace(epoch_tdb_s, epoch_tdb_s + duration, _SAMPLES)
    trajectory = preset.trajectory(epoch_tdb_s, (times[0], times[-1]), mode=mode)
    geocentric = trajectory.state(times)[0] - ephemeris().state("earth", times)[0]
    days = duration / DAY_S
    how = {None: "n-body motion", "n-body": "n-body motion", "kinematic": "kinematic, no natural motion"}[
        mode
    ]
    length = f"{days:.1f} days" if days >= 1.0 else f"{days * 24.0:.1f} hours"
    subtitle = f"{preset.name}  ·  {length} from {tdb_calendar_time(epoch_tdb_s)}  ·  {how}"
    return OrbitPicture(
        preset.title, subtitle, (times - times[0]) / DAY_S, *_views(preset, times, geocentric, flies)
    )


def _views(
    preset: OrbitPreset, times: FloatArray, geocentric: FloatArray, flies: bool
) -> tuple[OrbitView, OrbitView]:
    if preset.is_three_body or flies:
        return _turning_with_moon(times, geocentric, with_earth=flies), _about_the_earth(times, geocentric)
    if preset.center == "moon":
        return _near_the_moon(times, geocentric)
    return _near_the_earth(times, geocentric)


def _earth(place_km: FloatArray) -> Mark:
    return Mark("Earth", _EARTH_COLOR, place_km, EARTH_EQUATORIAL_RADIUS_KM)


def _moon(place_km: FloatArray) -> Mark:
    return Mark("Moon", _MOON_COLOR, place_km, MEAN_RADIUS_KM["moon"])


def _turning_with_moon(times: FloatArray, geocentric: FloatArray, with_earth: bool) -> OrbitView:
    """Return the view from the frame in which Earth and Moon rest, at the Moon's mean distance."""
    mass_ratio = EARTH_MOON_SYSTEM.mass_ratio
    path = MEAN_MOON_DISTANCE_KM * pulsating_from_geocentric(geocentric, times, mass_ratio)
    points = tuple(
        Mark(f"L{number}", _POINT_COLOR, MEAN_MOON_DISTANCE_KM * place, is_shown=number < 3 or with_earth)
        for number, place in enumerate(lagrange_points(mass_ratio), start=1)
    )
    earth, moon = (MEAN_MOON_DISTANCE_KM * np.array([x, 0.0, 0.0]) for x in (-mass_ratio, 1.0 - mass_ratio))
    return OrbitView(
        "rotating frame: Earth and Moon at rest, scaled to 384 400 km",
        ("x, from the Earth to the Moon", "y, along the Moon's motion", "z, along its orbit's pole"),
        path,
        (replace(_earth(earth), is_shown=with_earth), _moon(moon), *points),
        note="" if with_earth else "← to the Earth",
    )


def _held_axes(t_tdb_s: float) -> FloatArray:
    """Return the axes of the Earth-Moon frame at an instant, as rows: from then on they do not turn."""
    axes: FloatArray = pulsating_frame(t_tdb_s).axes[0]
    return axes


def _about_the_earth(times: FloatArray, geocentric: FloatArray) -> OrbitView:
    axes = _held_axes(float(times[0]))
    moon = ephemeris().relative_state("moon", "earth", times)[0] @ axes.T
    return OrbitView(
        "inertial frame about the Earth",
        ("x, to the Moon at the start", "y, along its motion then", "z, along its orbit's pole"),
        geocentric @ axes.T,
        (_earth(np.zeros(3)),),
        (("Moon", _MOON_COLOR, moon),),
    )


def _near_the_moon(times: FloatArray, geocentric: FloatArray) -> tuple[OrbitView, OrbitView]:
    relative = geocentric - ephemeris().relative_state("moon", "earth", times)[0]
    turning = np.einsum("nij,nj->ni", pulsating_frame(times).axes, relative)
    held = relative @ _held_axes(float(times[0])).T
    here = (_moon(np.zeros(3)),)
    rotating = OrbitView(
        "rotating frame about the Moon",
        ("x, away from the Earth", "y, along the Moon's motion", "z, along its orbit's pole"),
        turning,
        here,
        note="← to the Earth",
    )
    inertial = OrbitView(
        "inertial frame about the Moon",
        (
            "x, away from the Earth at the start",
            "y, along the Moon's motion then",
            "z, along its orbit's pole",
        ),
        held,
        here,
    )
    return rotating, inertial


def _near_the_earth(times: FloatArray, geocentric: FloatArray) -> tuple[OrbitView, OrbitView]:
    turning = np.einsum("nji,nj->ni", itrs_to_gcrs(times), geocentric)
    here = (_earth(np.zeros(3)),)
    rotating = OrbitView(
        "rotating frame: it turns with the Earth",
        ("x, to longitude 0", "y, to longitude 90° E", "z, along the Earth's pole"),
        turning,
        here,
    )
    inertial = OrbitView(
        "inertial frame about the Earth",
        ("x, to the vernal equinox", "y, in the equator", "z, to the celestial pole"),
        geocentric,
        here,
    )
    return rotating, inertial
