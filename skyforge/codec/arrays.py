"""What the codec's functions ask of the arrays that they are given."""

from __future__ import annotations

import operator
import os
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skyforge.errors import InputError


def checked_pixels(adu: Any) -> NDArray[np.uint16]:
    """
    Make sure that an array is an image of unsigned 16-bit pixels.

    Parameters
    ----------
    adu
        Pixels ``[y, x]``, uint16.

    Returns
    -------
    ndarray
        The same, row after row in memory.

    Raises
    ------
    InputError
        If it is none.
    """
    pixels = np.asarray(adu)
    if pixels.dtype != np.uint16 or pixels.ndim != 2 or pixels.size == 0:
        raise InputError(f"pixels must be uint16 [y, x], found {pixels.dtype} of shape {pixels.shape}")
    return np.ascontiguousarray(pixels)


def checked_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """
    Make sure that a pair of numbers is an image's shape.

    Parameters
    ----------
    shape
        ``(ny, nx)``, each at least 1.

    Returns
    -------
    tuple of int
        The same.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        rows, width = (operator.index(axis) for axis in shape)
    except (TypeError, ValueError) as error:
        raise InputError(f"an image's shape is (ny, nx), found {shape!r}") from error
    if rows < 1 or width < 1:
        raise InputError(f"an image has at least one row and one column, found shape {shape!r}")
    return rows, width


def checked_output(out: Any, shape: tuple[int, ...], dtype: DTypeLike, least: bool = False) -> NDArray[Any]:
    """
    Return the array that a result goes to.

    Parameters
    ----------
    out
        An array that the caller made, in shared memory for example; None for a new one.
    shape, dtype
        What it must be.
    least
        Whether it may be longer.

    Returns
    -------
    ndarray
        The caller's array or a new one.

    Raises
    ------
    InputError
        If the caller's array does not fit.
    """
    if out is None:
        return np.empty(shape, dtype)
    wanted = (
        f"a writeable, contiguous array, {np.dtype(dtype)} of shape {shape}{' or longer' if least else ''}"
    )
    if not isinstance(out, np.ndarray):
        raise InputError(f"out must be {wanted}; found {type(out).__name__}")
    array: NDArray[Any] = out
    good = (
        array.dtype == dtype
        and array.ndim == len(shape)
        and array.flags.c_contiguous
        and array.flags.writeable
    )
    if not (good and (array.shape == shape or (least and array.shape >= shape))):
        raise InputError(f"out must be {wanted}; found {array.dtype} of shape {array.shape}")
    return array


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
