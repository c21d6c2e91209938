"""Phase laws of asteroids against JPL Horizons and against sbpy."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from skyforge.photometry.asteroid import (
    asteroid_v_magnitude,
    g1_g2_from_g12,
    hg1g2_phase_function,
    hg_phase_function,
)

TRUTH = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_magnitudes_are_those_of_horizons():
    path = TRUTH / "horizons" / "ephemeris.csv"
    if not path.is_file():
        pytest.skip("the Horizons ephemeris is not beside the checkout")
    with path.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["V"] and row["H"] and row["G"]]
    h, g, r, delta, alpha, expected = (
        np.array([float(row[column]) for row in rows]) for column in ("H", "G", "r", "delta", "alpha", "V")
    )
    found = asteroid_v_magnitude(h, hg_phase_function(np.radians(alpha), g), delta, r)
    checked = alpha < 110.0
    assert checked.sum() > 1000
    # Horizons prints V to 0.001 mag and the phase angle to 0.0001 degrees.
    assert np.abs(found - expected)[checked].max() < 0.002


@pytest.fixture
def sbpy_photometry():
    return pytest.importorskip("sbpy.photometry")


PHASES_DEG = np.array([0.0, 0.1, 0.5, 2.0, 5.0, 7.0, 8.0, 15.0, 25.0, 45.0, 75.0, 100.0, 119.0, 140.0, 149.0])


@pytest.mark.parametrize(("g1", "g2"), [(0.62, 0.14), (0.1, 0.6), (0.82, 0.02)])
def test_three_parameters_are_those_of_sbpy(sbpy_photometry, g1, g2):
    expected = sbpy_photometry.HG1G2(3.34, g1, g2)(np.radians(PHASES_DEG))
    found = 3.34 - 2.5 * np.log10(hg1g2_phase_function(np.radians(PHASES_DEG), g1, g2))
    # Both spline the same published table; its last digits differ between printings.
    assert found == pytest.approx(np.array(expected), abs=5e-4)


@pytest.mark.parametrize("g12", [0.0, 0.3, 0.8])
def test_two_parameters_are_those_of_sbpy(sbpy_photometry, g12):
    expected = sbpy_photometry.HG12_Pen16(3.34, g12)(np.radians(PHASES_DEG[:-3]))
    found = 3.34 - 2.5 * np.log10(hg1g2_phase_function(np.radians(PHASES_DEG[:-3]), *g1_g2_from_g12(g12)))
    assert found == pytest.approx(np.array(expected), abs=2e-3)


def test_every_law_is_one_at_opposition_and_falls():
    phases = np.radians(np.linspace(0.0, 149.0, 400))
    for law in (
        hg_phase_function(phases, 0.15),
        hg1g2_phase_function(phases, 0.6, 0.2),
    ):
        assert law[0] == pytest.approx(1.0, abs=1e-12)
        assert np.all(np.diff(law) < 0.0)
