"""Every kernel compiles for every architecture that is promised, without a warning, exactly, and without spills."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from emulator import emulator

from skyforge.errors import SkyforgeError
from skyforge.render.gpu import compiler
from skyforge.render.gpu.compiler import (
    EXACT_OPTIONS,
    WARNINGS_ARE_ERRORS,
    architecture_option,
    cache_directory,
    compiled,
)
from skyforge.render.gpu.nvrtc import CompilationError, CompilerMissingError, find_nvrtc
from skyforge.render.gpu.source import KERNEL_FOLDERS, kernel_units

ARCHITECTURES = [(8, 0), (9, 0), (10, 0)]  # A100, H100 and H200, B200
UNITS = {unit.name: unit for unit in kernel_units()}
STATIC_SHARED_BYTES = (
    48 * 1024
)  # all that a block may declare (CUDA programming guide, technical specifications)
REPORT = ("--ptxas-options=--verbose",)
# Operations whose result depends on how they are rounded; and the ones that a GPU only approximates.
ROUNDED = re.compile(r"\b(?:add|sub|mul|mad|fma|div|sqrt|rcp)\.[\w.]*f(?:32|64)\b")
APPROXIMATE = re.compile(
    r"\b(?:rsqrt|sin|cos|lg2|ex2|tanh)\.[\w.]*f(?:16|32|64)\b|\.(?:approx|ftz|full|sat)\b"
)


@cache
def _compiled(name, architecture):
    options = (*EXACT_OPTIONS, *WARNINGS_ARE_ERRORS, *REPORT, architecture_option(architecture))
    return find_nvrtc().compile(UNITS[name], options)


def _used(log):
    """Return (spilled bytes, registers, shared bytes) of each kernel, as the assembler reports them."""
    reports = re.split(r"Compiling entry function '(\w+)'", log)[1:]
    used = {}
    for name, text in zip(reports[::2], reports[1::2], strict=True):
        spilled = sum(int(number) for number in re.findall(r"(\d+) bytes spill", text))
        shared = re.search(r"(\d+) bytes smem", text)
        registers = int(re.search(r"Used (\d+) registers", text)[1])
        used[name] = spilled, registers, int(shared[1]) if shared else 0
    return used


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", UNITS)
def test_kernels_compile_without_warnings_and_fit(nvrtc, name, architecture):
    code = _compiled(name, architecture)
    assert code.cubin.startswith(b"\x7fELF")
    used = _used(code.log)
    assert set(used) == set(UNITS[name].entries)
    for kernel, (spilled, registers, shared) in used.items():
        assert spilled == 0, f"{kernel} spills {spilled} bytes of registers to memory"
        assert registers <= 128, kernel
        assert shared <= STATIC_SHARED_BYTES, kernel


@pytest.mark.parametrize("name", UNITS)
def test_kernels_take_one_structure_of_the_size_that_is_sent(nvrtc, emulated, name):
    for entry in UNITS[name].entries:
        parameters = re.findall(rf"\b{entry}_param_(\d+)\[(\d+)\]", _compiled(name, (9, 0)).ptx)
        assert set(parameters) == {("0", str(emulator().entries[entry].bytes))}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", UNITS)
def test_arithmetic_is_rounded_to_nearest_and_nothing_is_approximate(nvrtc, name, architecture):
    # An operation without a rounding mode may be contracted by the assembler; one that names it may not.
    ptx = _compiled(name, architecture).ptx
    assert not [operation for operation in ROUNDED.findall(ptx) if ".rn." not in operation]
    assert not APPROXIMATE.findall(ptx)


def test_the_test_of_rounding_would_find_contraction(nvrtc):
    sloppy = tuple(option for option in EXACT_OPTIONS if not option.startswith("--fmad"))
    ptx = nvrtc.compile(UNITS["expose_entries.cu"], (*sloppy, architecture_option((9, 0)))).ptx
    assert [operation for operation in ROUNDED.findall(ptx) if ".rn." not in operation]
    fast = nvrtc.compile(
        UNITS["expose_entries.cu"], ("--std=c++17", "--use_fast_math", architecture_option((9, 0)))
    )
    assert APPROXIMATE.findall(fast.ptx)


@pytest.mark.parametrize(
    "line",
    [
        "static __device__ int nobody_needs_this;",
        "__device__ int sign(unsigned a) { return a < 0 ? -1 : 1; }",
    ],
)
def test_a_warning_is_an_error_in_the_tests_and_none_for_users(nvrtc, line):
    unit = UNITS["expose_entries.cu"]
    unit = replace(unit, text=f"{unit.text}\n{line}\n")
    with pytest.raises(CompilationError, match=r"expose_entries\.cu"):
        nvrtc.compile(unit, (*EXACT_OPTIONS, *WARNINGS_ARE_ERRORS, architecture_option((9, 0))))
    assert nvrtc.compile(unit, (*EXACT_OPTIONS, architecture_option((9, 0)))).cubin


def test_a_mistake_is_reported_with_its_file_and_line(nvrtc):
    unit = replace(UNITS["expose_entries.cu"], text="\n\nnonsense;\n")
    with pytest.raises(CompilationError, match=r"expose_entries\.cu\(3\): error"):
        nvrtc.compile(unit, (*EXACT_OPTIONS, architecture_option((9, 0))))


def test_the_emulators_cases_are_cuda(nvrtc):
    # What the emulator is tried with is what a GPU's compiler takes: same functions, same types.
    (cases,) = [
        unit
        for unit in kernel_units((Path(__file__).parent / "cases", *KERNEL_FOLDERS))
        if "case" in unit.name
    ]
    assert nvrtc.compile(cases, (*EXACT_OPTIONS, architecture_option((9, 0)))).cubin


def test_compiled_kernels_are_kept(nvrtc, tmp_path, monkeypatch):
    unit = UNITS["expose_entries.cu"]
    cubin = compiled(unit, (9, 0), nvrtc, cache=tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == cubin
    file.write_bytes(b"what was kept")
    assert compiled(unit, (9, 0), nvrtc, cache=tmp_path) == b"what was kept"
    # Another architecture, another source, other options: something else.
    assert compiled(unit, (8, 0), nvrtc, cache=tmp_path) != b"what was kept"
    assert compiled(replace(unit, text=unit.text + "\n"), (9, 0), nvrtc, cache=tmp_path) == cubin
    monkeypatch.setattr(compiler, "EXACT_OPTIONS", EXACT_OPTIONS[:-1])
    assert compiled(unit, (9, 0), nvrtc, cache=tmp_path) != b"what was kept"
    assert len(list(tmp_path.iterdir())) == 4
    assert not list(tmp_path.glob(".*"))


def test_a_cache_that_cannot_be_written_does_no_harm(nvrtc, tmp_path):
    place = tmp_path / "file"
    place.write_text("no folder")
    assert compiled(UNITS["expose_entries.cu"], (9, 0), nvrtc, cache=place / "cache").startswith(b"\x7fELF")


def test_the_cache_lies_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("SKYFORGE_CACHE", str(tmp_path))
    assert cache_directory() == tmp_path / "kernels"
    monkeypatch.delenv("SKYFORGE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_directory() == tmp_path / "xdg" / "skyforge" / "kernels"


def test_a_missing_compiler_is_named(monkeypatch):
    find_nvrtc.cache_clear()
    monkeypatch.setattr("skyforge.render.gpu.nvrtc._candidates", lambda _: iter(()))
    with pytest.raises(CompilerMissingError, match=r'pip install "skyforge-sim\[gpu\]"'):
        find_nvrtc(12)
    find_nvrtc.cache_clear()


def test_missing_or_doubled_kernels_are_named(tmp_path):
    with pytest.raises(SkyforgeError, match="install skyforge-sim again"):
        kernel_units((tmp_path,))
    (tmp_path / "a.cu").write_text('#include "b.h"\nSKY_ENTRY(one, Arguments) {}\n')
    with pytest.raises(SkyforgeError, match=r"need b\.h"):
        kernel_units((tmp_path, tmp_path / "none"))
    (tmp_path / "b.h").write_text("")
    (tmp_path / "c.cu").write_text("SKY_ENTRY(one, Arguments) {}\n")
    with pytest.raises(SkyforgeError, match="two kernels have the same name among one, one"):
        kernel_units((tmp_path, tmp_path / "other"))
