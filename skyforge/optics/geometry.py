"""First-order numbers of a telescope: plate scale, diffraction scale, collecting area."""

from __future__ import annotations

import math

from skyforge.optics.checks import require_obstruction, require_positive

ARCSEC_PER_RADIAN = 180.0 * 3600.0 / math.pi


def plate_scale_arcsec_per_px(pixel_um: float, focal_length_m: float) -> float:
    """Angle on the sky of one pixel at the field's centre, arcseconds.

    Parameters
    ----------
    pixel_um
        Pixel pitch, micrometres.
    focal_length_m
        Effective focal length, metres.

    Raises
    ------
    InputError
        If either is not positive.
    """
    require_positive("pixel_um", pixel_um)
    require_positive("focal_length_m", focal_length_m)
    return pixel_um * 1e-6 / focal_length_m * ARCSEC_PER_RADIAN


def lambda_over_d_px(
    wavelength_nm: float, aperture_m: float, focal_length_m: float, pixel_um: float
) -> float:
    """Diffraction scale λ/D in pixels: wavelength × focal ratio / pixel pitch.

    Its inverse is the cut-off of the optical transfer function in cycles per pixel.

    Parameters
    ----------
    wavelength_nm
        Wavelength, nanometres.
    aperture_m, focal_length_m
        Diameter of the entrance pupil and effective focal length, metres.
    pixel_um
        Pixel pitch, micrometres.

    Raises
    ------
    InputError
        If any of them is not positive.
    """
    require_positive("wavelength_nm", wavelength_nm)
    require_positive("aperture_m", aperture_m)
    require_positive("focal_length_m", focal_length_m)
    require_positive("pixel_um", pixel_um)
    return wavelength_nm * 1e-9 * focal_length_m / aperture_m / (pixel_um * 1e-6)


def collecting_area_m2(aperture_m: float, obstruction: float = 0.0) -> float:
    """Clear area of an annular aperture, square metres.

    Parameters
    ----------
    aperture_m
        Outer diameter, metres.
    obstruction
        Linear central obstruction, 0 … 1.

    Raises
    ------
    InputError
        If the aperture is not positive or the obstruction is not in [0, 1).
    """
    require_positive("aperture_m", aperture_m)
    require_obstruction(obstruction)
    return math.pi / 4.0 * aperture_m**2 * (1.0 - obstruction**2)
