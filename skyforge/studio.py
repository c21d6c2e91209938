"""The frames of a scenario: what an exposure is made of goes in, pixels with their coordinates and truth come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from skyforge import frames, orbits, render, simulate
from skyforge.errors import InputError
from skyforge.frames.header import CameraState, ObserverState, observation_header
from skyforge.scenario import Scenario, load
from skyforge.scenario.quantities import quantity_text


@dataclass(frozen=True, eq=False)
class Caption:
    """What a frame says of itself beside its pixels: its world coordinates and the cards of the observation."""

    wcs: WCS
    header: fits.Header


@dataclass(frozen=True)
class Studio:
    """A plan with all that its frames share made ready: the point spread function's tables and the detector's maps."""

    plan: simulate.Plan
    psf: render.PsfBank
    detector: render.Detector

    def expose(self, index: int, *, device: str = "auto", threads: int | None = None) -> frames.Frame:
        """Render one frame of the plan."""
        return self.develop(simulate.exposure(self.plan, index), device=device, threads=threads)

    def develop(
        self, exposure: simulate.Exposure, *, device: str = "auto", threads: int | None = None
    ) -> frames.Frame:
        """Turn an exposure into a frame: pixels, world coordinates, header and truth."""
        data = self.pixels(exposure, device=device, threads=threads)
        caption = self.caption(exposure)
        return frames.Frame(exposure.index, data, caption.wcs, caption.header, exposure.truth)

    def pixels(
        self, exposure: simulate.Exposure, *, device: str = "auto", threads: int | None = None
    ) -> NDArray[np.uint16]:
        """Render the pixels of an exposure, uint16 ADU [y, x]."""
        scenario = self.plan.scenario
        return render.render_frame(
            exposure.sources,
            self.psf,
            scenario.detector.shape,
            render.CoarseBackground(exposure.background_e.astype(np.float32)),
            self.detector,
            seed=scenario.seed,
            frame=exposure.index,
            threads=threads,
            device=device,
        )

    def caption(self, exposure: simulate.Exposure) -> Caption:
        """Say what the frame of an exposure says of itself."""
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
        wcs.array_shape = self.plan.scenario.detector.shape
        return Caption(wcs, _header(self.plan, exposure))


def studio(scenario: Scenario) -> Studio:
    """Make a scenario ready to be exposed.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be.
    """
    plan = simulate.plan(scenario)
    try:
        bank = render.psf_bank([plan.instrument.psf])
    except InputError as error:
        pixel_arcsec = plan.instrument.camera.pixel_scale_arcsec
        raise InputError(
            f"telescope.psf: {error}\na pixel sees {pixel_arcsec:.4g} arcsec: check telescope.focal_length, "
            "detector.pixel and the width of the image of a point"
        ) from error
    with simulate.about("detector"):
        return Studio(plan, bank, simulate.readout(scenario))


def render_one(
    scenario: Scenario | str | Path, frame: int = 0, *, device: str = "auto", threads: int | None = None
) -> frames.Frame:
    """Render one frame of a scenario.

    Each call works the scenario out anew; for more frames than one, `stream` does that once.

    Parameters
    ----------
    scenario
        A scenario, its file, or a preset's name.
    frame
        Number of the frame, from 0.
    device
        auto, cpu or gpu.
    threads
        Threads on the CPU; all by default. The pixels do not depend on it.

    Returns
    -------
    skyforge.frames.Frame
        With `data` (uint16 ADU, [y, x]), `wcs`, `header` and `truth`.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be, or has no such frame.
    """
    ready = scenario if isinstance(scenario, Scenario) else load(scenario)
    if not 0 <= frame < ready.time.frames:
        raise InputError(f"frame: found {frame}; the scenario has frames 0 to {ready.time.frames - 1}")
    stage = studio(ready)
    exposure = simulate.exposure(stage.plan, frame)
    log = simulate.FieldLog(stage.plan.instrument.camera)
    log.add(exposure.plate, exposure.targets, exposure.in_the_way)
    log.warn()
    return stage.develop(exposure, device=device, threads=threads)


def stream(
    scenario: Scenario | str | Path, *, device: str = "auto", threads: int | None = None
) -> Iterator[frames.Frame]:
    """Yield the frames of a scenario one after the other, with nothing written to disk; arguments as `render_one`."""
    stage = studio(scenario if isinstance(scenario, Scenario) else load(scenario))
    for index in range(stage.plan.scenario.time.frames):
        yield stage.expose(index, device=device, threads=threads)


def _header(plan: simulate.Plan, exposure: simulate.Exposure) -> fits.Header:
    scenario, camera = plan.scenario, plan.instrument.camera
    chip, telescope, passband = scenario.detector, scenario.telescope, scenario.passband
    begin, middle, end = (
        orbits.utc_time(t)
        for t in (
            exposure.begin_tdb_s,
            0.5 * (exposure.begin_tdb_s + exposure.end_tdb_s),
            exposure.end_tdb_s,
        )
    )
    return observation_header(
        begin=begin,
        mid=middle,
        end=end,
        exposure_s=plan.instrument.exposure_s,
        frame=exposure.index,
        seed=scenario.seed,
        observer=_observer(plan, exposure),
        camera=CameraState(
            gain_e_per_adu=float(chip.gain.to_value("electron/adu")),
            read_noise_e=float(chip.read_noise.to_value("electron")),
            bias_adu=float(chip.bias.to_value("adu")),
            saturation_adu=simulate.saturation_adu(scenario),
            pixel_scale_arcsec=camera.pixel_scale_arcsec,
            full_well_e=float(chip.full_well.to_value("electron")),
            dark_e_per_s=plan.instrument.dark_rate,
            temperature_c=float(chip.temperature.to_value("deg_C")),
            bits=chip.bits,
            pixel_size_um=float(chip.pixel.to_value("um")),
            focal_length_mm=float(telescope.focal_length.to_value("mm")),
            aperture_mm=float(telescope.aperture.to_value("mm")),
            passband=passband.filter
            or f"{quantity_text(passband.shortest)} - {quantity_text(passband.longest)}",
            wavelength_min_nm=float(plan.instrument.passband.wavelength_nm[0]),
            wavelength_max_nm=float(plan.instrument.passband.wavelength_nm[-1]),
            telescope=telescope.name,
            detector=chip.name,
        ),
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
