"""Stray light: what the Sun and the lit Earth and Moon scatter onto the detector from outside the field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.lit_body import LitBody, albedo_at_phase
from skyforge.photometry.passband import SystemResponse
from skyforge.photometry.phase import ASTRONOMICAL_UNIT_KM
from skyforge.photometry.spectra import solar_photon_irradiance
from skyforge.resources import catalogs_directory

Floats = NDArray[np.float64]

_RINGS, _ARCS = 40, 12  # Gauss-Legendre nodes over the angle from the line of sight and around it
_FAR_RADII = 15.0  # of a disc's angular radius: beyond, it is a point to 1 % on the steepest curve
_SMALLEST_RAD = 1e-4  # rings nearer to the line of sight than this hold no light
_COLUMNS = 2


@dataclass(frozen=True)
class PointSourceTransmittance:
    """How much of a distant source's light reaches the detector as a function of its angle off the line of sight.

    Attributes
    ----------
    angle_rad
        Strictly increasing angles, (k,), within 0…π. Nearer than the first and beyond the last the curve is held.
    transmittance
        Irradiance on the detector over the source's across its rays, throughput of the optics included, (k,).

    Raises
    ------
    InputError
        If angles do not increase within 0…180° or a transmittance is not above zero.
    """

    angle_rad: Floats
    transmittance: Floats

    def __post_init__(self) -> None:
        angle, value = self.angle_rad, self.transmittance
        if angle.ndim != 1 or angle.shape != value.shape or angle.size < 2 or not np.all(np.diff(angle) > 0):
            raise InputError("a point-source transmittance needs two or more rows whose angles increase")
        if angle[0] <= 0 or angle[-1] > np.pi * (1 + 1e-12):
            raise InputError(
                f"the angles of a point-source transmittance must lie above 0 and up to 180 deg, not at "
                f"{np.degrees(angle[0]):g} to {np.degrees(angle[-1]):g} deg"
            )
        if not np.all((value > 0) & (value <= 1)):
            raise InputError("a point-source transmittance must lie above 0 and up to 1 at every angle")

    def at(self, angle_rad: ArrayLike) -> Floats:
        """Return the transmittance at angles (...), interpolated between the logarithms of both columns."""
        angle = np.maximum(np.asarray(angle_rad, dtype=np.float64), self.angle_rad[0])
        value: Floats = np.exp(np.interp(np.log(angle), np.log(self.angle_rad), np.log(self.transmittance)))
        return value


def read_transmittance(path: Path) -> PointSourceTransmittance:
    """Read a point-source transmittance from a comma-separated file of degrees and transmittances.

    Lines that begin with # are comments; a line of column names may come first.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        Naming the file, where a row is not two numbers or the curve is impossible.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the point-source transmittance {path}: {error}") from error
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = [float(cell) for cell in line.split(",")]
        except ValueError:
            if not rows and any(cell.strip().isidentifier() for cell in line.split(",")):
                continue
            raise InputError(
                f"{path}:{number}: found {line.strip()!r}; must be an angle in deg and a number"
            ) from None
        if len(cells) != _COLUMNS:
            raise InputError(
                f"{path}:{number}: found {len(cells)} columns; must be an angle in deg and a number"
            )
        rows.append((cells[0], cells[1]))
    table = np.array(rows, dtype=np.float64).reshape(-1, _COLUMNS)
    try:
        return PointSourceTransmittance(np.radians(table[:, 0]), table[:, 1])
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


@cache
def generic_baffle() -> PointSourceTransmittance:
    """Return the shipped curve: a generic small telescope with a baffle, chosen rather than measured."""
    return read_transmittance(catalogs_directory() / "stray-light" / "generic_baffle.csv")


def stray_sunlight(
    directions: ArrayLike, sun_km: ArrayLike, curve: PointSourceTransmittance, sunlight: float = 1.0
) -> Floats:
    """Return the Sun's irradiance on the detector through a point-source transmittance, relative to the Sun's at 1 au.

    Parameters
    ----------
    directions
        Unit vectors of lines of sight, (n, 3).
    sun_km
        Vector from the observer to the Sun, (3,).
    curve
        The telescope's.
    sunlight
        Share of the Sun's light that reaches the telescope past the Earth and the Moon.

    Returns
    -------
    NDArray
        Shape (n,).
    """
    sight, sun = np.asarray(directions, dtype=np.float64), np.asarray(sun_km, dtype=np.float64)
    distance = float(np.linalg.norm(sun))
    value: Floats = (
        curve.at(_angles(sight, sun / distance)) * sunlight * (ASTRONOMICAL_UNIT_KM / distance) ** 2
    )
    return value


def stray_disc_light(directions: ArrayLike, body: LitBody, curve: PointSourceTransmittance) -> Floats:
    """Return a lit body's irradiance on the detector through a point-source transmittance, relative to the Sun's.

    The disc is summed in rings about each line of sight, evenly in the logarithm of the angle, as far around as the
    disc reaches: near a limb as exact as far from it. What lies within the curve's first angle is taken with its value
    there. The body is taken for a sphere; beyond 15 of its radii for a point.

    Parameters
    ----------
    directions
        Unit vectors of lines of sight, (n, 3).
    body
        What is lit.
    curve
        The telescope's.

    Returns
    -------
    NDArray
        Shape (n,).
    """
    sight = np.asarray(directions, dtype=np.float64)
    center = body.center_km / body.distance_km
    separation = _angles(sight, center)
    far = separation > _FAR_RADII * body.angular_radius_rad
    total = np.empty(len(sight))
    point = albedo_at_phase(body.name, body.phase_angle_rad) * (body.radius_km / body.distance_km) ** 2
    off_axis = _angles(sight[far], _middle_of_light(body))
    total[far] = point * (ASTRONOMICAL_UNIT_KM / body.sun_distance_km) ** 2 * curve.at(off_axis)
    total[~far] = _near_light(sight[~far], center, separation[~far], body, curve)
    return total


