"""The detector as the pixels know it: electrons in, ADU out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core

MOST_BITS = 16
SmallOrMap = float | NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Detector:
    """
    From expected electrons to ADU.

    A pixel's electrons are Poisson with mean ``expected * prnu + dark_e``, clipped at the full well; read noise is
    Gaussian; the converter rounds ``electrons / gain_e_per_adu + bias_adu`` and clips to its bits.

    Attributes
    ----------
    dark_e
        Dark electrons per pixel in this exposure, hot pixels and other fixed pattern included: a number or a float32
        map of the frame, >= 0.
    prnu
        Response of a pixel relative to the mean: a number or a float32 map of the frame, >= 0.
    full_well_e
        Electrons that a pixel can hold; may be infinite.
    read_noise_e
        Standard deviation of the read noise, electrons.
    gain_e_per_adu
        Electrons per ADU.
    bias_adu
        Level of an empty pixel, ADU.
    bits
        Of the converter, 1 to 16.

    Raises
    ------
    InputError
        If a value is out of its range.
    """

    dark_e: SmallOrMap = 0.0
    prnu: SmallOrMap = 1.0
    full_well_e: float = math.inf
    read_noise_e: float = 0.0
    gain_e_per_adu: float = 1.0
    bias_adu: float = 0.0
    bits: int = MOST_BITS

    def __post_init__(self) -> None:
        for name in ("dark_e", "prnu"):
            object.__setattr__(self, name, _number_or_map(getattr(self, name), name))
        if not self.full_well_e > 0.0:
            raise InputError(f"full_well_e must be above 0 electrons, found {self.full_well_e}")
        if not (self.read_noise_e >= 0.0 and math.isfinite(self.read_noise_e)):
            raise InputError(f"read_noise_e must be 0 or more electrons, found {self.read_noise_e}")
        if not (self.gain_e_per_adu > 0.0 and math.isfinite(self.gain_e_per_adu)):
            raise InputError(f"gain_e_per_adu must be above 0 electrons per ADU, found {self.gain_e_per_adu}")
        if not math.isfinite(self.bias_adu):
            raise InputError(f"bias_adu must be finite, found {self.bias_adu}")
        if not (isinstance(self.bits, int) and 1 <= self.bits <= MOST_BITS):
            raise InputError(f"bits must be a whole number from 1 to {MOST_BITS}, found {self.bits!r}")

    def compiled(self, shape: tuple[int, int]) -> _core.DetectorModel:
        """
        Hand the detector to the kernels.

        Parameters
        ----------
        shape
            The frame's, ``(ny, nx)``.

        Returns
        -------
        _core.DetectorModel
            For the kernels.

        Raises
        ------
        InputError
            If a map does not fit the frame.
        """
        sensitivity, sensitivity_map = _split(self.prnu, "prnu", shape)
        dark, dark_map = _split(self.dark_e, "dark_e", shape)
        return _core.DetectorModel(
            sensitivity,
            sensitivity_map,
            dark,
            dark_map,
            self.full_well_e,
            self.read_noise_e,
            1.0 / self.gain_e_per_adu,
            self.bias_adu,
            self.bits,
        )


def _number_or_map(value: SmallOrMap, name: str) -> SmallOrMap:
    try:
        array = np.asarray(value, dtype=np.float32, order="C")
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be a number or a map of numbers: {error}") from error
    if array.ndim not in (0, 2) or array.size == 0:
        raise InputError(f"{name} must be a number or a map [y, x], found shape {array.shape}")
    if not (array.min() >= 0.0 and np.isfinite(array.max())):
        raise InputError(f"{name} must be finite and not negative in every pixel")
    return float(array) if array.ndim == 0 else array


def _split(value: SmallOrMap, name: str, shape: tuple[int, int]) -> tuple[float, NDArray[np.float32] | None]:
    if isinstance(value, float):
        return value, None
    if value.shape != shape:
        raise InputError(f"the map {name} has shape {value.shape}, the frame {shape}")
    return 0.0, value
