"""The light of stars too faint to be drawn one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.photometry.passband import SystemResponse
from skyforge.photometry.stellar import star_electron_rate

Floats = NDArray[np.float64]

SQUARE_DEGREE_SR = (np.pi / 180.0) ** 2

# Colour of the summed light of faint stars: between the blue turn-off and the red dwarfs that faint counts
# consist of.
FAINT_STARS_BP_RP = 1.1


def starlight_electron_rate(
    g_flux_per_deg2: ArrayLike,
    pixel_solid_angle_sr: float,
    area_m2: float,
    response: SystemResponse,
    bp_rp: float = FAINT_STARS_BP_RP,
) -> Floats:
    """Return the electrons per second that unresolved stars release in each pixel.

    Parameters
    ----------
    g_flux_per_deg2
        Σ 10^(−0.4 G) of the stars per square degree, shape (n,).
    pixel_solid_angle_sr
        Solid angle of a pixel in sr.
    area_m2
        Collecting area in m².
    response
        Passband × throughput × quantum efficiency.
    bp_rp
        Gaia colour of their summed light.

    Returns
    -------
    NDArray
        Electrons per s and pixel, shape (n,).
    """
    star_of_zero = float(star_electron_rate(0.0, bp_rp, area_m2, response))
    rate: Floats = (
        np.asarray(g_flux_per_deg2, dtype=np.float64) * star_of_zero * pixel_solid_angle_sr / SQUARE_DEGREE_SR
    )
    return rate
