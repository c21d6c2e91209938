"""Small scenes and little effort, and the emulated GPU of the render tests."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "render" / "gpu"))  # the emulator

from skyforge.bench.effort import QUICK
from skyforge.bench.scenes import STANDARD


@pytest.fixture(scope="session")
def emulated():
    """Make emulated GPUs."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed, which the kernels are compiled with for the CPU")
    from replay_runtime import ReplayRuntime

    return ReplayRuntime


@pytest.fixture(scope="session")
def tiny():
    """As little effort as there is."""
    return replace(
        QUICK,
        repeats=2,
        seconds=0.0,
        frames=2,
        copy_bytes=1 << 16,
        disk_bytes=1 << 16,
        blocks=2,
        rounds=4,
        launches=3,
        frames_a_launch=2,
    )


@pytest.fixture(scope="session")
def tiny_scenes():
    """Return the standard scenes, made small."""
    return tuple(replace(scene, shape=(96, 130), stars=min(scene.stars // 100, 200)) for scene in STANDARD)
