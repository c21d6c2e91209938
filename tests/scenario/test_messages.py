"""Whatever is wrong is told in one line: file, line, field, what was found, what is allowed."""

import pytest

KEPLER = "observer:\n  kepler:\n    semi_major_axis: 1800 km\n"
TARGET = "targets:\n  - {name: A, kepler: {center: earth, semi_major_axis: 42164 km}}\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "telescope:\n  apperture: 30 cm\n",
            2,
            "telescope.apperture: unknown field; did you mean 'aperture'?",
        ),
        ("teleskope: {}\n", 1, "teleskope: unknown field; did you mean 'telescope'?"),
        ("read_noise: 3 e\n", 1, "read_noise: unknown field; did you mean 'detector.read_noise'?"),
        (
            "background:\n  q: 1\n",
            2,
            "background.q: unknown field; allowed: earthshine, extended_bodies, starlight, stray_light, zodiacal",
        ),
        (
            "telescope:\n  psf:\n    kind: airy\n    fwhm: 2 px\n",
            4,
            "telescope.psf.fwhm: unknown field; allowed: jitter, kind",
        ),
        (
            "telescope:\n  aperture: -30 cm\n",
            2,
            "telescope.aperture: found '-30 cm'; must be greater than 0 m",
        ),
        (
            "telescope:\n  aperture: 30\n",
            2,
            (
                "telescope.aperture: found 30 without a unit; must be a length such as '30 cm' (units: "
                "m, cm, mm, um, nm)"
            ),
        ),
        (
            "time:\n  exposure: 2 m\n",
            2,
            (
                "time.exposure: found '2 m', which is not a duration; must be a duration such as '2 s' "
                "(units: s, ms, min, h, d)"
            ),
        ),
        (
            "telescope:\n  obstruction: 1\n",
            2,
            "telescope.obstruction: found 1; must be at least 0 and less than 1",
        ),
        (
            "telescope:\n  obstruction: 10 cm\n",
            2,
            (
                "telescope.obstruction: found '10 cm'; must be a fraction such as 0.35 or '35 %', "
                "without a unit"
            ),
        ),
        (
            "time:\n  cadence: 1 s\n  exposure: 2 s\n",
            3,
            (
                "time.exposure: found '2 s', longer than the cadence of '1 s'; the next exposure would "
                "start before this one ends"
            ),
        ),
        ("time:\n  frames: 0\n", 2, "time.frames: found 0; must be at least 1"),
        ("time:\n  frames: 2.5\n", 2, "time.frames: found 2.5; must be a whole number"),
        ("time:\n  frames: many\n", 2, "time.frames: found 'many'; must be a whole number"),
        (
            "time:\n  start: tomorrow\n",
            2,
            ("time.start: found tomorrow; must be a UTC instant in ISO 8601 such as 2030-03-01T00:00:00Z"),
        ),
        ("seed: -1\n", 1, "seed: found -1; must be at least 0"),
        ("seed: 18446744073709551616\n", 1, f"seed: found {2**64}; must be less than {2**64}"),
        ("name: 42\n", 1, "name: found 42; must be text; put a number in quotes"),
        (
            "name: a/b\n",
            1,
            "name: found 'a/b'; must be letters, digits, '.', '_' and '-', a letter or digit first",
        ),
        ("background:\n  zodiacal: 3\n", 2, "background.zodiacal: found 3; must be true or false"),
        (
            "telescope:\n  preset: neosat\n",
            2,
            "telescope.preset: no preset 'neosat' among the telescopes; did you mean 'neossat-15cm'?",
        ),
        (
            "telescope:\n  psf: {kind: gausian}\n",
            2,
            "telescope.psf: found kind 'gausian'; must be one of gaussian, moffat, airy, pupil, file",
        ),
        (
            "pointing:\n  target: A\n  ra: 10 deg\n  dec: 5 deg\n" + TARGET,
            2,
            "pointing.target: found target and ra and dec; must be target, or ra and dec",
        ),
        ("pointing:\n  ra: 10 deg\n", 2, "pointing.ra: found ra without dec; must be both"),
        (
            "pointing:\n  target: KAZSAT-3\n" + TARGET.replace("A,", "KAZSAT-2,"),
            2,
            ("pointing.target: found 'KAZSAT-3', which is not among the targets; did you mean 'KAZSAT-2'?"),
        ),
        (
            "pointing:\n  target: A\n",
            2,
            "pointing.target: found 'A', which is not among the targets; there are: no targets",
        ),
        (
            TARGET + "  - {name: A, kepler: {semi_major_axis: 9000 km}}\n",
            3,
            "targets.1.name: found 'A' a second time; targets need names of their own",
        ),
        (
            "pointing: {ra: 10 deg, dec: 5 deg, track: sideral}\n",
            1,
            "pointing.track: found 'sideral'; must be one of sidereal, target, rates",
        ),
        (
            "pointing: {ra: 10 deg, dec: 5 deg, track: rates}\n",
            1,
            (
                "pointing.track: found track: rates without rates; rates {ra, dec, roll} and track: rates go "
                "together"
            ),
        ),
        (
            "observer:\n  orbit: lunar-elfo-24h\n  site: {longitude: 77 deg, latitude: 43 deg}\n",
            1,
            (
                "observer: found orbit and site; must be exactly one of orbit, kepler, state, cr3bp, "
                "tle, omm, oem, mpc, spk, site, lunar_site"
            ),
        ),
        (
            KEPLER + "    eccentricity: 0.1\n",
            3,
            (
                "observer.kepler.semi_major_axis: found an orbit whose periapsis is 1620.0 km from the "
                "centre of the moon, inside its radius of 1737.4 km; semi_major_axis · (1 - "
                "eccentricity) must be greater"
            ),
        ),
        (KEPLER + "    eccentricity: 1\n", 4, "observer.kepler.eccentricity: found 1; must be less than 1.0"),
        (
            "observer:\n  kepler: {center: mars, semi_major_axis: 9000 km}\n",
            2,
            "observer.kepler.center: found 'mars'; must be one of moon, earth, sun",
        ),
        ("observer:\n  kepler: {}\n", 2, "observer.kepler.semi_major_axis: missing; it must be given"),
        (
            "observer:\n  state: {position: 1000 0 0 km, velocity: 0 1 0 km/s}\n",
            2,
            (
                "observer.state.position: found a position 1000.0 km from the centre of the moon, inside "
                "its radius of 1737.4 km"
            ),
        ),
        (
            "passband: {from: 900 nm, to: 400 nm}\n",
            1,
            "passband.from: found '900 nm'; must be shorter than 'to', '400 nm'",
        ),
        (
            "passband: {from: 400 nm, filter: bessell-V}\n",
            1,
            "passband.filter: found filter and from; must be filter, or from and to",
        ),
        (
            "detector:\n  quantum_efficiency:\n    wavelengths: 500 400 nm\n    values: [0.5, 0.6]\n",
            3,
            ("detector.quantum_efficiency.wavelengths: found '400 nm' after '500 nm'; wavelengths must grow"),
        ),
        (
            "detector:\n  quantum_efficiency: 80\n",
            2,
            "detector.quantum_efficiency: found 80; must be a fraction from 0 to 1",
        ),
        ("detector: {shape: [2048]}\n", 1, "detector.shape.1: missing; it must be given"),
        ("detector: {bits: 24}\n", 1, "detector.bits: found 24; must be at most 16"),
        (
            "detector: {bits: 8, bias: 300 adu}\n",
            1,
            "detector.bias: found '300 adu', above the 255 adu that 8 bits can say",
        ),
        (
            "stars: {catalogs: [gaia-brite]}\n",
            1,
            "stars.catalogs.0: found 'gaia-brite'; must be one of gaia-bright",
        ),
        (
            "stars: {limit: 18 mag}\n",
            1,
            "stars.limit: found '18 mag'; must be auto, or a G magnitude such as 18.5",
        ),
        (
            "targets: [{name: A}]\n",
            1,
            (
                "targets.0: found none; must be exactly one of "
                "tle, omm, oem, mpc, spk, orbit, kepler, state, cr3bp, lunar_site"
            ),
        ),
        (
            "targets: [{kepler: {semi_major_axis: 9000 km}}]\n",
            1,
            "targets.0.name: missing; a target needs a name where its orbit does not come from a file",
        ),
    ],
)
def test_one_line_says_what_is_wrong(complaint, text, line, message):
    assert complaint(text) == f"my.yaml:{line}: {message}"


