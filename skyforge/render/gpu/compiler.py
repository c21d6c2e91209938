"""From the kernels' source to code for one architecture, kept on disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from skyforge.render.gpu.nvrtc import Nvrtc
from skyforge.render.gpu.source import KernelUnit

EXACT_OPTIONS = (
    "--std=c++17",
    "-default-device",
    # What makes the pixels those of a CPU: no contraction, and division, roots and small numbers as IEEE 754 has them.
    "--fmad=false",
    "--ftz=false",
    "--prec-div=true",
    "--prec-sqrt=true",
    "--generate-line-info",
    "--display-error-number",
)
"""Options for NVRTC; fast mathematics is not among them, and never will be."""
WARNINGS_ARE_ERRORS = ("--warning-as-error=all-warnings",)
CACHE_VARIABLE = "SKYFORGE_CACHE"


def architecture_option(compute_capability: tuple[int, int]) -> str:
    """
    Name an architecture.

    Parameters
    ----------
    compute_capability
        (major, minor), as (9, 0).

    Returns
    -------
    str
        An option of NVRTC.
    """
    major, minor = compute_capability
    return f"--gpu-architecture=sm_{major}{minor}"


def cache_directory() -> Path:
    """Return where compiled kernels are kept: ``$SKYFORGE_CACHE``, or ``skyforge`` in the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named) / "kernels"
    home = os.environ.get("XDG_CACHE_HOME") or str(Path("~").expanduser() / ".cache")
    return Path(home) / "skyforge" / "kernels"


def compiled(
    unit: KernelUnit,
    compute_capability: tuple[int, int],
    nvrtc: Nvrtc,
    *,
    options: Sequence[str] = (),
    cache: Path | None = None,
) -> bytes:
    """
    Compile, or find what was compiled before.

    Parameters
    ----------
    unit
        The kernels.
    compute_capability
        Of the device.
    nvrtc
        The compiler.
    options
        Beyond `EXACT_OPTIONS`.
    cache
        Folder; `cache_directory` by default.

    Returns
    -------
    bytes
        The code (cubin).

    Raises
    ------
    CompilationError
        If the kernels do not compile.
    """
    everything = (*EXACT_OPTIONS, *options, architecture_option(compute_capability))
    file = (cache or cache_directory()) / f"{_key(unit, everything, nvrtc)}.cubin"
    with suppress(OSError):
        return file.read_bytes()
    cubin = nvrtc.compile(unit, everything).cubin
    with suppress(OSError):  # a read-only home costs a compilation each time, and nothing else
        _keep(cubin, file)
    return cubin


def _key(unit: KernelUnit, options: Sequence[str], nvrtc: Nvrtc) -> str:
    version = ".".join(map(str, nvrtc.version))
    return hashlib.sha256("\n".join((unit.sha256, version, *options)).encode()).hexdigest()


def _keep(cubin: bytes, file: Path) -> None:
    """Write under a name of our own first: processes that compile at the same time do not see each other's halves."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".cubin")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(cubin)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
