"""How the figures of skyforge look, for Matplotlib."""

from __future__ import annotations

from typing import Any, Final

INK: Final = "#22303c"
STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.8,
}
"""For `matplotlib.rc_context`."""
