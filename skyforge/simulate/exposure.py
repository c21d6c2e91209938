"""One exposure: all that a frame is made of, as arrays, with the truth about every source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skyforge import orbits, render
from skyforge.errors import InputError
from skyforge.simulate.background import GRID, background_rate, solid_angle_falloff, spread_over_frame
from skyforge.simulate.instrument import saturation_e
from skyforge.simulate.lit_discs import lit_discs_e
from skyforge.simulate.obstruction import Disc, discs, planet_discs
from skyforge.simulate.pixel_noise import PixelNoise
from skyforge.simulate.plan import Plan
from skyforge.simulate.plate import Plate, plate
from skyforge.simulate.star_image import StarImages, star_images
from skyforge.simulate.target_images import TargetImages, target_images
from skyforge.simulate.truth import star_truth, target_truth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Exposure:
    """All inputs of one frame.

    Attributes
    ----------
    index
        Number of the frame in its run.
    begin_tdb_s, end_tdb_s
        When the shutter opens and closes.
    observer_km, observer_km_s
        Barycentric position and velocity of the telescope at mid-exposure, each (3,).
    sources
        Every source of light as straight segments, for the renderer.
    background_e
        Electrons of the diffuse sky in each pixel, on a coarse grid over the frame, [y, x].
    plate
        What a plate solution of the frame works with.
    truth
        One row per source.
    targets
        The targets; of very many only those near the field.
    in_the_way
        Discs of Earth, Moon and Sun in the observer's sky.
    discs_e
        Electrons of lit discs in every pixel, [y, x]; None where no such body is in the field.
    """

    index: int
    begin_tdb_s: float
    end_tdb_s: float
    observer_km: Floats
    observer_km_s: Floats
    sources: render.Sources
    background_e: Floats
    plate: Plate
    truth: pa.Table
    targets: TargetImages
    in_the_way: tuple[Disc, ...]
    discs_e: NDArray[np.float32] | None = None

    def diffuse_light(self) -> render.Background:
        """Return the diffuse sky and the lit discs as the renderer takes them: a coarse grid, or a map with discs."""
        if self.discs_e is None:
            return render.CoarseBackground(self.background_e.astype(np.float32))
        return spread_over_frame(self.background_e, self.discs_e.shape).astype(np.float32) + self.discs_e


def exposure(plan: Plan, index: int) -> Exposure:
    """Work out one exposure of a plan.

    Parameters
    ----------
    plan
        The scenario, made ready.
    index
        Number of the frame, from 0.

    Raises
    ------
    InputError
        If the plan is strict and a target has no place.
    """
    begin, end = plan.interval_tdb_s(index)
    middle = 0.5 * (begin + end)
    telescope, camera = plan.instrument, plan.instrument.camera
    seen_from = orbits.viewpoint(plan.observer, middle)
    solution = plate(camera, plan.attitude.axes(middle), seen_from)
    near = discs(seen_from.position_km, middle)
    blocking = near + planet_discs(seen_from.position_km, middle)
    axes = plan.attitude.axes(middle)
    background_e = _background(plan, solution, seen_from.position_km, middle)
    wanted = plan.scenario.background.extended_bodies
    discs_e = lit_discs_e(axes, seen_from, telescope) if wanted else None
    noise = PixelNoise(
        camera.shape,
        background_e,
        discs_e,
        telescope.dark_rate * telescope.exposure_s,
        float(plan.scenario.detector.read_noise.to_value("electron")),
        saturation_e(plan.scenario),
    )
    field = plan.star_field(index)
    stars = star_images(
        field, plan.observer, plan.attitude, camera, (begin, end), blocking, telescope.exposure_s
    )
    targets = target_images(plan.targets, plan.observer, plan.attitude, telescope, (begin, end), blocking)
    if plan.strict and targets.without_place:
        raise InputError(
            f"targets: {next(iter(targets.without_place.values()))}; without strict the run goes on"
        )
    truth = pa.concat_tables(
        [
            star_truth(index, stars, camera, telescope.image_shape, noise),
            target_truth(index, targets, camera, telescope.image_shape, noise),
        ]
    )
    return Exposure(
        index,
        begin,
        end,
        seen_from.position_km,
        seen_from.velocity_km_s,
        _sources(stars, targets),
        background_e,
        solution,
        truth,
        targets,
        near,
        discs_e,
    )


def _background(plan: Plan, solution: Plate, observer_km: Floats, t_tdb_s: float) -> Floats:
    """Return the diffuse sky's electrons on a grid [y, x] over the frame."""
    telescope, camera = plan.instrument, plan.instrument.camera
    directions = orbits.directions_from_angles(solution.ra_deg, solution.dec_deg)
    rate = background_rate(
        directions,
        observer_km,
        t_tdb_s,
        plan.selection.unresolved_from_g,
        plan.scenario.background,
        telescope,
    )
    electrons = rate * solid_angle_falloff(camera, solution.x, solution.y) * telescope.exposure_s
    grid: Floats = electrons[1:].reshape(GRID, GRID)  # the first is the frame's middle
    return grid


def _sources(stars: StarImages, targets: TargetImages) -> render.Sources:
    """Return all tracks as segments, in catalogue order, the targets last."""
    columns = zip(stars.segments(), targets.segments(), strict=True)
    x_start, y_start, x_end, y_end, electrons = (np.concatenate(pair) for pair in columns)
    return render.Sources(x_start, y_start, x_end, y_end, electrons.astype(np.float32))
