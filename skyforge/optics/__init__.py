"""Through what: point spread functions with pixel and jitter folded in, and what can be measured on them."""

from __future__ import annotations

from skyforge.optics.airy_psf import AiryPsf, airy
from skyforge.optics.aperture import Spider
from skyforge.optics.fits_file import from_fits
from skyforge.optics.gaussian_psf import GaussianPsf, gaussian
from skyforge.optics.geometry import collecting_area_m2, lambda_over_d_px, plate_scale_arcsec_per_px
from skyforge.optics.image_psf import ImagePsf
from skyforge.optics.measure import (
    encircled_energy,
    fwhm_px,
    mean_peak_fraction,
    noise_equivalent_area_px,
    peak_fraction,
    strehl,
)
from skyforge.optics.moffat_psf import MoffatPsf, moffat
from skyforge.optics.psf import Psf
from skyforge.optics.pupil_psf import PupilPsf, pupil
from skyforge.optics.spectrum import passband_samples

__all__ = [
    "AiryPsf",
    "GaussianPsf",
    "ImagePsf",
    "MoffatPsf",
    "Psf",
    "PupilPsf",
    "Spider",
    "airy",
    "collecting_area_m2",
    "encircled_energy",
    "from_fits",
    "fwhm_px",
    "gaussian",
    "lambda_over_d_px",
    "mean_peak_fraction",
    "moffat",
    "noise_equivalent_area_px",
    "passband_samples",
    "peak_fraction",
    "plate_scale_arcsec_per_px",
    "pupil",
    "strehl",
]
