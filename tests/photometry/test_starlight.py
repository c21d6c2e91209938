from __future__ import annotations

import numpy as np
import pytest

from skyforge.photometry import (
    named_filter,
    star_electron_rate,
    starlight_electron_rate,
    sunlit_electron_rate,
    top_hat,
)


def test_a_field_of_stars_gives_what_they_give_one_by_one():
    g_mag = np.random.default_rng(3).uniform(16.0, 22.0, 2000)
    response = top_hat(400.0, 900.0)
    field_deg2, pixels = 0.5, 10000
    pixel_sr = field_deg2 * (np.pi / 180.0) ** 2 / pixels
    together = starlight_electron_rate(
        np.sum(10 ** (-0.4 * g_mag)) / field_deg2, pixel_sr, 0.07, response, 0.9
    )
    assert together * pixels == pytest.approx(star_electron_rate(g_mag, 0.9, 0.07, response).sum(), rel=1e-9)


def test_thirty_stars_of_tenth_magnitude_are_thirty_s10():
    # One S10, a star of magnitude 10 on a square degree, is 27.78 magnitudes per square arcsecond (5 log 3600
    # + 10); a star of BP−RP 1.1 is 0.25 fainter in V than in G.
    band = named_filter("bessell-V")
    arcsec2_sr = (np.pi / 648000.0) ** 2
    rate = starlight_electron_rate(30.0 * 10 ** (-0.4 * 10.0), arcsec2_sr, 1.0, band, 1.1)
    expected = 27.78 - 2.5 * np.log10(30.0) + 0.25
    assert -2.5 * np.log10(rate / sunlit_electron_rate(0.0, 1.0, band)) == pytest.approx(expected, abs=0.05)
