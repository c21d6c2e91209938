"""Models of light, attitudes, stray light and exclusion angles as scenarios write them."""

import jsonschema
import pytest

from skyforge.errors import InputError
from skyforge.scenario import dump, load, schema
from skyforge.scenario.document import read_document
from skyforge.scenario.light import AsteroidLight, BoxWing, LightCurveFile, Plate, SpecularSphere, Sphere

EVERYTHING = """
targets:
  - {name: A, kepler: {semi_major_axis: 9000 km}, model: {kind: specular_sphere, reflectance: 80 %}}
  - name: B
    kepler: {semi_major_axis: 9000 km}
    model:
      kind: plate
      area: 300 cm2
      surface: {diffuse: 0.1, specular: 0.4, spread: 20 arcmin}
      back: {diffuse: 0}
      attitude:
        {kind: tumbling, ra: 5h0m0s, dec: 1 deg, period: 8.1 s, tilt: 1 rad, own_period: 1 min, epoch: 2030-03-01}
      flicker: {period: 400 ms, amplitude: 0.3, peaks: 1}
  - name: C
    kepler: {semi_major_axis: 9000 km}
    model:
      kind: box_wing
      size: [1 m, 2 m, 3.3 m]
      wing: {specular: 0.3}
      attitude: {kind: spin, period: 3 s}
  - {name: D, kepler: {semi_major_axis: 9000 km}, kind: asteroid, model: {kind: asteroid, h: 22.1, g12: 0.3}}
  - {name: E, kepler: {semi_major_axis: 9000 km}, model: {kind: asteroid, h: 22.1, g1: 0.3, g2: 0.2}}
  - name: F
    kepler: {semi_major_axis: 9000 km}
    model: {kind: lightcurve, file: curve.csv, period: 9 s, range: 1000 km}
  - {name: G, kepler: {semi_major_axis: 9000 km}, model: {albedo: 0.11, flicker: {period: 2 s}}}
  - {name: H, kepler: {semi_major_axis: 9000 km}, model: {kind: plate, attitude: {kind: sun}}}
  - name: I
    kepler: {semi_major_axis: 9000 km}
    model: {kind: plate, attitude: {kind: inertial, ra: 1 deg, angle: 3 deg}}
telescope: {exclusion: {sun: 45 deg, moon: 0.1 rad}}
background: {stray_light: {pst: pst.csv, moon: false}, extended_bodies: false, earthshine: false}
"""


@pytest.fixture
def everything(tmp_path):
    (tmp_path / "curve.csv").write_text("phase,flux\n0,1\n0.5,2\n", encoding="utf-8")
    (tmp_path / "pst.csv").write_text("1,0.01\n90,1e-9\n", encoding="utf-8")
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return load(path)


def test_every_kind_of_light_is_understood(everything):
    models = {target.name: target.model for target in everything.targets}
    assert isinstance(models["A"], SpecularSphere)
    assert models["A"].reflectance == 0.8
    assert isinstance(models["B"], Plate)
    assert models["B"].area.to_value("m2") == pytest.approx(0.03)
    assert models["B"].attitude.own_period.to_value("s") == 60.0
    assert isinstance(models["C"], BoxWing)
    assert [edge.to_value("m") for edge in models["C"].size] == [1.0, 2.0, 3.3]
    assert isinstance(models["D"], AsteroidLight)
    assert models["D"].g is None
    assert isinstance(models["F"], LightCurveFile)
    assert isinstance(models["G"], Sphere)
    assert everything.telescope.exclusion.sun.to_value("deg") == 45.0
    assert everything.background.stray_light.moon is False


def test_every_kind_of_light_survives_being_resolved(everything, tmp_path):
    path = tmp_path / "resolved.yaml"
    path.write_text(dump(everything), encoding="utf-8")
    again = load(path)
    assert again.targets == everything.targets
    assert again.background == everything.background
    assert again.telescope == everything.telescope
    assert dump(again) == dump(everything)


def test_the_schema_knows_every_kind_of_light(everything, tmp_path):
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(read_document(EVERYTHING, "everything.yaml").data)
    validator.validate(read_document(dump(everything), "resolved.yaml").data)


def test_a_box_may_be_written_with_one_unit(load_text):
    scenario = load_text(TARGET.format("{kind: box_wing, size: 1 2 3.3 m}"))
    assert [edge.to_value("m") for edge in scenario.targets[0].model.size] == [1.0, 2.0, 3.3]


@pytest.mark.parametrize("written", ["true", "false", "{}", "{pst: default, sun: false}"])
def test_stray_light_is_a_switch_or_a_mapping(load_text, written, tmp_path):
    scenario = load_text(f"background: {{stray_light: {written}}}")
    assert (scenario.background.stray_light is False) == (written == "false")
    path = tmp_path / "again.yaml"
    path.write_text(dump(scenario), encoding="utf-8")
    assert load(path).background == scenario.background


def test_an_asteroid_without_a_slope_has_the_usual_one(load_text):
    scenario = load_text(
        "targets: [{name: A, kepler: {semi_major_axis: 9000 km}, model: {kind: asteroid, h: 20}}]"
    )
    assert scenario.targets[0].model.g == 0.15


TARGET = "targets:\n  - name: A\n    kepler: {{semi_major_axis: 9000 km}}\n    model: {}\n"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            "{kind: cube}",
            "targets.0.model: found kind 'cube'; must be one of sphere, specular_sphere, plate, box_wing",
        ),
        ("{diametre: 3 m}", "targets.0.model.diametre: unknown field; did you mean 'diameter'?"),
        ("{kind: asteroid}", "targets.0.model.h: missing"),
        ("{kind: asteroid, h: 20, g: 0.1, g12: 0.3}", "g and g12; must be one of g, g12, or g1 with g2"),
        ("{kind: asteroid, h: 20, g1: 0.1}", "targets.0.model.g1: found g1 without g2; must be both"),
        (
            "{kind: plate, surface: {diffuse: 0.7, specular: 0.6}}",
            "targets.0.model.surface.specular: found 0.6 beside",
        ),
        ("{kind: plate, area: 3 m}", "targets.0.model.area: found '3 m'"),
        (
            "{kind: plate, attitude: {kind: spinning}}",
            "attitude: found kind 'spinning'; must be one of nadir, sun",
        ),
        (
            "{kind: plate, attitude: {kind: spin, period: 0 s}}",
            "attitude.period: found '0 s'; must be greater than 0",
        ),
        (
            "{kind: lightcurve, file: none.csv}",
            "targets.0.model.file: found 'none.csv', but there is no such file",
        ),
        ("{flicker: {amplitude: -1}}", "targets.0.model.flicker.amplitude: found -1; must be at least 0"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(load_text, model, message):
    with pytest.raises(InputError) as error:
        load_text(TARGET.format(model))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "background: {stray_light: {pst: none.csv}}",
            "background.stray_light.pst: found 'none.csv', but there is no",
        ),
        ("background: {stray_light: {mars: true}}", "background.stray_light.mars: unknown field"),
        ("background: {stray_light: maybe}", "background.stray_light: found 'maybe'; must be true or false"),
        ("telescope: {exclusion: {sun: 200 deg}}", "telescope.exclusion.sun: found '200 deg'"),
    ],
)
def test_what_is_wrong_with_the_sky_is_said_with_its_field(load_text, text, message):
    with pytest.raises(InputError) as error:
        load_text(text)
    assert message in str(error.value)
