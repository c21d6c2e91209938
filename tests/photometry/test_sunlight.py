from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import named_filter, solar_photon_irradiance, sunlit_electron_rate, top_hat


def test_magnitude_zero_gives_a_thousand_photons():
    # The classical number: a star of V = 0 gives about 1000 photons per s, cm² and Å near 550 nm (995.5,
    # Bessell 1979).
    band = named_filter("bessell-V")
    rate = sunlit_electron_rate(0.0, 1e-4, band) / (band.effective_width_nm * 10.0)
    assert rate == pytest.approx(1000.0, rel=0.04)


def test_the_sun_itself_gives_its_irradiance():
    response = top_hat(500.0, 600.0)
    photons = np.trapezoid(solar_photon_irradiance(response.wavelength_nm), response.wavelength_nm)
    assert sunlit_electron_rate(-26.74, 2.0, response) == pytest.approx(2.0 * photons)


def test_a_dark_body_gives_nothing():
    assert sunlit_electron_rate(np.inf, 1.0, top_hat(500.0, 600.0)) == 0.0


def test_an_ultraviolet_response_is_refused():
    with pytest.raises(InputError, match="narrow the passband"):
        sunlit_electron_rate(10.0, 1.0, top_hat(245.0, 340.0))
