"""Which stars are drawn one by one: the catalogues asked for, down to the limit that the design itself sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry, stars
from skyforge.scenario import Scenario
from skyforge.scenario.sky import StarFile
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.background import background_rate
from skyforge.simulate.camera import Camera
from skyforge.simulate.instrument import Instrument
from skyforge.simulate.limit import faintest_star_drawn
from skyforge.simulate.signal import brightest_pixel_fraction
from skyforge.simulate.star_field import StarSelection

Floats = NDArray[np.float64]

_MEAN_COLOR_BP_RP = 0.82  # of the Sun: the middle of what the limit's stars are
_PROBES_ACROSS = 3


def star_selection(
    scenario: Scenario,
    telescope: Instrument,
    attitude: Attitude,
    observer: orbits.Trajectory,
    span_tdb_s: tuple[float, float],
) -> StarSelection:
    """Return which stars a scenario draws.

    Parameters
    ----------
    scenario
        What the user asked for.
    telescope, attitude, observer
        The instrument, where it points and where it is.
    span_tdb_s
        Begin and end of the run; the sky and the stars' motion are taken in the middle.

    Raises
    ------
    InputError
        If the user's table of stars cannot be read.
    """
    wanted = scenario.stars
    table = None
    if isinstance(wanted.table, StarFile):
        table = stars.read_table(wanted.table.path, wanted.table.columns.given)
    elif wanted.table is not None:
        table = stars.read_table(wanted.table, {})
    embedded = "gaia-bright" in wanted.catalogs
    if wanted.limit != "auto":
        return StarSelection(embedded, table, wanted.synthetic, wanted.limit)
    middle = 0.5 * (span_tdb_s[0] + span_tdb_s[1])
    seen_from = orbits.viewpoint(observer, middle)
    place = orbits.astrometric_directions(attitude.boresight(middle)[None, :], seen_from)
    read_variance = float(scenario.detector.read_noise.to_value("electron")) ** 2

    def pixel_variance(limit_g: float) -> float:
        sky = float(
            background_rate(place, seen_from.position_km, middle, limit_g, scenario.background, telescope)[0]
        )
        return (sky + telescope.dark_rate) * telescope.exposure_s + read_variance

    rate_at_zero = float(
        photometry.star_electron_rate(0.0, _MEAN_COLOR_BP_RP, telescope.area_m2, telescope.response)
    )
    trail_px = _shortest_star_trail_px(attitude, observer, telescope.camera, middle, telescope.exposure_s)
    peak = brightest_pixel_fraction(telescope.image_shape, np.zeros(1), np.zeros(1), np.array([trail_px]))
    limit = faintest_star_drawn(rate_at_zero * telescope.exposure_s, float(peak[0]), pixel_variance)
    return StarSelection(embedded, table, wanted.synthetic, limit)


def _shortest_star_trail_px(
    attitude: Attitude, observer: orbits.Trajectory, camera: Camera, middle_tdb_s: float, exposure_s: float
) -> float:
    """Return how far the star that moves least moves during an exposure, in pixels: its peak is the sharpest."""
    times = middle_tdb_s + exposure_s * np.array([-0.5, 0.0, 0.5])
    seen_from, axes = orbits.viewpoint(observer, times), attitude.axes(times)
    x, y = camera.grid(_PROBES_ACROSS)
    astrometric = orbits.astrometric_directions(camera.look(x, y, axes[1]), seen_from.at(1))
    begin, end = (
        np.array(camera.project(orbits.apparent_directions(astrometric, seen_from.at(k)), axes[k]))
        for k in (0, 2)
    )
    length = np.hypot(*(end - begin))
    return float(np.nanmin(length)) if np.isfinite(length).any() else 0.0
