"""Electrons from stars: Gaia G magnitudes and colours turned into photons through any response.

A star is taken for a black body of the temperature that gives its BP−RP colour, scaled to its G magnitude.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.passband import SystemResponse, named_filter
from skyforge.photometry.spectra import PLANCK_J_S, planck_photon_radiance

Floats = NDArray[np.float64]

# Flux of an object of AB magnitude 0 (Oke & Gunn 1983, ApJ 266, 713), 3631 Jy, in W m⁻² Hz⁻¹.
AB_ZERO_FLUX_W_M2_HZ = 3631e-26

# AB minus Vega magnitude of one object in Gaia's bands: differences of the photometric zero points of Gaia
# EDR3 and DR3 (Riello et al. 2021, A&A 649, A3): G 25.8010446 − 25.6873669, BP 25.3539556 − 25.3385422, RP
# 25.1039837 − 24.7478955.
AB_MINUS_VEGA = {"G": 0.1136777774, "BP": 0.0154133401, "RP": 0.3560882381}

COOLEST_K, HOTTEST_K = 1500.0, 50_000.0
_TEMPERATURE_NODES = 300
_COLOR_NODES = 1024
_CHUNK = 65_536  # stars at a time, so that intermediate arrays stay in cache

# A star without a measured colour is taken for a Sun: BP−RP = 0.82 (Casagrande & VandenBerg 2018, MNRAS 479,
# L102).
UNKNOWN_BP_RP = 0.82


def gaia_zero_photons(band: str) -> float:
    """Return the photons that Gaia's passband weighs in, per s and m², from a source of Vega magnitude 0.

    Parameters
    ----------
    band
        ``G``, ``BP`` or ``RP``.

    Returns
    -------
    float
        ∫ F_ν/(hλ) S(λ) dλ with F_ν = 3631 Jy × 10^(−0.4 (AB − Vega)) and S the passband of Gaia DR3.
    """
    passband = _gaia_passband(band)
    flux = AB_ZERO_FLUX_W_M2_HZ * 10.0 ** (-0.4 * AB_MINUS_VEGA[band])
    return float(passband.integrate(flux / (PLANCK_J_S * passband.wavelength_nm)))


@cache
def _gaia_passband(band: str) -> SystemResponse:
    return named_filter(f"gaiadr3-{band}")


@cache
def _temperatures() -> Floats:
    nodes = np.geomspace(COOLEST_K, HOTTEST_K, _TEMPERATURE_NODES)
    nodes.flags.writeable = False
    return nodes


def _black_body_photons(response: SystemResponse) -> Floats:
    """Photons of black bodies of `_temperatures()` through a response, per s, m² and sr."""
    return response.integrate(planck_photon_radiance(response.wavelength_nm, _temperatures()[:, np.newaxis]))


@cache
def _gaia_black_body_photons(band: str) -> Floats:
    return _black_body_photons(_gaia_passband(band))


@cache
def _black_body_bp_rp() -> Floats:
    """Synthetic BP−RP (Vega) of black bodies of `_temperatures()`; it falls with temperature."""
    blue = _gaia_black_body_photons("BP") / gaia_zero_photons("BP")
    red = _gaia_black_body_photons("RP") / gaia_zero_photons("RP")
    color: Floats = -2.5 * np.log10(blue / red)
    color.flags.writeable = False
    return color


def color_temperature(bp_rp: ArrayLike) -> Floats:
    """Return the temperature of the black body that has a star's Gaia BP−RP colour.

    This is not the effective temperature: it serves to interpolate the spectrum between Gaia's bands.
    Interstellar reddening makes it too low, yet the spectrum it gives between 400 and 900 nm stays near the
    reddened one.

    Parameters
    ----------
    bp_rp
        Gaia BP−RP (Vega), shape (n,); NaN stands for an unknown colour and is taken for the Sun's.

    Returns
    -------
    NDArray
        Temperatures in K, shape (n,), clipped to 1500-50000 K.
    """
    color = _known_colors(np.asarray(bp_rp, dtype=np.float64))
    temperature: Floats = np.exp(
        np.interp(
            color, _black_body_bp_rp()[::-1], np.log(_temperatures()[::-1])
        )  # np.interp wants rising colours
    )
    return temperature


def _known_colors(bp_rp: Floats) -> Floats:
    colors: Floats = np.where(np.isnan(bp_rp), UNKNOWN_BP_RP, bp_rp)
    return colors


def star_electron_rate(
    g_mag: ArrayLike, bp_rp: ArrayLike, area_m2: float, response: SystemResponse
) -> Floats:
    """Return the electrons per second that stars release in a telescope's detector.

    Parameters
    ----------
    g_mag
        Gaia G magnitudes (Vega), shape (n,).
    bp_rp
        Gaia BP−RP colours (Vega), shape (n,) or one for all; NaN where unknown.
    area_m2
        Collecting area in m².
    response
        Passband × throughput × quantum efficiency.

    Returns
    -------
    NDArray
        Electrons per s, shape (n,).

    Raises
    ------
    InputError
        If a magnitude is not a number.
    """
    magnitude = np.asarray(g_mag, dtype=np.float64)
    if np.any(np.isnan(magnitude)):
        raise InputError("a star's G magnitude is not a number; leave stars without one out of the table")
    magnitude, color = np.broadcast_arrays(magnitude, np.asarray(bp_rp, dtype=np.float64))
    nodes, table = _rate_by_color(response)
    rate = np.empty(magnitude.shape)
    flat_magnitude, flat_color, flat_rate = magnitude.ravel(), color.ravel(), rate.ravel()
    steps_per_mag = (nodes.size - 1) / (nodes[-1] - nodes[0])
    slope = np.diff(table)
    for start in range(0, flat_rate.size, _CHUNK):
        piece = slice(start, start + _CHUNK)
        step = np.clip((_known_colors(flat_color[piece]) - nodes[0]) * steps_per_mag, 0.0, nodes.size - 1.0)
        below = np.minimum(step.astype(np.intp), nodes.size - 2)
        at_zero = table[below] + (step - below) * slope[below]
        flat_rate[piece] = area_m2 * at_zero * np.exp(flat_magnitude[piece] * (-0.4 * np.log(10.0)))
    return rate


def _rate_by_color(response: SystemResponse) -> tuple[Floats, Floats]:
    """Evenly spaced BP−RP, and the electrons per s and m² of a star of G = 0 at each."""
    photons = _black_body_photons(response) / _gaia_black_body_photons("G") * gaia_zero_photons("G")
    color = _black_body_bp_rp()[::-1]
    nodes = np.linspace(color[0], color[-1], _COLOR_NODES)
    return nodes, np.interp(nodes, color, photons[::-1])
