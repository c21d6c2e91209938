"""Where and with how many threads a frame is rendered."""

from __future__ import annotations

import operator
import os

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


def check_device(device: str) -> None:
    """
    Make sure that a device can render.

    Parameters
    ----------
    device
        "auto", "cpu" or "gpu".

    Raises
    ------
    InputError
        If there is no such device.
    SkyforgeError
        If this version cannot use it.
    """
    if device not in DEVICES:
        raise InputError(f"device must be one of {', '.join(DEVICES)}, found {device!r}")
    if device == "gpu":
        raise SkyforgeError("the GPU path is not built into this version; use device 'auto' or 'cpu'")
