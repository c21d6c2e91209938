"""Make the pictures of the documentation anew: python docs/images/make_images.py."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

import skyforge
from skyforge.frames import TruthFlag
from skyforge.frames.frame import Frame
from skyforge.frames.stretch import background, colour, tone
from skyforge.pipeline import render_run

HERE = Path(__file__).parent
BUILT_IN = "kazsat-from-lunar-orbit"
COLOURS = 128
WIDTH_PX = 800
PAPER, INK, MARK = "#080c13", "#c9d1de", "#ffb347"


def main() -> None:
    """Write every picture into this folder."""
    save(preview(), "first-frame.png")
    save(strip(), "three-views.png")


def preview() -> Image.Image:
    """Return the preview of the built-in scenario, reduced in size."""
    with TemporaryDirectory() as folder:
        summary = render_run(skyforge.load(BUILT_IN), Path(folder) / "run")
        with Image.open(summary.preview) as image:
            image.load()
    height = round(image.height * WIDTH_PX / image.width)
    return image.convert("RGB").resize((WIDTH_PX, height), Image.Resampling.LANCZOS)


def strip() -> Image.Image:
    """Return three crops side by side: diffraction spikes, a followed satellite, a satellite from the ground."""
    spikes = skyforge.render(skyforge.load(BUILT_IN))
    followed = skyforge.render(
        skyforge.load(BUILT_IN, ["time.exposure=60 s", "time.cadence=70 s", "pointing.track=target"])
    )
    ground = skyforge.render("geo-from-ground")
    panels = [
        (spikes, brightest_star(spikes), 200, "the brightest star of the field, 2 s", None),
        (followed, target(followed), 60, "60 s from lunar orbit, following the satellite", 3),
        (ground, target(ground), 200, "the same satellite from the ground, 10 s", 8),
    ]
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.3), facecolor=PAPER)
    for plot, (frame, (x, y), half, title, gap) in zip(axes, panels, strict=True):
        plot.imshow(crop(frame, x, y, half), origin="lower", interpolation="nearest")
        if gap is not None:
            plot.plot([half + gap, half + 3 * gap], [half, half], color=MARK, linewidth=1.5)
            plot.plot([half, half], [half - gap, half - 3 * gap], color=MARK, linewidth=1.5)
        plot.set_axis_off()
        plot.set_title(title, color=INK, fontsize=10)
    figure.subplots_adjust(left=0.005, right=0.995, bottom=0.01, top=0.92, wspace=0.015)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    plt.close(figure)
    return Image.fromarray(pixels)


def crop(frame: Frame, x: float, y: float, half: int) -> np.ndarray:
    """Return the coloured pixels around a place."""
    rows, columns = (slice(max(round(c) - half, 0), round(c) + half + 1) for c in (y, x))
    pixels = frame.data[rows, columns].astype(np.float32)
    return colour(tone(pixels, *background(pixels)))


def brightest_star(frame: Frame) -> tuple[float, float]:
    """Return the place of the brightest star that lies on the frame."""
    truth = frame.truth
    outside = truth["flags"].to_numpy() & TruthFlag.OUTSIDE
    index = int(np.argmax(np.where(outside, 0.0, truth["electrons"].to_numpy())))
    return truth["x"][index].as_py(), truth["y"][index].as_py()


def target(frame: Frame) -> tuple[float, float]:
    """Return the place of the first target."""
    index = frame.truth["kind"].to_pylist().index("satellite")
    return frame.truth["x"][index].as_py(), frame.truth["y"][index].as_py()


def save(image: Image.Image, name: str) -> None:
    """Write an image with few colours, the rare ones (marks and labels) as well kept as the night sky's."""
    pixels = np.asarray(image).reshape(-1, 3)
    different = np.unique(pixels & 0xFC, axis=0)
    palette = Image.fromarray(different[None]).quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
