"""Holds a GPU's frames to the CPU's bytes: every case of the tests, the golden frame, the standard scenes."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# The cases that the tests hold an emulated GPU to. The package is the installed one: a checkout may not be compiled.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "render"))

import golden_frame
from frame_cases import CASES

from skyforge import codec, render
from skyforge.bench import scenes
from skyforge.bench.device_scene import device_scene
from skyforge.bench.effort import QUICK
from skyforge.bench.placing import projected
from skyforge.codec.device import compress_frames, device_frame, rice_buffers
from skyforge.render.gpu.renderer import GpuRenderer
from skyforge.render.gpu.requests import FrameRequest
from skyforge.render.options import checked_threads


class DifferentError(AssertionError):
    """A frame of the GPU is not the CPU's."""


def identity(runtime: Any, say: Callable[[str], None], standard: tuple[scenes.Scene, ...]) -> dict[str, Any]:
    """Compare everything, say what was compared, and raise `DifferentError` at the first difference."""
    for name, case in CASES.items():
        request = FrameRequest(case.sources, case.background, case.seed, case.frame)
        renderer = GpuRenderer(runtime, case.bank, case.shape, case.detector)
        compare(runtime, name, renderer, request, case.expected(), case.image())
    say(f"{len(CASES)} cases: electrons, pixels, words, sums and compressed rows are the CPU's")
    golden(runtime)
    say("the golden frame is the one that is written down")
    for scene in standard:
        standard_scene(runtime, scene)
        say(f"{scene.name}: the first and the last frame of a launch are the CPU's")
    return {"cases": list(CASES), "golden": golden_frame.GOLDEN, "scenes": [scene.name for scene in standard]}


def compare(
    runtime: Any, name: str, renderer: GpuRenderer, request: FrameRequest, expected: Any, adu: Any
) -> None:
    """Hold all that a GPU makes of a request to what a CPU does."""
    drawn = renderer.draw([request], expected=True, image=True, words=True)
    same(name, "electrons", runtime.to_host(drawn.expected[0]), expected)
    same(name, "pixels", runtime.to_host(drawn.image[0]), adu)
    words, datasum = codec.fits_words(adu)
    same(name, "words", runtime.to_host(drawn.words[0]), words)
    if codec.datasum_from_sums(*(int(value) for value in drawn.sums[0])) != datasum:
        raise DifferentError(f"{name}: DATASUM differs")
    same_rows(runtime, name, drawn.image, adu)


def same_rows(runtime: Any, name: str, image: Any, adu: Any) -> None:
    """Hold a compressed frame to the CPU's."""
    buffers = rice_buffers(runtime, 1, adu.shape)
    compress_frames(runtime, image, buffers)
    sizes, sums = runtime.to_host(buffers.sizes), runtime.to_host(buffers.sums)
    data = runtime.to_host(buffers.heap).view(np.uint8)[: int(sizes.sum())]
    frame, ours = device_frame(sizes, 0, int(sums[0]), data, adu.shape), codec.rice_compress(adu)
    same(name, "lengths of rows", frame.image.sizes, ours.sizes)
    same(name, "compressed rows", frame.image.data, ours.data)
    if frame.heap_sum != codec.datasum(ours.data):
        raise DifferentError(f"{name}: the sum of the compressed rows differs")


def same(name: str, what: str, found: Any, wanted: Any) -> None:
    if found.tobytes() == wanted.tobytes():
        return
    places = np.argwhere(np.atleast_1d(found) != np.atleast_1d(wanted)) if found.shape == wanted.shape else []
    where = f"{len(places)} places, the first at {places[0].tolist()}" if len(places) else "in shape or NaN"
    raise DifferentError(f"{name}: {what} differ, {where}")


def golden(runtime: Any) -> None:
    renderer = GpuRenderer(runtime, golden_frame.bank(), golden_frame.SHAPE, golden_frame.detector())
    request = FrameRequest(
        golden_frame.scene(), golden_frame.background(), golden_frame.SEED, golden_frame.FRAME
    )
    image = runtime.to_host(renderer.draw([request], image=True).image[0])
    if hashlib.sha256(image.astype("<u2").tobytes()).hexdigest() != golden_frame.GOLDEN:
        raise DifferentError("the golden frame: pixels differ")


def standard_scene(runtime: Any, scene: scenes.Scene) -> None:
    """Compare two frames of a launch, on the way that the rates are measured on."""
    ready = device_scene(runtime, scene, dataclasses.replace(QUICK, frames_a_launch=3))
    drawn = ready.renderer.draw(ready.requests(0), image=True)
    for frame in sorted({0, ready.frames - 1}):
        sources = scene.sources()
        if scene.projected:
            sources = projected(scene, scene.directions(), scene.electrons(), frame, checked_threads(None))
        alone = render.render_frame(
            sources, scene.bank(), scene.shape, scenes.SKY_E, scenes.DETECTOR, 1, frame, device="cpu"
        )
        name = f"{scene.name}, frame {frame}"
        same(name, "pixels", runtime.to_host(drawn.image[frame]), alone)
        same_rows(runtime, name, drawn.image[frame : frame + 1], alone)
