"""The panel below a preview: the target's pixels, what, when and from where, and how the frame lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from skyforge.frames.orientation import Orientation, readable_angle, scale_bar
from skyforge.frames.preview_marks import SEEN_COLOUR
from skyforge.frames.preview_targets import Target
from skyforge.frames.preview_text import Style, write, write_fitting
from skyforge.frames.stretch import background, colour, tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from skyforge.frames.frame import Frame
    from skyforge.frames.preview_layout import Layout

PANEL_HEIGHT_PX = 212
_INSET_PX = 168
_MARGIN_PX = 22
_INSET_PIXELS = (24, 112)  # fewest and most pixels across
_COMPASS_PX = 40.0
_LONGEST_BAR_PX = 200.0
_ORIENTATION_PX = 250.0  # room for compass and scale bar
_TITLE_COLOUR = "#f3f5fa"
_TEXT_COLOUR = "#aab4ca"
_LINE_COLOUR = "#8896b3"
_INSET_FRAME_COLOUR = "#3a4560"
_OUTSIDE_RGB = (26, 30, 40)


@dataclass(frozen=True)
class Subject:
    """What the inset shows, and what it is.

    Parameters
    ----------
    target
        The main target of the frame, if there is one, in the field or not.
    x, y
        The middle of the inset, pixels of the frame.
    caption
        What is seen there.
    pointed
        Whether the middle is a target's point image, to be pointed at.
    """

    target: Target | None
    x: float
    y: float
    caption: str
    pointed: bool = False


def draw_panel(axes: Axes, layout: Layout, frame: Frame, sky: Orientation, subject: Subject) -> None:
    """Draw the panel below the frame.

    Parameters
    ----------
    axes
        In pixels of the canvas.
    layout
        Where the frame lies on it.
    frame
        The frame.
    sky
        How it lies on the sky.
    subject
        What the inset shows.
    """
    _draw_inset(axes, frame, sky, subject)
    right = layout.canvas[0] - _MARGIN_PX
    _draw_compass(axes, right - 62.0, 112.0, sky)
    _draw_scale_bar(axes, layout, right, sky)
    left = _MARGIN_PX + _INSET_PX + 26.0
    _draw_words(axes, (left, right - _ORIENTATION_PX), frame, sky, subject)


def _draw_inset(axes: Axes, frame: Frame, sky: Orientation, subject: Subject) -> None:
    from matplotlib.patches import Rectangle

    left, bottom = _MARGIN_PX, PANEL_HEIGHT_PX - 16 - _INSET_PX
    side, half = _inset_side(frame, subject)
    column, row = round(subject.x), round(subject.y)
    pixels = _cut_out(frame.data, column, row, half)
    shown = np.isfinite(pixels)
    level, sigma = background(pixels[shown])
    picture = colour(tone(np.where(shown, pixels, level), level, sigma))
    picture[~shown] = _OUTSIDE_RGB
    extent = (left, left + _INSET_PX, bottom, bottom + _INSET_PX)
    axes.imshow(picture, extent=extent, origin="lower", interpolation="nearest", aspect="auto")
    axes.add_patch(
        Rectangle(
            (left, bottom), _INSET_PX, _INSET_PX, fill=False, edgecolor=_INSET_FRAME_COLOUR, linewidth=1.0
        )
    )
    if subject.pointed:
        magnification = _INSET_PX / side
        _draw_pointers(
            axes,
            left + magnification * (half + 0.5 + subject.x - column),
            bottom + magnification * (half + 0.5 + subject.y - row),
        )
    width = readable_angle(side * sky.scale_arcsec / 3600.0)
    words = f"{subject.caption}  ·  {side} px = {width}"
    room = axes.get_xlim()[1] - _ORIENTATION_PX - 2 * _MARGIN_PX
    write_fitting(axes, (left, bottom - 17), words, Style(10.5, _LINE_COLOUR), room)


def _cut_out(data: NDArray[np.uint16], column: int, row: int, half: int) -> NDArray[np.float32]:
    """Cut a square of ``2 half + 1`` pixels around a pixel; what lies beyond the detector is NaN."""
    padded = np.full((2 * half + 1, 2 * half + 1), np.nan, dtype=np.float32)
    rows, columns = data.shape
    bottom, top = max(row - half, 0), min(row + half + 1, rows)
    left, right = max(column - half, 0), min(column + half + 1, columns)
    part = data[bottom:top, left:right]
    padded[bottom - row + half : top - row + half, left - column + half : right - column + half] = part
    return padded


def _draw_pointers(axes: Axes, x: float, y: float) -> None:
    """Point at a place from below and from the right, as finding charts do."""
    near, far = 0.2 * _INSET_PX, 0.3 * _INSET_PX
    axes.plot([x + near, x + far], [y, y], color=SEEN_COLOUR, linewidth=1.1)
    axes.plot([x, x], [y - far, y - near], color=SEEN_COLOUR, linewidth=1.1)


def _inset_side(frame: Frame, subject: Subject) -> tuple[int, int]:
    """Return how many pixels the inset is across, an odd number, and its half."""
    trail = 0.0
    if subject.target is not None:
        trail = subject.target.trail_length
    fewest, most = _INSET_PIXELS
    wanted = np.clip(1.5 * trail, fewest, most)
    half = int(min(wanted, max(*frame.data.shape, 3)) // 2)
    return 2 * half + 1, half


def _draw_compass(axes: Axes, x: float, y: float, sky: Orientation) -> None:
    # The arrows' common origin is put so that the compass, whichever way it turns, stays in its place.
    middle = 0.5 * _COMPASS_PX * (sky.north + sky.east)
    origin = np.array([x, y]) - middle
    for vector, name in ((sky.north, "N"), (sky.east, "E")):
        tip = origin + _COMPASS_PX * vector
        axes.annotate(
            "",
            xy=tuple(tip),
            xytext=tuple(origin),
            arrowprops={
                "arrowstyle": "-|>",
                "color": _LINE_COLOUR,
                "linewidth": 1.1,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        place = origin + (_COMPASS_PX + 11.0) * vector
        style = Style(12.5, _TITLE_COLOUR, weight="bold", horizontal="center", vertical="center")
        write(axes, (float(place[0]), float(place[1])), name, style)


def _draw_scale_bar(axes: Axes, layout: Layout, right: float, sky: Orientation) -> None:
    length, name = scale_bar(sky.scale_arcsec / layout.scale, _LONGEST_BAR_PX)
    y, tick = 32.0, 4.0
    x = np.array([right - length, right - length, right - length, right, right, right])
    axes.plot(x, y + np.array([-tick, tick, 0, 0, tick, -tick]), color=_TITLE_COLOUR, linewidth=1.3)
    write(axes, (right - 0.5 * length, y + 8.0), name, Style(12.5, _TITLE_COLOUR, horizontal="center"))


def _draw_words(
    axes: Axes, room: tuple[float, float], frame: Frame, sky: Orientation, subject: Subject
) -> None:
    left, right = room
    title, *lines = caption(frame, sky, subject.target)
    y = PANEL_HEIGHT_PX - 38.0
    write_fitting(axes, (left, y), title, Style(21.0, _TITLE_COLOUR, weight="bold"), right - left)
    for number, line in enumerate(lines):
        shade = SEEN_COLOUR if number == len(lines) - 1 and subject.target is not None else _TEXT_COLOUR
        write_fitting(axes, (left, y - 31.0 - 23.0 * number), line, Style(13.5, shade), right - left)


def caption(frame: Frame, sky: Orientation, target: Target | None) -> list[str]:
    """Say what a frame is: scenario; time, exposure, frame; field; observer; target and range.

    Parameters
    ----------
    frame
        The frame; cards that its header lacks are left out.
    sky
        How it lies on the sky.
    target
        The main target, if there is one.

    Returns
    -------
    list[str]
        Lines, the title first; none is empty.
    """
    header = frame.header
    rows, columns = frame.data.shape
    date = str(header.get("DATE-AVG", header.get("DATE-OBS", "")))
    when = [date.replace("T", " ")[:23] + " UTC"] if date else []
    if "EXPTIME" in header:
        when.append(f"{header['EXPTIME']:g} s")
    when.append(f"frame {frame.index}")
    field = [
        f"{readable_angle(sky.width_deg)} × {readable_angle(sky.height_deg)}",
        f"{columns} × {rows} px",
        f"{readable_angle(sky.scale_arcsec / 3600.0)} per px",
    ]
    whence = [str(header[key]) for key in ("TELESCOP", "INSTRUME", "FILTER") if header.get(key)]
    if header.get("OBSERVAT"):
        whence.insert(0, f"from {header['OBSERVAT']}")
    lines = [str(header.get("SCENARIO") or header.get("OBJECT") or "skyforge")]
    lines += [" · ".join(parts) for parts in (when, field, whence) if parts]
    if target is not None:
        what = [target.name, target.kind, target.brightness]
        if np.isfinite(target.range_km):
            what.append(f"{target.range_km:,.0f} km away".replace(",", "\u2009"))
        lines.append(" · ".join(part for part in what if part))
    return lines
