"""Which stars there are and how many: catalogues, proper motion, star counts."""

from __future__ import annotations

from skyforge.stars.astrometry import astrometric_directions
from skyforge.stars.counts import BRIGHTEST_G as BRIGHTEST_SYNTHETIC_G
from skyforge.stars.counts import cumulative_counts_per_deg2
from skyforge.stars.gaia_bright import CatalogInfo, gaia_bright_cone, gaia_bright_info
from skyforge.stars.galactic import galactic_from_icrf, icrf_from_galactic
from skyforge.stars.region import Cone, Polygon, Region
from skyforge.stars.starlight import unresolved_bp_rp, unresolved_g_flux_per_deg2
from skyforge.stars.synthetic import synthetic_cone, synthetic_stars
from skyforge.stars.table import StarTable, concatenate, select
from skyforge.stars.user_table import read_table

__all__ = [
    "BRIGHTEST_SYNTHETIC_G",
    "CatalogInfo",
    "Cone",
    "Polygon",
    "Region",
    "StarTable",
    "astrometric_directions",
    "concatenate",
    "cumulative_counts_per_deg2",
    "gaia_bright_cone",
    "gaia_bright_info",
    "galactic_from_icrf",
    "icrf_from_galactic",
    "read_table",
    "select",
    "synthetic_cone",
    "synthetic_stars",
    "unresolved_bp_rp",
    "unresolved_g_flux_per_deg2",
]
