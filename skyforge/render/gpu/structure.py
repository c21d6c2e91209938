"""Structures as C lays them out, for the arguments of kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skyforge.render.gpu.runtime import MOST_ARGUMENT_BYTES

POINTER = "u8"
"""An address in the device's memory."""


def struct_dtype(**fields: DTypeLike) -> np.dtype[np.void]:
    """
    Describe a C structure.

    Parameters
    ----------
    fields
        In the structure's order: `POINTER`, a number's type ("i4", "u4", "f4", "f8", ...), the dtype of a structure
        within, or ``(type, count)`` for an array.

    Returns
    -------
    numpy.dtype
        With C's alignment and padding.
    """
    return np.dtype(list(fields.items()), align=True)


def arguments(dtype: np.dtype[np.void], **values: Any) -> NDArray[np.void]:
    """
    Fill a structure.

    Parameters
    ----------
    dtype
        From `struct_dtype`.
    values
        All of its fields, by name; a structure within as another result of this function, or as a dict.

    Returns
    -------
    ndarray, (1,)
        For `Runtime.launch`.

    Raises
    ------
    TypeError
        If a field is missing, unknown, or cannot hold its value.
    """
    names = dtype.names or ()
    if set(values) != set(names):
        wrong = sorted(set(values) ^ set(names))
        raise TypeError(
            f"the structure has the fields {', '.join(names)}; missing or unknown: {', '.join(wrong)}"
        )
    if dtype.itemsize > MOST_ARGUMENT_BYTES:
        raise TypeError(f"a kernel takes {MOST_ARGUMENT_BYTES} bytes of arguments, found {dtype.itemsize}")
    result = np.zeros(1, dtype)
    for name in names:
        _assign(result, name, values[name])
    return result


def _assign(result: NDArray[np.void], name: str, value: Any) -> None:
    field = result.dtype[name]
    if isinstance(value, dict):
        value = arguments(field, **value)
    if isinstance(value, np.ndarray | np.void) and value.dtype.names is not None and value.dtype != field:
        raise TypeError(f"the field {name} is a structure of another kind")
    if field.kind in "iu" and np.asarray(value).dtype.kind not in "iub":
        raise TypeError(f"the field {name} is a whole number, found {value!r}")
    result[name] = value
