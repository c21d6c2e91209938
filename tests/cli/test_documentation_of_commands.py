"""docs/cli.md and the commands must agree."""

import re
from pathlib import Path

from typer.main import get_command

from skyforge.cli.app import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_command_and_every_option_of_render_is_on_the_page():
    commands = get_command(app).commands
    assert set(re.findall(r"^    skyforge (\w+)", PAGE, re.MULTILINE)) == set(commands)
    options = {
        name for parameter in commands["render"].params for name in parameter.opts if name.startswith("--")
    }
    assert options - {"--help"} <= set(re.findall(r"--\w+", PAGE))
    assert set(re.findall(r"^\| `(--\w+)", PAGE, re.MULTILINE)) == options - {"--help"}
