"""Static assertions that a C structure is laid out as its NumPy twin says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from skyforge.render.gpu.source import KernelUnit

_STRUCTURE = re.compile(r"^struct (\w+) \{", re.MULTILINE)
# What kind of number a field is: floating point, signed, unsigned or an address, or a structure.
_KINDS = """
namespace skyforge {
template <typename T> struct KindOf { static const char value = 'V'; };
template <typename T> struct KindOf<T*> { static const char value = 'u'; };
template <typename T, unsigned long n> struct KindOf<T[n]> : KindOf<T> {};
template <> struct KindOf<float> { static const char value = 'f'; };
template <> struct KindOf<double> { static const char value = 'f'; };
template <> struct KindOf<i32> { static const char value = 'i'; };
template <> struct KindOf<i64> { static const char value = 'i'; };
template <> struct KindOf<u16> { static const char value = 'u'; };
template <> struct KindOf<u32> { static const char value = 'u'; };
template <> struct KindOf<u64> { static const char value = 'u'; };
}
"""


def checked_unit(unit: KernelUnit, dtypes: Mapping[str, np.dtype[Any]]) -> tuple[KernelUnit, set[str]]:
    """Add assertions to a unit for all structures that it knows; return it with the names of those."""
    defined = {name for _, text in [*unit.headers, ("", unit.text)] for name in _STRUCTURE.findall(text)}
    known = defined & set(dtypes)
    lines = [line for name in sorted(known) for line in _assertions(name, dtypes[name])]
    return replace(unit, text="\n".join([unit.text, _KINDS, *lines, ""])), known


def _assertions(name: str, dtype: np.dtype[Any]) -> Iterator[str]:
    structure = f"skyforge::{name}"
    yield f'static_assert(sizeof({structure}) == {dtype.itemsize}, "{name}: size");'
    yield f'static_assert(alignof({structure}) == {dtype.alignment}, "{name}: alignment");'
    for field in dtype.names or ():
        kind, offset = dtype.fields[field][:2]
        member = f"{structure}::{field}"
        yield f'static_assert(__builtin_offsetof({structure}, {field}) == {offset}, "{name}.{field}: offset");'
        yield f'static_assert(sizeof({member}) == {kind.itemsize}, "{name}.{field}: size");'
        yield (
            f"static_assert(skyforge::KindOf<decltype({member})>::value == '{kind.base.kind}', "
            f'"{name}.{field}: kind");'
        )
