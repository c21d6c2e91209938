import json

from skyforge.scenario.document import read_document


def test_everything_that_ships_is_listed_by_kind(invoke):
    text = invoke("presets").stdout
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == [
        "telescopes",
        "detectors",
        "orbits",
        "scenarios",
    ]
    for name in ("lunar-30cm-f4", "cmos-2k", "lunar-elfo-24h", "kazsat-from-lunar-orbit"):
        assert f"  {name} " in text


def test_descriptions_stand_below_each_other(invoke):
    lines = [line for line in invoke("presets").stdout.splitlines() if line.startswith("  ")]
    name_width = max(len(line.split()[0]) for line in lines)
    assert all(line[name_width + 4] != " " and line[name_width + 3] == " " for line in lines)


def test_a_kind_may_be_named_in_the_singular(invoke):
    assert invoke("presets", "telescope").stdout == invoke("presets", "telescopes").stdout


def test_a_preset_is_printed_as_one_would_write_it(invoke):
    text = invoke("presets", "telescopes", "lunar-30cm-f4").stdout
    assert read_document(text, "preset").data["aperture"] == "30 cm"


def test_an_orbit_is_printed_with_its_elements_and_source(invoke):
    text = invoke("presets", "orbits", "lunar-elfo-24h").stdout
    assert "eccentricity" in text
    assert "source" in text
    assert json.loads(invoke("presets", "orbits", "lunar-elfo-24h", "--json").stdout)["center"] == "moon"
