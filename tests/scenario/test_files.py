from pathlib import Path

import pytest

from skyforge.resources import catalogs_directory
from skyforge.scenario import dump, load
from skyforge.scenario.files import find_file

LINES = [
    "1 37749U 11035B   21219.03532903 -.00000197  00000-0  00000+0 0  9997",
    "2 37749   0.0265 185.5624 0001715  11.0913 218.3385  1.00271514 36779",
]


def test_a_file_is_looked_for_beside_the_scenario(load_text, tmp_path, monkeypatch):
    (tmp_path / "mine.tle").write_text("\n".join(LINES))
    monkeypatch.chdir("/")
    assert load_text("targets: [{tle: mine.tle}]\npointing: {ra: 1 deg, dec: 1 deg}").targets[0].tle == (
        tmp_path / "mine.tle"
    )


@pytest.mark.parametrize("name", ["kazsat.tle", "catalogs/kazsat.tle"])
def test_a_shipped_file_is_found_from_anywhere(name, tmp_path):
    assert find_file(Path(name), tmp_path) == catalogs_directory().resolve() / "kazsat.tle"


def test_a_file_beside_the_scenario_comes_before_the_shipped_one(tmp_path):
    (tmp_path / "kazsat.tle").write_text("\n".join(LINES))
    assert find_file(Path("kazsat.tle"), tmp_path) == tmp_path / "kazsat.tle"


def test_a_missing_file_is_named_with_where_it_was_looked_for(complaint):
    message = complaint("targets:\n  - {name: A, tle: elements/mine.tle}\n")
    assert message.startswith(
        "my.yaml:2: targets.0.tle: found 'elements/mine.tle', but there is no such file; looked in"
    )
    assert str(catalogs_directory().resolve() / "elements") in message


@pytest.mark.parametrize("value", ["''", "3", ".", "[a, b, c]"])
def test_what_is_no_file_is_refused(complaint, value):
    assert complaint(f"observer: {{tle: {value}}}\n").startswith("my.yaml:1: observer.tle: found ")


def test_a_resolved_scenario_finds_its_files_from_another_folder(load_text, tmp_path):
    (tmp_path / "mine.tle").write_text("\n".join(LINES))
    text = dump(load_text("targets: [{tle: mine.tle}, {name: K, tle: kazsat.tle}]\npointing: {target: K}"))
    assert f"tle: {tmp_path}/mine.tle" in text
    assert "tle: catalogs/kazsat.tle" in text  # holds on every machine that has skyforge
    elsewhere = tmp_path / "run" / "scenario.yaml"
    elsewhere.parent.mkdir()
    elsewhere.write_text(text)
    assert load(elsewhere).targets[0].tle == tmp_path / "mine.tle"


def test_two_lines_in_the_scenario_are_elements(load_text):
    target = load_text(f"targets:\n  - name: K\n    tle:\n      - {LINES[0]}\n      - {LINES[1]}\n").targets[
        0
    ]
    assert target.tle == tuple(LINES)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [LINES[0][:-1] + "6", LINES[1]],
            "targets.0.tle.0: found the checksum 6, but the line's digits give 7",
        ),
        ([LINES[0], LINES[1][:-9]], "targets.0.tle.1: found a line of 60 characters"),
        ([LINES[1], LINES[0]], "targets.0.tle: found '2 37749   0."),
        ([LINES[0]], "targets.0.tle.1: missing"),
    ],
)
def test_broken_elements_in_the_scenario_are_refused_with_their_line(complaint, lines, words):
    text = "targets:\n  - name: K\n    tle:\n" + "".join(f"      - {line}\n" for line in lines)
    assert words in complaint(text)
