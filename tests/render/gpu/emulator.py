"""Builds the GPU's kernels for the CPU, and runs their launches."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skyforge.render.gpu.source import KERNEL_FOLDERS, KernelUnit, kernel_units

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]
RUNNER = (HERE / "cuda_on_cpu.h", HERE / "cuda_on_cpu.cpp")
# As skyforge/render/CMakeLists.txt has them.
EXACT = ("-O2", "-ffp-contract=off", "-fno-fast-math", "-fno-math-errno", "-fno-trapping-math")
# So that a stack that is too small is met at its end, and not beyond.
GUARDED = ("-fstack-clash-protection",)
WARNINGS = ("-Wall", "-Wextra", "-Wno-unused-function", "-Wno-unknown-pragmas")
ORDERS = {"ascending": 0, "descending": 1, "shuffled": 2}


class EmulatorError(AssertionError):
    """A launch did what a GPU would leave undefined, hang on, or refuse."""


@dataclass(frozen=True)
class Entry:
    """A kernel: its place in the library, the C structure of its arguments, and the threads of a block."""

    index: int
    structure: str
    bytes: int
    threads: int


class Emulator:
    """
    A library of kernels.

    One launch at a time: shared memory is static.
    """

    def __init__(self, path: Path) -> None:
        library = self._library = ctypes.CDLL(str(path))
        self.lock = threading.RLock()
        library.sky_error.restype = ctypes.c_char_p
        library.sky_entry_name.restype = library.sky_entry_structure.restype = ctypes.c_char_p
        library.sky_entry_bytes.restype = ctypes.c_size_t
        library.sky_allocate.restype = ctypes.c_void_p
        library.sky_allocate.argtypes = [ctypes.c_size_t]
        library.sky_free.argtypes = [ctypes.c_void_p]
        library.sky_launch.argtypes = [
            *[ctypes.c_uint] * 3,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_ulonglong,
        ]
        self.entries = {
            library.sky_entry_name(i).decode(): Entry(
                i,
                library.sky_entry_structure(i).decode(),
                library.sky_entry_bytes(i),
                library.sky_entry_threads(i),
            )
            for i in range(library.sky_entry_count())
        }

    def launch(
        self, name: str, blocks: tuple[int, int], arguments: bytes, order: str = "ascending", seed: int = 0
    ) -> None:
        """Run a kernel, its blocks and threads in an order of `ORDERS`."""
        with self.lock:
            entry = self.entries[name]
            if not self._library.sky_launch(entry.index, *blocks, arguments, ORDERS[order], seed):
                raise EmulatorError(self._library.sky_error().decode())

    def allocate(self, size: int) -> int:
        """Return the address of memory with unmapped pages on both sides."""
        with self.lock:
            address = self._library.sky_allocate(size)
        if not address:
            raise MemoryError(f"no {size} bytes")
        return int(address)

    def free(self, address: int) -> None:
        """Unmap what `allocate` gave; whoever still uses it faults."""
        with self.lock:
            self._library.sky_free(address)


@cache
def emulator(folders: Sequence[Path] = KERNEL_FOLDERS) -> Emulator:
    """Build the kernels of some folders, or take what was built of the same sources before."""
    compiler = shutil.which("g++")
    if compiler is None:
        raise FileNotFoundError("g++ is not installed")
    store = _store()
    jobs = []
    objects = []
    for unit in kernel_units(folders):
        objects.append(_object(store, compiler, unit.name, unit.sha256))
        if not objects[-1].exists():
            source = _written(store, unit)
            # A namespace for each unit, as units are strangers to each other on a GPU.
            namespace = f"-Dskyforge=skyforge_{source.stem}"
            include = ["-include", str(RUNNER[0]), "-x", "c++", f"-I{source.parent}", namespace]
            jobs.append(_compile(compiler, [*include, str(source)], objects[-1]))
    objects.append(_object(store, compiler, "runner", ""))
    if not objects[-1].exists():
        jobs.append(_compile(compiler, [str(RUNNER[1])], objects[-1]))
    for job, target, partial in jobs:
        _, log = job.communicate()
        if job.returncode != 0 or log:
            raise AssertionError(f"the kernels do not compile for the CPU, or not without warnings:\n{log}")
        partial.replace(target)
    library = store / f"{_digest(*(file.name for file in objects))}.so"
    if not library.exists():
        partial = library.with_suffix(f".{threading.get_native_id()}.part")
        subprocess.run([compiler, "-shared", *map(str, objects), "-o", str(partial)], check=True)
        partial.replace(library)
    return Emulator(library)


def check_syntax(unit: KernelUnit) -> None:
    """Let g++ read a unit, as for the emulator; raises CalledProcessError if it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        source = _written(Path(folder), unit)
        options = [
            "-std=c++17",
            "-fsyntax-only",
            "-include",
            str(RUNNER[0]),
            "-x",
            "c++",
            f"-I{source.parent}",
        ]
        subprocess.run(["g++", *options, str(source)], check=True, capture_output=True)


@cache
def machine_flags() -> tuple[str, ...]:
    """Return what the compiler may use of this processor: a fused multiply-add where there is one."""
    flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split() if _on_linux() else []
    return ("-march=x86-64-v3",) if {"fma", "avx2", "bmi2"} <= set(flags) else ()


def _on_linux() -> bool:
    return Path("/proc/cpuinfo").exists()


def _compile(
    compiler: str, arguments: Sequence[str], target: Path
) -> tuple[subprocess.Popen[str], Path, Path]:
    partial = target.with_suffix(f".{threading.get_native_id()}.part")
    flags = ["-std=c++17", "-fPIC", "-fvisibility=hidden", *EXACT, *GUARDED, *WARNINGS, *machine_flags()]
    command = [compiler, *flags, *arguments, "-c", "-o", str(partial)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True), target, partial


def _object(store: Path, compiler: str, name: str, sha256: str) -> Path:
    runner = [file.read_text(encoding="utf-8") for file in RUNNER]
    version = subprocess.run(
        [compiler, "-dumpfullversion"], check=True, capture_output=True, text=True
    ).stdout
    return (
        store / f"{name}-{_digest(sha256, *runner, version, *EXACT, *GUARDED, *WARNINGS, *machine_flags())}.o"
    )


def _written(store: Path, unit: KernelUnit) -> Path:
    """Write the files of a unit into one folder, as NVRTC sees them."""
    folder = store / unit.sha256
    folder.mkdir(exist_ok=True)
    for name, text in [*unit.headers, (unit.name, unit.text)]:
        (folder / name).write_text(text, encoding="utf-8")
    return folder / unit.name


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@cache
def _store() -> Path:
    folder = CHECKOUT / ".pytest_cache" / "emulator"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="skyforge-emulator-"))
    return folder
