"""The model of star counts against the counts of Gaia DR3."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.stars import cumulative_counts_per_deg2
from skyforge.stars.counts import CLOUDS, cloud_profile
from skyforge.stars.interpolation import LATITUDE_EDGES_DEG


def model_mean(cells, number, g_limit):
    """Mean of the model over a cell; the Magellanic Clouds need finer steps than the rest of the sky."""
    cell = cells.table[number]
    in_clouds = 270.0 <= cell["l_min_deg"] < 330.0 and -60.0 <= cell["b_min_deg"] < -20.0
    l_deg, b_deg = cells.points(number, 150 if in_clouds else 12)
    return cumulative_counts_per_deg2(l_deg, b_deg, g_limit).mean()


@pytest.mark.parametrize("g_limit", [6, 8, 9, 10, 16, 17, 18, 19, 20, 21])
def test_every_cell_has_its_counted_stars(counted_cells, g_limit):
    means = np.array([model_mean(counted_cells, i, g_limit) for i in range(len(counted_cells))])
    ratio = means / counted_cells.counts(g_limit)
    # The fit is exact on its own points; another set of points differs by its quadrature.
    assert np.abs(ratio - 1.0).mean() < 0.002
    assert np.abs(ratio - 1.0).max() < 0.01


@pytest.mark.parametrize("g_mag", [8.0, 13.0, 18.0, 21.0, 24.0])
def test_there_is_no_step_at_the_edges_of_the_cells(g_mag):
    hair = 1e-4
    b_deg = np.linspace(-89.0, 89.0, 300)
    for edge in np.arange(0.0, 360.0, 30.0):
        before = cumulative_counts_per_deg2(edge - hair, b_deg, g_mag)
        after = cumulative_counts_per_deg2(edge + hair, b_deg, g_mag)
        np.testing.assert_allclose(before, after, rtol=1e-3)
    l_deg = np.linspace(0.0, 360.0, 300)
    for edge in LATITUDE_EDGES_DEG[1:-1]:
        before = cumulative_counts_per_deg2(l_deg, edge - hair, g_mag)
        after = cumulative_counts_per_deg2(l_deg, edge + hair, g_mag)
        np.testing.assert_allclose(before, after, rtol=1e-3)


def test_neighbouring_pixels_differ_by_little():
    # A pixel of the faintest slices is 0.057 degrees wide. In the flanks of the Magellanic Clouds the counts change
    # by 10 % over it, less than three standard deviations of a pixel's own stars, elsewhere by 3 % at most.
    b_deg = np.arange(-90.0, 90.0, 0.057)
    for l_deg in np.arange(2.0, 360.0, 13.0):
        counts = cumulative_counts_per_deg2(l_deg, b_deg, 20.0)
        in_clouds = (260.0 < l_deg < 320.0) & (b_deg > -55.0) & (b_deg < -20.0)
        change = np.abs(np.diff(np.log(counts)))
        assert change.max() < 0.1
        assert change[~in_clouds[1:]].max() < 0.03


@pytest.mark.parametrize("b_deg", [-90.0, 90.0])
def test_a_pole_has_one_value(b_deg):
    values = cumulative_counts_per_deg2(np.arange(0.0, 360.0, 10.0), b_deg, 18.0)
    np.testing.assert_allclose(values, values[0], rtol=1e-9)


def test_counts_grow_with_magnitude_everywhere():
    rng = np.random.default_rng(3)
    l_deg, b_deg = rng.uniform(0.0, 360.0, 500), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 500)))
    g_mag = np.arange(6.0, 25.01, 0.1)
    counts = cumulative_counts_per_deg2(l_deg[:, None], b_deg[:, None], g_mag)
    assert np.all(np.diff(counts, axis=1) > 0.0)


def test_slope_is_smooth_from_the_real_stars_to_the_faintest():
    # d log10 N / dG falls from 0.45 at G = 9 to 0.1 at G = 25 over most of the sky, without a jump where the
    # catalogue ends (10), where the counts resume (16) and where they end (21).
    l_deg, b_deg = np.array([30.0, 120.0, 200.0, 80.0]), np.array([40.0, -20.0, 70.0, 3.0])
    g_mag = np.arange(9.0, 25.01, 0.25)
    slope = (
        np.diff(np.log10(cumulative_counts_per_deg2(l_deg[:, None], b_deg[:, None], g_mag)), axis=1) / 0.25
    )
    assert slope.max() < 0.55
    assert slope.min() > 0.05
    assert np.abs(np.diff(slope, axis=1)).max() < 0.04


def test_clouds_hold_all_their_stars():
    z = (np.arange(2000) + 0.5) / 1000.0 - 1.0
    l_deg, b_deg = np.meshgrid(np.arange(0.0, 360.0, 0.25), np.degrees(np.arcsin(z)))
    for name in CLOUDS:
        profile = cloud_profile(name, l_deg, b_deg)
        # A disc on the sphere, not on the plane: a percent.
        assert profile.mean() * 41252.96 == pytest.approx(1.0, abs=0.01)


def test_the_large_cloud_stands_out():
    centre, beside = cumulative_counts_per_deg2([280.5, 265.0], [-32.9, -32.9], 20.0)
    assert centre > 20.0 * beside


@pytest.mark.parametrize("g_mag", [5.9, 25.1, np.nan])
def test_magnitudes_beyond_the_model_are_refused(g_mag):
    with pytest.raises(InputError, match="star counts are known"):
        cumulative_counts_per_deg2(0.0, 0.0, g_mag)
