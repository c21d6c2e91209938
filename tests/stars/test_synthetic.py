"""One synthetic sky for everyone, with as many stars as the real one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from skyforge.errors import InputError
from skyforge.stars import (
    cumulative_counts_per_deg2,
    galactic_from_icrf,
    icrf_from_galactic,
    select,
    synthetic_cone,
)
from skyforge.stars.galactic import unit_vectors
from skyforge.stars.region import inside_cone


def as_rows(table):
    """The stars as a set of rows, bit for bit."""
    return set(zip(table.source_id, table.ra_deg, table.dec_deg, table.g_mag, table.bp_rp, strict=True))


def test_a_fainter_limit_only_adds_stars():
    shallow, deep = synthetic_cone(83.0, -5.0, 1.0, 10.0, 16.1), synthetic_cone(83.0, -5.0, 1.0, 10.0, 20.0)
    assert as_rows(shallow) == as_rows(select(deep, deep.g_mag < 16.1))


def test_a_brighter_start_only_adds_stars():
    whole, faint = synthetic_cone(83.0, -5.0, 1.0, 10.0, 18.0), synthetic_cone(83.0, -5.0, 1.0, 14.3, 18.0)
    assert as_rows(faint) == as_rows(select(whole, whole.g_mag >= 14.3))


@pytest.mark.parametrize(("ra", "dec"), [(300.2, 35.0), (359.95, 0.1), (120.0, 89.8), (10.0, -89.9)])
def test_every_cone_sees_the_same_sky(ra, dec):
    small = synthetic_cone(ra, dec, 0.4, 10.0, 18.0)
    large = synthetic_cone(ra + 0.3, dec - 0.05, 1.5, 10.0, 18.0)
    there = inside_cone(unit_vectors(large.ra_deg, large.dec_deg), ra, dec, 0.4)
    assert as_rows(small) == as_rows(select(large, there))
    assert len(small) > 50


def test_the_sky_is_the_one_of_the_first_release():
    # Golden: the sky must not change with NumPy, astropy or the processor, beyond their last digits.
    stars = synthetic_cone(150.0, 2.0, 0.5, 10.0, 14.0)
    first = np.argmin(stars.g_mag)
    assert len(stars) == 115
    assert stars.source_id[first] == -18016232057864192
    place = (stars.ra_deg[first], stars.dec_deg[first], stars.g_mag[first], stars.bp_rp[first])
    assert place == pytest.approx(
        (149.96726651676, 2.1974730248892302, 10.12825279445363, 0.9787627146782146), abs=1e-9
    )


@pytest.mark.parametrize("g_faint", [16.0, pytest.param(18.0, marks=pytest.mark.slow)])
def test_fully_drawn_cells_have_their_stars(counted_cells, g_faint):
    # In the plane, at middle latitude north, and at middle latitude south.
    for number in (90, 121, 38):
        cell = counted_cells.table[number]
        l_deg = np.array((cell["l_min_deg"] + cell["l_max_deg"]) / 2.0)
        b_deg = np.array((cell["b_min_deg"] + cell["b_max_deg"]) / 2.0)
        ra, dec = icrf_from_galactic(l_deg, b_deg)
        stars = synthetic_cone(float(ra), float(dec), 19.0, 10.0, g_faint)
        inside = counted_cells.inside(number, *galactic_from_icrf(stars.ra_deg, stars.dec_deg))
        drawn = np.count_nonzero(inside)
        area = counted_cells.area_deg2()[number]
        counted = (counted_cells.counts(g_faint)[number] - counted_cells.counts(10)[number]) * area
        # The model's mean is the counted one; Poisson noise is below 1 % of these 40,000 stars and more.
        assert drawn == pytest.approx(counted, rel=0.02)


def test_sampled_cells_follow_the_counts_to_g_21(counted_cells):
    errors = []
    for number in range(3, len(counted_cells), 14):
        l_points, b_points = counted_cells.points(number, 3)
        ra, dec = icrf_from_galactic(l_points, b_points)
        for g_faint in (16.0, 19.0, 21.0):
            drawn = sum(
                len(synthetic_cone(float(x), float(y), 0.15, 10.0, g_faint))
                for x, y in zip(ra, dec, strict=True)
            )
            area = len(ra) * 2.0 * np.pi * (1.0 - np.cos(np.radians(0.15))) * (180.0 / np.pi) ** 2
            model = np.mean(
                cumulative_counts_per_deg2(l_points, b_points, g_faint)
                - cumulative_counts_per_deg2(l_points, b_points, 10.0)
            )
            errors.append((drawn - model * area) / np.sqrt(model * area))
    # Poisson noise and nothing else, apart from the field's curvature within a circle.
    assert abs(np.mean(errors)) < 4.0 / np.sqrt(len(errors))
    assert np.std(errors) == pytest.approx(1.0, abs=0.35)


def test_places_fill_the_pixels_evenly():
    stars = synthetic_cone(192.9, 27.1, 6.0, 10.0, 19.0)
    # Within 6 degrees of the galactic pole the density is even to some percent; bins of equal area.
    z = np.sin(np.radians(stars.dec_deg))
    middle = np.sin(np.radians(27.1))
    half = np.cos(np.radians(27.1)) * np.radians(3.0)
    near = (np.abs(z - middle) < half) & (np.abs(stars.ra_deg - 192.9) < 3.0)
    counts, _, _ = np.histogram2d(
        stars.ra_deg[near], z[near], bins=8, range=[[189.9, 195.9], [middle - half, middle + half]]
    )
    statistic = np.sum((counts - counts.mean()) ** 2 / counts.mean())
    assert 1e-4 < chi2.sf(statistic, counts.size - 1) < 1.0 - 1e-4


def test_magnitudes_follow_the_model():
    stars = synthetic_cone(192.9, 27.1, 3.0, 12.0, 20.0)
    edges = np.linspace(12.0, 20.0, 400)
    counts = cumulative_counts_per_deg2(0.0, 90.0, edges)
    share = (counts - counts[0]) / (counts[-1] - counts[0])
    result = kstest(stars.g_mag, lambda g_mag: np.interp(g_mag, edges, share))
    # The density within the cone is not quite the pole's.
    assert result.statistic < 0.02


def test_identifiers_are_unique_and_far_from_gaia():
    stars = synthetic_cone(266.4, -28.0, 0.5, 10.0, 21.0)
    assert len(np.unique(stars.source_id)) == len(stars) > 100_000
    assert stars.source_id.max() < -(2**32)


def test_neighbours_are_not_copies():
    stars = synthetic_cone(30.0, -30.0, 3.0, 10.0, 19.0)
    assert len(np.unique(stars.g_mag)) > 0.99 * len(stars)
    # Draws of one star are not tied to each other.
    correlation = np.corrcoef([stars.g_mag, stars.ra_deg, stars.dec_deg])
    assert np.abs(correlation[np.triu_indices(3, 1)]).max() < 0.05


def test_an_empty_range_has_no_stars():
    assert len(synthetic_cone(10.0, 10.0, 1.0, 15.0, 15.0)) == 0
    assert len(synthetic_cone(10.0, 10.0, 1.0, 16.0, 15.0)) == 0


@pytest.mark.parametrize(("g_bright", "g_faint"), [(5.0, 15.0), (10.0, 26.0), (10.0, np.nan)])
def test_limits_beyond_the_model_are_refused(g_bright, g_faint):
    with pytest.raises(InputError, match="synthetic stars exist"):
        synthetic_cone(0.0, 0.0, 1.0, g_bright, g_faint)


def test_more_stars_than_memory_are_refused():
    with pytest.raises(InputError, match="lower the limit or the field"):
        synthetic_cone(266.4, -28.0, 6.0, 10.0, 25.0)