def _middle_of_light(body: LitBody) -> Floats:
    """Return the unit vector (3,) towards the centre of a disc's light, that of a Lambert sphere.

    It lies off the disc's centre by so many radii, towards the Sun (Lindegren 1977, A&A 57, 55, eq. 8).
    """
    phase, center = body.phase_angle_rad, body.center_km / body.distance_km
    lit = np.sin(phase) + (np.pi - phase) * np.cos(phase)
    radii = 3.0 * np.pi / 16.0 * (1.0 + np.cos(phase)) * np.sin(phase) / max(lit, 1e-12)
    to_sun = body.sun_km - (body.sun_km @ center) * center
    length = float(np.linalg.norm(to_sun))
    if length < 1e-12 * float(np.linalg.norm(body.sun_km)):
        return center
    middle = center + min(radii, 1.0) * np.sin(body.angular_radius_rad) * to_sun / length
    return np.asarray(middle / np.linalg.norm(middle), dtype=np.float64)


def _near_light(
    sight: Floats, center: Floats, separation: Floats, body: LitBody, curve: PointSourceTransmittance
) -> Floats:
    """Return the light of a disc near the lines of sight, (n,)."""
    radius = body.angular_radius_rad
    nearest = np.maximum(np.abs(separation - radius), _SMALLEST_RAD)
    farthest = np.maximum(np.minimum(separation + radius, np.pi), nearest)
    total = _ring_sum(sight, center, separation, body, curve, (nearest, farthest))
    inside = separation < radius
    if np.any(inside):
        # Within a disc that holds the line of sight, whole rings come first.
        whole = (np.full(int(inside.sum()), _SMALLEST_RAD), nearest[inside])
        total[inside] += _ring_sum(sight[inside], center, separation[inside], body, curve, whole)
    return total


def _ring_sum(
    sight: Floats,
    center: Floats,
    separation: Floats,
    body: LitBody,
    curve: PointSourceTransmittance,
    limits: tuple[Floats, Floats],
) -> Floats:
    """Return the light of rings between two angles from each line of sight, (n,)."""
    nodes, weights = np.polynomial.legendre.leggauss(_RINGS)
    # Arcs grow as the square root of the distance from the limb: the sine crowds nodes at both ends.
    place, weight = (
        0.5 * (1.0 + np.sin(0.5 * np.pi * nodes)),
        0.25 * np.pi * weights * np.cos(0.5 * np.pi * nodes),
    )
    span = np.log(limits[1] / limits[0])[:, None]
    angle = limits[0][:, None] * np.exp(span * place)
    cosine = np.cos(body.angular_radius_rad) - np.cos(separation)[:, None] * np.cos(angle)
    sine = np.maximum(np.sin(separation)[:, None] * np.sin(angle), 1e-300)
    half_arc = np.arccos(np.clip(cosine / sine, -1.0, 1.0))
    arcs, arc_weights = np.polynomial.legendre.leggauss(_ARCS)
    azimuth = half_arc[..., None] * arcs
    towards = center - np.cos(separation)[:, None] * sight
    length = np.linalg.norm(towards, axis=1, keepdims=True)
    towards = np.where(length > 1e-12, towards / np.maximum(length, 1e-12), _any_across(sight))
    across = np.cross(sight, towards)
    spread = np.sin(angle)[..., None]
    directions = np.cos(angle)[..., None, None] * sight[:, None, None, :] + (
        (spread * np.cos(azimuth))[..., None] * towards[:, None, None, :]
        + (spread * np.sin(azimuth))[..., None] * across[:, None, None, :]
    )
    ring = np.sum(body.brightness(directions) * arc_weights, axis=-1) * half_arc
    light = ring * curve.at(angle) * np.sin(angle) * angle * span * weight
    total: Floats = light.sum(axis=-1)
    return total


def _any_across(sight: Floats) -> Floats:
    """Return unit vectors across the lines of sight, (n, 3)."""
    axis = np.eye(3)[np.argmin(np.abs(sight), axis=1)]
    across = np.cross(sight, axis)
    unit: Floats = across / np.linalg.norm(across, axis=1, keepdims=True)
    return unit


def _angles(sight: Floats, center: Floats) -> Floats:
    angle: Floats = 2.0 * np.arctan2(
        np.linalg.norm(sight - center, axis=1), np.linalg.norm(sight + center, axis=1)
    )
    return angle


def stray_electron_rate(irradiance: ArrayLike, pixel_area_m2: float, response: SystemResponse) -> Floats:
    """Return the electrons per second and pixel of stray light.

    Parameters
    ----------
    irradiance
        On the detector, relative to the Sun's at 1 au, (n,): the sum of `stray_sunlight` and `stray_disc_light`.
    pixel_area_m2
        Area of a pixel in m².
    response
        Passband × quantum efficiency, without the optics: their throughput is in the transmittance.

    Returns
    -------
    NDArray
        Shape (n,). The light of the Earth and the Moon is taken to have the Sun's colour.
    """
    sun = float(response.integrate(solar_photon_irradiance(response.wavelength_nm)))
    rate: Floats = np.asarray(irradiance, dtype=np.float64) * sun * pixel_area_m2
    return rate
