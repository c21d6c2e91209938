"""Average the extraterrestrial column of ASTM G173-03 over bins: `bin_spectrum.py ASTMG173.csv OUT.csv`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

EDGE_NM = 1200.0  # from here on the Sun is smooth enough for broad bins
FINE_NM, BROAD_NM = 5.0, 20.0


def bin_average(
    wavelength: np.ndarray, irradiance: np.ndarray, centre: np.ndarray, width: float
) -> np.ndarray:
    """Return the mean irradiance within `width` around each centre (nm), exactly for the polyline."""
    integral = np.concatenate(
        [[0.0], np.cumsum(np.diff(wavelength) * (irradiance[1:] + irradiance[:-1]) / 2)]
    )
    low = np.clip(centre - width / 2, wavelength[0], wavelength[-1])
    high = np.clip(centre + width / 2, wavelength[0], wavelength[-1])
    return (np.interp(high, wavelength, integral) - np.interp(low, wavelength, integral)) / (high - low)


def main(source: Path, target: Path) -> None:
    """Read the original table and write the binned one."""
    wavelength, irradiance = np.loadtxt(source, delimiter=",", skiprows=2, usecols=(0, 1)).T
    fine = np.arange(280.0, EDGE_NM, FINE_NM)
    broad = np.arange(EDGE_NM + (BROAD_NM - FINE_NM) / 2 + FINE_NM, 4000.0, BROAD_NM)
    lines = [
        "# Extraterrestrial solar irradiance, ASTM G173-03, averaged over 5 nm (to 1200 nm) and 20 nm bins.",
        "wavelength_nm,irradiance_w_m2_nm",
    ]
    for centre, width in ((fine, FINE_NM), (broad, BROAD_NM)):
        values = bin_average(wavelength, irradiance, centre, width)
        lines += [f"{x:g},{y:.5g}" for x, y in zip(centre, values, strict=True)]
    lines.append(f"{wavelength[-1]:g},{irradiance[-1]:.5g}")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
