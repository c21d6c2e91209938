"""What a frame says of itself beside its pixels: when, from where, with what, and where on the sky it looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from skyforge import frames, orbits, simulate
from skyforge.frames.header import CameraState, Cards, ObserverState, observation_cards
from skyforge.scenario.quantities import quantity_text


@dataclass(frozen=True, eq=False)
class Caption:
    """The world coordinates of a frame and the cards of its observation."""

    wcs: WCS
    cards: Cards

    @property
    def header(self) -> fits.Header:
        """The cards as astropy has them."""
        return frames.cards_header(self.cards)


def caption(plan: simulate.Plan, exposure: simulate.Exposure) -> Caption:
    """Say what the frame of an exposure of a plan says of itself."""
    plate = exposure.plate
    wcs, _ = frames.fit_wcs(
        plate.x,
        plate.y,
        plate.ra_deg,
        plate.dec_deg,
        float(plate.ra_deg[0]),
        float(plate.dec_deg[0]),
        (float(plate.x[0]), float(plate.y[0])),
    )
    wcs.array_shape = plan.scenario.detector.shape
    return Caption(wcs, _cards(plan, exposure))


def _camera(plan: simulate.Plan) -> CameraState:
    """Return what all frames of a plan say of telescope and detector."""
    scenario, instrument = plan.scenario, plan.instrument
    chip, telescope, passband = scenario.detector, scenario.telescope, scenario.passband
    return CameraState(
        gain_e_per_adu=float(chip.gain.to_value("electron/adu")),
        read_noise_e=float(chip.read_noise.to_value("electron")),
        bias_adu=float(chip.bias.to_value("adu")),
        saturation_adu=simulate.saturation_adu(scenario),
        pixel_scale_arcsec=instrument.camera.pixel_scale_arcsec,
        full_well_e=float(chip.full_well.to_value("electron")),
        dark_e_per_s=instrument.dark_rate,
        temperature_c=float(chip.temperature.to_value("deg_C")),
        bits=chip.bits,
        pixel_size_um=float(chip.pixel.to_value("um")),
        focal_length_mm=float(telescope.focal_length.to_value("mm")),
        aperture_mm=float(telescope.aperture.to_value("mm")),
        passband=passband.filter or f"{quantity_text(passband.shortest)} - {quantity_text(passband.longest)}",
        wavelength_min_nm=float(instrument.passband.wavelength_nm[0]),
        wavelength_max_nm=float(instrument.passband.wavelength_nm[-1]),
        telescope=telescope.name,
        detector=chip.name,
    )


def _cards(plan: simulate.Plan, exposure: simulate.Exposure) -> Cards:
    scenario = plan.scenario
    begin, middle, end = (
        orbits.utc_time(t)
        for t in (
            exposure.begin_tdb_s,
            0.5 * (exposure.begin_tdb_s + exposure.end_tdb_s),
            exposure.end_tdb_s,
        )
    )
    return observation_cards(
        begin=begin,
        mid=middle,
        end=end,
        exposure_s=plan.instrument.exposure_s,
        frame=exposure.index,
        seed=scenario.seed,
        observer=_observer(plan, exposure),
        camera=_camera(plan),
        object_name=scenario.pointing.target,
        scenario=scenario.name,
        tracking=scenario.pointing.track.value,
    )


def _observer(plan: simulate.Plan, exposure: simulate.Exposure) -> ObserverState:
    middle = 0.5 * (exposure.begin_tdb_s + exposure.end_tdb_s)
    earth_km, earth_km_s = (vector[0] for vector in orbits.ephemeris().state("earth", np.array([middle])))
    site = plan.observer.itrs_position() * 1e3 if isinstance(plan.observer, orbits.GroundSite) else None
    return ObserverState(
        name=plan.observer.name,
        position_km=exposure.observer_km,
        velocity_km_s=exposure.observer_km_s,
        geocentric_position_km=exposure.observer_km - earth_km,
        geocentric_velocity_km_s=exposure.observer_km_s - earth_km_s,
        site_itrs_m=site,
    )
