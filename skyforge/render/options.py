"""Where and with how many threads a frame is rendered."""

from __future__ import annotations

from typing import Literal

from skyforge.codec.arrays import checked_threads
from skyforge.errors import InputError, SkyforgeError

__all__ = ["DEVICES", "checked_threads", "resolve_device"]

DEVICES = ("auto", "cpu", "gpu")


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
