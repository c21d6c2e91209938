"""What each kernel takes of a multiprocessor, as the compiler reports it, and how many threads that leaves room for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skyforge.render.gpu.compiler import EXACT_OPTIONS, architecture_option
from skyforge.render.gpu.nvrtc import Nvrtc
from skyforge.render.gpu.runtime import BLOCK_THREADS
from skyforge.render.gpu.source import kernel_units

_REPORT = "--ptxas-options=--verbose"
_KERNEL = re.compile(r"Compiling entry function '(\w+)'")
_WARP_THREADS = 32
# CUDA C++ programming guide, technical specifications per compute capability.
_REGISTERS = 65536  # of a multiprocessor
_REGISTERS_AT_A_TIME = 256  # that a warp gets
_THREADS = 2048
_SHARED_BYTES = {8: 164 * 1024, 9: 228 * 1024, 10: 228 * 1024}
_RESERVED_BYTES = 1024  # of shared memory, by the system in every block


@dataclass(frozen=True)
class KernelResources:
    """
    What a kernel takes.

    Attributes
    ----------
    registers
        Of a thread.
    shared_bytes
        Of a block.
    occupancy
        Threads that a multiprocessor runs at a time, of those that it could, 0 to 1.
    """

    registers: int
    shared_bytes: int
    occupancy: float


def kernel_resources(nvrtc: Nvrtc, compute_capability: tuple[int, int]) -> dict[str, KernelResources]:
    """
    Compile every kernel once more, and read what the assembler says of it.

    Parameters
    ----------
    nvrtc
        The compiler.
    compute_capability
        Of the device, (major, minor).
    """
    found = {}
    for unit in kernel_units():
        options = (*EXACT_OPTIONS, _REPORT, architecture_option(compute_capability))
        parts = _KERNEL.split(nvrtc.compile(unit, options).log)[1:]
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            registers, shared = _number(r"Used (\d+) registers", text), _number(r"(\d+) bytes smem", text)
            found[name] = KernelResources(
                registers, shared, occupancy(registers, shared, compute_capability[0])
            )
    return found


def occupancy(registers: int, shared_bytes: int, major: int) -> float:
    """
    Return the threads that a multiprocessor runs at a time, of those that it could.

    Parameters
    ----------
    registers
        Of a thread.
    shared_bytes
        Of a block.
    major
        Of the compute capability.
    """
    of_a_warp = -(-registers * _WARP_THREADS // _REGISTERS_AT_A_TIME) * _REGISTERS_AT_A_TIME
    warps = BLOCK_THREADS // _WARP_THREADS
    shared = _SHARED_BYTES.get(major, min(_SHARED_BYTES.values()))
    blocks = min(
        _REGISTERS // max(of_a_warp, 1) // warps,
        shared // (shared_bytes + _RESERVED_BYTES),
        _THREADS // BLOCK_THREADS,
    )
    return blocks * BLOCK_THREADS / _THREADS


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0
