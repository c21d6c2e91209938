"""The independent counts of Gaia DR3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest


@dataclass(frozen=True)
class CountedCells:
    """Cumulative counts of Gaia DR3 per square degree in 168 cells of galactic longitude and latitude."""

    table: np.ndarray

    def __len__(self):
        return len(self.table)

    def counts(self, g_limit):
        """Stars per square degree brighter than a whole magnitude, in each cell."""
        return self.table[f"n_G_lt_{g_limit:.0f}"]

    def area_deg2(self):
        """Area of each cell."""
        sines = np.sin(np.radians([self.table["b_min_deg"], self.table["b_max_deg"]]))
        return (self.table["l_max_deg"] - self.table["l_min_deg"]) * (sines[1] - sines[0]) * 180.0 / np.pi

    def inside(self, number, l_deg, b_deg):
        """Which directions lie in a cell."""
        cell = self.table[number]
        return (
            (l_deg >= cell["l_min_deg"])
            & (l_deg < cell["l_max_deg"])
            & (b_deg >= cell["b_min_deg"])
            & (b_deg < cell["b_max_deg"])
        )

    def points(self, number, across):
        """Galactic coordinates of across² points that share a cell's area evenly."""
        cell = self.table[number]
        inner = (np.arange(across) + 0.5) / across
        sines = np.sin(np.radians([cell["b_min_deg"], cell["b_max_deg"]]))
        b_deg = np.degrees(np.arcsin(sines[0] + (sines[1] - sines[0]) * inner))
        l_deg = cell["l_min_deg"] + (cell["l_max_deg"] - cell["l_min_deg"]) * inner
        return tuple(axis.ravel() for axis in np.meshgrid(l_deg, b_deg))


@pytest.fixture(scope="session")
def counted_cells():
    """The table of counts; skipped where it is not at hand."""
    for parent in Path(__file__).resolve().parents:
        path = parent / "shared" / "data" / "gaia_dr3_counts_per_deg2.csv"
        if path.is_file():
            return CountedCells(np.genfromtxt(path, delimiter=",", names=True))
    pytest.skip("the independent table of Gaia DR3 counts is not beside the checkout")
