"""What is asked of the device, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.render.background import Background
from skyforge.render.gpu.runtime import DeviceArray, Event
from skyforge.render.sources import Sources

HaloGrid = tuple[int, int, int, int, float]
"""Of a frame: levels, spacing_bits, cells_x, cells_y, quantum."""


@dataclass(frozen=True, eq=False)
class DeviceSources:
    """
    Sources in the device's memory, to be drawn in as many frames as wanted.

    Attributes
    ----------
    count
        How many.
    record
        The kernels' structure, with the device addresses of the columns.
    halo
        The grids for their far light.
    arrays
        What the addresses point into.
    ready
        When they are there, for work on other streams; None where that was waited for.
    """

    count: int
    record: NDArray[np.void]
    halo: HaloGrid
    arrays: tuple[DeviceArray, ...]
    ready: Event | None = None


@dataclass(frozen=True, eq=False)
class FrameRequest:
    """
    One frame of a launch.

    Attributes
    ----------
    sources
        What shines, on the host or on the device.
    background
        Electrons per pixel: as for `skyforge.render.render_frame`, or a map in the device's memory, such as an
        expected image drawn before: so what does not change from frame to frame is drawn once.
    seed, frame
        Of the noise.
    """

    sources: Sources | DeviceSources
    background: Background | DeviceArray = 0.0
    seed: int = 0
    frame: int = 0


@dataclass(frozen=True, eq=False)
class Drawn:
    """
    The frames of a launch, ``(n, ny, nx)`` each; None where they were not asked for.

    Attributes
    ----------
    expected
        float32 electrons.
    image
        uint16 ADU.
    words
        The same as FITS stores it: big-endian, 32768 below.
    sums
        Sums of the stored values of even and of odd index in each frame, ``(n, 2)``, uint64 on the host.
    """

    expected: DeviceArray | None
    image: DeviceArray | None
    words: DeviceArray | None
    sums: NDArray[np.uint64]
