"""What renders the frames of one camera, wherever that is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from skyforge.render.background import Background
from skyforge.render.detector import Detector
from skyforge.render.frame import expected_image, render_frame
from skyforge.render.options import checked_threads, resolve_device
from skyforge.render.psf_bank import PsfBank
from skyforge.render.sources import Sources


class Renderer(Protocol):
    """Renders frames of one shape with one bank and one detector; the same bytes on every device."""

    @property
    def device(self) -> str:
        """What renders, for people: "cpu", or the GPU's name."""
        ...

    def expected_image(self, sources: Sources, background: Background) -> Any:
        """Return float32 electrons [y, x], as `skyforge.render.expected_image` does."""
        ...

    def render_frame(self, sources: Sources, background: Background, seed: int, frame: int) -> Any:
        """Return uint16 ADU [y, x], as `skyforge.render.render_frame` does."""
        ...


@dataclass(frozen=True, eq=False)
class CpuRenderer:
    """`Renderer` on the CPU's threads."""

    psf: PsfBank
    shape: tuple[int, int]
    detector: Detector
    threads: int

    @property
    def device(self) -> str:
        """What renders."""
        return "cpu"

    def expected_image(self, sources: Sources, background: Background) -> Any:
        """Return float32 electrons [y, x]."""
        return expected_image(sources, self.psf, self.shape, background, self.threads, "cpu")

    def render_frame(self, sources: Sources, background: Background, seed: int, frame: int) -> Any:
        """Return uint16 ADU [y, x]."""
        return render_frame(
            sources, self.psf, self.shape, background, self.detector, seed, frame, self.threads, "cpu"
        )


def renderer(
    psf: PsfBank,
    shape: tuple[int, int],
    detector: Detector,
    device: str = "auto",
    threads: int | None = None,
) -> Renderer:
    """
    Make ready what renders frames of one camera; the tables and maps that they share are brought there once.

    Parameters
    ----------
    psf
        The bank that the sources' `psf_index` refers to.
    shape
        ``(ny, nx)``, pixels.
    detector
        The detector.
    device
        "cpu"; "gpu", whose frames are CuPy arrays that stay in its memory; or "auto", which renders on the GPU where
        there is one, and whose frames are NumPy arrays in any case.
    threads
        CPU threads; all by default.

    Returns
    -------
    Renderer
        On the device.

    Raises
    ------
    InputError
        If a map of the detector does not fit the frame, or there is no such device.
    SkyforgeError
        If the device cannot render; the message says what is missing.
    """
    cores = checked_threads(threads)
    if resolve_device(device) == "cpu":
        return CpuRenderer(psf, shape, detector, cores)
    from skyforge.render.gpu.frames import GpuFrames

    return GpuFrames.on_this_machine(psf, shape, detector, stay=device == "gpu")
