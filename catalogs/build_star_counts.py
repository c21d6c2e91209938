"""Make `catalogs/star-counts/model.csv` from the table of counts beside it.

    python catalogs/build_star_counts.py

The model is the logarithm of the cumulative number of stars per square degree at the nodes of a smooth
interpolant (skyforge.stars.interpolation), and the number of stars in each Magellanic Cloud. The node values
are iterated until the interpolant's mean over each cell is the counted one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.interpolate import PchipInterpolator

from skyforge.stars.counts import CLOUDS, cloud_profile
from skyforge.stars.interpolation import (
    LATITUDE_EDGES_DEG,
    LONGITUDE_CELLS,
    LONGITUDE_STEP_DEG,
    sphere_weights,
)

FOLDER = Path(__file__).parent / "star-counts"
# The column of G < 22 is left out: Gaia is incomplete there.
COUNTED_G = np.array([6.0, 8.0, 9.0, 10.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0])
MODEL_G = np.arange(6.0, 25.01, 0.25)
# Beyond the counts the slope of log N falls as exp(-(G - 21)/8), an assumption: stars run out faster than
# volume grows. With it the galactic poles have 4,000 stars per square degree of G < 22 and 11,000 of G < 25,
# the order of what star-count models of the Galaxy give.
SLOPE_DECAY_MAG = 8.0
# Below G = 16 the Clouds' stars thin out by this slope of log N, so that few are left at G = 10.
CLOUD_BRIGHT_SLOPE = 0.6
POINTS_PER_CELL = 8
# The Clouds are small against a cell.
CLOUD_POINTS_PER_CELL = 128
ITERATIONS = 60


def cell_points(across: int) -> tuple[np.ndarray, np.ndarray]:
    """Return galactic coordinates (168, across²) of points of equal area in each cell."""
    inner = (np.arange(across) + 0.5) / across
    sines = np.sin(np.radians(LATITUDE_EDGES_DEG))
    latitude = np.degrees(np.arcsin(sines[:-1, None] + np.diff(sines)[:, None] * inner))
    longitude = LONGITUDE_STEP_DEG * (np.arange(LONGITUDE_CELLS)[:, None] + inner)
    shape = (latitude.shape[0], LONGITUDE_CELLS, across, across)
    l_deg = np.broadcast_to(longitude[None, :, None, :], shape).reshape(-1, across**2)
    b_deg = np.broadcast_to(latitude[:, None, :, None], shape).reshape(-1, across**2)
    return l_deg, b_deg


def cell_area_deg2() -> np.ndarray:
    """Return the area of each cell (168,), square degrees."""
    band = np.diff(np.sin(np.radians(LATITUDE_EDGES_DEG))) * LONGITUDE_STEP_DEG * 180.0 / np.pi
    return np.repeat(band, LONGITUDE_CELLS)


def with_poles(cells: np.ndarray) -> np.ndarray:
    """Return node values (192, g) from cell values (168, g): a pole has the mean of the cells around it."""
    south = np.broadcast_to(cells[:LONGITUDE_CELLS].mean(axis=0), (LONGITUDE_CELLS, cells.shape[1]))
    north = np.broadcast_to(cells[-LONGITUDE_CELLS:].mean(axis=0), (LONGITUDE_CELLS, cells.shape[1]))
    return np.concatenate([south, cells, north])


def cloud_stars(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the stars in each Cloud (2, g) and what they add to each cell per square degree (168, g).

    A Cloud is what its cells have above the foreground, taken from the cells of the same latitude beside
    both.
    """
    cell = lambda band, sector: band * LONGITUDE_CELLS + sector  # noqa: E731
    area = cell_area_deg2()
    l_deg, b_deg = cell_points(CLOUD_POINTS_PER_CELL)
    mean_profile = np.stack([cloud_profile(name, l_deg, b_deg).mean(axis=1) for name in CLOUDS])
    excess = np.zeros((len(counts), counts.shape[1]))
    for band in (1, 2):
        left, right = np.log(counts[cell(band, 8)]), np.log(counts[cell(band, 11)])
        for sector, share in ((9, 1.0 / 3.0), (10, 2.0 / 3.0)):
            foreground = np.exp((1.0 - share) * left + share * right)
            excess[cell(band, sector)] = counts[cell(band, sector)] - foreground
    large, small = [cell(2, 9)], [cell(1, 10), cell(2, 10)]
    stars = np.stack(
        [
            sum(excess[i] * area[i] for i in cells) / sum(mean_profile[k, i] * area[i] for i in cells)
            for k, cells in enumerate((large, small))
        ]
    )
    bright = COUNTED_G < 16.0
    first = int(np.argmin(bright))
    stars[:, bright] = stars[:, [first]] * 10.0 ** (CLOUD_BRIGHT_SLOPE * (COUNTED_G[bright] - 16.0))
    return stars, mean_profile.T @ stars


def fitted_nodes(counts: np.ndarray) -> np.ndarray:
    """Return node values of log10 N (192, g) whose interpolant has the mean `counts` in each cell."""
    nodes, weights = sphere_weights(*cell_points(POINTS_PER_CELL))
    cells = np.log10(counts)
    for _ in range(ITERATIONS):
        values = np.einsum("cpk,cpkg->cpg", weights, with_poles(cells)[nodes])
        cells = cells + 0.7 * (np.log10(counts) - np.log10((10.0**values).mean(axis=1)))
    error = (10.0**values).mean(axis=1) / counts - 1.0
    print("largest error of a cell's mean:", np.abs(error).max(axis=0).round(5))
    return with_poles(cells)


def along_magnitude(log_counts: np.ndarray) -> np.ndarray:
    """Return log10 N on the model's magnitudes, (..., 77), from the counted ones, (..., 10)."""
    inside = COUNTED_G[-1] >= MODEL_G
    curve = PchipInterpolator(COUNTED_G, log_counts, axis=-1)(MODEL_G[inside])
    # Over the last two magnitudes, as crowded fields have begun to lose stars in the last one.
    slope = (log_counts[..., -1:] - log_counts[..., -3:-2]) / 2.0
    beyond = 1.0 - np.exp(-(MODEL_G[~inside] - COUNTED_G[-1]) / SLOPE_DECAY_MAG)
    return np.concatenate([curve, log_counts[..., -1:] + slope * SLOPE_DECAY_MAG * beyond], axis=-1)


def main() -> None:
    """Build model.csv."""
    table = np.genfromtxt(FOLDER / "gaia_dr3_counts_per_deg2.csv", delimiter=",", names=True)
    counts = np.stack([table[f"n_G_lt_{g:.0f}"] for g in COUNTED_G], axis=-1)
    stars, in_cells = cloud_stars(counts)
    nodes = along_magnitude(fitted_nodes(counts - in_cells))
    clouds = along_magnitude(np.log10(stars))
    lines = ["node," + ",".join(f"{g:.2f}" for g in MODEL_G)]
    for name, row in zip([*map(str, range(len(nodes))), *CLOUDS], [*nodes, *clouds], strict=True):
        lines.append(name + "," + ",".join(f"{value:.5f}" for value in row))
    (FOLDER / "model.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
