"""The kernels, on a CPU, for the tests of the GPU's path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

# The emulator beside this file, and what other tests share with those that run on a GPU.
sys.path.insert(0, str(Path(__file__).parents[2] / "codec"))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from emulator import ORDERS
from replay_runtime import SCHEDULES, ReplayRuntime

from skyforge.render.gpu.nvrtc import CompilerMissingError, find_nvrtc


@pytest.fixture(scope="session")
def emulated():
    """Make emulated GPUs: a function with the parameters of `ReplayRuntime`."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed, which the kernels are compiled with for the CPU")
    return ReplayRuntime


@pytest.fixture(scope="session")
def nvrtc():
    """NVIDIA's compiler, which needs no GPU."""
    try:
        return find_nvrtc()
    except CompilerMissingError:
        pytest.skip("NVRTC is not installed: pip install nvidia-cuda-nvrtc")


@pytest.fixture(
    params=[(order, seed) for order in ORDERS for seed in ((1, 2) if order == "shuffled" else (0,))]
)
def any_order(request, emulated):
    """One emulated GPU for each order of threads and blocks."""
    return emulated(order=request.param[0], seed=request.param[1])


@pytest.fixture(params=SCHEDULES)
def any_schedule(request, emulated):
    """One emulated GPU for each way of running streams."""
    return emulated(schedule=request.param, seed=3)
