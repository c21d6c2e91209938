"""The picture a person looks at first: the frame stretched, its targets marked, where and when below it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from skyforge.frames.files import atomic_file
from skyforge.frames.flatten import evened
from skyforge.frames.labels import Box
from skyforge.frames.orientation import orientation
from skyforge.frames.preview_layout import Layout
from skyforge.frames.preview_marks import draw_targets
from skyforge.frames.preview_panel import PANEL_HEIGHT_PX, Subject, draw_panel
from skyforge.frames.preview_targets import Target, brightest_star, inside, main_target, targets_of
from skyforge.frames.stretch import background, colour, reduce_size, tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from skyforge.frames.frame import Frame

DOTS_PER_INCH = 100.0
_LONGEST_SIDE_PX = 1366  # with the panel below it a square frame is then 1600 pixels high
_SMALL_FRAME_PX = 1024  # smaller frames are enlarged by a whole factor, up to this
_NARROWEST_PX = 880  # the panel below the picture needs as much
_MARGIN_PX = 22
_POINT_PX = 4.0  # a shorter trail looks like a point
_CANVAS_COLOUR = "#090c13"
_FRAME_COLOUR = "#2b3347"


def write_preview(frame: Frame, path: Path | str) -> None:
    """Draw a frame as a PNG; the same frame gives the same picture.

    Targets are ringed, trails get a tick where they begin and an arrow where they end; the best seen are
    labelled with name, magnitude and signal-to-noise ratio. Below the frame: the main target pixel by pixel,
    what, when and from where, north and east, and a scale bar.

    Parameters
    ----------
    frame
        The frame, with its truth; any shape.
    path
        Name of the file; an existing file is replaced.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    reduced, factor = reduce_size(frame.data, _LONGEST_SIDE_PX)
    reduced = evened(reduced)
    layout = _layout(reduced.shape, factor)
    targets = targets_of(frame)
    main = main_target(frame, targets)
    targets.sort(key=lambda target: target is not main)  # the main target is labelled, however faint
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # a user's style must not change the picture
        warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks is drawn as a box
        width, height = (side / DOTS_PER_INCH for side in layout.canvas)
        figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor=_CANVAS_COLOUR)
        FigureCanvasAgg(figure)
        axes = _axes_in_pixels(figure, layout)
        _draw_sky(axes, layout, reduced)
        draw_targets(axes, layout, [target for target in targets if inside(target, frame.data.shape)])
        draw_panel(axes, layout, frame, orientation(frame.wcs, frame.data.shape), _subject(frame, main))
        with atomic_file(path) as file:
            # Without its name and version the file depends on what it shows alone.
            figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})


def _layout(shape: tuple[int, ...], factor: int) -> Layout:
    zoom = max(1, _SMALL_FRAME_PX // max(shape)) if factor == 1 else 1
    width, height = shape[1] * zoom, shape[0] * zoom
    canvas_width = max(width, _NARROWEST_PX) + 2 * _MARGIN_PX
    canvas_height = height + PANEL_HEIGHT_PX + _MARGIN_PX
    left = (canvas_width - width) // 2
    return Layout((canvas_width, canvas_height), Box(left, PANEL_HEIGHT_PX, width, height), zoom / factor)


def _axes_in_pixels(figure: Figure, layout: Layout) -> Axes:
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, layout.canvas[0])
    axes.set_ylim(0, layout.canvas[1])
    axes.set_autoscale_on(False)
    return axes


def _draw_sky(axes: Axes, layout: Layout, reduced: np.ndarray) -> None:
    from matplotlib.patches import Rectangle

    picture = layout.picture
    axes.imshow(
        colour(tone(reduced, *background(reduced))),
        extent=(picture.left, picture.right, picture.bottom, picture.top),
        origin="lower",
        interpolation="nearest",
        aspect="auto",
    )
    axes.add_patch(
        Rectangle(
            (picture.left - 0.5, picture.bottom - 0.5),
            picture.width + 1,
            picture.height + 1,
            fill=False,
            edgecolor=_FRAME_COLOUR,
            linewidth=0.8,
        )
    )


def _subject(frame: Frame, target: Target | None) -> Subject:
    """Choose what the panel shows pixel by pixel: the main target, else a bright star, else the centre."""
    if target is not None and inside(target, frame.data.shape):
        pointed = target.seen and target.trail_length < _POINT_PX
        return Subject(target, target.x, target.y, target.name, pointed)
    rows, columns = frame.data.shape
    centre = (0.5 * (columns - 1), 0.5 * (rows - 1))
    if target is not None:
        return Subject(target, *centre, "centre of the field")
    star = brightest_star(frame)
    if star is None:
        return Subject(None, *centre, "centre of the field")
    return Subject(None, star.x, star.y, f"star {star.brightness}")
