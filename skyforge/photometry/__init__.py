"""How bright everything is: spectra, passbands, phase functions, shadow and the diffuse sky."""

from __future__ import annotations

from skyforge.photometry.asteroid import (
    asteroid_v_magnitude,
    g1_g2_from_g12,
    hg1g2_phase_function,
    hg_phase_function,
)
from skyforge.photometry.budget import PhotonBudget, photon_budget
from skyforge.photometry.eclipse import Occulter, sunlight_fraction
from skyforge.photometry.exposure_light import flux_in_pieces
from skyforge.photometry.facets import Facets, Surface, box_wing, plate
from skyforge.photometry.light_curve import LightCurve, flicker, read_light_curve, tabulated_light_curve
from skyforge.photometry.lit_body import POLES_DEG, SHAPES, LitBody, lit_body
from skyforge.photometry.lit_disc import disc_light
from skyforge.photometry.noise import (
    electrons_for_snr,
    noise_equivalent_area_px,
    optimal_snr,
    saturating_magnitude,
)
from skyforge.photometry.passband import SystemResponse, named_filter, tabulated, top_hat
from skyforge.photometry.phase import phase_angle, sphere_v_magnitude
from skyforge.photometry.planets import moon_v_magnitude, planet_v_magnitude, saturn_v_magnitude
from skyforge.photometry.reflection import (
    Reflectors,
    flux_per_sun,
    reflected_v_magnitude,
    reflectors,
    v_magnitude,
)
from skyforge.photometry.reflectors import (
    Asteroid,
    Attitude,
    AttitudeLaw,
    DiffuseSphere,
    FacetedBody,
    MeasuredLight,
    Model,
    SpecularSphere,
)
from skyforge.photometry.scene import Scene, scene
from skyforge.photometry.second_light import second_light_flux
from skyforge.photometry.shadow import sunlit_fraction
from skyforge.photometry.spectra import solar_irradiance, solar_photon_irradiance
from skyforge.photometry.starlight import starlight_electron_rate
from skyforge.photometry.stellar import color_temperature, star_electron_rate
from skyforge.photometry.stray_light import (
    PointSourceTransmittance,
    generic_baffle,
    read_transmittance,
    stray_disc_light,
    stray_electron_rate,
    stray_sunlight,
)
from skyforge.photometry.sunlight import SUN_V_MAG, sunlit_electron_rate
from skyforge.photometry.zodiacal import zodiacal_electron_rate, zodiacal_radiance

__all__ = [
    "POLES_DEG",
    "SHAPES",
    "SUN_V_MAG",
    "Asteroid",
    "Attitude",
    "AttitudeLaw",
    "DiffuseSphere",
    "FacetedBody",
    "Facets",
    "LightCurve",
    "LitBody",
    "MeasuredLight",
    "Model",
    "Occulter",
    "PhotonBudget",
    "PointSourceTransmittance",
    "Reflectors",
    "Scene",
    "SpecularSphere",
    "Surface",
    "SystemResponse",
    "asteroid_v_magnitude",
    "box_wing",
    "color_temperature",
    "disc_light",
    "electrons_for_snr",
    "flicker",
    "flux_in_pieces",
    "flux_per_sun",
    "g1_g2_from_g12",
    "generic_baffle",
    "hg1g2_phase_function",
    "hg_phase_function",
    "lit_body",
    "moon_v_magnitude",
    "named_filter",
    "noise_equivalent_area_px",
    "optimal_snr",
    "phase_angle",
    "photon_budget",
    "planet_v_magnitude",
    "plate",
    "read_light_curve",
    "read_transmittance",
    "reflected_v_magnitude",
    "reflectors",
    "saturating_magnitude",
    "saturn_v_magnitude",
    "scene",
    "second_light_flux",
    "solar_irradiance",
    "solar_photon_irradiance",
    "sphere_v_magnitude",
    "star_electron_rate",
    "starlight_electron_rate",
    "stray_disc_light",
    "stray_electron_rate",
    "stray_sunlight",
    "sunlight_fraction",
    "sunlit_electron_rate",
    "sunlit_fraction",
    "tabulated",
    "tabulated_light_curve",
    "top_hat",
    "v_magnitude",
    "zodiacal_electron_rate",
    "zodiacal_radiance",
]
