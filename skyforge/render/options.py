"""Where and with how many threads a frame is rendered."""

from __future__ import annotations

import operator
import os
from typing import Literal

from skyforge.errors import InputError, SkyforgeError

DEVICES = ("auto", "cpu", "gpu")


def checked_threads(threads: int | None) -> int:
    """
    Return how many CPU threads to use.

    Parameters
    ----------
    threads
        At least 1; all that this process may run on by default.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        If it is not a positive whole number.
    """
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        number = operator.index(threads)
    except TypeError as error:
        raise InputError(f"threads must be a whole number, found {threads!r}") from error
    if number < 1:
        raise InputError(f"threads must be at least 1, found {number}")
    return number


def resolve_device(device: str) -> Literal["cpu", "gpu"]:
    """
    Choose what renders.

    Parameters
    ----------
    device
        "cpu", "gpu", or "auto": the GPU where there is one that can render, else the CPU.

    Returns
    -------
    str
        "cpu" or "gpu".

    Raises
    ------
    InputError
        If there is no such device.
    SkyforgeError
        If it is "gpu" and none can render; the message says what is missing and how to get it.
    """
    if device not in DEVICES:
        raise InputError(f"device must be one of {', '.join(DEVICES)}, found {device!r}")
    if device == "cpu":
        return "cpu"
    from skyforge.render.gpu.presence import (  # who renders on a CPU pays nothing for it
        GpuMissingError,
        find_gpu,
    )

    try:
        find_gpu()
    except GpuMissingError as error:
        if device == "auto":
            return "cpu"
        raise SkyforgeError(f"{error}; or use device 'auto' or 'cpu'") from error
    return "gpu"
