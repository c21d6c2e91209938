"""Which colours stars have, by magnitude and galactic latitude."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import SkyforgeError
from skyforge.resources import catalogs_directory


@dataclass(frozen=True)
class ColourModel:
    """Quantiles of BP − RP.

    Parameters
    ----------
    g_mag, abs_b_deg
        Nodes in magnitude (m,) and in absolute galactic latitude, degrees (k,).
    quantiles
        BP − RP at evenly spaced probabilities from 0 to 1, (k, m, levels).
    """

    g_mag: NDArray[np.float64]
    abs_b_deg: NDArray[np.float64]
    quantiles: NDArray[np.float64]


@cache
def colour_model() -> ColourModel:
    """Return the model that ships with skyforge.

    Raises
    ------
    SkyforgeError
        If its file is missing or damaged.
    """
    path = catalogs_directory() / "star-counts" / "colours.csv"
    try:
        rows = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    except (OSError, ValueError) as error:
        raise SkyforgeError(f"cannot read {path}: {error}; install skyforge-sim again") from error
    g_mag, abs_b_deg = np.unique(rows[:, 0]), np.unique(rows[:, 1])
    if len(rows) != g_mag.size * abs_b_deg.size:
        raise SkyforgeError(f"{path} is damaged: it has {len(rows)} rows; install skyforge-sim again")
    return ColourModel(g_mag, abs_b_deg, rows[:, 2:].reshape(abs_b_deg.size, g_mag.size, -1))


def _place(
    nodes: NDArray[np.float64], value: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the node below each value and the fraction of the way to the next; beyond the ends, the end."""
    inside = np.clip(value, nodes[0], nodes[-1])
    below = np.clip(np.searchsorted(nodes, inside, side="right") - 1, 0, nodes.size - 2)
    return below, (inside - nodes[below]) / (nodes[below + 1] - nodes[below])


def colour_quantiles(g_mag: float, b_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles of BP − RP at one magnitude for several latitudes.

    Parameters
    ----------
    g_mag
        Gaia G magnitude.
    b_deg
        Galactic latitude, degrees, shape (n,).

    Returns
    -------
    NDArray
        BP − RP at evenly spaced probabilities from 0 to 1, (n, levels).
    """
    model = colour_model()
    g_below, g_fraction = _place(model.g_mag, np.asarray(g_mag, dtype=np.float64))
    table = (1.0 - g_fraction) * model.quantiles[:, g_below] + g_fraction * model.quantiles[:, g_below + 1]
    below, fraction = _place(model.abs_b_deg, np.abs(b_deg))
    weight = fraction[:, None]
    return np.asarray((1.0 - weight) * table[below] + weight * table[below + 1])


def colour_from_uniform(
    quantiles: NDArray[np.float64], row: NDArray[np.intp], uniform: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return BP − RP of stars from uniform numbers, by the inverse of the cumulative distribution.

    Parameters
    ----------
    quantiles
        As `colour_quantiles` returns them, (m, levels).
    row
        Which row of `quantiles` holds for each star, (n,).
    uniform
        Numbers in (0, 1), shape (n,).
    """
    levels = quantiles.shape[1]
    place = uniform * (levels - 1)
    below = place.astype(np.intp)
    flat = quantiles.ravel()
    first = row * levels + below
    lower = flat[first]
    return np.asarray(lower + (flat[first + 1] - lower) * (place - below))


def mean_colours(g_mag: NDArray[np.float64], b_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean BP − RP of the distributions of `colour_quantiles`.

    Parameters
    ----------
    g_mag
        Gaia G magnitudes, shape (m,).
    b_deg
        Galactic latitudes, degrees, shape (n,).

    Returns
    -------
    NDArray
        Magnitudes, (n, m).
    """
    model = colour_model()
    # Means and interpolation are both linear: the means of a few nodes do instead of those of every place.
    at_nodes = (model.quantiles[..., 1:] + model.quantiles[..., :-1]).mean(axis=2) / 2.0
    g_below, g_fraction = _place(model.g_mag, g_mag)
    table = (1.0 - g_fraction) * at_nodes[:, g_below] + g_fraction * at_nodes[:, g_below + 1]
    below, fraction = _place(model.abs_b_deg, np.abs(b_deg))
    weight = fraction[:, None]
    return np.asarray((1.0 - weight) * table[below] + weight * table[below + 1])
