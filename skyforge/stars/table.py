"""What a star catalogue tells about each star, as parallel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

_ARRAYS = (
    "source_id",
    "ra_deg",
    "dec_deg",
    "epoch_jyear",
    "pm_ra_mas_yr",
    "pm_dec_mas_yr",
    "parallax_mas",
    "g_mag",
    "bp_rp",
)


@dataclass(frozen=True)
class StarTable:
    """Stars with their astrometry at a catalogue epoch and their Gaia photometry.

    Every array has shape (n,).

    Parameters
    ----------
    source_id
        Identifier, int64. Positive: Gaia DR3 or the user's own; small negative: minus the Hipparcos number;
        below −2³²: a synthetic star.
    ra_deg, dec_deg
        ICRF right ascension and declination at `epoch_jyear`, degrees.
    epoch_jyear
        Julian year (TCB, as Gaia uses it; TDB to within 20 s) for which the position holds.
    pm_ra_mas_yr, pm_dec_mas_yr
        Proper motion, mas per Julian year; the first includes the factor cos(dec).
    parallax_mas
        Parallax, mas; 0 where unknown (infinitely far).
    g_mag
        Gaia G magnitude, Vega system.
    bp_rp
        Gaia colour BP − RP, magnitudes.
    catalog
        Name of the catalogue; several are joined with "+".
    """

    source_id: NDArray[np.int64]
    ra_deg: NDArray[np.float64]
    dec_deg: NDArray[np.float64]
    epoch_jyear: NDArray[np.float64]
    pm_ra_mas_yr: NDArray[np.float64]
    pm_dec_mas_yr: NDArray[np.float64]
    parallax_mas: NDArray[np.float64]
    g_mag: NDArray[np.float64]
    bp_rp: NDArray[np.float64]
    catalog: str = ""

    def __post_init__(self) -> None:
        lengths = {name: np.shape(getattr(self, name)) for name in _ARRAYS}
        if len(set(lengths.values())) != 1 or len(lengths["source_id"]) != 1:
            raise ValueError(f"the columns of a StarTable must have one common length, not {lengths}")

    def __len__(self) -> int:
        return len(self.source_id)


def star_table(
    source_id: NDArray[np.int64],
    ra_deg: NDArray[np.float64],
    dec_deg: NDArray[np.float64],
    g_mag: NDArray[np.float64],
    bp_rp: NDArray[np.float64],
    *,
    epoch_jyear: float,
    catalog: str,
) -> StarTable:
    """Return a table of stars whose proper motion and parallax are not known and count as zero.

    Parameters
    ----------
    source_id, ra_deg, dec_deg, g_mag, bp_rp
        As in `StarTable`, shape (n,).
    epoch_jyear
        Julian year for which all positions hold.
    catalog
        Name of the catalogue.
    """
    # Read-only views of one number: millions of faint stars need not carry four columns of constants.
    zeros = np.broadcast_to(np.float64(0.0), source_id.shape)
    epochs = np.broadcast_to(np.float64(epoch_jyear), source_id.shape)
    return StarTable(source_id, ra_deg, dec_deg, epochs, zeros, zeros, zeros, g_mag, bp_rp, catalog)


def select(table: StarTable, chosen: NDArray[np.bool_] | NDArray[np.intp] | slice) -> StarTable:
    """Return the stars of `table` that a mask, an index array or a slice chooses.

    Parameters
    ----------
    table
        The stars to choose from.
    chosen
        Boolean mask of shape (n,), indices, or a slice.
    """
    columns = {name: getattr(table, name)[chosen] for name in _ARRAYS}
    return StarTable(**columns, catalog=table.catalog)


def concatenate(tables: Sequence[StarTable]) -> StarTable:
    """Return one table with the stars of all `tables`, in their order.

    Parameters
    ----------
    tables
        Any number of tables; none gives an empty table.
    """
    if len(tables) == 1:
        return tables[0]
    if not tables:
        nothing = np.empty(0)
        return star_table(
            nothing.astype(np.int64), nothing, nothing, nothing, nothing, epoch_jyear=2000.0, catalog=""
        )
    columns = {name: np.concatenate([getattr(table, name) for table in tables]) for name in _ARRAYS}
    names = dict.fromkeys(table.catalog for table in tables if table.catalog)
    return StarTable(**columns, catalog="+".join(names))


# The array names above are typed twice; this keeps them from drifting apart.
assert tuple(field.name for field in fields(StarTable))[:-1] == _ARRAYS  # noqa: S101
