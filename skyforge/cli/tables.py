"""Columns that stand below each other, and numbers a person can read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

_GAP = "  "
_SIGNIFICANT = 5
_PLAIN_FROM, _PLAIN_BELOW = 1e-3, 1e9


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return rows of equally many cells with their columns aligned.

    Parameters
    ----------
    rows
        Texts, row by row.
    right
        Columns that are aligned at their right end: numbers.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    lines = (
        _GAP.join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def number(value: Any, significant: int = _SIGNIFICANT) -> str:
    """Return a value with some significant digits; whole numbers, texts and truth values as they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, str)):
        return str(value)
    if value is None or not math.isfinite(value):
        return "-"
    return _significant(float(value), significant)


def _significant(value: float, digits: int) -> str:
    if value == 0.0:
        return "0"
    if not _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def to_json(value: Any) -> str:
    """Return a value as JSON; what JSON cannot say (NaN, infinity) becomes null."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """Return a value made of what JSON knows: mappings, lists, texts, numbers, truth values and null."""
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value) if isinstance(value, PurePath) else value
