"""CuPy's side of the runtime, with CuPy itself and no GPU: in a process of its own, as it changes CuPy within."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_on_cupy_without_a_gpu(emulated, nvrtc):
    if importlib.util.find_spec("cupy") is None:
        pytest.skip("CuPy is not installed")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "with_cupy.py")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=HERE.parents[2])
    assert done.returncode == 0, done.stdout + done.stderr
