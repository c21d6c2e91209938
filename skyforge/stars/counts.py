"""How many stars the sky has: a smooth model of the cumulative counts of Gaia DR3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError, SkyforgeError
from skyforge.resources import catalogs_directory
from skyforge.stars.galactic import unit_vectors
from skyforge.stars.interpolation import NODES, sphere_weights

# Centre (galactic l, b; degrees) and scale length (degrees). The scales, and the Small Cloud's centre 0.4° north of
# the optical one, make each Cloud divide between the cells that it lies across as counted at G < 20.
CLOUDS = {"LMC": (280.47, -32.89, 1.1), "SMC": (302.80, -43.90, 0.60)}

BRIGHTEST_G = 6.0
FAINTEST_G = 25.0
G_STEP = 0.25
# Points interpolated at a time, so that the weights of a whole sky need not fit into memory.
_BLOCK = 16384


@dataclass(frozen=True)
class StarCountModel:
    """The fitted model.

    Parameters
    ----------
    g_mag
        Magnitudes of the model, ascending, (m,).
    log_counts
        log10 of the number of stars per square degree brighter than `g_mag` at the nodes, (nodes, m).
    log_cloud_stars
        log10 of the number of stars in each Magellanic Cloud brighter than `g_mag`, (2, m).
    """

    g_mag: NDArray[np.float64]
    log_counts: NDArray[np.float64]
    log_cloud_stars: NDArray[np.float64]


@cache
def star_count_model() -> StarCountModel:
    """Return the model that ships with skyforge.

    Raises
    ------
    SkyforgeError
        If its file is missing or damaged.
    """
    path = catalogs_directory() / "star-counts" / "model.csv"
    try:
        with path.open(encoding="utf-8") as file:
            g_mag = np.array([float(text) for text in file.readline().split(",")[1:]])
            rows = np.array([[float(text) for text in line.split(",")[1:]] for line in file])
    except (OSError, ValueError) as error:
        raise SkyforgeError(f"cannot read {path}: {error}; install skyforge-sim again") from error
    if rows.shape != (NODES + len(CLOUDS), g_mag.size):
        raise SkyforgeError(f"{path} is damaged: its table is {rows.shape}; install skyforge-sim again")
    return StarCountModel(g_mag, rows[:NODES], rows[NODES:])


def cloud_profile(name: str, l_deg: NDArray[np.float64], b_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of a Magellanic Cloud's stars per square degree: an exponential disc, round at heart.

    Parameters
    ----------
    name
        "LMC" or "SMC".
    l_deg, b_deg
        Galactic coordinates, degrees, any common shape.
    """
    centre_l, centre_b, scale_deg = CLOUDS[name]
    centre = unit_vectors(np.float64(centre_l), np.float64(centre_b))  # type: ignore[arg-type]
    chord = np.linalg.norm(unit_vectors(l_deg, b_deg) - centre, axis=-1)
    distance = np.degrees(2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0))) / scale_deg
    # With core radius = scale length the integral over the plane is 4π scale² / e.
    profile = np.exp(1.0 - np.sqrt(1.0 + distance**2)) / (4.0 * np.pi * scale_deg**2)
    return np.asarray(profile)


def log_counts_at(
    l_deg: NDArray[np.float64], b_deg: NDArray[np.float64], first: int = 0, last: int | None = None
) -> NDArray[np.float64]:
    """Return the natural logarithm of the cumulative counts at the model's magnitudes.

    Parameters
    ----------
    l_deg, b_deg
        Galactic coordinates, degrees, shape (n,).
    first, last
        The part of the model's magnitudes that is wanted, as in a slice.

    Returns
    -------
    NDArray
        ln N per square degree, (n, magnitudes).
    """
    model = star_count_model()
    wanted = slice(first, last)
    table = model.log_counts[:, wanted]
    values = np.zeros((l_deg.size, table.shape[1]))
    for start in range(0, l_deg.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        nodes, weights = sphere_weights(l_deg[block], b_deg[block])
        for k in range(nodes.shape[1]):
            values[block] += weights[:, k, None] * table[nodes[:, k]]
    density = 10.0**values
    for k, name in enumerate(CLOUDS):
        stars = 10.0 ** model.log_cloud_stars[k, wanted]
        density += cloud_profile(name, l_deg, b_deg)[:, None] * stars
    return np.asarray(np.log(density))


def check_magnitude(g_mag: NDArray[np.float64], faintest: float = FAINTEST_G) -> None:
    """Refuse magnitudes that the star counts do not reach.

    Raises
    ------
    InputError
        If a magnitude is not finite, brighter than G = 6 or fainter than `faintest`.
    """
    outside = ~((g_mag >= BRIGHTEST_G) & (g_mag <= faintest))
    if np.any(outside):
        found = float(np.asarray(g_mag)[outside].flat[0])
        limits = (
            f"between {BRIGHTEST_G:g} and {faintest:g}"
            if np.isfinite(faintest)
            else f"of {BRIGHTEST_G:g} or fainter"
        )
        raise InputError(f"star counts are known for G {limits}; found G = {found:g}")


def cumulative_counts_per_deg2(l_deg: ArrayLike, b_deg: ArrayLike, g_mag: ArrayLike) -> NDArray[np.float64]:
    """Return the number of stars per square degree brighter than a magnitude.

    The model follows the counts of Gaia DR3 in 168 cells of the sky up to G = 21 and extrapolates beyond; log
    N is linear between its magnitudes, 0.25 apart.

    Parameters
    ----------
    l_deg, b_deg
        Galactic longitude and latitude, degrees, of a common shape with `g_mag` or broadcast to it.
    g_mag
        Gaia G magnitude, 6 to 25.

    Returns
    -------
    NDArray
        N(< G) per square degree.

    Raises
    ------
    InputError
        If a magnitude lies outside the model.
    """
    longitude, latitude, magnitude = np.broadcast_arrays(
        np.asarray(l_deg, dtype=np.float64),
        np.asarray(b_deg, dtype=np.float64),
        np.asarray(g_mag, dtype=np.float64),
    )
    check_magnitude(magnitude)
    if not magnitude.size:
        return np.zeros(magnitude.shape)
    place = (magnitude.ravel() - BRIGHTEST_G) / G_STEP
    below = np.minimum(place.astype(np.intp), star_count_model().g_mag.size - 2)
    first = int(below.min())
    log_counts = log_counts_at(longitude.ravel(), latitude.ravel(), first, int(below.max()) + 2)
    which = np.arange(below.size)
    lower, upper = log_counts[which, below - first], log_counts[which, below - first + 1]
    return np.asarray(np.exp(lower + (upper - lower) * (place - below)).reshape(magnitude.shape))
