"""From a scenario back to YAML: resolved, so that it renders the same frames again."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from skyforge.scenario.preset_library import NO_PRESET
from skyforge.scenario.scenario import Scenario

_LINE_WIDTH = 4096  # no folding: a text stays in one line


def dump(scenario: Scenario) -> str:
    """Return a scenario as YAML with every default filled in, every preset expanded and every path absolute.

    Loading the text gives the same scenario to the last bit. Files that ship with skyforge keep the short
    name by which any installation finds them ("catalogs/…").
    """
    values = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    for part in ("telescope", "detector"):
        values[part] = {"preset": NO_PRESET, **values[part]}
    yaml = YAML()
    yaml.width = _LINE_WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_styled(values), stream)
    return stream.getvalue()


def _styled(value: Any) -> Any:
    """Return values with the style that people write: mappings in lines, short lists in brackets."""
    if isinstance(value, dict):
        return CommentedMap({key: _styled(item) for key, item in value.items()})
    if isinstance(value, list):
        sequence = CommentedSeq(_styled(item) for item in value)
        if not any(isinstance(item, (dict, list)) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    return value
