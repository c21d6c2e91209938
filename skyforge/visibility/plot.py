"""Drawing visibility: a line of time for each target, magnitudes, and how many can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from skyforge.figure_style import INK, STYLE
from skyforge.visibility.reasons import Reason
from skyforge.visibility.summary import best_seen_first
from skyforge.visibility.survey import Visibility

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH_IN: Final = 12.0
_DPI: Final = 130
_MOST_NAMED: Final = 40
_MOST_LINES: Final = 8
_LEAST_MARGIN: Final = 0.3  # magnitudes
_MOST_ROWS: Final = 1200  # of a picture of very many targets
_COLORS: Final = {
    Reason.NONE: "#1f9d63",
    Reason.NO_PLACE: "#ffffff",
    Reason.BELOW_HORIZON: "#8a7763",
    Reason.BEHIND_EARTH: "#3f6fb5",
    Reason.BEHIND_MOON: "#7d7f86",
    Reason.BEHIND_SUN: "#b3541e",
    Reason.DAYLIGHT: "#fdeaa8",
    Reason.IN_UMBRA: "#1d1d26",
    Reason.NEAR_SUN: "#f2b63c",
    Reason.NEAR_EARTH: "#a9c4e8",
    Reason.NEAR_MOON: "#cfd0d4",
    Reason.TOO_FAINT: "#e8dcd2",
}
_LINES: Final = ("#0b6e99", "#c8553d", "#6a4c93", "#1f9d63", "#b8860b", "#3a3a3a", "#d1499b", "#5c8001")


def plot_visibility(found: Visibility, file: BinaryIO, file_format: str) -> None:
    """Draw the visibility of targets into a file: png, pdf or svg."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        figure = visibility_figure(found)
        figure.savefig(file, format=file_format, dpi=_DPI, facecolor="white")


def visibility_figure(found: Visibility) -> Figure:
    """Return the drawing: above the targets' lines of time, below their magnitudes, or how many can be seen."""
    from matplotlib.figure import Figure

    few = len(found.names) <= _MOST_NAMED
    lines_in = 0.24 * len(found.names) + 0.4 if few else 5.2
    below_in = 2.6
    height_in = lines_in + below_in + 1.75
    figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
    panels = figure.subplots(2, 1, sharex=True, height_ratios=(lines_in, below_in))
    edges = _edges(found.utc)
    order = best_seen_first(found)
    _draw_timeline(panels[0], found, order, edges, few=few)
    if len(found.names) <= _MOST_LINES:
        _draw_magnitudes(panels[1], found)
    else:
        _draw_crowd(panels[1], found)
    _label_time(panels[1])
    handles = _legend_handles(found)
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 6), frameon=False)
    figure.suptitle(_title(found), x=0.01, ha="left", fontsize=11.0)
    return figure


def _title(found: Visibility) -> str:
    observer = found.scenario.observer
    who = observer.orbit or ("a site on the ground" if observer.site is not None else "its observer")
    many = "1 target" if len(found.names) == 1 else f"{len(found.names)} targets"
    return f"{found.scenario.name}: {many} from {who}, down to {found.limit.words()}"