@pytest.mark.parametrize(("text", "found"), [("telescope: 30 cm\n", "'30 cm'"), ("telescope:\n", "nothing")])
def test_a_part_that_is_no_mapping_is_told_its_fields(complaint, text, found):
    start = f"my.yaml:1: telescope: found {found}; must be a mapping with the fields preset, name, aperture"
    assert complaint(text).startswith(start)


def test_several_errors_are_told_together_each_with_its_line(complaint):
    lines = complaint("telescope:\n  aperture: 3\ndetector:\n  gain: 2\ntime:\n  exposure: 5\n").splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["my.yaml:6", "time.exposure"],
        ["my.yaml:2", "telescope.aperture"],
        ["my.yaml:4", "detector.gain"],
    ]


def test_of_many_errors_the_first_five_are_told(complaint):
    lines = complaint("".join(f"nonsense{index}: 1\n" for index in range(9))).splitlines()
    assert len(lines) == 6
    assert lines[-1] == "and 4 more"


def test_an_error_deep_in_a_list_names_the_item(complaint):
    text = TARGET + "  - name: B\n    kepler: {semi_major_axis: 9000 km}\n    model:\n      diameter: 4\n"
    assert complaint(text).startswith("my.yaml:6: targets.1.model.diameter: found 4 without a unit")
