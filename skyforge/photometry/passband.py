"""What share of photons becomes electrons: passband × throughput × quantum efficiency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError, SkyforgeError

Floats = NDArray[np.float64]

GRID_STEP_NM = 1.0
_SHORTEST_NM, _LONGEST_NM = 50.0, 30_000.0  # outside, a wavelength was surely written in the wrong unit
_NM_PER_UNIT = {"Angstrom": 0.1, "nm": 1.0, "micron": 1000.0}


@dataclass(frozen=True)
class SystemResponse:
    """The share of photons that a system turns into electrons, over wavelength; zero outside its range.

    Attributes
    ----------
    wavelength_nm
        Strictly increasing wavelengths in nm, shape (n,).
    response
        Dimensionless response at them, each 0…1, shape (n,); between samples it is linear.

    Raises
    ------
    InputError
        If the shapes differ, wavelengths do not increase, or a response is not within 0…1.
    """

    wavelength_nm: Floats
    response: Floats

    def __post_init__(self) -> None:
        wavelength = np.array(self.wavelength_nm, dtype=np.float64)
        response = np.array(self.response, dtype=np.float64)
        _validate(wavelength, response)
        wavelength.flags.writeable = False
        response.flags.writeable = False
        object.__setattr__(self, "wavelength_nm", wavelength)
        object.__setattr__(self, "response", response)

    def times(self, factor: ArrayLike) -> SystemResponse:
        """Return this response multiplied by a further one: a number, or one value per wavelength, 0…1."""
        values = np.broadcast_to(np.asarray(factor, dtype=np.float64), self.wavelength_nm.shape)
        return SystemResponse(self.wavelength_nm, self.response * values)

    def integrate(self, photon_density: ArrayLike) -> Floats:
        """Integrate a photon density per nm, shape (..., n), against the response: shape (...)."""
        total: Floats = np.asarray(
            np.trapezoid(np.asarray(photon_density) * self.response, self.wavelength_nm), dtype=np.float64
        )
        return total

    @property
    def effective_width_nm(self) -> float:
        """Equivalent width, ∫ response dλ, in nm."""
        return float(np.trapezoid(self.response, self.wavelength_nm))

    @property
    def mean_wavelength_nm(self) -> float:
        """Response-weighted mean wavelength in nm."""
        return float(self.integrate(self.wavelength_nm)) / self.effective_width_nm


def _validate(wavelength: Floats, response: Floats) -> None:
    if wavelength.ndim != 1 or wavelength.shape != response.shape or wavelength.size < 2:
        raise InputError(
            "a response needs two or more wavelengths and one value for each,"
            f" not shapes {wavelength.shape} and {response.shape}"
        )
    if not np.all(np.isfinite(wavelength)) or not np.all(np.diff(wavelength) > 0):
        raise InputError("the wavelengths of a response must increase from each to the next")
    if wavelength[0] < _SHORTEST_NM or wavelength[-1] > _LONGEST_NM:
        raise InputError(
            f"wavelengths of {wavelength[0]:g}-{wavelength[-1]:g} nm are out of the range"
            f" {_SHORTEST_NM:g}-{_LONGEST_NM:g} nm; check their unit"
        )
    wrong = ~((response >= 0) & (response <= 1))
    if np.any(wrong):
        first = int(np.argmax(wrong))
        raise InputError(
            f"a response must lie between 0 and 1, but is {response[first]:g} at {wavelength[first]:g} nm"
        )


def _grid(first_nm: float, last_nm: float, step_nm: float) -> Floats:
    steps = max(int(np.ceil((last_nm - first_nm) / step_nm)), 1)
    return np.linspace(first_nm, last_nm, steps + 1)


def top_hat(from_nm: float, to_nm: float, step_nm: float = GRID_STEP_NM) -> SystemResponse:
    """Return a response of 1 from one wavelength to another and 0 outside.

    Parameters
    ----------
    from_nm, to_nm
        Edges in nm.
    step_nm
        Largest distance of samples in nm.

    Raises
    ------
    InputError
        If `to_nm` does not lie above `from_nm`.
    """
    if not to_nm > from_nm:
        raise InputError(f"a passband must end above its start, not run from {from_nm:g} to {to_nm:g} nm")
    wavelength = _grid(from_nm, to_nm, step_nm)
    return SystemResponse(wavelength, np.ones_like(wavelength))


def tabulated(wavelength_nm: ArrayLike, response: ArrayLike, step_nm: float = GRID_STEP_NM) -> SystemResponse:
    """Return a response given at some wavelengths, resampled linearly to a fine grid.

    Parameters
    ----------
    wavelength_nm
        Strictly increasing wavelengths in nm, shape (n,).
    response
        Values 0…1, shape (n,).
    step_nm
        Largest distance of samples in nm.

    Raises
    ------
    InputError
        If the table is not a response.
    """
    table = SystemResponse(np.asarray(wavelength_nm, np.float64), np.asarray(response, np.float64))
    wavelength = _grid(float(table.wavelength_nm[0]), float(table.wavelength_nm[-1]), step_nm)
    return SystemResponse(wavelength, np.interp(wavelength, table.wavelength_nm, table.response))


def named_filter(name: str, step_nm: float = GRID_STEP_NM) -> SystemResponse:
    """Return the response of a published filter by its speclite name, such as ``bessell-V`` or ``gaiadr3-G``.

    Parameters
    ----------
    name
        Group and band, joined by a hyphen.
    step_nm
        Largest distance of samples in nm.

    Raises
    ------
    InputError
        If no filter of that name is known.
    """
    # speclite's own loader builds a registry and pulls in units; the tables it ships are read as they are.
    folder = files("speclite") / "data" / "filters"
    names = (item.name for item in folder.iterdir())
    known = sorted(name.removesuffix(".ecsv") for name in names if name.endswith(".ecsv"))
    if name not in known:
        close = get_close_matches(name, known, n=1, cutoff=0.0)
        raise InputError(f"no filter is called {name!r}; the nearest name is {close[0]!r}")
    header, rows = _split_table((folder / f"{name}.ecsv").read_text(encoding="utf-8"))
    unit = re.search(r"name: wavelength, unit: (\w+)", header)
    if unit is None or unit[1] not in _NM_PER_UNIT:
        raise SkyforgeError(f"the installed speclite gives the wavelengths of {name!r} in an unknown unit")
    wavelength, response = np.loadtxt(rows, usecols=(0, 1)).T
    return tabulated(wavelength * _NM_PER_UNIT[unit[1]], np.clip(response, 0.0, 1.0), step_nm)


def _split_table(text: str) -> tuple[str, list[str]]:
    """Split a table in ECSV into its header and its rows of numbers; between them lie the columns' names."""
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("#")]
    return "\n".join(header), lines[len(header) + 1 :]
