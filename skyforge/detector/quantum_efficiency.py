"""Quantum efficiency: electrons released per photon that reaches the detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class QuantumEfficiency:
    """A measured curve of quantum efficiency.

    Attributes
    ----------
    wavelength_nm
        Strictly increasing wavelengths in nm, shape (n,).
    value
        Quantum efficiency at them, 0…1, shape (n,).

    Raises
    ------
    InputError
        If the lengths differ, wavelengths do not increase, or a value is not within 0…1.
    """

    wavelength_nm: Floats
    value: Floats

    def __post_init__(self) -> None:
        wavelength = np.array(self.wavelength_nm, dtype=np.float64)
        value = np.array(self.value, dtype=np.float64)
        if wavelength.ndim != 1 or wavelength.size < 2 or wavelength.shape != value.shape:
            raise InputError(
                "a quantum efficiency curve needs two or more wavelengths and one value for each,"
                f" not {wavelength.size} wavelengths and {value.size} values"
            )
        if not np.all(np.diff(wavelength) > 0):
            raise InputError(
                "the wavelengths of a quantum efficiency curve must increase from each to the next"
            )
        for one in value:
            _validate_share(float(one))
        wavelength.flags.writeable = False
        value.flags.writeable = False
        object.__setattr__(self, "wavelength_nm", wavelength)
        object.__setattr__(self, "value", value)


def _validate_share(value: float) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"a quantum efficiency must lie between 0 and 1, not at {value:g}")


def quantum_efficiency(model: float | QuantumEfficiency, wavelength_nm: ArrayLike) -> Floats:
    """Return the quantum efficiency at wavelengths.

    Parameters
    ----------
    model
        One value for all wavelengths, or a curve: linear between its points and zero outside them.
    wavelength_nm
        Wavelengths in nm, shape (n,).

    Returns
    -------
    NDArray
        Electrons per photon, 0…1, shape (n,).

    Raises
    ------
    InputError
        If a constant model is not within 0…1.
    """
    wavelength = np.asarray(wavelength_nm, dtype=np.float64)
    if isinstance(model, QuantumEfficiency):
        curve: Floats = np.interp(wavelength, model.wavelength_nm, model.value, left=0.0, right=0.0)
        return curve
    _validate_share(float(model))
    return np.full(wavelength.shape, float(model))
