"""How bright everything is: spectra, passbands, phase functions, shadow and the diffuse sky."""

from __future__ import annotations

from skyforge.photometry.budget import PhotonBudget, photon_budget
from skyforge.photometry.eclipse import Occulter, sunlight_fraction
from skyforge.photometry.noise import (
    electrons_for_snr,
    noise_equivalent_area_px,
    optimal_snr,
    saturating_magnitude,
)
from skyforge.photometry.passband import SystemResponse, named_filter, tabulated, top_hat
from skyforge.photometry.phase import phase_angle, sphere_v_magnitude
from skyforge.photometry.shadow import sunlit_fraction
from skyforge.photometry.spectra import solar_irradiance, solar_photon_irradiance
from skyforge.photometry.starlight import starlight_electron_rate
from skyforge.photometry.stellar import color_temperature, star_electron_rate
from skyforge.photometry.sunlight import sunlit_electron_rate
from skyforge.photometry.zodiacal import zodiacal_electron_rate, zodiacal_radiance

__all__ = [
    "Occulter",
    "PhotonBudget",
    "SystemResponse",
    "color_temperature",
    "electrons_for_snr",
    "named_filter",
    "noise_equivalent_area_px",
    "optimal_snr",
    "phase_angle",
    "photon_budget",
    "saturating_magnitude",
    "solar_irradiance",
    "solar_photon_irradiance",
    "sphere_v_magnitude",
    "star_electron_rate",
    "starlight_electron_rate",
    "sunlight_fraction",
    "sunlit_electron_rate",
    "sunlit_fraction",
    "tabulated",
    "top_hat",
    "zodiacal_electron_rate",
    "zodiacal_radiance",
]
