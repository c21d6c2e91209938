"""The real stars that ship with skyforge: Gaia DR3 brighter than G = 10, Hipparcos for the very brightest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import SkyforgeError
from skyforge.resources import catalogs_directory
from skyforge.stars.galactic import unit_vectors
from skyforge.stars.region import check_cone, cone_pixels, inside_cone
from skyforge.stars.table import StarTable, concatenate, select

CATALOG_NAME = "gaia-bright"
# The catalogue is complete to here; the synthetic stars begin here.
GAIA_BRIGHT_LIMIT_G = 10.0
GAIA_EPOCH_JYEAR = 2016.0
# Median of the catalogue's own BP − RP, for the 0.06 % of its stars that Gaia gives no colour.
MEDIAN_BP_RP = 1.153

_COLUMNS = ("source_id", "ra", "dec", "pmra", "pmdec", "parallax", "phot_g_mean_mag", "bp_rp")


@dataclass(frozen=True)
class CatalogInfo:
    """What a shipped catalogue holds, for people.

    Parameters
    ----------
    name, title
        How skyforge calls it, and in words.
    stars
        Number of stars.
    gaia_stars
        How many of them are from Gaia DR3; the others are from Hipparcos.
    g_limit
        Faintest G magnitude.
    epoch_jyear
        Julian year of the positions.
    licence, credit
        Under which licence the data are passed on, and whom to thank.
    path
        Where it lies on this machine.
    size_bytes
        Its size on disk.
    """

    name: str
    title: str
    stars: int
    gaia_stars: int
    g_limit: float
    epoch_jyear: float
    licence: str
    credit: str
    path: Path
    size_bytes: int


def _folder() -> Path:
    return catalogs_directory() / CATALOG_NAME


@cache
def _properties() -> dict[str, str]:
    path = _folder() / "hats.properties"
    if not path.is_file():
        raise SkyforgeError(
            f"the catalogue {CATALOG_NAME} is missing: there is no {path}; install skyforge-sim again"
        )
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def gaia_bright_info() -> CatalogInfo:
    """Return the catalogue's size, limit, epoch and licence.

    Raises
    ------
    SkyforgeError
        If the catalogue is missing.
    """
    properties = _properties()
    licence = properties["obs_copyright"].split(", ", 1)[1]
    return CatalogInfo(
        name=CATALOG_NAME,
        title=properties["obs_title"],
        stars=int(properties["hats_nrows"]),
        gaia_stars=int(properties["skyforge_gaia_rows"]),
        g_limit=float(properties["skyforge_g_limit"]),
        epoch_jyear=float(properties["hats_coordinate_epoch"].removeprefix("J")),
        licence=licence,
        credit="ESA/Gaia/DPAC (https://www.cosmos.esa.int/gaia)",
        path=_folder(),
        size_bytes=sum(path.stat().st_size for path in _folder().rglob("*") if path.is_file()),
    )


@cache
def _partition(pixel: int) -> tuple[StarTable, NDArray[np.float64]]:
    """Return the stars of one partition, brightest first, and their unit vectors (n, 3)."""
    import pyarrow.parquet as pq

    order = int(_properties()["hats_order"])
    path = _folder() / "dataset" / f"Norder={order}" / "Dir=0" / f"Npix={pixel}.parquet"
    try:
        columns = pq.ParquetFile(path).read(columns=list(_COLUMNS), use_threads=False)
    except (OSError, ValueError) as error:
        raise SkyforgeError(f"cannot read {path}: {error}; install skyforge-sim again") from error
    brightest_first = np.argsort(columns["phot_g_mean_mag"].to_numpy(), kind="stable")
    values = {name: columns[name].to_numpy()[brightest_first] for name in _COLUMNS}
    numbers = {name: values[name].astype(np.float64) for name in _COLUMNS[1:]}
    colour = np.where(np.isnan(numbers["bp_rp"]), MEDIAN_BP_RP, numbers["bp_rp"])
    table = StarTable(
        source_id=values["source_id"],
        ra_deg=numbers["ra"],
        dec_deg=numbers["dec"],
        epoch_jyear=np.full(len(colour), GAIA_EPOCH_JYEAR),
        pm_ra_mas_yr=numbers["pmra"],
        pm_dec_mas_yr=numbers["pmdec"],
        parallax_mas=numbers["parallax"],
        g_mag=numbers["phot_g_mean_mag"],
        bp_rp=colour,
        catalog=CATALOG_NAME,
    )
    return table, unit_vectors(table.ra_deg, table.dec_deg)


def gaia_bright_cone(
    ra_deg: float, dec_deg: float, radius_deg: float, g_limit: float = GAIA_BRIGHT_LIMIT_G
) -> StarTable:
    """Return the catalogued stars within a circle on the sky, at the catalogue's epoch.

    Parameters
    ----------
    ra_deg, dec_deg
        ICRF direction of the centre, degrees.
    radius_deg
        Radius, degrees, up to 180 (the whole sky).
    g_limit
        Only stars brighter than this; the catalogue ends at G = 10.

    Returns
    -------
    StarTable
        Positions at epoch 2016.0. Stars without a measured colour have the catalogue's median.

    Raises
    ------
    InputError
        If the cone is not on the sky.
    SkyforgeError
        If the catalogue is missing or damaged.
    """
    check_cone(ra_deg, dec_deg, radius_deg)
    order = int(_properties()["hats_order"])
    pixels, wholly_inside = cone_pixels(ra_deg, dec_deg, radius_deg, order)
    found = []
    for pixel, inside in zip(pixels.tolist(), wholly_inside.tolist(), strict=True):
        table, vectors = _partition(pixel)
        bright = slice(0, int(np.searchsorted(table.g_mag, g_limit)))
        table, vectors = select(table, bright), vectors[bright]
        found.append(table if inside else select(table, inside_cone(vectors, ra_deg, dec_deg, radius_deg)))
    return concatenate(found)
