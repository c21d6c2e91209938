"""Make `catalogs/star-counts/colours.csv`: the distribution of BP − RP by magnitude and galactic latitude.

    python catalogs/build_star_colours.py

No survey's colours ship with skyforge below G = 10. What is written here is a population model of the Galaxy,
its assumptions named below, pulled onto the true colours of the embedded catalogue at G = 9 to 10.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skyforge.stars.gaia_bright import gaia_bright_cone
from skyforge.stars.galactic import galactic_from_icrf

OUTPUT = Path(__file__).parent / "star-counts" / "colours.csv"
LEVELS = np.linspace(0.0, 1.0, 33)
# The outermost levels stop short of the single strangest star.
PROBABILITY = np.clip(LEVELS, 0.002, 0.998)
NODE_G = np.array([9.5, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 25.0])
NODE_B_DEG = np.array([0.0, 2.5, 7.5, 15.0, 25.0, 37.5, 52.5, 75.0, 90.0])
CATALOG_BANDS_DEG = [(0, 1.5), (1.5, 5), (5, 10), (10, 20), (20, 30), (30, 45), (45, 60), (60, 90), (60, 90)]
# How fast, in magnitudes, the pull of the real colours at G = 9.5 fades.
PULL_MAG = 3.0

# Absolute G and BP − RP of dwarfs: Pecaut & Mamajek (2013), ApJS 208, 9, and its continued table, rounded.
DWARF_M = np.array(
    [-2.5, -1.0, 0.6, 1.9, 2.5, 3.4, 4.2, 4.65, 5.7, 6.4, 7.1, 7.6, 8.2, 9.2, 10.2, 11.6, 13.4, 15.0]
)
DWARF_COLOUR = np.array(
    [
        -0.35,
        -0.25,
        0.0,
        0.28,
        0.38,
        0.59,
        0.78,
        0.82,
        0.98,
        1.20,
        1.43,
        1.70,
        1.84,
        2.20,
        2.50,
        2.80,
        3.30,
        3.95,
    ]
)
# Stars per 1000 pc³ and magnitude near the Sun, after Reid, Gizis & Hawley (2002), AJ 124, 2721, rounded.
LOCAL_M = np.array(
    [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 15.0]
)
LOCAL_DENSITY = np.array(
    [0.004, 0.02, 0.1, 0.3, 0.8, 1.5, 2.6, 3.3, 3.4, 3.2, 4.0, 6.0, 8.5, 11.0, 10.0, 8.0, 6.0]
)
# Giants: a branch that rises by 0.25 dex a magnitude and the red clump.
GIANT_M = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.2])
GIANT_COLOUR = np.array([2.3, 1.75, 1.42, 1.22, 1.13, 1.05, 0.98])
GIANT_DENSITY_AT_0 = 0.05
CLUMP_DENSITY, CLUMP_M, CLUMP_SIGMA = 0.25, 0.5, 0.25
# Scale heights and lengths (pc), local share: Jurić et al. (2008), ApJ 673, 864, rounded.
THICK_SHARE, THICK_HEIGHT = 0.12, 900.0
HALO_SHARE, HALO_EXPONENT, HALO_FLATTENING = 0.004, 2.8, 0.64
DISC_LENGTH, SUN_RADIUS = 2600.0, 8200.0
OLD_THIN_HEIGHT, YOUNG_THIN_HEIGHT = 300.0, 90.0
# The old populations have left the main sequence above this and are bluer for their poverty in metals.
TURN_OFF_M, HALO_BLUER = 4.0, 0.2
# Dust: 0.7 mag of A_G per kpc in the plane near the Sun, 125 pc thick; E(BP − RP) = A_G/1.9 (Casagrande &
# VandenBerg 2018, MNRAS 479, L102, for a star like the Sun).
DUST_MAG_PER_PC, DUST_HEIGHT, DUST_LENGTH, REDDENING_RATIO = 0.7e-3, 125.0, 3500.0, 1.9
LONGITUDES_DEG = (20.0, 70.0, 120.0, 170.0)
COLOUR_SCATTER = 0.08
COLOUR_BINS = np.linspace(-0.8, 6.0, 681)


def stellar_kinds() -> list[tuple[np.ndarray, np.ndarray, np.ndarray, bool]]:
    """Return (absolute magnitude, intrinsic colour, density per pc³, giant or not) of dwarfs and giants."""
    dwarf = np.arange(-2.5, 15.0, 0.1)
    local = 10.0 ** np.interp(dwarf, LOCAL_M, np.log10(LOCAL_DENSITY))
    giant = np.arange(-2.5, 3.2, 0.1)
    clump = np.exp(-(((giant - CLUMP_M) / CLUMP_SIGMA) ** 2) / 2.0) / (CLUMP_SIGMA * np.sqrt(2.0 * np.pi))
    branch = GIANT_DENSITY_AT_0 * 10.0 ** (0.25 * giant) + CLUMP_DENSITY * clump
    return [
        (dwarf, np.interp(dwarf, DWARF_M, DWARF_COLOUR), local * 1e-4, False),
        (giant, np.interp(giant, GIANT_M, GIANT_COLOUR), branch * 1e-4, True),
    ]


def sight_line(l_deg: float, b_deg: float) -> dict[str, np.ndarray]:
    """Return distance, volume, disc and halo shape and extinction along a line of sight."""
    edges = np.geomspace(5.0, 60000.0, 500)
    distance = np.sqrt(edges[1:] * edges[:-1])
    l, b = np.radians([l_deg, b_deg])  # noqa: E741
    z = np.abs(distance * np.sin(b))
    x = SUN_RADIUS - distance * np.cos(b) * np.cos(l)
    radius = np.hypot(x, distance * np.cos(b) * np.sin(l))
    dust = DUST_MAG_PER_PC * np.exp(-z / DUST_HEIGHT - (radius - SUN_RADIUS) / DUST_LENGTH)
    halo_radius = np.sqrt(radius**2 + (z / HALO_FLATTENING) ** 2)
    return {
        "distance": distance,
        "volume": (edges[1:] ** 3 - edges[:-1] ** 3) / 3.0,
        "z": z,
        "disc": np.exp(-(radius - SUN_RADIUS) / DISC_LENGTH),
        "halo": (np.maximum(halo_radius, 500.0) / SUN_RADIUS) ** -HALO_EXPONENT,
        "extinction": np.cumsum(dust * np.diff(edges)),
    }


def colour_histograms(b_deg: float) -> np.ndarray:
    """Return histograms of BP − RP (node G, colour bin) at a latitude, averaged over longitude."""
    counts = np.zeros((NODE_G.size, COLOUR_BINS.size - 1))
    edges = np.concatenate([[9.0], (NODE_G[1:] + NODE_G[:-1]) / 2.0, [26.0]])
    for l_deg in LONGITUDES_DEG:
        line = sight_line(l_deg, b_deg)
        for magnitude, colour, density, giant in stellar_kinds():
            apparent = magnitude[:, None] + 5.0 * np.log10(line["distance"] / 10.0) + line["extinction"]
            reddened = colour[:, None] + line["extinction"] / REDDENING_RATIO
            age = 1.0 if giant else np.clip((magnitude - 0.5) / 3.5, 0.0, 1.0)[:, None]
            height = YOUNG_THIN_HEIGHT + (OLD_THIN_HEIGHT - YOUNG_THIN_HEIGHT) * age
            old = 1.0 if giant else (magnitude > TURN_OFF_M)[:, None]
            thin = np.exp(-line["z"] / height) * line["disc"]
            thick = THICK_SHARE * old * np.exp(-line["z"] / THICK_HEIGHT) * line["disc"]
            halo = HALO_SHARE * old * line["halo"]
            for shape, bluer in ((thin + thick, 0.0), (halo, HALO_BLUER)):
                weight = density[:, None] * shape * line["volume"]
                sample = np.stack([apparent.ravel(), (reddened - bluer).ravel()], axis=-1)
                counts += np.histogramdd(sample, bins=[edges, COLOUR_BINS], weights=weight.ravel())[0]
    return counts


def model_quantiles(b_deg: float) -> np.ndarray:
    """Return the quantiles (node G, level) of BP − RP at a latitude."""
    centres = (COLOUR_BINS[1:] + COLOUR_BINS[:-1]) / 2.0
    step = COLOUR_BINS[1] - COLOUR_BINS[0]
    offsets = np.arange(-40, 41) * step
    kernel = np.exp(-((offsets / COLOUR_SCATTER) ** 2) / 2.0)
    rows = []
    for histogram in colour_histograms(b_deg):
        cumulative = np.cumsum(np.convolve(histogram, kernel, mode="same"))
        rows.append(np.interp(PROBABILITY, cumulative / cumulative[-1], centres))
    return np.array(rows)


def catalog_quantiles() -> np.ndarray:
    """Return the true quantiles (latitude node, level) of BP − RP for 9 < G < 10."""
    stars = gaia_bright_cone(0.0, 0.0, 180.0)
    latitude = np.abs(galactic_from_icrf(stars.ra_deg, stars.dec_deg)[1])
    faint = stars.g_mag > 9.0
    return np.array(
        [
            np.quantile(stars.bp_rp[faint & (latitude >= low) & (latitude < high)], PROBABILITY)
            for low, high in CATALOG_BANDS_DEG
        ]
    )


def main() -> None:
    """Build colours.csv."""
    model = np.array([model_quantiles(b_deg) for b_deg in NODE_B_DEG])
    pull = np.exp(-(NODE_G - NODE_G[0]) / PULL_MAG)
    quantiles = model + (catalog_quantiles() - model[:, 0])[:, None, :] * pull[:, None]
    quantiles = np.maximum.accumulate(quantiles, axis=-1)
    lines = ["g_mag,abs_b_deg," + ",".join(f"{level:.5f}" for level in LEVELS)]
    for i, b_deg in enumerate(NODE_B_DEG):
        for j, g_mag in enumerate(NODE_G):
            values = ",".join(f"{value:.3f}" for value in quantiles[i, j])
            lines.append(f"{g_mag:.2f},{b_deg:.2f},{values}")
    OUTPUT.write_text("\n".join(lines) + "\n")
    for i, b_deg in enumerate(NODE_B_DEG):
        shown = quantiles[i][:, [5, 16, 27]]
        print(
            f"|b| = {b_deg:4.1f}: G, 16 %, median, 84 %:",
            *(f"{g:g}: {row.round(2)}" for g, row in zip(NODE_G, shown, strict=True)),
        )
        print("   model at 9.5", model[i, 0][[5, 16, 27]].round(2))


if __name__ == "__main__":
    main()
