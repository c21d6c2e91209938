"""Whether there is a GPU: every way in which there can be none is told apart, with what to do."""

from __future__ import annotations

import ctypes
import importlib.util
import subprocess
import sys

import pytest

from skyforge.errors import InputError, SkyforgeError
from skyforge.render.gpu import presence
from skyforge.render.gpu.nvrtc import CompilerMissingError
from skyforge.render.options import resolve_device

NO_DEVICE, NOT_INITIALISED = 100, 3


class Driver:
    """The driver of a pretended machine: what NVIDIA's driver API documents of the functions that are called."""

    def __init__(self, *, version=13000, devices=1, capability=(9, 0), status=0):
        self.version, self.devices, self.capability, self.status = version, devices, capability, status

    def cuInit(self, _):  # noqa: N802
        return self.status

    def cuDriverGetVersion(self, version):  # noqa: N802
        version._obj.value = self.version
        return 0

    def cuDeviceGetCount(self, count):  # noqa: N802
        count._obj.value = self.devices
        return 0

    def cuDeviceGet(self, device, ordinal):  # noqa: N802
        device._obj.value = ordinal
        return 0

    def cuDeviceGetName(self, name, size, _):  # noqa: N802
        assert size > 100
        name.value = b"NVIDIA H200"
        return 0

    def cuDeviceTotalMem_v2(self, memory, _):  # noqa: N802
        memory._obj.value = 140 * 2**30
        return 0

    def cuDeviceGetAttribute(self, value, attribute, _):  # noqa: N802
        value._obj.value = self.capability[{75: 0, 76: 1}[attribute]]
        return 0

    def cuGetErrorString(self, _, text):  # noqa: N802
        text._obj.value = b"initialization error"
        return 0


@pytest.fixture
def machine(monkeypatch):
    """Make a machine with CuPy, NVRTC and a driver, unless told otherwise."""

    def make(driver=None, *, cupy="14.2.0", oldest=13, nvrtc=(13, 5)):
        def find_nvrtc(newest_major):
            if nvrtc is None:
                raise CompilerMissingError(f"NVRTC of CUDA {newest_major} is not installed")
            return type("Nvrtc", (), {"version": nvrtc})

        presence.find_gpu.cache_clear()
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: object() if cupy else None)
        monkeypatch.setattr(presence, "_installed_cupy", lambda: (cupy, oldest))
        monkeypatch.setattr(presence, "find_nvrtc", find_nvrtc)
        if driver is not None:
            monkeypatch.setattr(presence, "_driver", lambda: driver)

    yield make
    presence.find_gpu.cache_clear()


def test_a_machine_with_everything_renders_on_the_gpu(machine):
    machine(Driver())
    gpu = presence.find_gpu()
    assert (gpu.name, gpu.compute_capability, gpu.driver, gpu.devices) == ("NVIDIA H200", (9, 0), (13, 0), 1)
    assert gpu.memory_bytes == 140 * 2**30
    assert resolve_device("auto") == resolve_device("gpu") == "gpu"
    assert resolve_device("cpu") == "cpu"


@pytest.mark.parametrize(
    ("driver", "installed", "words"),
    [
        (Driver(), {"cupy": ""}, 'CuPy is not installed: pip install "skyforge-sim'),
        (Driver(version=12080), {}, "knows CUDA 12.8, CuPy needs 13 or newer: update the driver"),
        (Driver(capability=(7, 5)), {}, "compute capability 7.5; 8.0"),
        (Driver(devices=0), {}, "no NVIDIA GPU to be seen"),
        (Driver(status=NO_DEVICE), {}, "no NVIDIA GPU to be seen"),
        (Driver(status=NOT_INITIALISED), {}, "does not work: initialization error"),
        (Driver(), {"nvrtc": None}, "NVRTC of CUDA 13 is not installed"),
    ],
)
def test_what_is_missing_is_named(machine, driver, installed, words):
    machine(driver, **installed)
    with pytest.raises(SkyforgeError, match=words) as error:
        resolve_device("gpu")
    assert "use device 'auto' or 'cpu'" in str(error.value)
    assert resolve_device("auto") == "cpu"


def test_a_missing_driver_is_named(machine, monkeypatch):
    def missing(name):
        raise OSError(f"{name}: cannot open shared object file")

    machine()
    monkeypatch.setattr(ctypes, "CDLL", missing)
    with pytest.raises(presence.GpuMissingError, match=r"libcuda\.so\.1"):
        presence.find_gpu()


def test_an_older_cupy_is_content_with_an_older_driver(machine):
    machine(Driver(version=12080), oldest=12, nvrtc=(12, 8))
    assert presence.find_gpu().driver == (12, 8)


def test_other_devices_are_refused():
    with pytest.raises(InputError, match="auto, cpu, gpu"):
        resolve_device("tpu")


def test_who_renders_on_a_cpu_imports_no_cupy():
    code = (
        "import sys; import skyforge.render as render; from skyforge.render.options import resolve_device; "
        "resolve_device('cpu'); before = [name for name in sys.modules if 'gpu' in name]; resolve_device('auto'); "
        "print(before, 'cupy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "[] False"
