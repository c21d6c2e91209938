import pytest

from skyforge.errors import InputError
from skyforge.scenario import load, preset, presets
from skyforge.scenario.detector import Detector
from skyforge.scenario.telescope import Telescope

MODELS = {"telescopes": Telescope, "detectors": Detector}
PARTS = [(kind, name) for kind in MODELS for name in presets(kind)]


@pytest.mark.parametrize(("kind", "name"), PARTS)
def test_a_preset_is_complete_and_says_where_it_is_from(kind, name):
    values = preset(kind, name)
    assert len(values.pop("description")) > 10
    assert len(values.pop("source")) > 10
    MODELS[kind].model_validate({**values, "preset": "none"})  # nothing is borrowed from another preset
    assert MODELS[kind].model_validate({"preset": name}).name == name


@pytest.mark.parametrize("name", presets("scenarios"))
def test_a_scenario_preset_loads_and_says_what_it_is(name):
    scenario = load(name)
    assert scenario.name == name
    assert len(scenario.description) > 10


def test_the_kazsat_scenario_and_three_others_ship():
    assert {"kazsat-from-lunar-orbit", "minimal"} < set(presets("scenarios"))
    assert len(presets("scenarios")) >= 4


def test_an_unknown_preset_or_kind_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'cmos-2k'"):
        preset("detectors", "cmos2k")
    with pytest.raises(InputError, match="did you mean 'detectors'"):
        presets("detector")


def test_a_preset_given_away_is_a_copy():
    preset("telescopes", "lunar-30cm-f4")["psf"]["kind"] = "broken"
    assert preset("telescopes", "lunar-30cm-f4")["psf"]["kind"] == "pupil"


@pytest.mark.parametrize("name", ["../scenarios/minimal", "lunar-30cm-f4.yaml", "", "/etc/passwd"])
def test_a_preset_is_a_name_and_no_path(name):
    with pytest.raises(InputError, match="no preset"):
        preset("telescopes", name)
