"""The stars of an exposure: which, where on the pixels, and how many electrons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
from skyforge.simulate.attitude import spherical_deg
from skyforge.simulate.instrument import Instrument

Floats = NDArray[np.float64]

EMBEDDED_LIMIT_G = 10.0
"""The embedded catalogue holds every Gaia star brighter than this; the statistical ones begin here."""


@dataclass(frozen=True)
class StarSelection:
    """Which stars a scenario wants.

    Attributes
    ----------
    embedded
        Whether the embedded catalogue of real stars is used.
    table
        The user's own stars, all of them; None without.
    synthetic
        Whether fainter stars are drawn from the statistical model.
    limit_g
        Faintest G magnitude that is drawn star by star.
    """

    embedded: bool
    table: stars.StarTable | None
    synthetic: bool
    limit_g: float

    @property
    def synthetic_from_g(self) -> float:
        """G magnitude at which the statistical stars take over from the catalogues."""
        if self.table is not None and len(self.table):
            faintest = float(np.nanmax(self.table.g_mag))
            return max(EMBEDDED_LIMIT_G, faintest) if self.embedded else faintest
        return EMBEDDED_LIMIT_G if self.embedded else stars.BRIGHTEST_SYNTHETIC_G


@dataclass(frozen=True)
class StarField:
    """The stars that may throw light on a frame, with what does not change while the telescope stares at them.

    Attributes
    ----------
    table
        The stars' catalogue entries, n of them.
    synthetic
        Mask (n,): drawn from the statistical model.
    electron_rate
        Photo-electrons per second of each, (n,).
    """

    table: stars.StarTable
    synthetic: NDArray[np.bool_]
    electron_rate: Floats

    def __len__(self) -> int:
        return len(self.table)


def star_field(selection: StarSelection, centre: Floats, radius_rad: float, instrument: Instrument) -> StarField:
    """Gather the stars within a cone.

    Parameters
    ----------
    selection
        Which stars the scenario wants.
    centre
        Astrometric unit vector (3,) of the cone's axis.
    radius_rad
        Radius of the cone, in radians.
    instrument
        What turns magnitudes into electrons.
    """
    ra_deg, dec_deg = (float(angle) for angle in spherical_deg(centre))
    radius_deg = float(np.degrees(radius_rad))
    real: list[stars.StarTable] = []
    if selection.embedded:
        real.append(stars.gaia_bright_cone(ra_deg, dec_deg, radius_deg, min(selection.limit_g, EMBEDDED_LIMIT_G)))
    if selection.table is not None:
        real.append(_within(selection.table, centre, radius_rad, selection.limit_g))
    drawn: list[stars.StarTable] = []
    if selection.synthetic and selection.limit_g > selection.synthetic_from_g:
        drawn.append(
            stars.synthetic_cone(ra_deg, dec_deg, radius_deg, selection.synthetic_from_g, selection.limit_g)
        )
    table = stars.concatenate([*real, *drawn])
    synthetic = np.zeros(len(table), dtype=np.bool_)
    synthetic[sum(map(len, real)) :] = True
    rate = photometry.star_electron_rate(table.g_mag, table.bp_rp, instrument.area_m2, instrument.response)
    return StarField(table, synthetic, rate)


def _within(table: stars.StarTable, centre: Floats, radius_rad: float, limit_g: float) -> stars.StarTable:
    """Return the rows of a user's table inside a cone and brighter than a limit."""
    ra, dec = np.radians(table.ra_deg), np.radians(table.dec_deg)
    direction = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    separation = 2.0 * np.arcsin(np.minimum(0.5 * np.linalg.norm(direction - centre, axis=1), 1.0))
    return stars.select(table, (separation <= radius_rad) & (table.g_mag <= limit_g))


def hidden_by_bodies(directions: Floats, bodies: list[orbits.Disc]) -> NDArray[np.bool_]:
    """Return a mask (n,): the direction points at the disc of a body, which hides all stars behind it."""
    hidden = np.zeros(len(directions), dtype=np.bool_)
    for body in bodies:
        hidden |= directions @ body.direction > np.cos(body.angular_radius_rad)
    return hidden
