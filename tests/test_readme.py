"""What a newcomer reads first, held against what skyforge does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skyforge.cli.app import app
from skyforge.scenario import load

HOUSE = Path(__file__).resolve().parents[1]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
PAGES = [HOUSE / "README.md", HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").glob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def first_look(tmp_path: Path) -> Path:
    (scenario,) = blocks("yaml")
    path = tmp_path / "first-look.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path


def test_the_scenario_loads(first_look: Path) -> None:
    assert load(first_look).name == "first-look"


def test_the_photon_budget_is_what_the_command_prints() -> None:
    budget = blocks("text")[2].splitlines()
    printed = CliRunner().invoke(app, ["render", "--explain"]).stdout
    of_the_target = printed[printed.index("KAZSAT-3") :].splitlines()
    assert len(budget) > 5
    assert [line for line in budget if line not in of_the_target] == []


@pytest.mark.slow
def test_the_run_is_what_the_command_makes(tmp_path: Path) -> None:
    listing, table, _ = blocks("text")
    out = tmp_path / "demo"
    printed = CliRunner().invoke(app, ["render", "--out", str(out)]).stdout
    assert table.strip() in "\n".join(line.rstrip() for line in printed.splitlines())
    named = {line.split()[0].removeprefix("runs/demo/") for line in listing.splitlines()}
    made = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert named <= made
    assert made - named == {f"frames/frame_{index:06}.fits" for index in range(1, 8)}


@pytest.mark.slow
def test_the_python_runs(first_look: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(first_look.parent)
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102
    assert names["frame"].data.shape == (2048, 2048)


def test_every_command_that_is_named_exists() -> None:
    words = set(re.findall(r"(?:^ {4}|`)skyforge ([a-z]+)", README, re.MULTILINE))
    assert {"render", "presets", "doctor"} <= words
    for word in words:
        assert CliRunner().invoke(app, [word, "--help"]).exit_code == 0, word


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"make ([a-z-]+)", README))
    assert targets >= {"demo", "test"}
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'src="([^"]+)"', text)
    dead = [link for link in links if not link.startswith("http") and not (page.parent / link).exists()]
    assert dead == []


def test_the_index_names_every_page() -> None:
    index = (HOUSE / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (HOUSE / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_pictures_are_light_enough_to_read_over_a_slow_line() -> None:
    for picture in (HOUSE / "docs" / "images").glob("*.png"):
        assert picture.stat().st_size <= 500_000, picture.name


@pytest.mark.parametrize("path", sorted((HOUSE / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
