"""What a shell sees: exit statuses, the two streams, and no traceback."""

import json

import pytest

from skyforge import __version__

HEAVY = (
    "numpy",
    "astropy",
    "scipy",
    "matplotlib",
    "pyarrow",
    "skyforge.pipeline",
    "skyforge.scenario",
)
LOADED = f"""
import contextlib, sys
sys.argv = ["skyforge", *sys.argv[1:]]
from skyforge.cli import main
with contextlib.suppress(SystemExit):
    main()
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["render", "--help"], ["doctor", "-h"], []])
def test_help_loads_nothing_that_is_slow(run, arguments):
    assert run(*arguments, code=LOADED).stderr.splitlines()[-1] == "[]"


def test_a_scenario_needs_neither_the_sky_nor_the_physics(run):
    slow = ("astropy.coordinates", "scipy", "matplotlib", "pyarrow", "skyforge.orbits", "skyforge.stars")
    code = f"import sys, skyforge.scenario; print([name for name in {slow!r} if name in sys.modules])"
    assert run(code=code).stdout.strip() == "[]"


def test_the_version_is_printed(run):
    result = run("--version")
    assert (result.returncode, result.stdout.strip()) == (0, f"skyforge {__version__}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rendr"], "rendr"),
        (["render", "--bogus"], "--bogus"),
        (["render", "--device", "tpu"], "tpu"),
        (["render", "--seed", "-1"], "--seed"),
        (["render", "--jobs", "0"], "--jobs"),
        (["render", "absent.yaml"], "error: no file 'absent.yaml' and no scenario preset of that name"),
        (["render", "kazsat-from-lunar-orbt"], "did you mean 'kazsat-from-lunar-orbit'?"),
        (["render", "minimal", "--set", "telescope.aperture=-30 cm"], "must be greater than 0 m"),
        (["render", "minimal", "--set", "telescope.apertur=30 cm"], "did you mean 'aperture'?"),
        (["presets", "telescops"], "did you mean 'telescopes'?"),
        (["presets", "detectors", "cmos2k"], "did you mean 'cmos-2k'?"),
        (["presets", "orbits", "lunar-elfo"], "lunar-elfo-24h"),
    ],
)
def test_bad_input_exits_with_2_and_words_on_standard_error(run, arguments, words):
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_names_file_line_and_field(run, tmp_path):
    (tmp_path / "my.yaml").write_text("name: a\ntelescope:\n  aperture: -30 cm\ndetector:\n  gian: 2 e/adu\n")
    result = run("render", "my.yaml")
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "error: my.yaml:3: telescope.aperture: found '-30 cm'; must be greater than 0 m",
        "       my.yaml:5: detector.gian: unknown field; did you mean 'gain'?",
    ]


def test_debug_adds_the_traceback_and_keeps_the_status(run):
    result = run("render", "absent.yaml", "--debug")
    assert result.returncode == 2
    assert "Traceback (most recent call last)" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("error: no file")


def test_standard_output_is_one_json_object(run):
    for arguments in (
        ["schema"],
        ["presets", "--json"],
        ["presets", "telescopes", "lunar-30cm-f4", "--json"],
    ):
        result = run(*arguments)
        assert result.returncode == 0
        assert isinstance(json.loads(result.stdout), dict)
        assert result.stderr == ""


def test_a_reader_that_leaves_early_sees_no_traceback(run):
    code = (
        "import sys\nfrom subprocess import PIPE, Popen\n"
        "schema = Popen([sys.executable, '-m', 'skyforge.cli', 'schema'], stdout=PIPE, stderr=PIPE)\n"
        "schema.stdout.close()\nprint(schema.stderr.read().decode())\nschema.wait()"
    )
    result = run(code=code)
    assert result.returncode == 0
    assert "Traceback" not in result.stdout
    assert "error" not in result.stdout
