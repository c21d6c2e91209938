"""Reading a point spread function from a FITS file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np

from skyforge.errors import InputError
from skyforge.optics.image_psf import ImagePsf, checked_image
from skyforge.optics.psf import Array

# Header keywords for samples a detector pixel, and for arcseconds a sample, that PSF programs write.
OVERSAMPLING_KEYWORDS = ("OVERSAMP", "OVERSAMPLE", "DET_SAMP")
SAMPLE_SCALE_KEYWORDS = ("PIXELSCL", "PIXSCALE", "PIXSCAL")


def from_fits(
    path: str | Path,
    *,
    hdu: int | str | None = None,
    samples_per_pixel: float | None = None,
    plate_scale_arcsec_per_px: float | None = None,
    center: Literal["geometric", "centroid"] = "geometric",
    pixel_integrated: bool = False,
    energy_in_image: float = 1.0,
    jitter_px: float = 0.0,
) -> ImagePsf:
    """PSF from an image in a FITS file.

    Parameters
    ----------
    path
        The file.
    hdu
        Number or name of the HDU; the first with a two-dimensional image by default.
    samples_per_pixel
        Image samples along one detector pixel. Without it the header tells: OVERSAMP, OVERSAMPLE or DET_SAMP,
        or PIXELSCL, PIXSCALE or PIXSCAL (arcseconds a sample) together with the plate scale.
    plate_scale_arcsec_per_px
        The detector's plate scale, arcseconds per pixel.
    center
        Where in the image the source is: its geometric middle, or the centroid of its light.
    pixel_integrated
        Whether the samples already hold the integral over a detector pixel.
    energy_in_image
        Fraction of all the light that falls into the image.
    jitter_px
        Standard deviation per axis of the pointing jitter, detector pixels.

    Raises
    ------
    InputError
        If the file cannot be read or does not hold a PSF, or its sampling is unknown; the message names the
        file.
    """
    source = Path(path)
    try:
        image, header = _read(source, hdu)
        image = checked_image(image)
        if samples_per_pixel is None:
            samples_per_pixel = _sampling(header, plate_scale_arcsec_per_px)
        return ImagePsf(
            image,
            float(samples_per_pixel),
            _center(image, center),
            pixel_integrated,
            energy_in_image,
            jitter_px,
        )
    except InputError as error:
        raise InputError(f"PSF file {source}: {error}") from error


def _read(path: Path, hdu: int | str | None) -> tuple[Any, Any]:
    """Read data and header of the HDU that is asked for, or of the first with an image."""
    from astropy.io import fits

    try:
        with fits.open(path, memmap=False) as file:
            if hdu is not None:
                chosen = file[hdu]
            else:
                images = [item for item in file if getattr(item, "is_image", False) and item.data is not None]
                if not images:
                    raise InputError("holds no image in any HDU")
                chosen = next((item for item in images if item.data.ndim == 2), images[0])
            if chosen.data is None or not getattr(chosen, "is_image", False):
                raise InputError(f"HDU {hdu} holds no image")
            return np.array(chosen.data), chosen.header.copy()
    except FileNotFoundError as error:
        raise InputError("does not exist") from error
    except (KeyError, IndexError) as error:
        raise InputError(f"has no HDU {hdu}") from error
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"cannot be read as FITS: {error}") from error


def _sampling(header: Any, plate_scale_arcsec_per_px: float | None) -> float:
    """Find the samples along a detector pixel in the header."""
    for keyword in OVERSAMPLING_KEYWORDS:
        if keyword in header:
            return _number(header, keyword)
    for keyword in SAMPLE_SCALE_KEYWORDS:
        if keyword in header:
            if plate_scale_arcsec_per_px is None:
                raise InputError(
                    f"gives {keyword} = {header[keyword]} arcsec a sample: "
                    "plate_scale_arcsec_per_px is needed to make samples per pixel of it"
                )
            return plate_scale_arcsec_per_px / _number(header, keyword)
    raise InputError(
        "does not tell its sampling: give samples_per_pixel, "
        f"or one of the keywords {', '.join(OVERSAMPLING_KEYWORDS + SAMPLE_SCALE_KEYWORDS)}"
    )


def _number(header: Any, keyword: str) -> float:
    """Positive number in a header."""
    value = header[keyword]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise InputError(f"keyword {keyword} = {value!r}: must be a number greater than 0")
    return float(value)


def _center(image: Array, kind: str) -> tuple[float, float]:
    """(x, y) of the source in the image, samples."""
    if kind == "geometric":
        return 0.5 * (image.shape[1] - 1), 0.5 * (image.shape[0] - 1)
    if kind == "centroid":
        total = image.sum()
        x = float(image.sum(axis=0) @ np.arange(image.shape[1]) / total)
        y = float(image.sum(axis=1) @ np.arange(image.shape[0]) / total)
        return x, y
    raise InputError(f"center = {kind!r}: must be 'geometric' or 'centroid'")
