import jsonschema
import pytest

from skyforge.scenario import dump, load, preset, presets, schema
from skyforge.scenario.document import read_document

SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"] == "skyforge scenario"


@pytest.mark.parametrize("name", presets("scenarios"))
def test_shipped_scenarios_follow_the_schema_as_written_and_as_resolved(name):
    VALIDATOR.validate(preset("scenarios", name))
    VALIDATOR.validate(read_document(dump(load(name)), name).data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"telescope": {"aperture": 30}},
        {"telescope": {"apperture": "30 cm"}},
        {"telescope": {"preset": "neosat"}},
        {"telescope": {"psf": {"kind": "gausian"}}},
        {"time": {"frames": 0}},
        {"time": {"start": "tomorrow"}},
        {"pointing": {"track": "sideral"}},
        {"stars": {"limit": "deep"}},
        {"stars": {"catalogs": ["hipparcos"]}},
        {"nonsense": 1},
    ],
)
def test_an_editor_marks_what_the_loader_would_refuse(wrong):
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(wrong)


@pytest.mark.parametrize(
    "written",
    [{"pointing": {"ra": "5h34m31.9s", "dec": "-5d23m28s"}}, {"telescope": {"obstruction": "35 %"}}],
)
def test_an_editor_accepts_what_the_loader_accepts(written):
    VALIDATOR.validate(written)


def described(node, path=""):
    for name, field in node.get("properties", {}).items():
        yield f"{path}.{name}", field


def test_every_field_is_described():
    models = {"": SCHEMA, **SCHEMA["$defs"]}
    fields = [field for model in models.items() for field in described(model[1], model[0])]
    assert len(fields) > 80
    silent = [path for path, field in fields if not field.get("description") and not path.endswith(".kind")]
    assert silent == []


def test_a_quantity_names_its_units_bounds_and_default():
    fwhm = SCHEMA["$defs"]["GaussianPsf"]["properties"]["fwhm"]
    assert fwhm["type"] == "string"
    assert fwhm["default"] == "2 px"
    assert "arcsec, mas, arcmin, px" in fwhm["description"]
    assert "greater than 0" in SCHEMA["$defs"]["Telescope"]["properties"]["aperture"]["description"]
