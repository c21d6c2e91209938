from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import named_filter, solar_irradiance, solar_photon_irradiance
from skyforge.photometry.spectra import LIGHT_SPEED_M_S, PLANCK_J_S, planck_photon_radiance
from skyforge.photometry.stellar import AB_ZERO_FLUX_W_M2_HZ, gaia_zero_photons

STEFAN_BOLTZMANN = 5.670374419e-8  # CODATA 2018, W m⁻² K⁻⁴


def ab_magnitude(name: str) -> float:
    """AB magnitude of the tabulated Sun through a filter: photons over those of a flat 3631 Jy."""
    band = named_filter(name)
    flat = AB_ZERO_FLUX_W_M2_HZ / (PLANCK_J_S * band.wavelength_nm)
    return -2.5 * np.log10(band.integrate(solar_photon_irradiance(band.wavelength_nm)) / band.integrate(flat))


@pytest.mark.parametrize("temperature", [2000.0, 5772.0, 30000.0])
def test_black_body_obeys_stefan_boltzmann(temperature):
    wavelength_nm = np.geomspace(10.0, 1e6, 20001)
    energy_j = PLANCK_J_S * LIGHT_SPEED_M_S / (wavelength_nm * 1e-9)
    radiance = planck_photon_radiance(wavelength_nm, temperature)
    power = np.pi * np.trapezoid(radiance * energy_j, wavelength_nm)
    assert power == pytest.approx(STEFAN_BOLTZMANN * temperature**4, rel=1e-5)


def test_black_body_peaks_where_wien_says():
    wavelength_nm = np.linspace(300.0, 900.0, 60001)
    energy = planck_photon_radiance(wavelength_nm, 5772.0) / wavelength_nm
    assert wavelength_nm[np.argmax(energy)] == pytest.approx(2.897771955e6 / 5772.0, abs=0.05)


def test_solar_table_holds_the_suns_power():
    # 280-4000 nm carry 98.6 % of the total solar irradiance of 1361-1366 W/m²: 1342-1348.
    wavelength_nm = np.linspace(280.0, 4000.0, 20001)
    assert np.trapezoid(solar_irradiance(wavelength_nm), wavelength_nm) == pytest.approx(1347.9, rel=1e-3)
    # Near 6000 K black body: the table cannot be off by a unit or a bin anywhere.
    sun_solid_angle_sr = np.pi * (695700.0 / 149597870.7) ** 2
    grid = np.array([450.0, 600.0, 800.0, 1000.0, 1600.0, 2200.0, 3500.0])
    ratio = solar_photon_irradiance(grid) / (planck_photon_radiance(grid, 5772.0) * sun_solid_angle_sr)
    assert np.all((ratio > 0.9) & (ratio < 1.25))


def test_solar_magnitudes_are_the_published_ones():
    # Willmer 2018 (ApJS 236, 47), absolute AB magnitudes at 10 pc; −31.572 brings them to 1 au. His errors
    # are 0.03-0.04.
    assert ab_magnitude("bessell-V") == pytest.approx(4.80 - 31.572, abs=0.04)
    assert ab_magnitude("bessell-B") == pytest.approx(5.31 - 31.572, abs=0.05)
    assert ab_magnitude("gaiadr3-G") == pytest.approx(4.67 + 0.114 - 31.572, abs=0.04)


def test_solar_colour_is_that_of_solar_twins():
    # BP−RP of the Sun: 0.82 ± 0.02 (Casagrande & VandenBerg 2018, from solar twins).
    blue, red = named_filter("gaiadr3-BP"), named_filter("gaiadr3-RP")
    flux = [band.integrate(solar_photon_irradiance(band.wavelength_nm)) for band in (blue, red)]
    color = -2.5 * np.log10(flux[0] / gaia_zero_photons("BP") / (flux[1] / gaia_zero_photons("RP")))
    assert color == pytest.approx(0.82, abs=0.02)


def test_the_sun_is_not_made_up_beyond_its_table():
    with pytest.raises(InputError, match="280 to 4000 nm"):
        solar_irradiance(np.array([245.0, 340.0]))
