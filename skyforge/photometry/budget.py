"""The photon budget of one source: plain numbers to check with a pocket calculator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from skyforge.photometry.noise import optimal_snr
from skyforge.photometry.passband import SystemResponse


@dataclass(frozen=True)
class PhotonBudget:
    """What becomes of one source's photons, from the pupil to the signal-to-noise ratio.

    Attributes
    ----------
    area_m2
        Clear area of the aperture.
    photons_per_s
        Photons per s of the passband that enter the pupil.
    photons_after_optics_per_s
        What the optics leave of them.
    electrons_per_s
        Electrons they release.
    exposure_s, electrons
        Exposure, and the electrons in it.
    brightest_pixel_fraction, brightest_pixel_e
        Share of the source in its brightest pixel, and the electrons there, without background.
    sky_e_per_px, dark_e_per_px, read_noise_e
        Background electrons of a pixel in the exposure, and the read noise.
    noise_equivalent_area_px, snr
        Noise-equivalent area of the image, and the signal-to-noise ratio of a matched filter.
    full_well_e, saturated
        Full well, and whether source and background fill the brightest pixel beyond it.
    """

    area_m2: float
    photons_per_s: float
    photons_after_optics_per_s: float
    electrons_per_s: float
    exposure_s: float
    electrons: float
    brightest_pixel_fraction: float
    brightest_pixel_e: float
    sky_e_per_px: float
    dark_e_per_px: float
    read_noise_e: float
    noise_equivalent_area_px: float
    snr: float
    full_well_e: float
    saturated: bool


def photon_budget(
    detected_rate: Callable[[float, SystemResponse], float],
    *,
    area_m2: float,
    passband: SystemResponse,
    throughput: ArrayLike,
    quantum_efficiency: ArrayLike,
    exposure_s: float,
    brightest_pixel_fraction: float,
    noise_equivalent_area_px: float,
    sky_e_per_s_px: float,
    dark_e_per_s_px: float,
    read_noise_e: float,
    full_well_e: float = float("inf"),
) -> PhotonBudget:
    """Follow one source's photons from the pupil to the signal-to-noise ratio.

    Parameters
    ----------
    detected_rate
        The source: events per s for an area in m² and a response, for instance
        ``lambda area, response: float(star_electron_rate(15.0, 0.82, area, response))``.
    area_m2
        Clear area of the aperture in m².
    passband
        Passband of the filter alone.
    throughput, quantum_efficiency
        Optics and detector: a number, or one value per wavelength of `passband`, 0…1.
    exposure_s
        Exposure in s.
    brightest_pixel_fraction, noise_equivalent_area_px
        Of the source's image: share of its light in the brightest pixel, and noise-equivalent area in pixels.
    sky_e_per_s_px, dark_e_per_s_px
        Electrons per s and pixel from the sky and from dark current.
    read_noise_e, full_well_e
        Read noise and full well in electrons.

    Returns
    -------
    PhotonBudget
        Every step of the chain.
    """
    after_optics = passband.times(throughput)
    electrons_per_s = detected_rate(area_m2, after_optics.times(quantum_efficiency))
    electrons = electrons_per_s * exposure_s
    brightest = electrons * brightest_pixel_fraction
    sky, dark = sky_e_per_s_px * exposure_s, dark_e_per_s_px * exposure_s
    return PhotonBudget(
        area_m2=area_m2,
        photons_per_s=detected_rate(area_m2, passband),
        photons_after_optics_per_s=detected_rate(area_m2, after_optics),
        electrons_per_s=electrons_per_s,
        exposure_s=exposure_s,
        electrons=electrons,
        brightest_pixel_fraction=brightest_pixel_fraction,
        brightest_pixel_e=brightest,
        sky_e_per_px=sky,
        dark_e_per_px=dark,
        read_noise_e=read_noise_e,
        noise_equivalent_area_px=noise_equivalent_area_px,
        snr=float(optimal_snr(electrons, sky + dark, read_noise_e, noise_equivalent_area_px)),
        full_well_e=full_well_e,
        saturated=brightest + sky + dark > full_well_e,
    )
