"""A scene on a GPU, ready to be drawn many frames at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from skyforge.bench.effort import Effort
from skyforge.bench.scenes import DETECTOR, SKY_E, Scene
from skyforge.codec.device import RiceBuffers, compress_frames, rice_buffers
from skyforge.errors import SkyforgeError
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import DeviceSources, FrameRequest
from skyforge.render.gpu.ring import LAUNCHES, Form, Landed, Ring
from skyforge.render.gpu.runtime import DeviceArray, Event, Runtime
from skyforge.render.gpu.stars import project_stars, upload_stars
from skyforge.render.gpu.workspace import Workspace

_MEMORY_SHARE = 0.5  # of what is free
_MOST_MEMORY_BYTES = 24 * 2**30
_FRAME_BYTES_A_PIXEL = 8  # its ADU, and its rows before and after they are put end to end
_BYTES_A_STAR = 96  # where it is, twice, and where the lists have it, with room to spare
_REDRAWINGS = 8
_RATES = 3  # of which the median counts


@dataclass(frozen=True, eq=False)
class DeviceScene:
    """
    A scene with its catalogue, its bank and its detector on the device; make it with `device_scene`.

    Attributes
    ----------
    runtime, scene
        Where and what.
    renderer
        What draws.
    frames
        Of a launch.
    requests
        Makes those of a launch, by its number; what it queues for them goes to the current stream.
    """

    runtime: Runtime
    scene: Scene
    renderer: GpuRenderer
    frames: int
    requests: Callable[[int], list[FrameRequest]]

    def buffers(self) -> RiceBuffers:
        """Return room for the compressed frames of a launch."""
        return rice_buffers(self.runtime, self.frames, self.scene.shape)

    def images(self) -> DeviceArray:
        """Return room for the frames of a launch."""
        return self.runtime.empty((self.frames, *self.scene.shape), np.uint16)

    def grown(self, workspaces: Sequence[Workspace], outputs: dict[str, DeviceArray]) -> None:
        """Draw until all lists are long enough, so that what is measured next is no first time."""
        for workspace in workspaces:
            for _ in range(_REDRAWINGS):
                self.renderer.launch(self.requests(0), outputs, workspace)
                if not self.renderer.must_redraw(workspace.reports(self.frames)):
                    break
            else:
                raise SkyforgeError(f"the lists of {self.scene.name} did not grow to what it needs")


def device_scene(runtime: Runtime, scene: Scene, effort: Effort, *, new_sources: bool = False) -> DeviceScene:
    """
    Put a scene on the device.

    Parameters
    ----------
    runtime
        The device.
    scene
        What is drawn.
    effort
        How many frames a launch has at most.
    new_sources
        Bring the sources of every frame from the host, as if each had others.
    """
    renderer = GpuRenderer(runtime, scene.bank(), scene.shape, DETECTOR)
    frames = _frames_a_launch(runtime, scene, effort)
    if scene.projected:
        return DeviceScene(runtime, scene, renderer, frames, _projecting(runtime, scene, renderer, frames))
    if new_sources:
        on_host = [scene.sources() for _ in range(frames)]
        return DeviceScene(
            runtime,
            scene,
            renderer,
            frames,
            lambda launch: [
                FrameRequest(each, SKY_E, 1, launch * frames + k) for k, each in enumerate(on_host)
            ],
        )
    stars = renderer.upload(scene.sources())
    return DeviceScene(
        runtime, scene, renderer, frames, lambda launch: _requests([stars] * frames, launch * frames)
    )


def launch_seconds(ready: DeviceScene, effort: Effort, *, compress: bool = False) -> tuple[float, float]:
    """
    Return the device's seconds of a frame that stays there, and the clock's on the wall.

    Parameters
    ----------
    ready
        What is drawn.
    effort
        How many launches.
    compress
        Compress the frames too.
    """
    runtime = ready.runtime
    with runtime.stream() as stream:
        image = ready.images()
        buffers = ready.buffers() if compress else None
        workspaces = [Workspace(runtime) for _ in range(LAUNCHES)]
        ready.grown(workspaces, {"image": image})
        found = []
        for _ in range(_RATES):
            busy: list[Event | None] = [None] * LAUNCHES
            runtime.synchronize()
            began, begin = time.perf_counter(), stream.record(timed=True)
            for launch in range(effort.launches):
                lane = launch % LAUNCHES
                earlier = busy[lane]
                if earlier is not None:
                    earlier.synchronize()
                ready.renderer.launch(ready.requests(launch), {"image": image}, workspaces[lane])
                if buffers is not None:
                    compress_frames(runtime, image, buffers)
                busy[lane] = stream.record()
            end = stream.record(timed=True)
            end.synchronize()
            found.append((end.seconds_since(begin), time.perf_counter() - began))
    frames = effort.launches * ready.frames
    device_s, wall_s = np.median(np.array(found), axis=0).tolist()
    return device_s / frames, wall_s / frames


def landing_seconds(
    ready: DeviceScene,
    form: Form,
    effort: Effort,
    landed: Callable[[list[Landed]], object] = len,
) -> tuple[float, int]:
    """
    Return seconds and bytes of a frame on its way to pinned memory of the host, several launches at a time.

    Parameters
    ----------
    ready
        What is drawn.
    form
        In which frames leave the device.
    effort
        How many launches.
    landed
        What is done with frames that are there; their memory is used again when it returns.
    """
    runtime, shape = ready.runtime, ready.scene.shape
    ring = Ring(ready.renderer, form, ready.frames)
    room = form.frame_bytes(shape)
    memory: list[list[NDArray[np.uint8]]] = [
        [runtime.pinned(room, np.uint8) for _ in range(ready.frames)] for _ in range(LAUNCHES)
    ]
    sizes: list[int] = []

    def push(launch: int) -> None:
        took(ring.push(ready.requests(launch), memory[launch % LAUNCHES]))

    def took(frames: list[Landed]) -> None:
        sizes.extend(frame.memory.nbytes for frame in frames)
        landed(frames)

    found = []
    launch = 0
    for _ in range(_RATES):
        for _ in range(LAUNCHES):  # the way is full before the clock starts, and when it stops
            push(launch)
            launch += 1
        began = time.perf_counter()
        for _ in range(effort.launches):
            push(launch)
            launch += 1
        found.append((time.perf_counter() - began) / (effort.launches * ready.frames))
        took(ring.drain())
    return median(found), int(median(sizes))


def _requests(stars: Sequence[DeviceSources], first: int) -> list[FrameRequest]:
    return [FrameRequest(each, SKY_E, 1, first + number) for number, each in enumerate(stars)]


def _projecting(
    runtime: Runtime, scene: Scene, renderer: GpuRenderer, frames: int
) -> Callable[[int], list[FrameRequest]]:
    """Return what puts the catalogue on the pixels of a launch's frames."""
    electrons = scene.electrons()
    psf_index = np.zeros(scene.stars, np.int32)
    stars = upload_stars(runtime, scene.directions(), electrons, psf_index, renderer.halo(electrons))

    def requests(launch: int) -> list[FrameRequest]:
        first = launch * frames
        views = [(scene.view(frame), scene.view(frame)) for frame in range(first, first + frames)]
        placed = project_stars(runtime, stars, views)
        runtime.current_stream().synchronize()  # whatever stream draws them may begin at once
        return _requests(placed, first)

    return requests


def _frames_a_launch(runtime: Runtime, scene: Scene, effort: Effort) -> int:
    """Return how many frames of a launch fit on the device, as often as launches are on their way."""
    frame_bytes = scene.pixels * _FRAME_BYTES_A_PIXEL + scene.stars * _BYTES_A_STAR
    budget = min(int(_MEMORY_SHARE * runtime.memory_free()), _MOST_MEMORY_BYTES)
    return max(1, min(effort.frames_a_launch, budget // (LAUNCHES * frame_bytes)))
