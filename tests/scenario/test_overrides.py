import astropy.units as u
import pytest

TARGETS = "targets:\n  - {name: A, kepler: {center: earth, semi_major_axis: 42164 km}}\n"


@pytest.mark.parametrize(
    ("assignment", "found", "value"),
    [
        ("telescope.aperture=40 cm", lambda s: s.telescope.aperture, 40 * u.cm),
        ("telescope.aperture = 40 cm", lambda s: s.telescope.aperture, 40 * u.cm),
        ("time.frames=3", lambda s: s.time.frames, 3),
        ("targets.0.model.diameter=1 m", lambda s: s.targets[0].model.diameter, 1 * u.m),
        ("targets.0.name='007'", lambda s: s.targets[0].name, "007"),
        ("detector.shape=[512, 640]", lambda s: s.detector.shape, (512, 640)),
        ("detector.shape.1=640", lambda s: s.detector.shape, (100, 640)),
        ("stars.limit=12", lambda s: s.stars.limit, 12.0),
        ("telescope={preset: neossat-15cm}", lambda s: s.telescope.name, "neossat-15cm"),
        (
            "observer.site={longitude: 77 deg, latitude: 43 deg}",
            lambda s: s.observer.site.latitude,
            43 * u.deg,
        ),
        ("passband.to=800 nm", lambda s: s.passband.longest, 800 * u.nm),
        ("description=", lambda s: s.name, "my"),
    ],
)
def test_any_field_can_be_overridden(load_text, assignment, found, value):
    text = (
        "description: first\npassband: {from: 500 nm, to: 600 nm}\ndetector: {shape: [100, 100]}\n" + TARGETS
    )
    assignments = [assignment] if assignment != "description=" else ["description=''"]
    assert found(load_text(text, assignments)) == value


def test_the_last_override_wins(load_text):
    scenario = load_text(TARGETS, ["time.frames=3", "time={frames: 5}", "time.exposure=1 s"])
    assert scenario.time.frames == 5
    assert scenario.time.exposure == 1 * u.s


def test_an_item_can_be_appended(load_text):
    scenario = load_text(TARGETS, ["targets.1={name: B, kepler: {semi_major_axis: 9000 km}}"])
    assert [target.name for target in scenario.targets] == ["A", "B"]


def test_overrides_do_not_reach_the_preset_itself(load_text):
    load_text("telescope: {preset: lunar-30cm-f4}\n", ["telescope.psf.jitter=9 arcsec"])
    assert load_text("telescope: {preset: lunar-30cm-f4}\n").telescope.psf.jitter == 0.3 * u.arcsec


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        (
            "telescope.aperture=-3 cm",
            "--set telescope.aperture=-3 cm: telescope.aperture: found '-3 cm'; must be greater than 0 m",
        ),
        (
            "telescope.apertur=3 cm",
            "--set telescope.apertur=3 cm: telescope.apertur: unknown field; did you mean 'aperture'?",
        ),
        (
            "telescope.aperture",
            "--set telescope.aperture: must be FIELD=VALUE, such as telescope.aperture='40 cm'",
        ),
        ("=3", "--set =3: must be FIELD=VALUE, such as telescope.aperture='40 cm'"),
        (
            "targets.7.name=B",
            "--set targets.7.name=B: targets is a list of 1; found '7' where its index is needed",
        ),
        (
            "targets.A.name=B",
            "--set targets.A.name=B: targets is a list of 1; found 'A' where its index is needed",
        ),
        ("name.first=B", "--set name.first=B: name is 'run' and has no field 'first'; set name as a whole"),
        ("time=[1", "--set time=[1:1: this is not YAML: expected ',' or ']', but got '<stream end>'"),
    ],
)
def test_a_wrong_override_names_the_option(complaint, assignment, message):
    assert complaint("name: run\n" + TARGETS, [assignment]) == message
