import astropy.units as u
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skyforge import __version__
from skyforge.scenario import Scenario, dump, load, presets
from skyforge.scenario.document import read_document

SOME_OF_ALL = """
description: 'all: kinds # of things'
seed: 18446744073709551615
time: {start: 2031-07-12T03:04:05.123456789Z, frames: 3, exposure: 0.1 s, cadence: 0.3 min}
observer: {state: {center: earth, position: 7000.1 -1e-3 0.3 km, velocity: 0 7.5 0.1 km/s, epoch: 2031-01-01}}
pointing: {ra: 5h34m31.94s, dec: -5d23m28s, roll: 0.1 rad, track: rates, rates: {ra: -1.3 arcsec/s}}
telescope:
  preset: neossat-15cm
  name: '1e3'
  obstruction: 33.3 %
  psf:
    {kind: pupil, wavefront_error: 50 nm, zernikes: {4: 30 nm, 11: -0.01 um}, spiders: {count: 3}}
passband: {filter: bessell-V}
detector: {quantum_efficiency: 0.1, temperature: 251.3 K, hot_pixels: {fraction: 1.e-5, rate: 7 e/h}}
stars: {catalogs: [], synthetic: false, limit: 13.3}
targets:
  - {name: 'true', kind: debris, kepler: {center: earth, semi_major_axis: 0.1 au, mean_anomaly: 1 rad}}
  - {name: K, kind: rocket-body, tle: kazsat.tle, select: 39728, model: {albedo: 0.123}}
background: {zodiacal: false}
"""


def again(scenario, tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(dump(scenario), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", presets("scenarios"))
def test_a_preset_survives_being_resolved(name, tmp_path):
    assert again(load(name), tmp_path) == load(name)


def test_some_of_everything_survives_being_resolved(load_text, tmp_path):
    scenario = load_text(SOME_OF_ALL)
    assert again(scenario, tmp_path) == scenario
    assert dump(again(scenario, tmp_path)) == dump(scenario)


POSITIVE = st.floats(min_value=1e-3, max_value=1e3)


SCENARIOS = st.builds(
    lambda seed, description, aperture, exposure, jitter, ra, albedo: Scenario(
        seed=seed,
        description=description,
        time={"exposure": exposure * u.s},
        telescope={"aperture": aperture * u.m, "psf": {"jitter": jitter * u.arcsec}},
        pointing={"ra": ra * u.deg, "dec": "1 deg"},
        targets=[{"name": "A", "kepler": {"semi_major_axis": "9000 km"}, "model": {"albedo": albedo}}],
    ),
    seed=st.integers(0, 2**64 - 1),
    description=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=200),
    aperture=st.floats(0.1, 10.0),
    exposure=POSITIVE,
    jitter=POSITIVE,
    ra=st.floats(0, 360),
    albedo=st.floats(1e-6, 1.0),
)


@given(SCENARIOS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_and_texts_survive_to_the_last_bit(tmp_path, scenario):
    loaded = again(scenario, tmp_path)
    assert loaded == scenario
    assert loaded.telescope.aperture.value.hex() == scenario.telescope.aperture.value.hex()
    assert loaded.time.cadence.value.hex() == scenario.time.cadence.value.hex()


def test_a_resolved_scenario_names_every_number_and_the_version():
    values = read_document(dump(load("kazsat-from-lunar-orbit")), "run").data
    assert values["skyforge_version"] == __version__
    assert values["time"]["cadence"] == "10 s"
    assert values["telescope"]["psf"]["wavefront_error"] == "60 nm"
    assert values["telescope"]["preset"] == "none"
    assert values["detector"]["full_well"].endswith(" e")
    assert values["targets"][0]["model"] == {"kind": "sphere", "diameter": "4 m", "albedo": 0.2}
    assert values["observer"]["gravity"]["degree"] == 8


def test_a_scenario_cannot_be_changed():
    scenario = load("minimal")
    with pytest.raises(ValueError, match="frozen"):
        scenario.seed = 2
