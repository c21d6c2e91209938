"""How faint a star is still drawn one by one, and how much light the rest adds to the background."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_PEAK_OVER_NOISE = 0.1
_BRIGHTEST_LIMIT = 6.0
_FAINTEST_LIMIT = 24.0  # the star counts are extrapolated beyond G = 21; deeper than this they say nothing
_TOLERANCE_MAG = 0.01
_MOST_ROUNDS = 20


def faintest_star_drawn(
    electrons_at_zero: float, peak_fraction: float, pixel_variance: Callable[[float], float]
) -> float:
    """Return the G magnitude at which a star's peak falls to a tenth of a pixel's noise.

    Fainter stars become background light, which in turn adds noise: the two are solved together by iteration.

    Parameters
    ----------
    electrons_at_zero
        Electrons that a star of G = 0 and mean colour leaves in one exposure.
    peak_fraction
        Share of them in the brightest pixel.
    pixel_variance
        Variance of a pixel without stars, in electrons², when stars down to the given G are drawn one by one.

    Returns
    -------
    float
        G, between 6 and 24.
    """
    limit = 18.0
    for _ in range(_MOST_ROUNDS):
        noise = float(np.sqrt(pixel_variance(limit)))
        found = 2.5 * np.log10(electrons_at_zero * peak_fraction / (_PEAK_OVER_NOISE * noise))
        found = float(np.clip(found, _BRIGHTEST_LIMIT, _FAINTEST_LIMIT))
        if abs(found - limit) < _TOLERANCE_MAG:
            return round(found, 2)
        limit = found
    return round(limit, 2)
