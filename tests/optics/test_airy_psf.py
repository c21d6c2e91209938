"""The Airy PSF against closed forms and against the transfer function of the annular pupil."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import j0, j1

from skyforge.errors import InputError
from skyforge.optics import airy, encircled_energy

# Pixels of λ/D/40 and less: too small to matter, so that the optics stand alone.
FINE = {"aperture_m": 0.3, "focal_length_m": 24.0, "pixel_um": 0.8}
COARSE = {"aperture_m": 0.3, "focal_length_m": 1.2, "pixel_um": 10.0}


def annular_energy(radius_lambda_over_d: float, obstruction: float) -> float:
    """Encircled energy of an annular aperture by quadrature of its amplitude (Mahajan 1981, JOSA 71, 75)."""

    def density(v: float) -> float:
        return 2.0 * (j1(v) - obstruction * j1(obstruction * v)) ** 2 / v / (1.0 - obstruction**2)

    return quad(density, 1e-12, math.pi * radius_lambda_over_d, limit=500, epsabs=1e-10)[0]


@pytest.mark.parametrize("wavelength_nm", [400.0, 600.0, 900.0])
def test_encircled_energy_of_a_clear_aperture(wavelength_nm):
    psf = airy(**FINE, wavelength_nm=wavelength_nm)
    radius = np.array([0.5, 1.0, 1.22, 2.233, 3.238, 5.0])
    v = math.pi * radius
    # Rayleigh's formula. The pixel's own blur is below 0.02 %.
    np.testing.assert_allclose(
        encircled_energy(psf, radius * psf.lambda_over_d_px[0]), 1 - j0(v) ** 2 - j1(v) ** 2, rtol=5e-4
    )


@pytest.mark.parametrize("obstruction", [0.2, 0.35, 0.6])
@pytest.mark.parametrize("wavelength_nm", [400.0, 600.0, 900.0])
def test_encircled_energy_of_an_annular_aperture(wavelength_nm, obstruction):
    psf = airy(**FINE, wavelength_nm=wavelength_nm, obstruction=obstruction)
    radius = np.array([0.5, 1.0, 1.22, 2.0, 3.0, 5.0])
    truth = [annular_energy(value, obstruction) for value in radius]
    np.testing.assert_allclose(encircled_energy(psf, radius * psf.lambda_over_d_px[0]), truth, rtol=5e-4)


def annular_transfer(frequency: np.ndarray, ratio: float) -> np.ndarray:
    """Transfer function of an annular pupil, frequency in cut-offs (O'Neill 1956, JOSA 46, 285)."""

    def overlap(distance: np.ndarray, large: float, small: float) -> np.ndarray:
        """Area common to two circles of the given radii."""
        d = np.clip(distance, large - small + 1e-15, large + small)
        d = np.maximum(d, 1e-15)
        a = np.arccos(np.clip((d**2 + large**2 - small**2) / (2 * d * large), -1, 1))
        b = np.arccos(np.clip((d**2 + small**2 - large**2) / (2 * d * small), -1, 1))
        lens = large**2 * (a - np.sin(2 * a) / 2) + small**2 * (b - np.sin(2 * b) / 2)
        return np.where(distance <= large - small, math.pi * small**2, lens)

    area = math.pi / 4 * (1 - ratio**2)
    if ratio == 0:
        return overlap(frequency, 0.5, 0.5) / area
    return (
        overlap(frequency, 0.5, 0.5)
        - 2 * overlap(frequency, 0.5, ratio / 2)
        + overlap(frequency, ratio / 2, ratio / 2)
    ) / area


def response_from_transfer(x: float, y: float, cutoff: float, ratio: float, jitter_px: float) -> float:
    """PRF at one offset as the Fourier integral of optics × pixel × jitter in polar coordinates."""
    # The transfer function has kinks at ε, (1 − ε)/2 and (1 + ε)/2: one Gauss rule between each pair.
    knots = np.unique(np.clip([0.0, ratio, (1 - ratio) / 2, (1 + ratio) / 2, 1.0], 0, 1))
    order = 60 + int(2 * math.pi * cutoff * math.hypot(x, y))
    node, weight = np.polynomial.legendre.leggauss(order)
    # Square-root ends of the pieces are smoothed by a cubic map.
    smooth, jacobian = 0.5 * node * (3 - node**2), 1.5 * (1 - node**2)
    pieces = list(itertools.pairwise(knots))
    rho = np.concatenate([0.5 * (b - a) * smooth + 0.5 * (a + b) for a, b in pieces])
    share = np.concatenate([0.5 * (b - a) * weight * jacobian for a, b in pieces])
    count = 4 * order
    angle = 2 * math.pi * (np.arange(count) + 0.5) / count
    f = rho * cutoff
    fx, fy = f[:, None] * np.cos(angle), f[:, None] * np.sin(angle)
    smear = np.sinc(fx) * np.sinc(fy) * np.exp(-2 * math.pi**2 * jitter_px**2 * f[:, None] ** 2)
    around = (smear * np.cos(2 * math.pi * (fx * x + fy * y))).sum(axis=1) * (2 * math.pi / count)
    return float(np.sum(annular_transfer(rho, ratio) * around * f * share * cutoff))


@pytest.mark.parametrize("obstruction", [0.0, 0.35])
@pytest.mark.parametrize("jitter_px", [0.0, 0.4])
def test_response_is_the_fourier_integral_of_the_transfer_functions(obstruction, jitter_px):
    psf = airy(**COARSE, wavelength_nm=600.0, obstruction=obstruction, jitter_px=jitter_px)
    cutoff = 1 / psf.lambda_over_d_px[0]
    response = psf.prf(40, 4)
    for x, y in [(0, 0), (0.25, 0), (0.5, 0.5), (1, 0.25), (2.75, 1.5), (9, 4), (20, 0), (26, 14)]:
        truth = response_from_transfer(x, y, cutoff, obstruction, jitter_px)
        # 1e-6 of the peak is the contract; beyond 20 px the local level itself is 1e-6 and is met to some
        # percent.
        local = cutoff**-1 / (math.pi**3 * (1 - obstruction) * max(math.hypot(x, y), 1) ** 3)
        tolerance = min(1e-6 * response.max(), 0.03 * local if math.hypot(x, y) > 5 else 1)
        assert response[160 + round(4 * y), 160 + round(4 * x)] == pytest.approx(truth, abs=tolerance)


@pytest.mark.parametrize("obstruction", [0.0, 0.35])
@pytest.mark.parametrize("pixel_um", [10.0, 2.0])
def test_wings_follow_the_inverse_cube_out_to_500_pixels(obstruction, pixel_um):
    psf = airy(
        **{**COARSE, "pixel_um": pixel_um}, wavelength_nm=(500.0, 600.0, 700.0), obstruction=obstruction
    )
    response = psf.prf(512, 1)
    axis = np.arange(-512, 513)
    radius = np.hypot(axis[:, None], axis[None, :])
    scale = np.mean(psf.lambda_over_d_px)
    for low, high in [(100, 150), (200, 250), (300, 350), (450, 500)]:
        ring = (radius >= low) & (radius < high)
        asymptote = scale / (math.pi**3 * (1 - obstruction) * radius[ring] ** 3)
        # Three wavelengths leave rings of the slow frequency (1 − ε)/2, some of them cut by the ring's edges.
        assert response[ring].sum() / asymptote.sum() == pytest.approx(1.0, rel=0.015)


def test_band_is_the_weighted_sum_of_its_wavelengths():
    blue, red = (airy(**COARSE, wavelength_nm=value, obstruction=0.3).prf(20, 4) for value in (450.0, 800.0))
    both = airy(**COARSE, wavelength_nm=[450.0, 800.0], weight=[3.0, 1.0], obstruction=0.3).prf(20, 4)
    # The cores are sampled apart; 1e-7 of the peak is the accuracy of either.
    np.testing.assert_allclose(both, 0.75 * blue + 0.25 * red, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("aperture_m", -0.3, "aperture_m"),
        ("focal_length_m", 0.0, "focal_length_m"),
        ("pixel_um", math.nan, "pixel_um"),
        ("wavelength_nm", 0.0, "wavelength_nm"),
        ("wavelength_nm", [], "wavelength_nm"),
        ("obstruction", 1.0, "obstruction"),
        ("obstruction", -0.1, "obstruction"),
        ("jitter_px", -1.0, "jitter_px"),
        ("jitter_px", 20.0, "hides the diffraction pattern"),
        ("weight", [1.0, 2.0], "weight"),
        ("weight", [0.0], "weight"),
    ],
)
def test_unphysical_telescopes_are_refused_by_name(field, value, message):
    good = {**COARSE, "wavelength_nm": 600.0}
    with pytest.raises(InputError, match=message):
        airy(**{**good, field: value})
