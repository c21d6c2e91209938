"""Tables of figures, each with its unit and target: measured, printed, and kept where that is wanted."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path

import numpy as np


def tell(description: str, quick_means: str, measure: Callable[[bool], list[dict]], isa: list[str]) -> None:
    """Do what a benchmark's command asks for; `measure` takes whether it shall be quick."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--quick", action="store_true", help=quick_means)
    options = parser.parse_args()
    table = measure(options.quick)
    width = max(len(row["what"]) for row in table)
    for row in table:
        print(f"{row['what']:<{width}}  {row['value']:10.3f} {row['unit']:<7} {row['target']}")
    if options.json:
        host = {
            "machine": platform.machine(),
            "cpus": os.cpu_count(),
            "instruction_sets": isa,
            "numpy": np.__version__,
        }
        options.json.write_text(
            json.dumps({"host": host, "figures": table}, indent=1) + "\n", encoding="utf-8"
        )
