"""Drawing orbits: each frame from above and from the side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from skyforge.figure_style import INK, STYLE
from skyforge.orbits.orbit_views import Mark, OrbitPicture, OrbitView
from skyforge.orbits.trajectory import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH_IN: Final = 14.0
_DPI: Final = 130
_PANEL: Final = 0.355  # width of a panel, as a share of the figure's
_COLORS: Final = "viridis"
_MARGIN: Final = 0.1  # of the orbit's extent around it
_PALE = "#d9dee3"
_BEHIND, _BEFORE = 3, 5  # what the bodies, at 4, stand between
_FLATTEST: Final = 0.25  # a side view is never less high than this share of its width


def plot_orbit(picture: OrbitPicture, file: Path | str | BinaryIO, file_format: str | None = None) -> None:
    """Draw an orbit into a file.

    Parameters
    ----------
    picture
        What to draw.
    file
        Where to: a path, or a file that is open for writing.
    file_format
        png, pdf or svg; the path's ending tells it where it is not given.
    """
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        figure = orbit_figure(picture)
        figure.savefig(file, format=file_format, dpi=_DPI, facecolor="white")


def orbit_figure(picture: OrbitPicture) -> Figure:
    """Return the drawing: left the rotating frame, right the inertial one; above from the pole, below from the side."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    views = (picture.rotating, picture.inertial)
    boxes = [_box(view) for view in views]
    flat = max(_FLATTEST, *(_extent(box[2]) / _extent(box[0]) for box in boxes))
    width, bottom, gap = _PANEL, 0.7 / _height_in(flat), 0.75 / _height_in(flat)
    tall = width * _WIDTH_IN / _height_in(flat)
    figure = Figure(figsize=(_WIDTH_IN, _height_in(flat)))
    unit, elapsed = (
        ("days", picture.elapsed_d) if picture.elapsed_d[-1] > 1.0 else ("hours", 24.0 * picture.elapsed_d)
    )
    scale = Normalize(0.0, float(elapsed[-1]))
    for column, (view, box) in enumerate(zip(views, boxes, strict=True)):
        left = 0.075 + column * (width + 0.085)
        low = box[2].mean() + 0.5 * flat * _extent(box[0]) * np.array([-1.0, 1.0])
        above = figure.add_axes((left, bottom + flat * tall + gap, width, tall))
        beside = figure.add_axes((left, bottom, width, flat * tall))
        _draw(above, view, elapsed, scale, (0, 1), (box[0], box[1]))
        _draw(beside, view, elapsed, scale, (0, 2), (box[0], low))
        above.set_title(view.title, fontsize=10.5, pad=9)
        if view.note:
            above.text(0.02, 0.02, view.note, transform=above.transAxes, fontsize=8.5, color="#5b6b79")
    figure.text(
        0.075, 0.975, picture.title[:1].upper() + picture.title[1:], fontsize=15, fontweight="bold", va="top"
    )
    figure.text(
        0.075, 0.975 - 0.33 / _height_in(flat), picture.subtitle, va="top", fontsize=10, color="#5b6b79"
    )
    bar = figure.colorbar(
        ScalarMappable(scale, _COLORS), cax=figure.add_axes((0.905, bottom, 0.011, flat * tall + gap + tall))
    )
    bar.set_label(f"{unit} since the start")
    outline: Any = bar.outline
    outline.set_visible(False)
    return figure


def _height_in(flat: float) -> float:
    """Return the figure's height: a square above, a side view of relative height below, titles and labels."""
    return _PANEL * _WIDTH_IN * (1.0 + flat) + 2.75


def _draw(
    axes: Any,
    view: OrbitView,
    elapsed: FloatArray,
    scale: Any,
    pair: tuple[int, int],
    box: tuple[FloatArray, FloatArray],
) -> None:
    from matplotlib.collections import LineCollection

    first, second = pair
    axes.grid(color=_PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    for label, color, way in view.others:
        axes.plot(
            way[:, first], way[:, second], color=color, linewidth=1.1, linestyle=(0, (4, 3)), label=label
        )
        axes.plot(*way[0, list(pair)], marker="o", markersize=5, color=color)
        axes.annotate(label, way[0, list(pair)], xytext=(7, -11), textcoords="offset points", color=color)
    points = view.path_km[:, list(pair)]
    segments = np.stack([points[:-1], points[1:]], axis=1)
    # Seen from above z is towards the eye, from the side y is away from it; a body hides what is behind it.
    depth = view.path_km[:-1, 2] if second == 1 else -view.path_km[:-1, 1]
    for chosen, order in ((depth < 0.0, _BEHIND), (depth >= 0.0, _BEFORE)):
        axes.add_collection(
            LineCollection(
                list(segments[chosen]),
                cmap=_COLORS,
                norm=scale,
                array=elapsed[:-1][chosen],
                linewidth=1.6,
                capstyle="round",
                zorder=order,
            )
        )
    _draw_marks(axes, view.marks, pair, box)
    axes.plot(*points[0], marker="o", markersize=6.5, markerfacecolor="white", markeredgecolor=INK, zorder=6)
    axes.annotate("start", points[0], xytext=(7, 6), textcoords="offset points", fontsize=8.5, zorder=7)
    axes.set_xlim(*box[0])
    axes.set_ylim(*box[1])
    axes.set_aspect("equal")
    for axis, number in ((axes.xaxis, first), (axes.yaxis, second)):
        axis.set_major_formatter(
            lambda value, _position: f"{value:,.0f}".replace(",", "\u202f").replace("-", "−")
        )
        axis.get_major_locator().set_params(nbins=6)
        axis.set_label_text(f"{view.axes[number]} (km)")


def _draw_marks(
    axes: Any, marks: tuple[Mark, ...], pair: tuple[int, int], box: tuple[FloatArray, FloatArray]
) -> None:
    from matplotlib.patches import Circle

    smallest = 0.006 * float(box[0][1] - box[0][0])
    for mark in marks:
        place = mark.place_km[list(pair)]
        if not all(low <= value <= high for value, (low, high) in zip(place, box, strict=True)):
            continue
        if mark.radius_km:
            radius = max(mark.radius_km, smallest)
            axes.add_patch(
                Circle(
                    (float(place[0]), float(place[1])),
                    radius,
                    color=mark.color,
                    alpha=0.9,
                    linewidth=0,
                    zorder=4,
                )
            )
            lift = radius
        else:
            axes.plot(*place, marker="x", markersize=6, markeredgewidth=1.4, color=mark.color, zorder=5)
            lift = smallest
        axes.annotate(
            mark.label,
            (place[0], place[1] - lift),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            color=mark.color,
            fontweight="bold" if mark.radius_km else "normal",
            zorder=7,
        )


def _extent(box: FloatArray) -> float:
    return float(box[1] - box[0])


def _box(view: OrbitView) -> list[FloatArray]:
    """Return the lowest and highest value shown of x, y and z, (2,) each; x and y span the same."""
    shown = [view.path_km, *(way for _, _, way in view.others)]
    edges = np.array([[-1.0], [1.0]])
    shown += [mark.place_km + edges * mark.radius_km for mark in view.marks if mark.is_shown]
    every = np.concatenate(shown)
    low, high = every.min(axis=0), every.max(axis=0)
    half = 0.5 * (high - low)
    widest = (1.0 + _MARGIN) * float(half.max())
    reach = np.array([widest, widest, min(widest, float(half[2]) + _MARGIN * widest)])
    middle = 0.5 * (low + high)
    return [np.array([middle[k] - reach[k], middle[k] + reach[k]]) for k in range(3)]
