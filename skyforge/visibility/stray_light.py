"""Stray light wherever a target may be, by the angle from the limbs of the Earth and the Moon and from the Sun."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario.sky import StrayLight
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.stray_light import transmittance
from skyforge.visibility.sky import Sky, SkyBody

Floats = NDArray[np.float64]

_INSTANTS = 65  # at most, evenly over the span, at which a disc's light is worked out
_MARGINS = 28  # from the limb outwards, evenly in the logarithm of the angle
_NEAREST_RAD, _FARTHEST_RAD = np.deg2rad(0.05), np.pi
_SIDES = np.array([1.0, 0.0, -1.0])  # cosines of the position angles, from the Sun's side to the other
_DARKEST = 1e-300


@dataclass(frozen=True)
class _Glow:
    """The stray light of a disc against the angle from its limb and the position angle about it.

    Attributes
    ----------
    body
        The disc, at k instants.
    sunwards
        Unit vectors across the line of sight to it, towards the Sun's side, (k, 3).
    coefficients
        Of the irradiance's logarithm over the Sun's as a parabola in the cosine of the position angle, at each margin,
        (3, k, margins).
    """

    body: SkyBody
    sunwards: Floats
    coefficients: Floats

    def at(self, directions: Floats) -> Floats:
        """Return the irradiance for directions (n, k, 3)."""
        separation = self.body.separation_rad(directions)
        inside = np.clip(separation - self.body.angular_radius_rad, _NEAREST_RAD, _FARTHEST_RAD)
        across = np.log(inside * (1.0 / _NEAREST_RAD)) * (
            (_MARGINS - 1) / np.log(_FARTHEST_RAD / _NEAREST_RAD)
        )
        column = np.minimum(across.astype(np.intp), _MARGINS - 2)
        across -= column
        side = np.einsum("nki,ki->nk", directions, self.sunwards) / np.maximum(np.sin(separation), 1e-12)
        place = column + _MARGINS * np.arange(separation.shape[1])
        result = np.zeros(separation.shape)
        for coefficient in self.coefficients[::-1]:
            flat = coefficient.ravel()
            near = flat[place]
            result = result * side + (near + across * (flat[place + 1] - near))
        value: Floats = np.exp(result)
        return value


@dataclass(frozen=True)
class StraySky:
    """Stray light in every direction of an observer's sky.

    Attributes
    ----------
    electrons
        Per pixel and exposure for as much irradiance on the detector as the Sun's at 1 au.
    curve
        The telescope's point-source transmittance.
    sunlight
        Share of the Sun's light that reaches the telescope, over the square of its distance in au, (k,).
    glows
        Of the Earth and the Moon, where they shine.
    """

    electrons: float
    curve: photometry.PointSourceTransmittance
    sunlight: Floats
    glows: tuple[_Glow, ...]

    def per_pixel(self, directions: Floats, sun_angle_rad: Floats) -> Floats:
        """Return electrons in a pixel, (n, k), for directions (n, k, 3) at these angles (n, k) from the Sun."""
        irradiance = self.curve.at(sun_angle_rad) * self.sunlight
        for glow in self.glows:
            irradiance = irradiance + glow.at(directions)
        return self.electrons * irradiance


def stray_sky(sky: Sky, wanted: StrayLight, telescope: Instrument) -> StraySky:
    """Table the stray light of an observer's sky.

    Parameters
    ----------
    sky
        The observer at k instants.
    wanted
        Which lights, through which curve.
    telescope
        What turns light into electrons.
    """
    curve = transmittance(wanted)
    response = telescope.passband.times(telescope.quantum_efficiency)
    electrons = float(photometry.stray_electron_rate(np.ones(1), telescope.pixel_area_m2, response)[0])
    occulters = [
        photometry.Occulter(body.center_km, body.radius_km, body.flattening, body.pole)
        for body in (sky.earth, sky.moon)
    ]
    distance_au = sky.sun.distance_km / orbits.ASTRONOMICAL_UNIT_KM
    seen = photometry.sunlight_fraction(np.zeros(3), sky.sun.center_km, occulters)
    glows = tuple(
        _glow(body, sky, curve)
        for body, shines in ((sky.earth, wanted.earth), (sky.moon, wanted.moon))
        if shines and not body.is_ground.any()
    )
    sunlight = seen / distance_au**2 if wanted.sun else np.zeros(len(seen))
    return StraySky(electrons * telescope.exposure_s, curve, sunlight, glows)


def _glow(body: SkyBody, sky: Sky, curve: photometry.PointSourceTransmittance) -> _Glow:
    count = len(sky.t_tdb_s)
    instants = np.unique(np.linspace(0, count - 1, min(count, _INSTANTS)).round().astype(np.intp))
    margins = np.geomspace(_NEAREST_RAD, _FARTHEST_RAD, _MARGINS)
    ahead, sunwards = _towards_the_sun(body.center_km, sky.sun.center_km)
    rows = []
    for instant in instants:
        lit = photometry.lit_body(body.name, body.center_km[instant], sky.sun.center_km[instant])
        angles = np.minimum(margins + lit.angular_radius_rad, np.pi)
        sights = _around(ahead[instant], sunwards[instant], angles)
        light = photometry.stray_disc_light(sights.reshape(-1, 3), lit, curve).reshape(sights.shape[:-1])
        rows.append(np.log(np.maximum(light, _DARKEST)))
    # From the instants of the table to all, then from the three sides to a parabola.
    place = np.interp(np.arange(count), instants, np.arange(len(instants)))
    before = np.minimum(place.astype(np.intp), max(len(instants) - 2, 0))
    after, rest = np.minimum(before + 1, len(instants) - 1), (place - before)[:, None, None]
    table = np.stack(rows)
    towards, beside, opposite = np.moveaxis((1.0 - rest) * table[before] + rest * table[after], 1, 0)
    parabola = (beside, 0.5 * (towards - opposite), 0.5 * (towards + opposite) - beside)
    return _Glow(body, sunwards, np.stack(parabola))


def _towards_the_sun(center_km: Floats, sun_km: Floats) -> tuple[Floats, Floats]:
    """Return unit vectors (k, 3) to a body, and across them to the Sun's side."""
    ahead = orbits.unit_vectors(center_km)
    across = sun_km - np.sum(sun_km * ahead, axis=1, keepdims=True) * ahead
    # Straight behind or before it there is no side: any will do.
    straight = np.linalg.norm(across, axis=1) < 1e-9 * np.linalg.norm(sun_km, axis=1)
    across[straight] = np.cross(ahead[straight], np.array([0.267, 0.535, 0.802]))
    return ahead, orbits.unit_vectors(across)


def _around(ahead: Floats, sunwards: Floats, angles_rad: Floats) -> Floats:
    """Return unit vectors (sides, angles, 3) at angles from a body's centre."""
    aside = np.cross(ahead, sunwards)
    sideways = _SIDES[:, None] * sunwards + np.sqrt(1.0 - _SIDES**2)[:, None] * aside
    sights: Floats = (
        np.cos(angles_rad)[None, :, None] * ahead + np.sin(angles_rad)[None, :, None] * sideways[:, None, :]
    )
    return sights
