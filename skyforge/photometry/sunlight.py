"""Electrons from bodies that the Sun lights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.photometry.passband import SystemResponse
from skyforge.photometry.spectra import solar_photon_irradiance

Floats = NDArray[np.float64]

# Apparent V of the Sun at 1 au. The tabulated spectrum through Bessell's V gives −26.77 in AB and, V(AB)
# being within 0.02 of V(Vega), agrees with it. Bodies are scaled to the Sun by the same number, so it cancels
# in electrons.
SUN_V_MAG = -26.74


def sunlit_electron_rate(v_mag: ArrayLike, area_m2: float, response: SystemResponse) -> Floats:
    """Return the electrons per second from bodies of the Sun's colour.

    Parameters
    ----------
    v_mag
        Johnson V magnitudes, shape (n,); +inf for a body that is dark.
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
        If the response reaches beyond the solar spectrum (280-4000 nm).
    """
    sun = float(response.integrate(solar_photon_irradiance(response.wavelength_nm)))
    fraction: Floats = 10.0 ** (-0.4 * (np.asarray(v_mag, dtype=np.float64) - SUN_V_MAG))
    return area_m2 * sun * fraction
