"""The frames of a scenario: what an exposure is made of goes in, pixels with their coordinates and truth come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyforge import frames, render, simulate
from skyforge.caption import caption
from skyforge.errors import InputError
from skyforge.scenario import Scenario, load


@dataclass(frozen=True)
class Studio:
    """A plan with what renders its frames."""

    plan: simulate.Plan
    renderer: render.Renderer

    def expose(self, index: int) -> frames.Frame:
        """Render one frame of the plan."""
        return self.develop(simulate.exposure(self.plan, index))

    def develop(self, exposure: simulate.Exposure) -> frames.Frame:
        """Turn an exposure into a frame: pixels, world coordinates, header and truth."""
        data, described = self.pixels(exposure), caption(self.plan, exposure)
        return frames.Frame(exposure.index, data, described.wcs, described.header, exposure.truth)

    def pixels(self, exposure: simulate.Exposure) -> Any:
        """Render the pixels of an exposure: uint16 ADU [y, x], in NumPy's or CuPy's memory as the renderer has it."""
        seed = self.plan.scenario.seed
        return self.renderer.render_frame(exposure.sources, background(exposure), seed, exposure.index)


@dataclass(frozen=True)
class Darkroom:
    """What all frames of a scenario share, not yet on any device."""

    plan: simulate.Plan
    psf: render.PsfBank
    detector: render.Detector

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a frame."""
        return self.plan.scenario.detector.shape


def darkroom(scenario: Scenario, *, strict: bool = False) -> Darkroom:
    """Work out what all frames of a scenario share.

    Parameters
    ----------
    scenario
        What is to be rendered.
    strict
        As for `skyforge.simulate.plan`.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be.
    """
    plan = simulate.plan(scenario, strict=strict)
    try:
        bank = render.psf_bank([plan.instrument.psf])
    except InputError as error:
        pixel_arcsec = plan.instrument.camera.pixel_scale_arcsec
        raise InputError(
            f"telescope.psf: {error}\na pixel sees {pixel_arcsec:.4g} arcsec: check telescope.focal_length, "
            "detector.pixel and the width of the image of a point"
        ) from error
    with simulate.about("detector"):
        return Darkroom(plan, bank, simulate.readout(scenario))


def studio(
    scenario: Scenario, device: str = "auto", threads: int | None = None, *, strict: bool = False
) -> Studio:
    """Make a scenario ready to be exposed.

    Parameters
    ----------
    scenario
        What is to be rendered.
    device, threads
        As for `skyforge.render.renderer`.
    strict
        As for `skyforge.simulate.plan`.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be.
    SkyforgeError
        If the device cannot render.
    """
    shared = darkroom(scenario, strict=strict)
    return Studio(shared.plan, render.renderer(shared.psf, shared.shape, shared.detector, device, threads))


def background(exposure: simulate.Exposure) -> render.Background:
    """Return the diffuse light of an exposure, and the lit discs in it, as the renderer takes them."""
    return exposure.diffuse_light()


def render_one(
    scenario: Scenario | str | Path,
    frame: int = 0,
    *,
    device: str = "auto",
    threads: int | None = None,
    strict: bool = False,
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
        "cpu"; "gpu", where the frame's data stay as a CuPy array; or "auto": on the GPU where there is one, as a NumPy
        array in any case. The pixels do not depend on it.
    threads
        Threads on the CPU; all by default. Nor do they on this.
    strict
        Make a target that has no place, or no name of its own, an error instead of a warning.

    Returns
    -------
    skyforge.frames.Frame
        With `data` (uint16 ADU, [y, x]; DLPack, so that other libraries take it as it is), `wcs`, `header` and `truth`.

    Raises
    ------
    InputError
        If the scenario asks for what cannot be, or has no such frame.
    """
    ready = scenario if isinstance(scenario, Scenario) else load(scenario)
    if not 0 <= frame < ready.time.frames:
        raise InputError(f"frame: found {frame}; the scenario has frames 0 to {ready.time.frames - 1}")
    stage = studio(ready, device, threads, strict=strict)
    exposure = simulate.exposure(stage.plan, frame)
    log = _log(stage.plan)
    log.add(exposure.plate, exposure.targets, exposure.in_the_way)
    log.warn()
    return stage.develop(exposure)


def stream(
    scenario: Scenario | str | Path,
    *,
    device: str = "auto",
    threads: int | None = None,
    strict: bool = False,
) -> Iterator[frames.Frame]:
    """Yield the frames of a scenario one after the other, with nothing written to disk; arguments as `render_one`."""
    ready = scenario if isinstance(scenario, Scenario) else load(scenario)
    stage = studio(ready, device, threads, strict=strict)
    log = _log(stage.plan)
    for index in range(ready.time.frames):
        exposure = simulate.exposure(stage.plan, index)
        log.add(exposure.plate, exposure.targets, exposure.in_the_way)
        yield stage.develop(exposure)
    log.warn()


def _log(plan: simulate.Plan) -> simulate.FieldLog:
    return simulate.FieldLog(plan.instrument.camera, plan.targets.names)
