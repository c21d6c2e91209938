"""What a person wants to know of each target: when, how bright, and why not otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyforge.visibility.reasons import Reason
from skyforge.visibility.survey import Visibility


@dataclass(frozen=True)
class TargetVisibility:
    """One target over the span.

    Attributes
    ----------
    name
        Of the target.
    share
        Of the instants at which it can be seen.
    windows
        The stretches in which it can be seen, as rows of the table.
    otherwise
        Shares of the instants by reason, the greatest first.
    """

    name: str
    share: float
    windows: tuple[dict[str, Any], ...]
    otherwise: dict[str, float]

    @property
    def best(self) -> dict[str, Any] | None:
        """The window in which it is brightest."""
        return min(self.windows, key=_magnitude, default=None)


def _magnitude(window: dict[str, Any]) -> float:
    value = window["v_mag"]
    return np.inf if value is None else float(value)


def summaries(found: Visibility, rows: Sequence[int] | None = None) -> list[TargetVisibility]:
    """Return what to know of targets, all or some by their places."""
    chosen = range(len(found.names)) if rows is None else rows
    shares = found.shares()
    seen: dict[str, list[dict[str, Any]]] = {found.names[row]: [] for row in chosen}
    visible = found.windows.filter(found.windows["visible"])
    for window in visible.to_pylist():
        if window["target"] in seen:
            seen[window["target"]].append(window)
    return [
        TargetVisibility(
            found.names[row],
            float(shares[row, Reason.NONE]),
            tuple(seen[found.names[row]]),
            _otherwise(shares[row]),
        )
        for row in chosen
    ]


def _otherwise(shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    reasons = [code for code in Reason if code is not Reason.NONE and shares[code] > 0.0]
    return {code.words: float(shares[code]) for code in sorted(reasons, key=lambda code: -shares[code])}


def best_seen_first(found: Visibility) -> list[int]:
    """Return the places of all targets, those that can be seen longest first."""
    return [int(row) for row in np.argsort(-found.shares()[:, Reason.NONE], kind="stable")]
