"""The stars of an exposure: which, where on the pixels, and how many electrons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
from skyforge.simulate.chunks import over_chunks
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
    synthetic_from
        Row at which the stars of the statistical model begin; catalogue stars come first.
    electron_rate
        Photo-electrons per second of each, (n,).
    directions
        ICRF unit vectors of the catalogue places, (n, 3).
    moving
        Rows of the stars that have a proper motion or a parallax.
    """

    table: stars.StarTable
    synthetic_from: int
    electron_rate: Floats
    directions: Floats
    moving: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.table)

    def astrometric(self, t_tdb_s: float, observer_km: Floats) -> Floats:
        """Return the astrometric unit vectors (n, 3) at an instant, as seen from a barycentric position (3,) in km."""
        if not self.moving.size:
            return self.directions
        directions = self.directions.copy()
        directions[self.moving] = stars.astrometric_directions(
            stars.select(self.table, self.moving), t_tdb_s, observer_km
        )
        return directions


def star_field(
    selection: StarSelection, centre: Floats, radius_rad: float, faint: stars.Region, instrument: Instrument
) -> StarField:
    """Gather the stars that may throw light on a frame.

    Parameters
    ----------
    selection
        Which stars the scenario wants.
    centre
        Astrometric unit vector (3,) of the axis of the cone in which catalogue stars are wanted.
    radius_rad
        Radius of the cone, in radians.
    faint
        Part of the sky in which stars of the statistical model are wanted: too faint to shine far, and too many to
        draw where they are not seen.
    instrument
        What turns magnitudes into electrons.
    """
    ra_deg, dec_deg = (float(angle) for angle in orbits.angles_from_directions(centre))
    radius_deg = float(np.degrees(radius_rad))
    real: list[stars.StarTable] = []
    if selection.embedded:
        real.append(
            stars.gaia_bright_cone(ra_deg, dec_deg, radius_deg, min(selection.limit_g, EMBEDDED_LIMIT_G))
        )
    if selection.table is not None:
        real.append(_within(selection.table, centre, radius_rad, selection.limit_g))
    drawn: list[stars.StarTable] = []
    if selection.synthetic and selection.limit_g > selection.synthetic_from_g:
        drawn.append(stars.synthetic_stars(faint, selection.synthetic_from_g, selection.limit_g))
    table = stars.concatenate([*real, *drawn])
    rate, directions = np.empty(len(table)), np.empty((len(table), 3))

    def work(rows: slice) -> None:
        rate[rows] = photometry.star_electron_rate(
            table.g_mag[rows], table.bp_rp[rows], instrument.area_m2, instrument.response
        )
        directions[rows] = orbits.directions_from_angles(table.ra_deg[rows], table.dec_deg[rows])

    over_chunks(len(table), work)
    moving = np.flatnonzero(
        (table.pm_ra_mas_yr != 0.0) | (table.pm_dec_mas_yr != 0.0) | (table.parallax_mas != 0.0)
    )
    return StarField(table, sum(map(len, real)), rate, directions, moving)


def _within(table: stars.StarTable, centre: Floats, radius_rad: float, limit_g: float) -> stars.StarTable:
    """Return the rows of a user's table inside a cone and brighter than a limit."""
    direction = orbits.directions_from_angles(table.ra_deg, table.dec_deg)
    separation = orbits.angular_separation_rad(direction, centre)
    return stars.select(table, (separation <= radius_rad) & (table.g_mag <= limit_g))
