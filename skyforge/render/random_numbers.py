"""Random numbers that depend on nothing but a seed, a stream and a place."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.options import checked_threads

SEEDS = 2**64
STREAMS = 2**31
FRAMES = 2**32


def checked_seed(seed: int) -> int:
    """
    Make sure that a seed is a whole number of 64 bits.

    Raises
    ------
    InputError
        If it is not.
    """
    return _whole(seed, "seed", SEEDS)


def checked_frame(frame: int) -> int:
    """
    Make sure that the number of a frame is a whole number of 32 bits.

    Raises
    ------
    InputError
        If it is not.
    """
    return _whole(frame, "frame", FRAMES)


def standard_normal(
    shape: int | Sequence[int], seed: int, stream: int, threads: int | None = None, *, isa: str = "auto"
) -> NDArray[np.float32]:
    """
    Draw standard normal deviates.

    Parameters
    ----------
    shape
        Of the result.
    seed
        0 to 2^64 - 1.
    stream
        0 to 2^31 - 1; streams are independent of each other and of the noise of frames.
    threads
        CPU threads; all by default.
    isa
        Instruction set; for tests.

    Returns
    -------
    ndarray
        float32; the same numbers whatever the threads. Between -5.4 and 5.4.

    Raises
    ------
    InputError
        If seed or stream are out of range.
    """
    return _fill(_core.normal, shape, seed, stream, threads, isa)


def uniform(
    shape: int | Sequence[int], seed: int, stream: int, threads: int | None = None, *, isa: str = "auto"
) -> NDArray[np.float32]:
    """
    Draw uniform deviates from the open interval (0, 1).

    Parameters
    ----------
    shape
        Of the result.
    seed
        0 to 2^64 - 1.
    stream
        0 to 2^31 - 1; streams are independent of each other and of the noise of frames.
    threads
        CPU threads; all by default.
    isa
        Instruction set; for tests.

    Returns
    -------
    ndarray
        float32; the same numbers whatever the threads.

    Raises
    ------
    InputError
        If seed or stream are out of range.
    """
    return _fill(_core.uniform, shape, seed, stream, threads, isa)


def _fill(
    draw: Callable[[NDArray[np.float32], int, int, int, str], None],
    shape: int | Sequence[int],
    seed: int,
    stream: int,
    threads: int | None,
    isa: str,
) -> NDArray[np.float32]:
    values = np.empty(shape, dtype=np.float32)
    draw(
        values.reshape(-1),
        checked_seed(seed),
        _whole(stream, "stream", STREAMS),
        checked_threads(threads),
        isa,
    )
    return values


def _whole(value: int, name: str, end: int) -> int:
    try:
        number = operator.index(value)
    except TypeError as error:
        raise InputError(f"{name} must be a whole number, found {value!r}") from error
    if not 0 <= number < end:
        raise InputError(f"{name} must lie from 0 to {end - 1}, found {number}")
    return number
