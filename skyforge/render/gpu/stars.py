"""A catalogue of stars that stays in the device's memory, and is put on the pixels there anew for every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render.gpu import layouts
from skyforge.render.gpu.requests import DeviceSources, HaloGrid
from skyforge.render.gpu.runtime import BLOCK_THREADS, DeviceArray, Runtime
from skyforge.render.gpu.structure import arguments
from skyforge.render.projection import View

_COLUMNS = ("x_start", "y_start", "x_end", "y_end")
_COLUMN_ITEM_BYTES = 8


@dataclass(frozen=True, eq=False)
class DeviceStars:
    """
    Stars in the device's memory.

    Attributes
    ----------
    count
        How many.
    directions
        Astrometric unit vectors, ``(n, 3)``.
    electrons, psf_index
        As of `skyforge.render.Sources`.
    halo
        The grids for their far light.
    """

    count: int
    directions: DeviceArray
    electrons: DeviceArray
    psf_index: DeviceArray
    halo: HaloGrid


def upload_stars(
    runtime: Runtime,
    directions: NDArray[np.float64],
    electrons: NDArray[np.float32],
    psf_index: NDArray[np.int32],
    halo: HaloGrid,
) -> DeviceStars:
    """
    Copy stars to the device.

    Raises
    ------
    InputError
        If the columns differ in length.
    """
    count = len(electrons)
    if directions.shape != (count, 3) or psf_index.shape != (count,):
        raise InputError(
            f"{count} stars need directions of shape ({count}, 3) and {count} indices, found "
            f"{directions.shape} and {psf_index.shape}"
        )
    return DeviceStars(
        count,
        runtime.array(np.asarray(directions, np.float64)),
        runtime.array(np.asarray(electrons, np.float32)),
        runtime.array(np.asarray(psf_index, np.int32)),
        halo,
    )


def project_stars(
    runtime: Runtime, stars: DeviceStars, views: Sequence[tuple[View, View]]
) -> list[DeviceSources]:
    """
    Put stars on the pixels of some frames, in one launch.

    Parameters
    ----------
    runtime
        The device.
    stars
        The catalogue.
    views
        Of each frame: as the shutter opens, and as it closes. Two that are the same make points.

    Returns
    -------
    list of DeviceSources
        For each frame; its track is straight.
    """
    frames = len(views)
    numbers = runtime.array(np.stack([view.numbers() for pair in views for view in pair]))
    places = runtime.empty((frames, len(_COLUMNS), stars.count), np.float64)
    runtime.launch(
        "project_stars",
        (-(-stars.count // BLOCK_THREADS), frames),
        arguments(
            layouts.PROJECT_ARGUMENTS,
            directions=runtime.address(stars.directions),
            count=stars.count,
            views=runtime.address(numbers),
            places=runtime.address(places),
        ),
    )
    ready = runtime.current_stream().record()
    column_bytes = stars.count * _COLUMN_ITEM_BYTES
    projected = []
    for frame in range(frames):
        base = runtime.address(places) + frame * len(_COLUMNS) * column_bytes
        record = np.zeros((), layouts.SOURCES)
        record["count"] = stars.count
        for number, name in enumerate(_COLUMNS):
            record[name] = base + number * column_bytes
        record["electrons"], record["psf"] = (
            runtime.address(stars.electrons),
            runtime.address(stars.psf_index),
        )
        keeps = (places, numbers, stars.electrons, stars.psf_index)
        projected.append(DeviceSources(stars.count, record, stars.halo, keeps, ready))
    return projected
