"""The stars of an exposure: which, where on the pixels, and how many electrons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
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

    @property
    def unresolved_from_g(self) -> float:
        """G magnitude below which stars are background light: where drawing them one by one ends."""
        return self.limit_g if self.synthetic else min(self.limit_g, self.synthetic_from_g)


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

    def select(self, chosen: NDArray[np.bool_]) -> StarField:
        """Return the stars for which a mask (n,) is true."""
        return StarField(stars.select(self.table, chosen), self.synthetic[chosen], self.electron_rate[chosen])


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
    ra_deg, dec_deg = (float(angle) for angle in orbits.angles_from_directions(centre))
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
    direction = orbits.directions_from_angles(table.ra_deg, table.dec_deg)
    separation = orbits.angular_separation_rad(direction, centre)
    return stars.select(table, (separation <= radius_rad) & (table.g_mag <= limit_g))
