"""The pupil PSF against closed forms, another program, and itself at a finer sampling."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.optics import Spider, airy, encircled_energy, pupil, pupil_psf, strehl
from skyforge.optics.centroid import windowed_centroid

# λ/D = 8 px at 600 nm: the pixel hardly matters.
FINE = {"aperture_m": 0.3, "focal_length_m": 4.0, "pixel_um": 1.0}
COARSE = {"aperture_m": 0.3, "focal_length_m": 1.2, "pixel_um": 10.0}


@pytest.mark.parametrize("obstruction", [0.0, 0.35])
@pytest.mark.parametrize("telescope", [FINE, COARSE])
def test_perfect_round_pupil_is_the_airy_pattern(telescope, obstruction):
    arguments = {**telescope, "wavelength_nm": 600.0, "obstruction": obstruction}
    ours, truth = pupil(**arguments).prf(64, 4), airy(**arguments).prf(64, 4)
    # 512 cells across the pupil: the softened edge is good to 3e-8 of the peak.
    np.testing.assert_allclose(ours, truth, rtol=0, atol=1e-7 * truth.max())


def test_energy_agrees_with_poppy_for_obstruction_and_spider():
    poppy = pytest.importorskip("poppy", reason="poppy is not installed")
    scale_arcsec = 600e-9 / 0.3 * 206264.806 / 8
    system = poppy.OpticalSystem(oversample=1, npix=1024)
    system.add_pupil(poppy.CircularAperture(radius=0.15, gray_pixel=True))
    system.add_pupil(
        poppy.SecondaryObscuration(secondary_radius=0.35 * 0.15, n_supports=4, support_width=0.006)
    )
    system.add_detector(pixelscale=scale_arcsec, fov_pixels=401)
    # Theirs is normalised over the pupil's clear light; ours over what passes the vanes: the same thing.
    theirs = system.calc_psf(wavelength=600e-9, normalize="first")[0].data
    clear = 1 - 4 * 0.006 * 0.15 * 0.65 / (math.pi * 0.15**2 * (1 - 0.35**2))
    theirs = theirs / theirs[200, 200] * _peak_density(clear)
    # Theirs is at points, ours over pixels: a pixel of λ/D/8 adds the Laplacian / 24 and next to nothing beyond.
    laplacian = sum(np.roll(theirs, shift, axis) for shift in (1, -1) for axis in (0, 1)) - 4 * theirs
    theirs = theirs + laplacian / 24
    ours = pupil(**FINE, wavelength_nm=600.0, obstruction=0.35, spider=Spider(4, 0.006, 0.0)).prf(200, 1)
    # Their obstruction and vanes have staircase edges, which are good to some 1e-4.
    np.testing.assert_allclose(ours[2:-2, 2:-2], theirs[2:-2, 2:-2], rtol=0, atol=5e-4 * theirs.max())
    axis = np.arange(-200, 201)
    radius = np.hypot(axis[:, None], axis[None, :])
    for limit in (10, 20, 40, 80, 160):
        inside = radius < limit
        assert ours[inside].sum() == pytest.approx(theirs[inside].sum(), rel=2e-3)
    # The spikes lie along the axes, the vanes being along them: at 60-200 px they outshine the diagonal.
    for image in (ours, theirs):
        assert image[200, 260:400].sum() > 5 * np.diagonal(image)[260:340].sum()
    assert ours[195:206, 260:400].sum() == pytest.approx(theirs[195:206, 260:400].sum(), rel=0.03)


def _peak_density(clear: float) -> float:
    """Irradiance at the centre per square pixel: area of the clear pupil × (λ/D)⁻² at λ/D = 8 px."""
    return clear * math.pi / 4 * (1 - 0.35**2) / 8**2


@pytest.mark.parametrize("rms_nm", [10.0, 25.0, 40.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_strehl_ratio_follows_marechal(rms_nm, seed):
    psf = pupil(**FINE, wavelength_nm=600.0, obstruction=0.35, wavefront_error_nm=rms_nm, wavefront_seed=seed)
    sigma = 2 * math.pi * rms_nm / 600.0
    # exp(−σ²) (Mahajan 1983) is exact to second order in σ; the third depends on the shape of the error.
    assert strehl(psf, psf.perfect()) == pytest.approx(math.exp(-(sigma**2)), abs=0.6 * sigma**3)


def test_defocus_has_the_strehl_ratio_of_its_closed_form():
    # On the axis of a clear defocused aperture the amplitude is sinc(a/π) with a = √3 · 2π·rms/λ.
    psf = pupil(**FINE, wavelength_nm=600.0, zernikes_nm=[(4, 100.0)])
    a = math.sqrt(3) * 2 * math.pi * 100.0 / 600.0
    centre, perfect = psf.prf(2, 1)[2, 2], psf.perfect().prf(2, 1)[2, 2]
    # The pixel takes in a little of the defocused spot around the axis.
    assert centre / perfect == pytest.approx((math.sin(a) / a) ** 2, rel=0.02)


@pytest.mark.parametrize("pixel_um", [1.0, 10.0])
def test_aberrated_image_lies_where_astrometry_finds_the_source(pixel_um):
    # Coma alone moves the core by half a λ/D.
    psf = pupil(
        aperture_m=0.3,
        focal_length_m=4.0,
        pixel_um=pixel_um,
        wavelength_nm=(500.0, 700.0),
        obstruction=0.35,
        zernikes_nm=[(7, 60.0), (8, -60.0)],
        wavefront_error_nm=40.0,
        jitter_px=0.3,
    )
    response = psf.prf(20, 10)
    axis = np.linspace(-20, 20, 401)
    # The window is as wide as the cells above half maximum: 2 % of coarse cells are 1e-3 px of the place.
    assert np.hypot(*windowed_centroid(response, axis, axis)) < 3e-3 * max(psf.lambda_over_d_px)


def test_vertical_coma_flares_along_y():
    response = pupil(**FINE, wavelength_nm=600.0, zernikes_nm=[(7, 80.0)]).prf(40, 1)
    np.testing.assert_allclose(response, response[:, ::-1], atol=1e-9)
    assert np.abs(response - response[::-1]).max() > 0.1 * response.max()


@pytest.mark.parametrize(("vanes", "spikes"), [(2, 2), (3, 6), (4, 4), (6, 6)])
def test_vanes_make_spikes_at_right_angles(vanes, spikes):
    angle_deg = 12.0
    psf = pupil(
        **COARSE,
        wavelength_nm=(500.0, 600.0, 700.0),
        obstruction=0.3,
        spider=Spider(vanes, 0.006, angle_deg),
    )
    response = psf.prf(160, 1)
    axis = np.arange(-160, 161)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    ring = (np.hypot(x, y) > 60) & (np.hypot(x, y) < 150)
    direction = np.rad2deg(np.arctan2(y, x))[ring] % 360
    light = np.bincount((direction // 2).astype(int), response[ring], 180)
    bright = np.flatnonzero(light > 4 * np.median(light))
    # Neighbouring bins of 2° are one spike.
    groups = np.split(bright, np.flatnonzero(np.diff(bright) > 2) + 1)
    assert len(groups) == spikes
    expected = {round((angle_deg + 360 * k / vanes + side) % 360) for k in range(vanes) for side in (90, -90)}
    found = {round(2 * np.average(group, weights=light[group]) + 1) for group in groups}
    assert all(min(abs(a - b) for b in found) <= 2 for a in expected)


@pytest.mark.parametrize("angle_deg", [0.0, 30.0])
def test_wings_agree_with_a_three_times_finer_pupil(monkeypatch, angle_deg):
    arguments = {**COARSE, "wavelength_nm": 600.0, "obstruction": 0.35, "spider": Spider(4, 0.005, angle_deg)}
    ours = pupil(**arguments).prf(56, 2)
    monkeypatch.setattr(pupil_psf, "FEWEST_CELLS_ACROSS", 1536)
    finer = pupil(**arguments).prf(56, 2)
    # The closed-form wings begin at 18 px with 512 cells, at 55 px with 1536: each is checked by the other.
    # They miss the cross term of spike and rings, 5 % of a spike that is 5e-5 of the peak.
    np.testing.assert_allclose(ours, finer, rtol=0, atol=3e-6 * finer.max())
    axis = np.linspace(-56, 56, 225)
    radius = np.hypot(axis[:, None], axis[None, :])
    for low, high in [(10, 18), (18, 27), (27, 36), (36, 46), (46, 55)]:
        ring = (radius >= low) & (radius < high)
        assert ours[ring].sum() == pytest.approx(finer[ring].sum(), rel=0.01)


def test_all_light_is_there_out_to_512_pixels():
    psf = pupil(
        **COARSE,
        wavelength_nm=np.linspace(400, 900, 5),
        obstruction=0.35,
        spider=Spider(4, 0.005, 45.0),
        wavefront_error_nm=60.0,
    )
    # Beyond a square of half side h a mean of c/r³ leaves 8c sin 45°/h; vanes add to it but not more than it
    # has.
    coefficient = np.mean(psf.lambda_over_d_px) / (math.pi**3 * 0.65)
    outside = 8 * coefficient * math.sin(math.pi / 4) / 512.5
    assert 1 - 3 * outside < psf.prf(512, 1).sum() < 1 + 2e-5


def test_aberrations_move_light_outwards_but_keep_it():
    psf = pupil(**COARSE, wavelength_nm=600.0, obstruction=0.35, wavefront_error_nm=80.0)
    near, far = encircled_energy(psf, [0.5, 60.0])
    perfect_near, perfect_far = encircled_energy(psf.perfect(), [0.5, 60.0])
    assert near < 0.8 * perfect_near
    # Light that low orders scatter stays within some 10 λ/D = 2.4 px.
    assert far == pytest.approx(perfect_far, abs=2e-4)


def test_longer_wavelengths_are_less_aberrated():
    ratios = []
    for wavelength_nm in (400.0, 600.0, 900.0):
        psf = pupil(**FINE, wavelength_nm=wavelength_nm, wavefront_error_nm=50.0)
        ratios.append(strehl(psf, psf.perfect()))
    assert ratios[0] < ratios[1] < ratios[2]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("obstruction", 1.0, "obstruction"),
        ("wavefront_error_nm", -1.0, "wavefront_error_nm"),
        ("wavefront_seed", -1, "wavefront_seed"),
        ("zernikes_nm", [(2, 50.0)], "index 2"),
        ("wavelength_nm", -600.0, "wavelength_nm"),
        ("jitter_px", math.nan, "jitter_px"),
        ("spider", Spider(4, 0.2), "width_m"),
    ],
)
def test_unphysical_pupils_are_refused_by_name(field, value, message):
    good = {**COARSE, "wavelength_nm": 600.0, "wavefront_error_nm": 20.0}
    with pytest.raises(InputError, match=message):
        pupil(**{**good, field: value})


def test_is_frozen_and_compares_by_value():
    psf = pupil(**COARSE, wavelength_nm=600.0)
    assert psf == replace(psf)
    assert hash(psf) == hash(replace(psf))
    with pytest.raises(AttributeError):
        psf.jitter_px = 1.0  # type: ignore[misc]
