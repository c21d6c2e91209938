import json

import pytest

from skyforge.orbits import orbit_presets


@pytest.mark.parametrize("name", [preset.name for preset in orbit_presets()])
def test_every_preset_tells_its_story_and_numbers(invoke, name):
    result = invoke("orbit", name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{name}: ")
    assert "period" in result.stdout
    assert "Source: " in result.stdout


def test_three_body_orbits_show_their_units(invoke):
    facts = json.loads(invoke("orbit", "nrho-9-2", "--json").stdout)
    numbers = {(row["label"], row["unit"]): row["value"] for row in facts["numbers"]}
    assert numbers["unit of length LU", "km"] == 389703.2648292776
    assert numbers["unit of time TU", "s"] == 382981.2891290545
    assert numbers["mass ratio μ", ""] == 0.01215058560962404
    assert numbers["period", "TU"] * numbers["unit of time TU", "s"] / 86400 == pytest.approx(
        numbers["period", "d"]
    )


@pytest.mark.parametrize(("file", "begins"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_an_orbit_is_drawn(invoke, tmp_path, file, begins):
    result = invoke("orbit", "gto", "--plot", file)
    assert result.exit_code == 0
    assert (tmp_path / file).read_bytes().startswith(begins)
    assert f"drawn in {file}" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nrho"], "unknown orbit preset 'nrho': did you mean 'nrho-9-2'?"),
        (["gto", "--plot", "a.gif"], "its ending must be one of .png, .pdf, .svg"),
        (["gto", "--plot", "none/a.png"], "there is no folder 'none'"),
        (["gto", "--plot", "a.png", "--start", "tomorrow"], "--start: found 'tomorrow'"),
        (["gto", "--plot", "a.png", "--mode", "kinematic"], "are of three-body orbits"),
        (["gto", "--plot", "a.png", "--start", "3000-01-01"], "outside the ephemeris DE440"),
    ],
)
def test_what_cannot_be_is_a_line_and_status_2(invoke, tmp_path, arguments, words):
    result = invoke("orbit", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not list(tmp_path.iterdir())
