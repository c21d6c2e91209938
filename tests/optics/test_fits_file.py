"""Point spread functions read from FITS files."""

from __future__ import annotations

import math

import numpy as np
import pytest
from astropy.io import fits

from skyforge.errors import InputError, SkyforgeWarning
from skyforge.optics import airy, encircled_energy, from_fits, gaussian
from skyforge.optics.annulus import annular_irradiance

TELESCOPE = {
    "aperture_m": 0.3,
    "focal_length_m": 2.4,
    "pixel_um": 4.0,
    "wavelength_nm": 600.0,
    "obstruction": 0.3,
}


def gaussian_image(
    samples: float, size: int = 121, sigma_px: float = 1.2, at: tuple = (0.0, 0.0)
) -> np.ndarray:
    axis = (np.arange(size) - (size - 1) / 2) / samples
    return np.exp(-((axis[:, None] - at[1]) ** 2 + (axis[None, :] - at[0]) ** 2) / (2 * sigma_px**2))


def write(path, data, **header):
    hdu = fits.PrimaryHDU(data)
    hdu.header.update(header)
    hdu.writeto(path)
    return path


@pytest.mark.parametrize("jitter_px", [0.0, 0.05, 0.5])
def test_airy_pattern_survives_the_round_trip(tmp_path, jitter_px):
    truth = airy(**TELESCOPE, jitter_px=jitter_px)
    axis = np.arange(-512, 513) / 8
    image = annular_irradiance(np.hypot(axis[:, None], axis[None, :]), truth.lambda_over_d_px[0], 0.3)
    path = write(tmp_path / "airy.fits", image, OVERSAMP=8)
    psf = from_fits(path, energy_in_image=image.sum() / 64, jitter_px=jitter_px)
    # Ten samples a λ/D: cubic splines err by 1e-5 of the peak; beyond 64 px the file knows nothing.
    np.testing.assert_allclose(psf.prf(32, 4), truth.prf(32, 4), rtol=0, atol=2e-5 * truth.prf(0, 1).max())


@pytest.mark.parametrize("samples", [3.0, 4.0, 5.7])
@pytest.mark.parametrize("jitter_px", [0.0, 0.3, 2.0])
def test_gaussian_image_gives_the_gaussian_response(tmp_path, samples, jitter_px):
    path = write(tmp_path / "gaussian.fits", gaussian_image(samples))
    psf = from_fits(path, samples_per_pixel=samples, jitter_px=jitter_px)
    truth = gaussian(sigma_px=1.2, jitter_px=jitter_px).prf(8, 4)
    np.testing.assert_allclose(psf.prf(8, 4), truth, rtol=0, atol=2e-4 * truth.max())


def test_integrated_image_is_not_integrated_again(tmp_path):
    truth = gaussian(sigma_px=0.8)
    path = write(tmp_path / "prf.fits", truth.prf(10, 5))
    psf = from_fits(path, samples_per_pixel=5, pixel_integrated=True)
    np.testing.assert_allclose(psf.prf(6, 4), truth.prf(6, 4), rtol=0, atol=5e-5)


@pytest.mark.parametrize("size", [120, 121])
def test_centroid_can_be_the_centre(tmp_path, size):
    path = write(tmp_path / "off.fits", gaussian_image(5.0, size, at=(0.7, -0.4)), OVERSAMP=5.0)
    truth = gaussian(sigma_px=1.2).prf(6, 2)
    np.testing.assert_allclose(from_fits(path, center="centroid").prf(6, 2), truth, rtol=0, atol=1e-4)
    # By default the source is where the middle of the image is, and the light then lies off it.
    assert np.abs(from_fits(path).prf(6, 2) - truth).max() > 0.01


def test_oblong_images_keep_their_axes(tmp_path):
    image = gaussian_image(4.0, 121)[20:101] * (np.arange(121) > 56)
    psf = from_fits(write(tmp_path / "oblong.fits", image, OVERSAMP=4))
    response = psf.prf(10, 1)
    assert response[:, 11:].sum() > 1.2 * response[:, :10].sum()
    np.testing.assert_allclose(response, response[::-1], atol=1e-12)


