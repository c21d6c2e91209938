"""What a user may write: scenarios in YAML with units and presets, validated.

`load` reads a file or a preset, `dump` writes it resolved, `schema` says all that may stand in it.
"""

from skyforge.scenario.json_schema import schema
from skyforge.scenario.loader import load
from skyforge.scenario.preset_library import preset, presets
from skyforge.scenario.scenario import Scenario
from skyforge.scenario.writer import dump

__all__ = ["Scenario", "dump", "load", "preset", "presets", "schema"]
