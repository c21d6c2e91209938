"""Words on a preview, measured in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_FONT = "DejaVu Sans"  # comes with matplotlib, so that every machine draws the same letters
_POINTS_PER_PX = 0.72  # at 100 dots per inch
_HALO_COLOUR = "#05070c"
_HALO_WIDTH = 2.2


@dataclass(frozen=True)
class Style:
    """How a text looks: size, colour, weight, which of its points lies at the place, with a halo or not."""

    size_px: float
    colour: str
    weight: str = "normal"
    horizontal: str = "left"
    vertical: str = "baseline"
    halo: bool = False


def write(axes: Axes, place: tuple[float, float], text: str, style: Style) -> Text:
    """Write a text on the canvas; a dollar sign in it is a dollar sign, not mathematics."""
    from matplotlib.patheffects import withStroke

    return axes.text(
        *place,
        text,
        fontsize=style.size_px * _POINTS_PER_PX,
        fontfamily=_FONT,
        fontweight=style.weight,
        color=style.colour,
        ha=style.horizontal,
        va=style.vertical,
        parse_math=False,
        path_effects=[withStroke(linewidth=_HALO_WIDTH, foreground=_HALO_COLOUR)] if style.halo else [],
    )


def write_fitting(axes: Axes, place: tuple[float, float], text: str, style: Style, room_px: float) -> Text:
    """Write a text, shortened by an ellipsis where there is no room for all of it."""
    written = write(axes, place, text, style)
    while text_size(written)[0] > room_px and len(text) > 1:
        text = text[:-1]
        written.set_text(text.rstrip(" ·") + "…")
    return written


def text_size(text: Text) -> tuple[float, float]:
    """Return width and height of a text, pixels of the canvas."""
    extent = text.get_window_extent()
    return float(extent.width), float(extent.height)
