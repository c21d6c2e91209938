"""Columns that stand below each other, and numbers a person can read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import Enum
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
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, str)):
        return str(value)
    number_ = float(value)
    if not math.isfinite(number_):
        return "-"
    magnitude = abs(number_)
    if number_ == 0.0:
        return "0"
    if not _PLAIN_FROM <= magnitude < _PLAIN_BELOW:
        return f"{number_:.{significant - 1}e}"
    return f"{number_:.{max(0, significant - 1 - math.floor(math.log10(magnitude)))}f}"


def to_json(value: Any) -> str:
    """Return a value as JSON; what JSON cannot say (NaN, infinity) becomes null."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
