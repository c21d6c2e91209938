from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyforge.photometry import (
    electrons_for_snr,
    noise_equivalent_area_px,
    optimal_snr,
    photon_budget,
    saturating_magnitude,
    star_electron_rate,
    top_hat,
)


def gaussian_image(sigma_px: float, half: int = 15) -> np.ndarray:
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    image = np.exp(-(x**2 + y**2) / (2.0 * sigma_px**2))
    return image / image.sum()


def test_noise_equivalent_area_of_a_gaussian_is_four_pi_sigma_squared():
    # King 1983, PASP 95, 163.
    assert noise_equivalent_area_px(gaussian_image(2.0)) == pytest.approx(4.0 * np.pi * 4.0, rel=1e-6)
    assert noise_equivalent_area_px(np.full((3, 5), 0.01)) == pytest.approx(15.0)


@pytest.mark.parametrize("electrons", [40.0, 400.0, 100000.0])
def test_snr_is_the_one_a_fit_reaches(electrons):
    # Monte-Carlo: amplitude of a weighted least-squares fit of a known image to noisy frames.
    image, background, read_noise = gaussian_image(1.2, 8), 12.0, 3.0
    rng = np.random.default_rng(11)
    frames = rng.poisson(electrons * image + background, (4000, *image.shape)) + rng.normal(
        0.0, read_noise, (4000, *image.shape)
    )
    weight = image / (electrons * image + background + read_noise**2)
    amplitude = np.tensordot(frames - background, weight, 2) / np.sum(weight * image)
    expected = optimal_snr(electrons, background, read_noise, noise_equivalent_area_px(image))
    # Scatter of 4000 fits is known to 1.1 %; between the two limits the closed form is up to 9 % too high.
    assert amplitude.mean() / amplitude.std() == pytest.approx(expected, rel=0.09)


@given(st.floats(0.1, 1e3), st.floats(0.0, 1e4), st.floats(0.0, 50.0), st.floats(1.0, 500.0))
def test_electrons_for_snr_undoes_snr(snr, background, read_noise, area):
    electrons = electrons_for_snr(snr, background, read_noise, area)
    assert optimal_snr(electrons, background, read_noise, area) == pytest.approx(snr, rel=1e-9)


def test_nothing_gives_no_signal_and_no_error():
    assert optimal_snr(0.0, 0.0, 0.0, 10.0) == 0.0


def test_saturating_magnitude_fills_the_well():
    magnitude = saturating_magnitude(1e11, 0.25, 80000.0, 500.0)
    assert 1e11 * 10 ** (-0.4 * magnitude) * 0.25 + 500.0 == pytest.approx(80000.0)
    assert saturating_magnitude(1e11, 0.25, 80000.0, 90000.0) == np.inf


def test_budget_is_a_chain_that_multiplies_out():
    budget = photon_budget(
        lambda area, response: float(star_electron_rate(15.0, 0.82, area, response)),
        area_m2=0.0620268,
        passband=top_hat(400.0, 900.0),
        throughput=0.75,
        quantum_efficiency=0.8,
        exposure_s=2.0,
        brightest_pixel_fraction=0.3,
        noise_equivalent_area_px=8.0,
        sky_e_per_s_px=0.5,
        dark_e_per_s_px=0.05,
        read_noise_e=1.6,
        full_well_e=80000.0,
    )
    # By hand: V = 0 gives 1000 photons/s/cm²/Å, so a Sun of G = 15 (V = 15.15) gives 1000 × 10⁻⁶·⁰⁶ × 620 cm²
    # × 5000 Å = 2.7e6 × ... ≈ 2700/s at 550 nm and, with the Sun falling towards the edges of 400-900 nm,
    # some 5 % less.
    assert budget.photons_per_s == pytest.approx(1000.0 * 10 ** (-0.4 * 15.15) * 620.3 * 5000.0, rel=0.1)
    assert budget.photons_after_optics_per_s == pytest.approx(0.75 * budget.photons_per_s)
    assert budget.electrons_per_s == pytest.approx(0.8 * budget.photons_after_optics_per_s)
    assert budget.electrons == pytest.approx(2.0 * budget.electrons_per_s)
    assert budget.brightest_pixel_e == pytest.approx(0.3 * budget.electrons)
    assert (budget.sky_e_per_px, budget.dark_e_per_px) == (1.0, 0.1)
    noise = np.sqrt(budget.electrons + 8.0 * (1.0 + 0.1 + 1.6**2))
    assert budget.snr == pytest.approx(budget.electrons / noise)
    assert not budget.saturated
