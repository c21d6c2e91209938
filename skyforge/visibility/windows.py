"""Stretches of time in which a target can be seen, or cannot for one reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skyforge.visibility.glances import Glances
from skyforge.visibility.reasons import Reason

Floats = NDArray[np.float64]


def _column(name: str, kind: pa.DataType, unit: str, meaning: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit, "description": meaning})


WINDOW_SCHEMA = pa.schema(
    [
        _column("target", pa.string(), "", "name of the target"),
        _column("kind", pa.string(), "", "what it is"),
        _column("visible", pa.bool_(), "", "whether it can be seen"),
        _column("reason", pa.string(), "", "visible, or why it cannot be seen"),
        _column("begin", pa.timestamp("ms", "UTC"), "", "first instant of the stretch"),
        _column("end", pa.timestamp("ms", "UTC"), "", "last instant of the stretch"),
        _column("epochs", pa.int32(), "", "instants in it"),
        _column(
            "brightest", pa.timestamp("ms", "UTC"), "", "when it is brightest; the next columns are of then"
        ),
        _column("v_mag", pa.float32(), "mag", "Johnson V"),
        _column("snr", pa.float32(), "", "signal-to-noise ratio of one exposure against the dark sky"),
        _column("rate_arcsec_s", pa.float32(), "arcsec/s", "rate against the stars"),
        _column("phase_angle_deg", pa.float32(), "deg", "angle Sun-target-observer"),
        _column("sun_angle_deg", pa.float32(), "deg", "angle from the Sun in the observer's sky"),
        _column("range_km", pa.float64(), "km", "distance"),
        _column(
            "v_mag_faintest", pa.float32(), "mag", "Johnson V when it is faintest; null where it is dark"
        ),
        _column("rate_arcsec_s_least", pa.float32(), "arcsec/s", "least rate in the stretch"),
        _column("rate_arcsec_s_most", pa.float32(), "arcsec/s", "greatest rate in the stretch"),
    ],
    metadata={"skyforge.table": "visibility", "skyforge.version": "1"},
)
"""Columns of the table of windows; each field's metadata holds its ``unit`` and ``description``."""


def windows(
    names: Sequence[str], kinds: Sequence[str], utc: NDArray[np.datetime64], seen: Glances
) -> pa.Table:
    """Return one row for each stretch of instants over which a target keeps its reason, target by target.

    Parameters
    ----------
    names, kinds
        Of the targets, n.
    utc
        The instants, (k,).
    seen
        The targets at these instants.
    """
    count, instants = seen.reason.shape
    reason = seen.reason.ravel()
    changes = np.ones(reason.shape, dtype=np.bool_)
    changes[1:] = reason[1:] != reason[:-1]
    changes[::instants] = True
    first = np.flatnonzero(changes)
    last = np.append(first[1:], reason.size) - 1
    v_mag = np.where(np.isnan(seen.v_mag), np.inf, seen.v_mag).ravel()
    best = _first_least(v_mag, first)
    rows = first // instants
    rate = seen.rate_arcsec_s.ravel()
    faintest = np.maximum.reduceat(v_mag, first) if count else v_mag
    words = np.array([code.words for code in Reason])
    columns = {
        "target": pa.array(names, pa.string()).take(rows),
        "kind": pa.array(kinds, pa.string()).take(rows),
        "visible": reason[first] == Reason.NONE,
        "reason": pa.array(words, pa.string()).take(reason[first]),
        "begin": utc[first % instants],
        "end": utc[last % instants],
        "epochs": last - first + 1,
        "brightest": utc[best % instants],
        "v_mag": _finite(v_mag[best]),
        "snr": seen.snr.ravel()[best],
        "rate_arcsec_s": rate[best],
        "phase_angle_deg": seen.phase_angle_deg.ravel()[best],
        "sun_angle_deg": seen.sun_angle_deg.ravel()[best],
        "range_km": seen.range_km.ravel()[best],
        "v_mag_faintest": _finite(faintest),
        "rate_arcsec_s_least": np.minimum.reduceat(rate, first) if count else rate,
        "rate_arcsec_s_most": np.maximum.reduceat(rate, first) if count else rate,
    }
    return pa.Table.from_arrays(
        [_array(columns[field.name], field.type) for field in WINDOW_SCHEMA], schema=WINDOW_SCHEMA
    )


def _first_least(values: Floats, first: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where in each stretch that begins at `first` the first of the least values stands."""
    if not first.size:
        return first
    lengths = np.diff(np.append(first, values.size))
    stretch = np.repeat(np.arange(first.size), lengths)
    at_least = np.flatnonzero(values == np.minimum.reduceat(values, first)[stretch])
    _, chosen = np.unique(stretch[at_least], return_index=True)
    return at_least[chosen]


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _array(values: pa.Array | NDArray[np.generic], kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values.cast(kind)
    if pa.types.is_timestamp(kind):
        return pa.array(values.astype("datetime64[ms]"), pa.timestamp("ms")).cast(kind)
    if pa.types.is_floating(kind):
        return pa.array(values.astype(kind.to_pandas_dtype()), kind, from_pandas=True)
    return pa.array(values, kind)
