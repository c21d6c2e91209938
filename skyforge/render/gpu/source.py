"""The kernels' source, as a GPU's compiler takes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skyforge.errors import SkyforgeError

_PACKAGE = Path(__file__).parent.parent.parent
KERNEL_FOLDERS = (_PACKAGE / "render" / "kernels", _PACKAGE / "codec" / "kernels")
_ENTRY = re.compile(r"^SKY_ENTRY(?:_OF)?\(\s*(\w+)\s*,", re.MULTILINE)
_INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class KernelUnit:
    """
    One file of entry points, and all that it includes.

    Attributes
    ----------
    name
        Of the file.
    text
        Of the file.
    headers
        (name, text) of every file that it includes, directly or not, in the order of their names.
    entries
        Names of the kernels.
    """

    name: str
    text: str
    headers: tuple[tuple[str, str], ...]
    entries: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of all the text, as hexadecimal digits."""
        digest = hashlib.sha256()
        for part in (self.name, self.text, *(part for header in self.headers for part in header)):
            digest.update(f"{len(part)}:{part}".encode())
        return digest.hexdigest()


@cache
def kernel_units(folders: Sequence[Path] = KERNEL_FOLDERS) -> tuple[KernelUnit, ...]:
    """
    Gather the kernels.

    Parameters
    ----------
    folders
        Where they lie; names of files and of kernels are unique over all of them.

    Returns
    -------
    tuple of KernelUnit
        One for each entry file (``*.cu``), in the order of their names.

    Raises
    ------
    SkyforgeError
        If there are none, a name occurs twice, or a file is missing.
    """
    files = sorted(file for folder in folders for file in folder.glob("*.*") if file.suffix in (".h", ".cu"))
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    if len(texts) != len(files):
        raise SkyforgeError(
            f"two kernel files have the same name among {', '.join(file.name for file in files)}"
        )
    units = tuple(_unit(name, texts) for name in sorted(texts) if name.endswith(".cu"))
    entries = [entry for unit in units for entry in unit.entries]
    if not entries:
        raise SkyforgeError(f"the kernels are missing from {folders[0]}; install skyforge-sim again")
    if len(set(entries)) != len(entries):
        raise SkyforgeError(f"two kernels have the same name among {', '.join(entries)}")
    return units


def _unit(name: str, texts: Mapping[str, str]) -> KernelUnit:
    included: set[str] = set()
    waiting = [name]
    while waiting:
        for include in _INCLUDE.findall(texts[waiting.pop()]):
            if include not in texts:
                raise SkyforgeError(
                    f"the kernels need {include}, which is missing; install skyforge-sim again"
                )
            if include not in included:
                included.add(include)
                waiting.append(include)
    headers = tuple((header, texts[header]) for header in sorted(included))
    return KernelUnit(name, texts[name], headers, tuple(_ENTRY.findall(texts[name])))
