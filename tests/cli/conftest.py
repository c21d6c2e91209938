import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skyforge.cli.app import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def invoke(monkeypatch, tmp_path):
    """Run a command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def run(tmp_path):
    """Run a command in a process of its own, as a shell would, in an empty folder."""

    def run_process(*arguments, code=None, **options):
        command = [sys.executable, *(["-c", code] if code else ["-m", "skyforge.cli"]), *map(str, arguments)]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,
        )

    return run_process
