"""Reading gravity fields in the ICGEM format (.gfc)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.gravity import GravityField

_M_PER_KM = 1000.0


def _number(text: str) -> float:
    return float(text.lower().replace("d", "e"))


def _header(lines: list[str], path: Path) -> tuple[dict[str, str], int]:
    """Return the header's keywords and the index of the first line after it."""
    header: dict[str, str] = {}
    begins = [i for i, line in enumerate(lines) if line.startswith("begin_of_head")]
    for index in range(begins[0] + 1 if begins else 0, len(lines)):
        words = lines[index].split()
        if words and words[0] == "end_of_head":
            return header, index + 1
        if len(words) >= 2:
            header.setdefault(words[0], words[1])
    raise InputError(f"{path}: no line 'end_of_head'; is this a gravity field in the ICGEM format (.gfc)?")


def _header_number(header: dict[str, str], keys: tuple[str, ...], path: Path) -> float:
    for key in keys:
        if key in header:
            try:
                return _number(header[key])
            except ValueError:
                raise InputError(f"{path}: {key} is {header[key]!r}, not a number") from None
    raise InputError(f"{path}: the header has no {' or '.join(keys)}")


def _coefficient(line: str, where: str) -> tuple[int, int, float, float]:
    words = line.split()
    try:
        degree, order = int(words[1]), int(words[2])
        cosine, sine = _number(words[3]), _number(words[4])
    except (IndexError, ValueError):
        raise InputError(f"{where}: expected 'gfc degree order C S', found {line.strip()!r}") from None
    if not 0 <= order <= degree:
        raise InputError(f"{where}: order {order} of degree {degree} does not exist")
    if not (np.isfinite(cosine) and np.isfinite(sine)):
        raise InputError(f"{where}: a coefficient of degree {degree}, order {order} is not a finite number")
    return degree, order, cosine, sine


def read_gfc(path: Path | str, body: str, degree: int | None = None) -> GravityField:
    """Read a static gravity field in the ICGEM format (Ince et al. 2019, ESSD 11, 647).

    Parameters
    ----------
    path
        The file; its coefficients must be fully normalised.
    body
        "moon" (principal axes) or "earth" (ITRS).
    degree
        Highest degree to keep; None keeps all.

    Raises
    ------
    InputError
        If the file is missing, is no gravity field, lacks a number or does not reach the degree.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot read the gravity field: {error.strerror}") from error
    header, first = _header(lines, path)
    norm = header.get("norm", "fully_normalized")
    if norm != "fully_normalized":
        raise InputError(f"{path}: coefficients are {norm!r}; only 'fully_normalized' can be read")
    gm = _header_number(header, ("gravity_constant", "earth_gravity_constant"), path) / _M_PER_KM**3
    radius = _header_number(header, ("radius",), path) / _M_PER_KM
    available = int(_header_number(header, ("max_degree",), path))
    if gm <= 0.0 or radius <= 0.0 or available < 0:
        raise InputError(f"{path}: gravity_constant, radius and max_degree must be positive")
    wanted = available if degree is None else degree
    if not 0 <= wanted <= available:
        raise InputError(f"{path}: the field reaches degree {available}, not {wanted}")
    cosine, sine = _coefficients(lines, first, wanted, path)
    return GravityField(
        name=header.get("modelname", path.stem),
        body=body,
        gravitational_parameter_km3_s2=gm,
        reference_radius_km=radius,
        cosine=cosine,
        sine=sine,
    )


def _coefficients(
    lines: list[str], first: int, wanted: int, path: Path
) -> tuple[
    np.ndarray[tuple[int, int], np.dtype[np.float64]], np.ndarray[tuple[int, int], np.dtype[np.float64]]
]:
    cosine = np.zeros((wanted + 1, wanted + 1))
    sine = np.zeros((wanted + 1, wanted + 1))
    found = np.zeros((wanted + 1, wanted + 1), dtype=bool)
    for index, line in enumerate(lines[first:], start=first + 1):
        key = line.split(maxsplit=1)[:1]
        if key == ["gfct"]:
            raise InputError(
                f"{path}, line {index}: the field changes with time (gfct); only static fields can be read"
            )
        if key != ["gfc"]:
            continue
        n, m, c, s = _coefficient(line, f"{path}, line {index}")
        if n <= wanted:
            cosine[n, m], sine[n, m], found[n, m] = c, s, True
    if not found[0, 0]:
        cosine[0, 0] = 1.0  # many models leave the trivial term out
    missing = [n for n in range(2, wanted + 1) if not found[n].any()]
    if missing:
        raise InputError(
            f"{path}: no coefficients of degree {missing[0]}, though the header promises degree {wanted}"
        )
    return cosine, sine
