"""NVIDIA's run-time compiler, called directly: it needs neither a GPU, nor a driver, nor CuPy."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skyforge.errors import SkyforgeError
from skyforge.render.gpu.source import KernelUnit

NEWEST_MAJOR = 13
OLDEST_MAJOR = 12
_INSTALL = 'pip install "skyforge-sim[gpu]"'


class CompilerMissingError(SkyforgeError):
    """There is no NVRTC on this machine."""


class CompilationError(SkyforgeError):
    """NVRTC refused the source."""


@dataclass(frozen=True)
class CompiledUnit:
    """
    What the compiler made.

    Attributes
    ----------
    cubin
        Code of one architecture.
    ptx
        The step before it, for people and tests.
    log
        What the compiler said.
    """

    cubin: bytes
    ptx: str
    log: str


class Nvrtc:
    """
    The library.

    Parameters
    ----------
    library
        As ctypes loaded it.

    Attributes
    ----------
    version
        (major, minor).
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.nvrtcGetErrorString.restype = ctypes.c_char_p
        major, minor = ctypes.c_int(), ctypes.c_int()
        self._check(library.nvrtcVersion(ctypes.byref(major), ctypes.byref(minor)))
        self.version = (major.value, minor.value)

    def compile(self, unit: KernelUnit, options: Sequence[str]) -> CompiledUnit:
        """
        Compile to the code of one architecture.

        Parameters
        ----------
        unit
            What to compile.
        options
            Of NVRTC; one of them is ``--gpu-architecture=sm_XX``.

        Returns
        -------
        CompiledUnit
            The code.

        Raises
        ------
        CompilationError
            With the compiler's log.
        """
        program = ctypes.c_void_p()
        names = _strings([name for name, _ in unit.headers])
        texts = _strings([text for _, text in unit.headers])
        self._check(
            self._library.nvrtcCreateProgram(
                ctypes.byref(program), unit.text.encode(), unit.name.encode(), len(unit.headers), texts, names
            )
        )
        try:
            status = self._library.nvrtcCompileProgram(program, len(options), _strings(options))
            log = self._read(program, "ProgramLog").rstrip(b"\0").decode(errors="replace").strip()
            if status != 0:
                raise CompilationError(
                    f"the GPU kernels of {unit.name} do not compile ({self._message(status)}):\n{log}"
                )
            ptx = self._read(program, "PTX").rstrip(b"\0").decode()
            return CompiledUnit(self._read(program, "CUBIN"), ptx, log)
        finally:
            self._library.nvrtcDestroyProgram(ctypes.byref(program))

    def _read(self, program: ctypes.c_void_p, what: str) -> bytes:
        size = ctypes.c_size_t()
        self._check(getattr(self._library, f"nvrtcGet{what}Size")(program, ctypes.byref(size)))
        text = ctypes.create_string_buffer(size.value)
        self._check(getattr(self._library, f"nvrtcGet{what}")(program, text))
        return text.raw

    def _check(self, status: int) -> None:
        if status != 0:
            raise CompilationError(f"NVRTC failed: {self._message(status)}")

    def _message(self, status: int) -> str:
        return str(self._library.nvrtcGetErrorString(status).decode())


@cache
def find_nvrtc(newest_major: int = NEWEST_MAJOR) -> Nvrtc:
    """
    Load NVRTC, from a Python package, from a CUDA toolkit, or from wherever the system finds it.

    Parameters
    ----------
    newest_major
        What the driver can load: the code of a newer compiler than the driver's version of CUDA is no use.

    Returns
    -------
    Nvrtc
        The newest there is.

    Raises
    ------
    CompilerMissingError
        If there is none.
    """
    for path in _candidates(newest_major):
        try:
            return Nvrtc(ctypes.CDLL(path))
        except (OSError, AttributeError):
            continue
    raise CompilerMissingError(
        f"the compiler NVRTC of CUDA {newest_major} or older is not installed: {_INSTALL}, or a CUDA toolkit"
    )


def _candidates(newest_major: int) -> Iterator[str]:
    for major in range(newest_major, OLDEST_MAJOR - 1, -1):
        name = f"libnvrtc.so.{major}"
        folders = [*_package_folders(major), *_toolkit_folders()]
        yield from (str(folder / name) for folder in folders if (folder / name).is_file())
        yield name


def _package_folders(major: int) -> list[Path]:
    spec = importlib.util.find_spec("nvidia")
    roots = [Path(root) for root in (spec.submodule_search_locations or [])] if spec else []
    return [root / part / "lib" for root in roots for part in (f"cu{major}", "cuda_nvrtc")]


def _toolkit_folders() -> list[Path]:
    roots = [os.environ.get(name) for name in ("CUDA_PATH", "CUDA_HOME")]
    return [Path(root) / "lib64" for root in [*roots, "/usr/local/cuda"] if root]


def _strings(texts: Sequence[str]) -> ctypes.Array[ctypes.c_char_p]:
    return (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts))