def _edges(utc: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return where the columns of instants (k,) begin and end, (k + 1,): half way between them."""
    if len(utc) == 1:
        half = np.timedelta64(30, "s")
        return np.array([utc[0] - half, utc[0] + half])
    steps = np.diff(utc) // 2
    return np.concatenate([[utc[0] - steps[0]], utc[:-1] + steps, [utc[-1] + steps[-1]]])


def _draw_timeline(
    axes: Axes, found: Visibility, order: Sequence[int], edges: NDArray[np.datetime64], *, few: bool
) -> None:
    from matplotlib.colors import ListedColormap

    rows = np.array(order)
    if not few and len(rows) > _MOST_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, _MOST_ROWS).astype(np.intp)]
    colors = ListedColormap([_COLORS[code] for code in Reason])
    heights = np.arange(len(rows) + 1) - 0.5 if few else np.linspace(0.0, len(found.names), len(rows) + 1)
    axes.pcolormesh(
        edges, heights, found.reason[rows], cmap=colors, vmin=-0.5, vmax=len(Reason) - 0.5, rasterized=True
    )
    axes.invert_yaxis()
    if few:
        axes.hlines(heights[1:-1], edges[0], edges[-1], color="white", linewidth=2.5)
        axes.set_yticks(range(len(rows)), [_short(found.names[row]) for row in rows])
        axes.tick_params(axis="y", length=0)
    else:
        axes.set_ylabel("targets, the longest seen first")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _short(name: str) -> str:
    return name if len(name) <= 26 else f"{name[:25]}…"


def _draw_magnitudes(axes: Axes, found: Visibility) -> None:
    """Draw the magnitude of each target; strong where it can be seen, faint where it has light but cannot."""
    for row, name in enumerate(found.names):
        magnitude = np.where(np.isfinite(found.v_mag[row]), found.v_mag[row], np.nan)
        color = _LINES[row % len(_LINES)]
        seen = np.where(found.reason[row] == Reason.NONE, magnitude, np.nan)
        axes.plot(found.utc, magnitude, color=color, linewidth=0.8, alpha=0.35)
        marker = "o" if len(found.utc) < 60 else None
        axes.plot(
            found.utc, seen, color=color, linewidth=2.0, marker=marker, markersize=3.0, label=_short(name)
        )
    if found.limit.v_mag is not None:
        axes.axhline(found.limit.v_mag, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    _clean(axes)
    axes.set_ylim(*_magnitude_range(found))
    axes.set_ylabel("V magnitude")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _magnitude_range(found: Visibility) -> tuple[float, float]:
    """Return the faintest and the brightest magnitude shown: around those that can be seen, if any can."""
    shining = found.v_mag[np.isfinite(found.v_mag)]
    seen = found.v_mag[(found.reason == Reason.NONE) & np.isfinite(found.v_mag)]
    shown = seen if seen.size else shining
    if not shown.size:
        return 1.0, 0.0
    low, high = float(shown.min()), float(shown.max())
    if found.limit.v_mag is not None:
        high = max(high, found.limit.v_mag)
    margin = max(0.15 * (high - low), _LEAST_MARGIN)
    return high + margin, low - margin


def _draw_crowd(axes: Axes, found: Visibility) -> None:
    """Draw how many targets can be seen, in layers of brightness."""
    seen = np.where(found.reason == Reason.NONE, found.v_mag, np.nan)
    known = seen[np.isfinite(seen)]
    steps = _steps(known)
    counts = [np.sum(seen <= step, axis=0) for step in steps]
    shades = np.linspace(0.85, 0.25, len(steps))
    below = np.zeros(len(found.utc))
    for step, count, shade in zip(steps, counts, shades, strict=True):
        color = (0.12 + 0.75 * (1.0 - shade), 0.62 + 0.3 * (1.0 - shade), 0.39 + 0.5 * (1.0 - shade))
        axes.fill_between(found.utc, below, count, color=color, linewidth=0.0, label=f"V ≤ {step:g}")
        below = count
    _clean(axes)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("targets that can be seen")
    if steps.size:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, reverse=True)


def _steps(v_mag: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return whole magnitudes that divide targets into at most six layers; the last holds them all."""
    if not v_mag.size:
        return np.zeros(0)
    low, high = np.ceil(np.percentile(v_mag, 1.0)), np.ceil(v_mag.max())
    width = max(np.ceil((high - low) / 5.0), 1.0)
    return np.unique(np.minimum(np.arange(low, high + width, width), high))


def _clean(axes: Axes) -> None:
    axes.grid(axis="y", color="#e3e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _label_time(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=10)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_xlabel("UTC")


def _legend_handles(found: Visibility) -> list[Any]:
    from matplotlib.patches import Patch

    present = [code for code in Reason if np.any(found.reason == code)]
    return [
        Patch(facecolor=_COLORS[code], edgecolor="#9aa5b1", linewidth=0.5, label=code.words)
        for code in present
    ]
