"""Observers and targets on every kind of orbit: what loads, what survives being resolved, what is refused."""

import pytest

from skyforge.scenario import dump, load

STATE = """{position: [1.0196625817475922, 0, -0.18041918731575562], velocity: [0, -0.09805982467069076, 0],
  mass_ratio: 0.01215058560962404, length_unit: 389703.2648292776 km, time_unit: 382981.2891290545 s,
  period: 1.4799795545729917, phase: 0.1, epoch: 2030-01-01T00:00:00Z}"""
SOURCES = {
    "oem": "oem: probe.oem",
    "spk": "spk: {file: probe.bsp, body: -85}",
    "spk by name": "spk: {file: probe.bsp, body: LRO}",
    "mpc": "mpc: MPCORB.DAT",
    "preset": "orbit: lunar-dro",
    "cr3bp preset": "cr3bp: {preset: nrho-9-2, mode: kinematic, phase: 0.5}",
    "cr3bp state": f"cr3bp: {STATE}",
    "lunar site": "lunar_site: {longitude: -3.5 deg, latitude: -89.66 deg, height: -0.3 km}",
    "about the Sun": "kepler: {center: sun, semi_major_axis: 2.77 au, eccentricity: 0.08, mean_anomaly: 10 deg}",
}


@pytest.fixture
def files(tmp_path):
    for name in ("probe.oem", "probe.bsp", "MPCORB.DAT"):
        (tmp_path / name).write_text("found\n")


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_observers_and_targets_take_every_source_and_survive_being_resolved(
    files, load_text, tmp_path, source
):
    scenario = load_text(
        f"observer: {{{source}}}\ntargets: [{{name: A, {source}}}]\npointing: {{target: A}}\n"
    )
    path = tmp_path / "again.yaml"
    path.write_text(dump(scenario))
    assert load(path) == scenario
    assert dump(load(path)) == dump(scenario)


def test_files_lie_beside_the_scenario(files, load_text, tmp_path):
    scenario = load_text(
        "observer: {spk: {file: probe.bsp, body: -85}}\ntargets: [{oem: probe.oem}, {mpc: MPCORB.DAT}]"
    )
    assert scenario.observer.spk.file == tmp_path / "probe.bsp"
    assert scenario.observer.spk.body == "-85"
    assert scenario.targets[0].is_file
    assert scenario.targets[1].mpc == tmp_path / "MPCORB.DAT"


def test_bodies_of_the_minor_planet_center_are_asteroids_as_bright_as_it_says(files, load_text):
    (target,) = load_text("targets: [{mpc: MPCORB.DAT, select: 433}]").targets
    assert target.kind == "asteroid"
    assert (target.model.kind, target.model.h) == ("asteroid", None)
    (own,) = load_text("targets: [{mpc: MPCORB.DAT, kind: debris, model: {kind: sphere}}]").targets
    assert (own.kind, own.model.kind) == ("debris", "sphere")


def test_about_the_sun_the_plane_is_the_ecliptic(load_text):
    (target,) = load_text("targets: [{name: A, kepler: {center: sun, semi_major_axis: 1 au}}]").targets
    assert target.kepler.frame == "ecliptic"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("observer: {oem: none.oem}", "observer.oem: found 'none.oem', but there is no such file"),
        ("observer: {spk: {file: probe.bsp}}", "observer.spk.body: missing"),
        ("observer: {spk: probe.bsp}", "observer.spk: found 'probe.bsp'; must be a mapping with the fields file, body"),
        ("targets: [{spk: {file: probe.bsp, body: 3}}]", "targets.0.name: missing; a target needs a name"),
        ("observer: {orbit: lunar-dro, name: X}", "observer.name: found a name; it selects an object"),
        ("targets: [{name: A, orbit: gto, select: B}]", "select: found a selection, but no tle, omm, oem or mpc file"),
        ("observer: {cr3bp: {}}", "observer.cr3bp.position: missing; give a preset, or a state"),
        ("observer: {cr3bp: {preset: nrho-9-2, period: 2}}", "observer.cr3bp.period: found period beside a preset"),
        (
            "observer: {cr3bp: {position: [1, 0, 0], velocity: [0, 0, 0], mass_ratio: 0.01}}",
            "observer.cr3bp.length_unit: missing",
        ),
        (f"observer: {{cr3bp: {STATE.replace('period', '#')}\n}}}}", "cr3bp.period: missing; the n-body mode needs"),
        ("observer: {cr3bp: {preset: x, mode: natural}}", "must be one of kinematic, n-body"),
        ("observer: {cr3bp: {preset: x, phase: 1.5}}", "must be less than 1"),
        (
            "targets: [{name: A, kepler: {center: sun, semi_major_axis: 1 au, frame: equator}}]",
            "kepler.frame: found 'equator'; about the Sun it must be ecliptic",
        ),
        (
            "targets: [{name: A, kepler: {center: sun, semi_major_axis: 1e5 km}}]",
            "inside its radius of 695700.0 km",
        ),
        ("observer: {lunar_site: {longitude: 0 deg, latitude: 100 deg}}", "latitude: found '100 deg'"),
    ],
)  # fmt: skip
def test_what_cannot_be_names_its_field(files, complaint, text, words):
    assert words in complaint(text)
