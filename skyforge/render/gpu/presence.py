"""Whether there is a GPU to render on, found out without waking anything that is not needed."""

from __future__ import annotations

import ctypes
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.nvrtc import NEWEST_MAJOR, CompilerMissingError, find_nvrtc

INSTALL_CUPY = 'pip install "skyforge-sim[gpu]"'
_CUPY = {"cupy-cuda13x": 13, "cupy-cuda12x": 12, "cupy": 12}
"""Distributions of CuPy, and the version of CUDA that the driver must know for each, at least."""
OLDEST_CAPABILITY = (8, 0)
"""Of the oldest architecture that the kernels are compiled for in the tests."""
_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR, CUDA driver API
_NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE
_GIB = 2**30


class GpuMissingError(SkyforgeError):
    """There is no GPU that can render; the message says what is missing."""


@dataclass(frozen=True)
class Gpu:
    """
    A GPU that can render.

    Attributes
    ----------
    name
        As its maker calls it.
    compute_capability
        (major, minor).
    memory_bytes
        All its memory.
    driver
        Version of CUDA that the driver knows, (major, minor).
    devices
        How many GPUs there are; this is the first.
    cupy
        Version of CuPy.
    nvrtc
        Version of the compiler, (major, minor).
    """

    name: str
    compute_capability: tuple[int, int]
    memory_bytes: int
    driver: tuple[int, int]
    devices: int
    cupy: str
    nvrtc: tuple[int, int]

    def __str__(self) -> str:
        memory = f"{self.memory_bytes / _GIB:.0f} GiB"
        versions = f"driver for CUDA {_dotted(self.driver)}, CuPy {self.cupy}, NVRTC {_dotted(self.nvrtc)}"
        return f"{self.name}, {memory}, compute capability {_dotted(self.compute_capability)}, {versions}"


@cache
def find_gpu() -> Gpu:
    """
    Look for CuPy, then for the driver, then for a device.

    Neither CuPy is imported nor a context made.

    Returns
    -------
    Gpu
        The first device.

    Raises
    ------
    GpuMissingError
        If something is missing.
    """
    if importlib.util.find_spec("cupy") is None:
        raise GpuMissingError(f"CuPy is not installed: {INSTALL_CUPY}")
    cupy, oldest_driver = _installed_cupy()
    driver = _driver()
    version = _version_of(driver)
    if version < (oldest_driver, 0):
        raise GpuMissingError(
            f"the NVIDIA driver knows CUDA {_dotted(version)}, CuPy needs {oldest_driver} or newer: update the driver"
        )
    name, capability, memory, devices = _first_device(driver)
    if capability < OLDEST_CAPABILITY:
        raise GpuMissingError(
            f"{name} has compute capability {_dotted(capability)}; "
            f"{_dotted(OLDEST_CAPABILITY)} (Ampere, 2020) or newer is needed"
        )
    try:
        nvrtc = find_nvrtc(min(version[0], NEWEST_MAJOR)).version
    except CompilerMissingError as error:
        raise GpuMissingError(str(error)) from error
    return Gpu(name, capability, memory, version, devices, cupy, nvrtc)


def _installed_cupy() -> tuple[str, int]:
    """Return CuPy's version, and that of CUDA which its driver must know."""
    for name, oldest_driver in _CUPY.items():
        try:
            return metadata.version(name), oldest_driver
        except metadata.PackageNotFoundError:
            continue
    return "unknown", min(_CUPY.values())


def _driver() -> ctypes.CDLL:
    """Load the driver's library."""
    for name in ("libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise GpuMissingError(
        "the NVIDIA driver is not installed (libcuda.so.1); in a container, pass the GPU: --gpus all"
    )


def _version_of(driver: Any) -> tuple[int, int]:
    version = ctypes.c_int()
    _checked(driver, driver.cuDriverGetVersion(ctypes.byref(version)))
    return version.value // 1000, version.value % 1000 // 10


def _first_device(driver: Any) -> tuple[str, tuple[int, int], int, int]:
    """Return its name, its compute capability, its memory, and how many there are."""
    devices, device, major, minor = (ctypes.c_int() for _ in range(4))
    memory, name = ctypes.c_size_t(), ctypes.create_string_buffer(256)
    _checked(driver, driver.cuInit(0))
    _checked(driver, driver.cuDeviceGetCount(ctypes.byref(devices)))
    if devices.value == 0:
        _checked(driver, _NO_DEVICE)
    _checked(driver, driver.cuDeviceGet(ctypes.byref(device), 0))
    _checked(driver, driver.cuDeviceGetName(name, len(name), device))
    _checked(driver, driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device))
    for value, attribute in ((major, _MAJOR), (minor, _MINOR)):
        _checked(driver, driver.cuDeviceGetAttribute(ctypes.byref(value), attribute, device))
    return name.value.decode(errors="replace"), (major.value, minor.value), memory.value, devices.value


def _checked(driver: Any, status: int) -> None:
    if status == _NO_DEVICE:
        where = (
            " (CUDA_VISIBLE_DEVICES hides it, or the container was not given it)"
            if _has_device_file()
            else ""
        )
        raise GpuMissingError(f"there is no NVIDIA GPU to be seen{where}")
    if status != 0:
        text = ctypes.c_char_p()
        driver.cuGetErrorString(status, ctypes.byref(text))
        reason = text.value.decode() if text.value else f"error {status}"
        raise GpuMissingError(f"the NVIDIA driver does not work: {reason}")


def _has_device_file() -> bool:
    return Path("/dev/nvidia0").exists()


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
