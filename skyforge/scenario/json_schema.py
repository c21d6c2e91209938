"""The JSON schema of a scenario, for editors that check and complete YAML."""

from __future__ import annotations

from typing import Any

from astropy.units import Quantity
from pydantic.json_schema import GenerateJsonSchema

from skyforge.scenario.preset_library import NO_PRESET, presets
from skyforge.scenario.quantities import UNITS_KEY, quantity_text
from skyforge.scenario.scenario import Scenario

_PRESET_KINDS = {"Telescope": "telescopes", "Detector": "detectors"}


class _Generator(GenerateJsonSchema):
    """Writes the default of a quantity as people would."""

    def encode_default(self, dft: Any) -> Any:
        """Return a default value as JSON."""
        return quantity_text(dft) if isinstance(dft, Quantity) else super().encode_default(dft)


def schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a scenario file."""
    result: dict[str, Any] = Scenario.model_json_schema(
        mode="validation", by_alias=True, schema_generator=_Generator
    )
    for name, kind in _PRESET_KINDS.items():
        definition = result["$defs"][name]
        definition.pop("required", None)
        preset = {
            "description": f"Preset that the other fields are laid over; '{NO_PRESET}' for none.",
            "enum": [*presets(kind), NO_PRESET],
            "title": "Preset",
        }
        definition["properties"] = {"preset": preset, **definition["properties"]}
    _describe_units(result)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **result,
        "title": "skyforge scenario",
    }


def _describe_units(node: Any) -> None:
    """Append what a quantity may be to the description of its field."""
    if isinstance(node, list):
        for item in node:
            _describe_units(item)
    if not isinstance(node, dict):
        return
    text = node.pop(UNITS_KEY, None)
    for alternative in node.get("anyOf", []):
        text = text or alternative.pop(UNITS_KEY, None)
    if text is not None:
        node["description"] = f"{node.get('description', '')} {text}".strip()
    for item in node.values():
        _describe_units(item)
