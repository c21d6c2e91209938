"""How the Sun, the Earth and the Moon light many targets at once, and how bright that makes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry

Floats = NDArray[np.float64]

# Laplace's sphere of influence of the Moon, a (m/M)^(2/5): within it a body is taken to circle the Moon.
_MOONS_SPHERE_KM = 66_100.0
_INSTANT_S = 1e-4  # what counts as an instant of a light curve


@dataclass(frozen=True)
class Lights:
    """The lights of n targets at m instants, where each was when its light left it for the target.

    Attributes
    ----------
    sun_km, earth_km, moon_km
        Barycentric ICRF places, each (n, m, 3).
    center_km, center_km_s
        Place and velocity of the body that each target circles: the Moon within its sphere of influence, or the Earth.
    sunlit
        Share of the Sun's disc that a target sees past the Earth and the Moon, (n, m).
    sunlight
        Share of its light: less than that of its disc in a penumbra, for the Sun's limb is dark.
    """

    sun_km: Floats
    earth_km: Floats
    moon_km: Floats
    center_km: Floats
    center_km_s: Floats
    sunlit: Floats
    sunlight: Floats

    def select(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Lights:
        """Return the lights of some of the targets."""
        return Lights(**{name: value[chosen] for name, value in vars(self).items()})

    def between(self, fractions: Floats) -> Lights:
        """Return the lights at fractions (k,) of the way between two instants (m = 2), as straight lines have them."""
        weights = np.stack([1.0 - fractions, fractions])

        def mixed(values: Floats) -> Floats:
            first, last = values[:, :1], values[:, 1:]
            shape = (-1,) + (1,) * (values.ndim - 2)
            result: Floats = weights[0].reshape(shape) * first + weights[1].reshape(shape) * last
            return result

        return Lights(**{name: mixed(value) for name, value in vars(self).items()})


def lights(target_km: Floats, t_tdb_s: Floats) -> Lights:
    """Work out what lights targets: the Sun past the Earth and the Moon, as their shadows fall with the speed of light.

    Parameters
    ----------
    target_km
        Barycentric ICRF places, (n, m, 3).
    t_tdb_s
        When the targets are there, (n, m).
    """
    # One look-up an instant, for the nearest targets; the others' light left earlier by seconds.
    reference = t_tdb_s.max(axis=0) if len(t_tdb_s) else np.zeros(t_tdb_s.shape[1])
    place, speed = {}, {}
    for name in ("sun", "earth", "moon"):
        at, velocity = orbits.ephemeris().state(name, reference)
        then = at + (t_tdb_s - reference)[..., None] * velocity
        delay = np.linalg.norm(target_km - then, axis=-1) / orbits.SPEED_OF_LIGHT_KM_S
        place[name], speed[name] = then - delay[..., None] * velocity, velocity
    earth = photometry.Occulter(
        place["earth"],
        orbits.EARTH_EQUATORIAL_RADIUS_KM,
        orbits.EARTH_FLATTENING,
        orbits.earth_rotation_axis(reference[:1])[0],
    )
    moon = photometry.Occulter(place["moon"], orbits.body_radius_km("moon"))
    sunlight = photometry.sunlight_fraction(target_km, place["sun"], (earth, moon))
    sunlit = sunlight
    if np.any((sunlight > 0.0) & (sunlight < 1.0)):
        sunlit = photometry.sunlight_fraction(target_km, place["sun"], (earth, moon), limb_darkening=0.0)
    about_moon = (np.linalg.norm(target_km - place["moon"], axis=-1) < _MOONS_SPHERE_KM)[..., None]
    return Lights(
        place["sun"],
        place["earth"],
        place["moon"],
        np.where(about_moon, place["moon"], place["earth"]),
        np.where(about_moon, speed["moon"], speed["earth"]),
        sunlit,
        sunlight,
    )


def steady_flux(
    bodies: photometry.Reflectors,
    target_km: Floats,
    target_km_s: Floats,
    observer_km: Floats,
    t_tdb_s: Floats,
    lit: Lights,
    *,
    earthshine: bool = True,
) -> tuple[Floats, photometry.Scene]:
    """Return the light of n targets at m instants without their light curves, and the scene that it was worked out for.

    Parameters
    ----------
    bodies
        What they are, n.
    target_km, target_km_s
        Barycentric places and velocities when the light left, (n, m, 3).
    observer_km
        Place of the observer when it arrives, (m, 3).
    t_tdb_s
        When it left, (n, m).
    lit
        What lights them.
    earthshine
        Whether the Earth's and the Moon's light is added.

    Returns
    -------
    flux
        Irradiance at the observer over the Sun's at 1 au, (n, m), shadow included.
    seen
        Directions, distances and phase.
    """
    seen = photometry.scene(
        target_km,
        observer_km,
        lit.sun_km,
        t_tdb_s,
        center_km=lit.center_km,
        velocity_km_s=target_km_s - lit.center_km_s,
    )
    flux = photometry.flux_per_sun(bodies.scattering_area(seen), seen) * lit.sunlight
    if earthshine:
        for name, place in (("earth", lit.earth_km), ("moon", lit.moon_km)):
            flux = flux + photometry.second_light_flux(bodies, seen, name, place - target_km)
    return flux, seen


def mean_flicker(bodies: photometry.Reflectors, t_tdb_s: Floats, mean_over_s: float = _INSTANT_S) -> Floats:
    """Return the mean of light curves, (n, m), over a time about each of the instants (n, m)."""
    half = 0.5 * max(mean_over_s, _INSTANT_S)
    return bodies.mean_flicker(t_tdb_s - half, t_tdb_s + half)
