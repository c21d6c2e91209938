"""The photon budget of a scenario, step by step, for a person to check."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from astropy.units import Quantity

from skyforge import photometry
from skyforge.scenario import Scenario
from skyforge.scenario.light import LightModel
from skyforge.simulate.exposure import exposure
from skyforge.simulate.plan import Plan, plan
from skyforge.simulate.signal import brightest_pixel_fraction, trail_noise_equivalent_area_px
from skyforge.simulate.target_images import TargetImages

Budget = tuple[str, list[tuple[str, float, str]]]
"""A title, and rows of what is counted, its value and its unit."""

_REFERENCE_G = 15.0
_SUNLIKE_BP_RP = 0.82


def explain(scenario: Scenario) -> list[Budget]:
    """Follow the light of a star of G = 15 and of every target from the aperture to the signal-to-noise ratio.

    Parameters
    ----------
    scenario
        What would be rendered; its middle frame is explained.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be.
    """
    ready = plan(scenario)
    middle = exposure(ready, scenario.time.frames // 2)
    nodes = middle.background_e.shape[0] // 2
    sky_e = float(middle.background_e[nodes, nodes])

    def star_rate(area_m2: float, response: photometry.SystemResponse) -> float:
        return float(photometry.star_electron_rate(_REFERENCE_G, _SUNLIKE_BP_RP, area_m2, response))

    budgets = [
        _budget(
            ready,
            f"a star of G = {_REFERENCE_G:g} with the Sun's colour, not trailed",
            star_rate,
            sky_e,
            0.0,
            [],
        )
    ]
    budgets.extend(_target_budget(ready, middle.targets, row, sky_e) for row in range(len(middle.targets)))
    return budgets


def _target_budget(ready: Plan, targets: TargetImages, row: int, sky_e: float) -> Budget:
    seen, body = targets.middle, targets.targets.bodies[row]
    v_mag = float(seen.v_mag[row])

    def rate(area_m2: float, response: photometry.SystemResponse) -> float:
        return (
            0.0 if targets.occulted[row] else float(photometry.sunlit_electron_rate(v_mag, area_m2, response))
        )

    length_px = float(targets.trails.length_px()[row])
    first = [
        *_numbers(body.model),
        ("range", float(seen.range_km[row]), "km"),
        ("phase angle", float(np.degrees(seen.phase_angle_rad[row])), "deg"),
        ("sunlit fraction", float(seen.sunlit[row]), ""),
        ("magnitude V", v_mag, "mag"),
        ("rate against the stars", float(targets.rate_arcsec_s[row]), "arcsec/s"),
        ("trail", length_px, "px"),
    ]
    return _budget(ready, body.name, rate, sky_e, length_px, first)


def _numbers(model: LightModel) -> list[tuple[str, float, str]]:
    """Return the plain numbers of a model of light, lengths in m."""
    rows = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Quantity):
            rows.append((name.replace("_", " "), float(value.si.value), str(value.si.unit)))
        elif isinstance(value, float):
            rows.append((name.replace("_", " "), value, ""))
    return rows


def _budget(
    ready: Plan,
    title: str,
    rate: Callable[[float, photometry.SystemResponse], float],
    sky_e: float,
    length_px: float,
    first: list[tuple[str, float, str]],
) -> Budget:
    telescope, scenario = ready.instrument, ready.scenario
    shape = telescope.image_shape
    length = np.array([length_px])
    budget = photometry.photon_budget(
        rate,
        area_m2=telescope.area_m2,
        passband=telescope.passband,
        throughput=telescope.optics_throughput,
        quantum_efficiency=telescope.quantum_efficiency,
        exposure_s=telescope.exposure_s,
        brightest_pixel_fraction=float(brightest_pixel_fraction(shape, np.zeros(1), np.zeros(1), length)[0]),
        noise_equivalent_area_px=float(
            trail_noise_equivalent_area_px(shape.noise_equivalent_area_px, length)[0]
        ),
        sky_e_per_s_px=sky_e / telescope.exposure_s,
        dark_e_per_s_px=telescope.dark_rate,
        read_noise_e=float(scenario.detector.read_noise.to_value("electron")),
        full_well_e=float(scenario.detector.full_well.to_value("electron")),
    )
    return title, [
        *first,
        ("aperture", float(scenario.telescope.aperture.to_value("m")), "m"),
        ("obstruction (linear)", scenario.telescope.obstruction, ""),
        ("collecting area", budget.area_m2, "m2"),
        ("photons through the aperture, in the passband", budget.photons_per_s, "1/s"),
        ("photons after the optics", budget.photons_after_optics_per_s, "1/s"),
        ("electrons", budget.electrons_per_s, "e/s"),
        ("exposure", budget.exposure_s, "s"),
        ("electrons in the exposure", budget.electrons, "e"),
        ("share in the brightest pixel", budget.brightest_pixel_fraction, ""),
        ("electrons in the brightest pixel", budget.brightest_pixel_e, "e"),
        ("full well", budget.full_well_e, "e"),
        ("sky", budget.sky_e_per_px, "e/px"),
        ("dark current", budget.dark_e_per_px, "e/px"),
        ("read noise", budget.read_noise_e, "e"),
        ("noise-equivalent area", budget.noise_equivalent_area_px, "px"),
        ("signal-to-noise ratio (matched filter)", budget.snr, ""),
    ]
