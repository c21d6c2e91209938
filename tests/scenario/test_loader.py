import astropy.units as u
import pytest

from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario, dump, load
from skyforge.scenario.utc import utc_text


def test_a_scenario_of_one_line_is_the_lunar_telescope(load_text):
    scenario = load_text("description: nothing but defaults\n")
    assert scenario.name == "my"
    assert scenario.observer.orbit == "lunar-elfo-24h"
    assert scenario.telescope.aperture == 30 * u.cm
    assert scenario.telescope.obstruction == 0.35
    assert scenario.telescope.focal_length == 1.2 * u.m
    assert scenario.telescope.psf.kind == "pupil"
    assert scenario.telescope.psf.wavefront_error == 60 * u.nm
    assert scenario.telescope.psf.jitter == 0.3 * u.arcsec
    assert scenario.detector.name == "cmos-2k"
    assert (scenario.passband.shortest, scenario.passband.longest) == (400 * u.nm, 900 * u.nm)
    assert scenario.stars.limit == "auto"
    assert scenario == Scenario(name="my", description="nothing but defaults")


def test_the_built_in_scenario_says_what_the_design_says():
    scenario = load("kazsat-from-lunar-orbit")
    assert scenario.seed == 1
    assert utc_text(scenario.time.start) == "2030-03-01T00:00:00Z"
    assert (scenario.time.frames, scenario.time.exposure, scenario.time.cadence) == (8, 2 * u.s, 10 * u.s)
    assert scenario.pointing.target == "KAZSAT-3"
    assert scenario.targets[0].tle.name == "kazsat.tle"
    assert scenario.targets[0].model.diameter == 4 * u.m


def test_the_time_between_frames_leaves_a_second_to_read_out(load_text):
    assert load_text("time: {exposure: 500 ms}").time.cadence == 1.5 * u.s


def test_without_a_pointing_the_first_target_is_in_the_middle(load_text):
    kepler = "kepler: {center: earth, semi_major_axis: 42164 km}"
    scenario = load_text(
        f"pointing: {{roll: 10 deg}}\ntargets: [{{name: A, {kepler}}}, {{name: B, {kepler}}}]\n"
    )
    assert scenario.pointing.target == "A"
    assert scenario.pointing.roll == 10 * u.deg


def test_without_targets_the_field_is_a_quarter_circle_from_the_sun_all_year(load_text):
    # The ecliptic pole has coordinates ra 18h, dec 90° minus the obliquity of 23.4393°.
    pointing = load_text("name: a").pointing
    assert pointing.ra == 270 * u.deg
    assert pointing.dec.to_value("deg") == pytest.approx(90 - 23.4393, abs=1e-4)


def test_what_is_written_lies_over_the_preset(load_text):
    scenario = load_text(
        "telescope: {preset: lunar-30cm-f4, aperture: 40 cm, psf: {jitter: 1 arcsec}}\n"
        "detector: {gain: 2 e/adu}\n"
    )
    assert scenario.telescope.aperture == 40 * u.cm
    assert scenario.telescope.focal_length == 1.2 * u.m
    assert scenario.telescope.psf.jitter == 1 * u.arcsec
    assert scenario.telescope.psf.wavefront_error == 60 * u.nm
    assert scenario.detector.gain == 2 * u.electron / u.adu


def test_another_kind_of_image_takes_nothing_from_the_preset(load_text):
    psf = load_text("telescope: {psf: {kind: gaussian, fwhm: 2.5 px}}").telescope.psf
    assert psf.fwhm == 2.5 * u.pix
    assert set(psf.model_dump()) == {"kind", "fwhm", "jitter"}


def test_without_a_preset_every_number_is_asked_for(complaint):
    message = complaint("detector: {preset: none, gain: 2 e/adu}\n")
    assert "my.yaml:1: detector.shape: missing; it must be given" in message
    assert message.splitlines()[-1].startswith("and ")


def test_a_run_folder_stands_for_its_scenario(tmp_path):
    scenario = load("minimal")
    (tmp_path / "scenario.yaml").write_text(dump(scenario))
    assert load(tmp_path) == scenario


def test_a_scenario_of_another_version_is_loaded_with_a_warning(load_text):
    with pytest.warns(SkyforgeWarning, match=r"resolved by skyforge 0\.0\.1"):
        scenario = load_text("skyforge_version: 0.0.1\n")
    assert scenario == load_text("name: my")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "kazsat-from-lunar-orbt",
            "no scenario preset of that name; did you mean 'kazsat-from-lunar-orbit'?",
        ),
        ("absent/my.yaml", "no file 'absent/my.yaml'"),
    ],
)
def test_a_source_that_is_nowhere_is_refused(source, words):
    with pytest.raises(InputError, match="no file") as caught:
        load(source)
    assert words in str(caught.value)


def test_a_folder_without_a_scenario_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"a folder without scenario\.yaml"):
        load(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "frame.fits"
    path.write_bytes(b"SIMPLE  \xff\xfe\x00")
    with pytest.raises(InputError, match="not a text file in UTF-8"):
        load(path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: a\r\nseed: 7\r\n")
    assert load(path).seed == 7


def test_the_name_of_a_file_becomes_the_name_of_the_run(scenario_file):
    assert load(scenario_file("seed: 1", name="my première étude.yaml")).name == "my-premi-re-tude"


@pytest.mark.parametrize(
    ("observer", "degree"),
    [
        ("{kepler: {center: earth, semi_major_axis: 7000 km}}", 6),
        ("{kepler: {center: earth, semi_major_axis: 7000 km}, gravity: {degree: 2}}", 2),
        ("{kepler: {center: moon, semi_major_axis: 7000 km}}", 8),
        ("{state: {center: earth, position: 7000 0 0 km, velocity: 0 7 0 km/s}}", 6),
    ],
)
def test_the_gravity_field_is_that_of_the_body_in_the_middle(load_text, observer, degree):
    # The Earth's field ships as zonal harmonics to degree 6, the Moon's to degree 20.
    assert load_text(f"observer: {observer}").observer.gravity.degree == degree


def test_an_object_of_a_file_may_be_named_by_its_number(load_text):
    assert load_text("observer: {tle: kazsat.tle, name: 39728}").observer.name == "39728"
