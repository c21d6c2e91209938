"""The structures of kernels' arguments are, byte for byte, what Python fills in: for g++ and for NVRTC."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import numpy as np
import pytest
from emulator import check_syntax, emulator
from layout_checks import checked_unit

from skyforge.bench import device_limits
from skyforge.codec import device as codec
from skyforge.render.gpu import layouts
from skyforge.render.gpu.compiler import EXACT_OPTIONS, architecture_option
from skyforge.render.gpu.nvrtc import CompilationError
from skyforge.render.gpu.source import kernel_units
from skyforge.render.gpu.structure import POINTER, arguments, struct_dtype

DTYPES = {
    "Stamp": layouts.STAMP,
    "HaloTap": layouts.HALO_TAP,
    "StampTables": layouts.STAMP_TABLES,
    "BankArrays": layouts.BANK,
    "SourceArrays": layouts.SOURCES,
    "Background": layouts.BACKGROUND,
    "Halo": layouts.HALO,
    "Canvas": layouts.CANVAS,
    "PoissonTables": layouts.POISSON_TABLES,
    "Detector": layouts.DETECTOR,
    "TileLists": layouts.TILE_LISTS,
    "Panels": layouts.PANELS,
    "Trail": layouts.TRAIL,
    "HaloGrid": layouts.HALO_GRID,
    "FrameReport": layouts.FRAME_REPORT,
    "FrameTask": layouts.FRAME_TASK,
    "FramesArguments": layouts.FRAMES_ARGUMENTS,
    "DrawArguments": layouts.DRAW_ARGUMENTS,
    "ExposeArguments": layouts.EXPOSE_ARGUMENTS,
    "ProjectArguments": layouts.PROJECT_ARGUMENTS,
    "CopyArguments": device_limits.COPY_ARGUMENTS,
    "WorkArguments": device_limits.WORK_ARGUMENTS,
    "RiceRowsArguments": codec.ROWS_ARGUMENTS,
    "RiceOffsetsArguments": codec.OFFSETS_ARGUMENTS,
    "RiceGatherArguments": codec.GATHER_ARGUMENTS,
}
UNITS = {unit.name: unit for unit in kernel_units()}


@pytest.mark.parametrize("name", UNITS)
def test_structures_are_laid_out_as_numpy_says(name, emulated):
    unit, known = checked_unit(UNITS[name], DTYPES)
    assert {emulator().entries[entry].structure for entry in unit.entries} <= known
    check_syntax(unit)


@pytest.mark.parametrize("name", UNITS)
def test_structures_are_laid_out_alike_on_a_gpu(name, nvrtc):
    unit, _ = checked_unit(UNITS[name], DTYPES)
    nvrtc.compile(unit, (*EXACT_OPTIONS, architecture_option((9, 0))))


def test_every_layout_belongs_to_a_kernel():
    known = set().union(*(checked_unit(unit, DTYPES)[1] for unit in UNITS.values()))
    assert known == set(DTYPES)
    ours = [value for value in vars(layouts).values() if isinstance(value, np.dtype)]
    assert all(any(dtype is known for known in DTYPES.values()) for dtype in ours)


@pytest.mark.parametrize(
    "wrong",
    [
        struct_dtype(headers=POINTER, entries="u4"),
        struct_dtype(entries=POINTER, headers=POINTER),
        struct_dtype(headers=POINTER, entries="f8"),
        struct_dtype(headers=POINTER),
    ],
)
def test_a_wrong_layout_would_be_found(wrong, emulated, nvrtc):
    unit, _ = checked_unit(UNITS["expose_entries.cu"], {"PoissonTables": wrong})
    with pytest.raises(subprocess.CalledProcessError):
        check_syntax(unit)
    with pytest.raises(CompilationError, match="PoissonTables"):
        nvrtc.compile(replace(unit), (*EXACT_OPTIONS, architecture_option((9, 0))))


def test_arguments_name_every_field():
    pair = struct_dtype(first="i4", second=layouts.POISSON_TABLES)
    filled = arguments(pair, first=-3, second={"headers": 2**40, "entries": 7})
    assert filled["first"][0] == -3
    assert filled["second"]["headers"][0] == 2**40
    assert (pair.itemsize, pair.fields["second"][1]) == (24, 8)
    for values in (
        {"first": 1},
        {"first": 1, "second": {"headers": 1, "entries": 2}, "third": 3},
        {"first": 1, "second": {"headers": 1}},
        {"first": 1.5, "second": {"headers": 1, "entries": 2}},
        {"first": 1, "second": np.zeros(1, layouts.HALO_TAP)},
    ):
        with pytest.raises(TypeError):
            arguments(pair, **values)
    with pytest.raises(TypeError, match="4096 bytes"):
        arguments(struct_dtype(many=("f4", 1025)), many=0.0)
