"""Whether there is a GPU to render on, found out without waking anything that is not needed."""

from __future__ import annotations

import ctypes
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.nvrtc import CompilerMissingError, find_nvrtc

INSTALL_CUPY = 'pip install "skyforge-sim[gpu]"'
OLDEST_DRIVER = 13
"""Version of CUDA that the driver must know; that of the CuPy which the extra `gpu` installs."""
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
    """

    name: str
    compute_capability: tuple[int, int]
    memory_bytes: int
    driver: tuple[int, int]
    devices: int

    def __str__(self) -> str:
        capability, driver = (".".join(map(str, pair)) for pair in (self.compute_capability, self.driver))
        memory = f"{self.memory_bytes / _GIB:.0f} GiB"
        return f"{self.name}, {memory}, compute capability {capability}, driver for CUDA {driver}"


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
    gpu = _ask_driver(_driver())
    if gpu.driver < (OLDEST_DRIVER, 0):
        found = ".".join(map(str, gpu.driver))
        raise GpuMissingError(
            f"the NVIDIA driver knows CUDA {found}; CUDA {OLDEST_DRIVER} or newer is needed: install a newer driver"
        )
    if gpu.compute_capability < OLDEST_CAPABILITY:
        found, needed = (".".join(map(str, pair)) for pair in (gpu.compute_capability, OLDEST_CAPABILITY))
        raise GpuMissingError(
            f"{gpu.name} has compute capability {found}; {needed} (Ampere, 2020) or newer is needed"
        )
    try:
        find_nvrtc(gpu.driver[0])
    except CompilerMissingError as error:
        raise GpuMissingError(str(error)) from error
    return gpu


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


def _ask_driver(driver: ctypes.CDLL) -> Gpu:
    _checked(driver, driver.cuInit(0))
    version, devices, device = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    major, minor, memory = ctypes.c_int(), ctypes.c_int(), ctypes.c_size_t()
    name = ctypes.create_string_buffer(256)
    _checked(driver, driver.cuDriverGetVersion(ctypes.byref(version)))
    _checked(driver, driver.cuDeviceGetCount(ctypes.byref(devices)))
    if devices.value == 0:
        _checked(driver, _NO_DEVICE)
    _checked(driver, driver.cuDeviceGet(ctypes.byref(device), 0))
    _checked(driver, driver.cuDeviceGetName(name, len(name), device))
    _checked(driver, driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device))
    for value, attribute in ((major, _MAJOR), (minor, _MINOR)):
        _checked(driver, driver.cuDeviceGetAttribute(ctypes.byref(value), attribute, device))
    return Gpu(
        name.value.decode(errors="replace"),
        (major.value, minor.value),
        memory.value,
        (version.value // 1000, version.value % 1000 // 10),
        devices.value,
    )


def _checked(driver: ctypes.CDLL, status: int) -> None:
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