@pytest.mark.parametrize(
    ("header", "arguments"),
    [
        ({"OVERSAMP": 4}, {}),
        ({"DET_SAMP": 4.0}, {}),
        ({"PIXELSCL": 0.5}, {"plate_scale_arcsec_per_px": 2.0}),
        ({"PIXSCALE": 0.25}, {"plate_scale_arcsec_per_px": 1.0}),
        ({"OVERSAMP": 9}, {"samples_per_pixel": 4}),
    ],
)
def test_sampling_is_found_in_the_header(tmp_path, header, arguments):
    path = write(tmp_path / "psf.fits", gaussian_image(4.0).astype(">f4"), **header)
    psf = from_fits(path, **arguments)
    assert psf.samples_per_pixel == 4.0
    assert encircled_energy(psf, 6.0) == pytest.approx(1.0, abs=1e-4)


def test_first_image_is_found_and_others_by_name(tmp_path):
    path = tmp_path / "many.fits"
    hdus = [
        fits.PrimaryHDU(),
        fits.ImageHDU(np.zeros((2, 3, 4)), name="CUBE"),
        fits.ImageHDU(gaussian_image(4.0), name="FIRST"),
        fits.ImageHDU(gaussian_image(4.0, sigma_px=2.0), name="BROAD"),
    ]
    fits.HDUList(hdus).writeto(path)
    first = from_fits(path, samples_per_pixel=4).prf(0, 1)
    assert first[0, 0] == pytest.approx(gaussian(sigma_px=1.2).prf(0, 1)[0, 0], rel=1e-4)
    broad = from_fits(path, samples_per_pixel=4, hdu="BROAD").prf(0, 1)
    assert broad[0, 0] == pytest.approx(gaussian(sigma_px=2.0).prf(0, 1)[0, 0], rel=1e-3)


def with_nan() -> np.ndarray:
    image = gaussian_image(4.0)
    image[3, 4] = math.nan
    return image


@pytest.mark.parametrize(
    ("data", "header", "arguments", "message"),
    [
        (with_nan(), {"OVERSAMP": 4}, {}, "1 of 14641 values are NaN"),
        (-gaussian_image(4.0), {"OVERSAMP": 4}, {}, "the sum of all values is -"),
        (np.zeros((9, 9)), {"OVERSAMP": 4}, {}, "the sum of all values is 0"),
        (np.ones((3, 4, 5)), {"OVERSAMP": 4}, {}, "3 dimensions"),
        (gaussian_image(4.0), {}, {}, "does not tell its sampling"),
        (gaussian_image(4.0), {"PIXELSCL": 0.5}, {}, "plate_scale_arcsec_per_px"),
        (gaussian_image(4.0), {"OVERSAMP": "four"}, {}, "OVERSAMP = 'four'"),
        (gaussian_image(4.0), {"OVERSAMP": -4}, {}, "OVERSAMP = -4"),
        (gaussian_image(4.0), {}, {"samples_per_pixel": 0.0}, "samples_per_pixel"),
        (gaussian_image(4.0), {"OVERSAMP": 4}, {"hdu": 3}, "no HDU 3"),
        (gaussian_image(4.0), {"OVERSAMP": 4}, {"hdu": "PSF"}, "no HDU PSF"),
        (gaussian_image(4.0), {"OVERSAMP": 4}, {"center": "middle"}, "geometric"),
        (gaussian_image(4.0), {"OVERSAMP": 4}, {"energy_in_image": 1.5}, "energy_in_image"),
        (None, {}, {}, "holds no image"),
    ],
)
def test_files_that_hold_no_psf_are_refused_by_name(tmp_path, data, header, arguments, message):
    path = write(tmp_path / "broken.fits", data, **header)
    with pytest.raises(InputError, match=message) as caught:
        from_fits(path, **arguments)
    assert str(path) in str(caught.value)


def test_missing_and_foreign_files_are_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.fits: does not exist"):
        from_fits(tmp_path / "nowhere.fits", samples_per_pixel=4)
    text = tmp_path / "notes.fits"
    text.write_text("this is not an image")
    with pytest.raises(InputError, match=r"notes\.fits: cannot be read as FITS"):
        from_fits(text, samples_per_pixel=4)
    with pytest.raises(InputError, match="PSF file"):
        from_fits(tmp_path, samples_per_pixel=4)


def test_negative_background_is_pointed_out(tmp_path):
    path = write(tmp_path / "low.fits", gaussian_image(4.0) - 0.001, OVERSAMP=4)
    with pytest.warns(SkyforgeWarning, match="negative values make up"):
        from_fits(path)
