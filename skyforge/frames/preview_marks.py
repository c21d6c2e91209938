"""Rings, ticks and labels on a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from skyforge.frames.labels import Box, place_labels
from skyforge.frames.preview_targets import Target, path
from skyforge.frames.preview_text import Style, text_size, write

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from skyforge.frames.preview_layout import Layout

Array = NDArray[np.float64]

SEEN_COLOUR = "#ffb84d"
UNSEEN_COLOUR = "#7d90b5"
_DETAIL_COLOUR = "#e6d3b3"

_LABELLED = 20
_RING_RADIUS_PX = 13.0
_CROWDED = 40  # from so many targets on, rings shrink
_CROWDED_RADIUS_PX = 6.5
_RING_FRAME_PX = 3.5  # where pixels are enlarged, a ring still encloses the image of a point
_PLAIN_OPACITY = 0.55  # of marks without a label
_SHORTEST_TRAIL_PX = 9.0
_TICK_PX = 6.0
_TICK_GAP_PX = 7.0
_NAME_PX = 13.5
_DETAIL_PX = 11.0
_LINE_GAP_PX = 3.0


def draw_targets(axes: Axes, layout: Layout, targets: list[Target]) -> None:
    """Mark all targets and label those seen best.

    Parameters
    ----------
    axes
        In pixels of the canvas.
    layout
        Where the frame lies on it.
    targets
        Those inside the frame, best seen first.
    """
    if not targets:
        return
    radius = _RING_RADIUS_PX if len(targets) <= _CROWDED else _CROWDED_RADIUS_PX
    radius = max(radius, _RING_FRAME_PX * layout.scale)
    ways = [layout.place(path(target, 48)) for target in targets]
    for rank, (target, way) in enumerate(zip(targets, ways, strict=True)):
        opacity = 1.0 if rank < _LABELLED else _PLAIN_OPACITY
        if _length(way) > _SHORTEST_TRAIL_PX:
            artists = _trail_ends(way)
        else:
            artists = [_ring(way[len(way) // 2], radius, dashed=not target.seen)]
        for artist in artists:
            artist.set(color=SEEN_COLOUR if target.seen else UNSEEN_COLOUR, alpha=opacity)
            _on_picture(axes, layout, artist)
    _draw_labels(axes, layout, targets[:_LABELLED], ways, radius)


def _ring(centre: Array, radius: float, *, dashed: bool) -> Artist:
    from matplotlib.patches import Circle

    style = (0, (3, 3)) if dashed else "solid"
    return Circle((float(centre[0]), float(centre[1])), radius, fill=False, linewidth=0.9, linestyle=style)


def _trail_ends(way: Array) -> list[Artist]:
    """Draw a tick before the beginning and an arrow after the end, so that the trail itself stays free."""
    from matplotlib.lines import Line2D

    forward = _unit(way[1] - way[0])
    across = np.array([-forward[1], forward[0]])
    begin = way[0] - _TICK_GAP_PX * forward
    tick = np.stack([begin - _TICK_PX * across, begin + _TICK_PX * across])
    forward = _unit(way[-1] - way[-2])
    across = np.array([-forward[1], forward[0]])
    tip = way[-1] + (_TICK_GAP_PX + _TICK_PX) * forward
    barbs = [tip - _TICK_PX * (forward + side * across) for side in (1.0, -1.0)]
    lines = (tick, np.stack([barbs[0], tip, barbs[1]]))
    return [Line2D(line[:, 0], line[:, 1], linewidth=1.1) for line in lines]


def _on_picture(axes: Axes, layout: Layout, artist: Artist) -> None:
    """Add an artist, cut where the frame ends."""
    from matplotlib.patches import Rectangle

    picture = layout.picture
    axes.add_artist(artist)
    window = Rectangle(
        (picture.left, picture.bottom), picture.width, picture.height, transform=axes.transData
    )
    artist.set_clip_path(window)


def _draw_labels(axes: Axes, layout: Layout, targets: list[Target], ways: list[Array], radius: float) -> None:
    texts = [_label_texts(axes, target) for target in targets]
    sizes = np.array([_label_size(pair) for pair in texts])
    anchors = np.array([_anchor(way) for way in ways[: len(targets)]])
    obstacles = np.concatenate([way if _length(way) > _SHORTEST_TRAIL_PX else way[:1] for way in ways])
    boxes = place_labels(anchors, sizes, layout.picture, obstacles, radius + 4.0)
    for target, pair, anchor, box in zip(targets, texts, anchors, boxes, strict=True):
        if box is None:
            for text in pair:
                text.remove()
            continue
        name, detail = pair
        name.set_position((box.left, box.top))
        detail.set_position((box.left, box.bottom))
        _draw_leader(axes, anchor, box, radius, SEEN_COLOUR if target.seen else UNSEEN_COLOUR)


def _label_texts(axes: Axes, target: Target) -> tuple[Text, Text]:
    colour, detail_colour = (SEEN_COLOUR, _DETAIL_COLOUR) if target.seen else (UNSEEN_COLOUR, UNSEEN_COLOUR)
    name = Style(_NAME_PX, colour, weight="bold", vertical="top", halo=True)
    detail = Style(_DETAIL_PX, detail_colour, vertical="bottom", halo=True)
    return write(axes, (0.0, 0.0), target.name, name), write(axes, (0.0, 0.0), target.brightness, detail)


def _label_size(pair: tuple[Text, Text]) -> tuple[float, float]:
    (name_width, name_height), (detail_width, detail_height) = (text_size(text) for text in pair)
    if not pair[1].get_text():
        return name_width, name_height
    return max(name_width, detail_width), name_height + detail_height + _LINE_GAP_PX


def _draw_leader(axes: Axes, anchor: Array, box: Box, radius: float, colour: str) -> None:
    """Join a label to its mark where they are not side by side."""
    nearest = np.array([np.clip(anchor[0], box.left, box.right), np.clip(anchor[1], box.bottom, box.top)])
    distance = float(np.hypot(*(nearest - anchor)))
    if distance < radius + 9.0:
        return
    forward = (nearest - anchor) / distance
    begin, end = anchor + radius * forward, nearest - 2.0 * forward
    axes.plot([begin[0], end[0]], [begin[1], end[1]], color=colour, linewidth=0.6, alpha=0.8)


def _anchor(way: Array) -> Array:
    return np.asarray(way[len(way) // 2])


def _length(way: Array) -> float:
    return float(np.hypot(*np.diff(way, axis=0).T).sum()) if len(way) > 1 else 0.0


def _unit(vector: Array) -> Array:
    return vector / max(float(np.hypot(vector[0], vector[1])), 1e-12)
