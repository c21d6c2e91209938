"""How faint a target may be: a magnitude, or a signal-to-noise ratio of the scenario's own telescope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario import Scenario
from skyforge.scenario.pointing import Tracking
from skyforge.simulate.background import background_rate
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.signal import trail_noise_equivalent_area_px

Floats = NDArray[np.float64]

LEAST_SNR = 5.0
_PLACES = 512
_GOLDEN_ANGLE_DEG = 137.50776405003785
_FAINTEST_STAR_G = 20.0  # stars to which are not counted as sky; fainter ones add little to its median


@dataclass(frozen=True)
class Limit:
    """What a target must reach to be seen.

    Attributes
    ----------
    v_mag
        Faintest V magnitude; None where the signal-to-noise ratio decides.
    least_snr
        Least signal-to-noise ratio of an exposure.
    instrument
        The telescope.
    noise_e, read_noise_e
        Electrons of the dark sky and the dark current in a pixel, and the read noise.
    trails
        Whether a moving target leaves a trail, as it does when the telescope follows the stars.
    """

    v_mag: float | None
    least_snr: float
    instrument: Instrument
    noise_e: float
    read_noise_e: float
    trails: bool

    def snr(self, v_mag: Floats, rate_rad_s: Floats, stray_e: Floats | float = 0.0) -> Floats:
        """Return the signal-to-noise ratio of targets in one exposure.

        Parameters
        ----------
        v_mag, rate_rad_s
            Magnitudes, and rates against the stars.
        stray_e
            Electrons of stray light in a pixel.
        """
        telescope = self.instrument
        electrons = photometry.sunlit_electron_rate(v_mag, telescope.area_m2, telescope.response)
        length_px = rate_rad_s * telescope.exposure_s / telescope.camera.pixel_scale_rad
        area_px = trail_noise_equivalent_area_px(
            telescope.image_shape.noise_equivalent_area_px, length_px if self.trails else np.zeros(1)
        )
        return photometry.optimal_snr(
            electrons * telescope.exposure_s, self.noise_e + stray_e, self.read_noise_e, area_px
        )

    def allows(self, v_mag: Floats, snr: Floats) -> NDArray[np.bool_]:
        """Return a mask of what is bright enough."""
        bright: NDArray[np.bool_] = snr >= self.least_snr if self.v_mag is None else v_mag <= self.v_mag
        return bright

    def words(self) -> str:
        """Return what a person reads."""
        return f"V = {self.v_mag:g}" if self.v_mag is not None else f"SNR = {self.least_snr:g}"


def limit_of(
    scenario: Scenario,
    instrument: Instrument,
    seen_from: orbits.Viewpoint,
    *,
    v_mag: float | None = None,
    least_snr: float = LEAST_SNR,
) -> Limit:
    """Return the limit of a scenario's telescope against the median of the sky; stray light comes on top.

    Parameters
    ----------
    scenario, instrument
        The telescope.
    seen_from
        Where it is, at one instant.
    v_mag
        The faintest magnitude, instead of a signal-to-noise ratio.
    least_snr
        The least signal-to-noise ratio of an exposure.
    """
    drawn_to = scenario.stars.limit if scenario.stars.limit != "auto" else _FAINTEST_STAR_G
    dark = scenario.background.model_copy(update={"stray_light": False})
    rate = background_rate(
        _everywhere(), seen_from.position_km, float(seen_from.t_tdb_s), float(drawn_to), dark, instrument
    )
    noise_e = (float(np.median(rate)) + instrument.dark_rate) * instrument.exposure_s
    read_noise_e = float(scenario.detector.read_noise.to_value("electron"))
    trails = scenario.pointing.track is not Tracking.TARGET
    return Limit(v_mag, least_snr, instrument, noise_e, read_noise_e, trails)


def _everywhere() -> Floats:
    """Return directions (n, 3) spread evenly over the sphere, on a golden spiral."""
    step = np.arange(_PLACES)
    latitude_deg = np.rad2deg(np.arcsin(1.0 - (2.0 * step + 1.0) / _PLACES))
    return orbits.directions_from_angles(step * _GOLDEN_ANGLE_DEG, latitude_deg)
