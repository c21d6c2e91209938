"""Zernike polynomials, the drawn pupil and the wavefronts made over it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import Spider
from skyforge.optics.aperture import Aperture
from skyforge.optics.wavefront import random_wavefront, zernike_wavefront
from skyforge.optics.zernike import noll_orders, zernike


def test_noll_order_is_that_of_the_table():
    # Noll 1976, Table I: even indices are cosines.
    table = {1: (0, 0), 2: (1, 1), 3: (1, -1), 4: (2, 0), 5: (2, -2), 6: (2, 2), 7: (3, -1), 8: (3, 1),
             9: (3, -3), 10: (3, 3), 11: (4, 0), 12: (4, 2), 13: (4, -2), 22: (6, 0), 37: (8, 0)}  # fmt: skip
    assert {index: noll_orders(index) for index in table} == table


def test_zernikes_are_orthonormal_over_the_disc():
    node, weight = np.polynomial.legendre.leggauss(12)
    radius = np.sqrt(0.5 * (node + 1))[:, None]
    angle = (np.arange(32) * 2 * math.pi / 32)[None, :]
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    share = (0.5 * weight[:, None] / 32) * np.ones_like(angle)
    values = np.array([zernike(index, x, y) for index in range(1, 37)])
    np.testing.assert_allclose(np.einsum("iab,jab,ab->ij", values, values, share), np.eye(36), atol=1e-12)


def test_zernike_agrees_with_poppy():
    poppy = pytest.importorskip("poppy", reason="poppy is not installed")
    axis = np.linspace(-0.7, 0.7, 9)
    x, y = np.meshgrid(axis, axis)
    for index in (4, 5, 7, 8, 11, 14, 22, 31):
        n, m = poppy.zernike.noll_indices(index)
        theirs = poppy.zernike.zernike(n, m, rho=np.hypot(x, y), theta=np.arctan2(y, x), outside=0.0)
        np.testing.assert_allclose(zernike(index, x, y), theirs, atol=1e-12)


def test_wavefront_is_the_sum_of_its_zernikes():
    wavefront = zernike_wavefront([(4, 30.0), (8, -20.0), (36, 5.0)])
    axis = np.linspace(-1, 1, 21)
    truth = sum(c * zernike(j, axis[None, :], axis[:, None]) for j, c in [(4, 30.0), (8, -20.0), (36, 5.0)])
    np.testing.assert_allclose(wavefront.path_difference_nm(axis), truth, atol=1e-9)


@pytest.mark.parametrize("vane_width", [0.0, 0.02])
def test_random_wavefront_has_the_asked_root_mean_square_and_no_tilt(vane_width):
    aperture = Aperture(0.35, vane_width, Spider(4).directions_rad if vane_width else ())
    wavefront = random_wavefront(60.0, 7, aperture)
    axis, clear = aperture.transmission(1 / 1024)
    opd = wavefront.path_difference_nm(2 * axis)
    mean = np.average(opd, weights=clear)
    # Set up on 256 cells across, judged on 1024.
    assert math.sqrt(np.average((opd - mean) ** 2, weights=clear)) == pytest.approx(60.0, rel=1e-3)
    # No plane is left in it: the mean product with x and y is that of pixel noise.
    x = 2 * axis
    assert abs(np.average(opd * x[None, :], weights=clear)) < 0.05
    assert abs(np.average(opd * x[:, None], weights=clear)) < 0.05


def test_random_wavefront_depends_on_the_seed_alone():
    aperture = Aperture(0.3)
    first, again, other = (random_wavefront(50.0, seed, aperture).legendre_nm for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1.0


@pytest.mark.parametrize("spacing", [1 / 64, 1 / 512])
def test_drawn_pupil_has_the_area_of_the_real_one(spacing):
    ratio, width = 0.35, 0.013
    aperture = Aperture(ratio, width, Spider(4, angle_deg=17.0).directions_rad)
    # A vane spans the annulus; its ends are arcs, not chords: a correction of w³ that does not matter here.
    truth = math.pi / 4 * (1 - ratio**2) - 4 * width * (1 - ratio) / 2
    assert aperture.transmission(spacing)[1].sum() * spacing**2 == pytest.approx(truth, rel=2e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: zernike_wavefront([(3, 10.0)]), "index 3"),
        (lambda: zernike_wavefront([(4, math.nan)]), "index 4"),
        (lambda: random_wavefront(10.0, -1, Aperture(0.0)), "wavefront_seed"),
        (lambda: noll_orders(0), "start at 1"),
        (lambda: Spider(0), "vanes = 0"),
        (lambda: Spider(4, -0.001), "width_m"),
        (lambda: Spider(4, 0.001, math.inf), "angle_deg"),
        (lambda: Aperture(0.3, 0.6), "half of aperture_m"),
    ],
)
def test_impossible_pupils_are_refused_by_name(call, message):
    with pytest.raises(InputError, match=message):
        call()
