"""One frame after the other from the GPU of this machine, as arrays that programs work with."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from skyforge.render.background import Background
from skyforge.render.detector import Detector
from skyforge.render.gpu.cupy_runtime import CupyRuntime, cupy_runtime
from skyforge.render.gpu.exposing import expose_map
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.gpu.runtime import DeviceArray
from skyforge.render.psf_bank import PsfBank
from skyforge.render.random_numbers import checked_frame, checked_seed
from skyforge.render.sources import Sources


class GpuFrames:
    """
    `skyforge.render.Renderer` on a GPU.

    Parameters
    ----------
    runtime
        The device.
    renderer
        What draws there.
    stay
        Leave the frames on the device, as CuPy arrays; else they come back as NumPy arrays.
    """

    def __init__(self, runtime: CupyRuntime, renderer: GpuRenderer, *, stay: bool) -> None:
        self._runtime = runtime
        self._renderer = renderer
        self._stay = stay

    @classmethod
    def on_this_machine(
        cls, psf: PsfBank, shape: tuple[int, int], detector: Detector | None, *, stay: bool
    ) -> Self:
        """Make one on the first GPU."""
        runtime = cupy_runtime()
        return cls(runtime, GpuRenderer(runtime, psf, shape, detector), stay=stay)

    @property
    def device(self) -> str:
        """The GPU's name."""
        return self._runtime.name

    def expected_image(self, sources: Sources, background: Background) -> Any:
        """Return float32 electrons [y, x]."""
        drawn = self._renderer.draw([self._request(sources, background)], expected=True)
        return self._handed_over(drawn.expected)

    def render_frame(self, sources: Sources, background: Background, seed: int, frame: int) -> Any:
        """Return uint16 ADU [y, x]."""
        drawn = self._renderer.draw([self._request(sources, background, seed, frame)], image=True)
        return self._handed_over(drawn.image)

    def _request(
        self, sources: Sources, background: Background, seed: int = 0, frame: int = 0
    ) -> FrameRequest:
        return FrameRequest(sources, self._known(background), checked_seed(seed), checked_frame(frame))

    def _known(self, light: Any) -> Any:
        """Turn a CuPy array into what the renderer knows as one."""
        return self._runtime.device_array(light) if is_on_device(light) else light

    def _handed_over(self, frames: DeviceArray | None) -> Any:
        """Return the one frame of a launch."""
        assert frames is not None  # noqa: S101  (it was asked for)
        return handed_over(self._runtime, frames[0], stay=self._stay)


def is_on_device(array: Any) -> bool:
    """Say whether something is an array in a GPU's memory, CuPy's or another's."""
    return hasattr(array, "__cuda_array_interface__")


def handed_over(runtime: CupyRuntime, array: DeviceArray, *, stay: bool) -> Any:
    """Return an array for a program: CuPy's where it is to stay on the device, else NumPy's."""
    return runtime.cupy_array(array) if stay else runtime.to_host(array)


def exposed(expected: Any, detector: Detector, seed: int, frame: int, *, stay: bool) -> Any:
    """Do what `skyforge.render.expose` does on the GPU of this machine; NumPy's arrays and CuPy's are welcome."""
    runtime = cupy_runtime()
    light = expected if is_on_device(expected) else np.asarray(expected, dtype=np.float32, order="C")
    on_device = runtime.device_array(light) if is_on_device(light) else runtime.array(light)
    return handed_over(runtime, expose_map(runtime, on_device, detector, seed, frame), stay=stay)
