"""Spectra of light sources: Planck's law and the Sun's tabulated irradiance."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.resources import catalogs_directory

Floats = NDArray[np.float64]

# The exact values of the International System of Units (BIPM 2019).
PLANCK_J_S = 6.62607015e-34
LIGHT_SPEED_M_S = 299_792_458.0
BOLTZMANN_J_K = 1.380649e-23

NM_PER_M = 1e9


def planck_photon_radiance(wavelength_nm: ArrayLike, temperature_k: ArrayLike) -> Floats:
    """Return the photon radiance of a black body, 2c/λ⁴ / (exp(hc/λkT) − 1) (Planck 1901, divided by hc/λ).

    Parameters
    ----------
    wavelength_nm
        Wavelengths in nm, broadcast against `temperature_k`.
    temperature_k
        Temperatures in K.

    Returns
    -------
    NDArray
        Photons per s, m², sr and nm.
    """
    wavelength_m = np.asarray(wavelength_nm, dtype=np.float64) / NM_PER_M
    temperature = np.asarray(temperature_k, dtype=np.float64)
    exponent = PLANCK_J_S * LIGHT_SPEED_M_S / (wavelength_m * BOLTZMANN_J_K * temperature)
    # exp(-x) / (1 - exp(-x)) instead of 1 / (exp(x) - 1): far in the Wien tail it underflows to 0 and never
    # overflows.
    occupation = np.exp(-exponent) / -np.expm1(-exponent)
    radiance: Floats = 2.0 * LIGHT_SPEED_M_S / wavelength_m**4 * occupation / NM_PER_M
    return radiance


@cache
def _solar_table() -> tuple[Floats, Floats]:
    path = catalogs_directory() / "solar" / "astm_g173_extraterrestrial.csv"
    wavelength, irradiance = np.loadtxt(path, delimiter=",", skiprows=2).T
    for column in (wavelength, irradiance):
        column.flags.writeable = False
    return wavelength, irradiance


def solar_irradiance(wavelength_nm: ArrayLike) -> Floats:
    """Return the Sun's spectral irradiance at 1 au (ASTM G173-03, extraterrestrial, in bins of 5 nm).

    Parameters
    ----------
    wavelength_nm
        Wavelengths in nm, shape (n,), within 280-4000 nm.

    Returns
    -------
    NDArray
        W m⁻² nm⁻¹, shape (n,).

    Raises
    ------
    InputError
        If a wavelength lies outside the tabulated range.
    """
    wavelength = np.asarray(wavelength_nm, dtype=np.float64)
    table_nm, table = _solar_table()
    if wavelength.size and (wavelength.min() < table_nm[0] or wavelength.max() > table_nm[-1]):
        raise InputError(
            f"the solar spectrum is known from {table_nm[0]:g} to {table_nm[-1]:g} nm, not at"
            f" {wavelength.min():g}-{wavelength.max():g} nm; narrow the passband"
        )
    irradiance: Floats = np.interp(wavelength, table_nm, table)
    return irradiance


def solar_photon_irradiance(wavelength_nm: ArrayLike) -> Floats:
    """Return the Sun's photon irradiance at 1 au, `solar_irradiance` divided by hc/λ.

    Parameters
    ----------
    wavelength_nm
        Wavelengths in nm, shape (n,), within 280-4000 nm.

    Returns
    -------
    NDArray
        Photons per s, m² and nm, shape (n,).
    """
    wavelength = np.asarray(wavelength_nm, dtype=np.float64)
    photon_energy_j = PLANCK_J_S * LIGHT_SPEED_M_S / (wavelength / NM_PER_M)
    return solar_irradiance(wavelength) / photon_energy_j
