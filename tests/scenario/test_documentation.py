"""What docs/scenario.md shows must load, and it must name every field there is."""

import re
from pathlib import Path

import pytest

from skyforge.scenario import load, schema

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(load_text, text):
    assert load_text(text).telescope.aperture.to_value("cm") == 40.0


def test_the_python_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {}
    exec(code, names)  # noqa: S102
    assert names["scenario"] == load("kazsat-from-lunar-orbit", ["telescope.aperture=40 cm"])


def test_every_field_is_on_the_page():
    models = [schema(), *schema()["$defs"].values()]
    fields = {name for model in models for name in model.get("properties", {})} - {"skyforge_version"}
    words = set(re.findall(r"\w+", PAGE))
    assert fields - words == set()


def test_defaults_on_the_page_are_the_defaults():
    scenario = load("minimal")
    rows = {
        key.strip(" ·`"): cells
        for key, *cells in (row.split("|")[1:-1] for row in PAGE.splitlines() if row.startswith("|"))
    }
    assert rows["throughput"][0].strip() == f"{scenario.telescope.throughput}"
    assert rows["seed"][0].strip() == str(scenario.seed)
    aperture, obstruction, focal_length = next(
        cells[0] for key, cells in rows.items() if key.startswith("aperture")
    ).split(",")
    assert aperture.strip() == f"{scenario.telescope.aperture.to_value('cm'):g} cm"
    assert float(obstruction) == scenario.telescope.obstruction
    assert focal_length.strip() == f"{scenario.telescope.focal_length.to_value('m'):g} m"
