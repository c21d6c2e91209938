"""What is different from pixel to pixel and stays so: response, dark current and hot pixels.

Maps are made of random maps that the caller supplies, by +, −, ×, ÷ alone wherever every pixel is touched,
and are rounded to a power of two far below anything measurable: they are the same bits on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError

Map = NDArray[np.float32]

_RESPONSE_QUANTUM = 2.0**-20
_DARK_BITS_BELOW_MEAN = 16  # the quantum of dark current, relative to the power of two below its mean
_LOWEST_RESPONSE = 0.01  # a pixel's response stays above zero however wide the distribution
_LARGEST_DSNU = 1.0


@dataclass(frozen=True)
class FixedPatternModel:
    """The statistics of a detector's fixed pattern.

    Attributes
    ----------
    dark_e_per_s
        Mean dark current of the ordinary pixels, in electrons per s.
    prnu
        Photo-response non-uniformity: standard deviation of the pixels' response, as a share of its mean of
        1.
    dsnu
        Dark-signal non-uniformity: standard deviation of the ordinary pixels' dark current as a share of its
        mean, 0…1.
    hot_fraction
        Share of the pixels that are hot, 0…1.
    hot_e_per_s
        Mean dark current that a hot pixel has on top, in electrons per s; it is exponentially distributed.

    Raises
    ------
    InputError
        If a number lies outside its range.
    """

    dark_e_per_s: float = 0.0
    prnu: float = 0.0
    dsnu: float = 0.0
    hot_fraction: float = 0.0
    hot_e_per_s: float = 0.0

    def __post_init__(self) -> None:
        for name, value, largest in (
            ("the dark current", self.dark_e_per_s, math.inf),
            ("the photo-response non-uniformity (prnu)", self.prnu, 1.0),
            ("the dark-signal non-uniformity (dsnu)", self.dsnu, _LARGEST_DSNU),
            ("the fraction of hot pixels", self.hot_fraction, 1.0),
            ("the dark current of hot pixels", self.hot_e_per_s, math.inf),
        ):
            if not 0 <= value <= largest:
                raise InputError(f"{name} must lie between 0 and {largest:g}, not at {value:g}")

    @property
    def has_dark_map(self) -> bool:
        """Whether dark current differs between pixels."""
        return (self.dsnu > 0 and self.dark_e_per_s > 0) or (self.hot_fraction > 0 and self.hot_e_per_s > 0)


@dataclass(frozen=True)
class FixedPattern:
    """Response and dark current of every pixel.

    Attributes
    ----------
    prnu
        Response relative to the mean: 1.0, or a float32 map [y, x].
    dark_e_per_s
        Dark current in electrons per s: a number, or a float32 map [y, x].
    """

    prnu: float | Map
    dark_e_per_s: float | Map


def fixed_pattern(
    model: FixedPatternModel,
    response_normals: NDArray[Any] | None = None,
    dark_normals: NDArray[Any] | None = None,
    hot_uniforms: NDArray[Any] | None = None,
    hot_rate_uniforms: NDArray[Any] | None = None,
) -> FixedPattern:
    """Turn random maps into a detector's fixed pattern.

    Dark current follows a gamma distribution in the approximation of Wilson & Hilferty (1931, PNAS 17, 684),
    in which the cube root of a gamma variate is normal: it is positive, skewed as measured dark current is,
    and has the model's mean and standard deviation.

    Parameters
    ----------
    model
        The statistics.
    response_normals, dark_normals
        Standard-normal maps for `prnu` and `dsnu`, [y, x], float32; needed only where the model has the
        effect.
    hot_uniforms, hot_rate_uniforms
        Uniform maps 0…1 that choose the hot pixels and their rates, [y, x], float32; needed only with hot
        pixels.

    Returns
    -------
    FixedPattern
        float32 maps, or plain numbers where all pixels are alike.

    Raises
    ------
    InputError
        If a map that the model needs is missing or the maps differ in shape.
    """
    prnu: float | Map = 1.0
    if model.prnu > 0:
        prnu = _response_map(model.prnu, _needed(response_normals, "response_normals"))
    if not model.has_dark_map:
        return FixedPattern(prnu, float(model.dark_e_per_s))
    dark: Map | None = None
    if model.dsnu > 0 and model.dark_e_per_s > 0:
        dark = _dark_map(model.dark_e_per_s, model.dsnu, _needed(dark_normals, "dark_normals"))
    if model.hot_fraction > 0 and model.hot_e_per_s > 0:
        chosen, rates = _needed(hot_uniforms, "hot_uniforms"), _needed(hot_rate_uniforms, "hot_rate_uniforms")
        if chosen.shape != rates.shape or (dark is not None and dark.shape != chosen.shape):
            raise InputError("the random maps of a fixed pattern must have one shape")
        dark = np.full(chosen.shape, model.dark_e_per_s, np.float32) if dark is None else dark
        _add_hot_pixels(dark, chosen < model.hot_fraction, rates, model.hot_e_per_s)
    if dark is None:
        return FixedPattern(prnu, float(model.dark_e_per_s))
    return FixedPattern(prnu, _quantise(dark, _dark_quantum(model)))


def _needed(values: NDArray[Any] | None, name: str) -> NDArray[Any]:
    if values is None:
        raise InputError(f"this fixed pattern needs the random map {name}")
    return values


def _response_map(prnu: float, normals: NDArray[Any]) -> Map:
    response = normals.astype(np.float32)
    response *= np.float32(prnu)
    response += np.float32(1.0)
    np.maximum(response, np.float32(_LOWEST_RESPONSE), out=response)
    return _quantise(response, _RESPONSE_QUANTUM)


def _dark_map(mean_e_per_s: float, dsnu: float, normals: NDArray[Any]) -> Map:
    """Wilson & Hilferty: (1 − σ²/9 + σ/3 · n)³ has the mean 1 − σ⁶/729, which is divided out."""
    root = normals.astype(np.float32)
    root *= np.float32(dsnu / 3.0)
    root += np.float32(1.0 - dsnu * dsnu / 9.0)
    np.maximum(root, np.float32(0.0), out=root)
    dark = root * root
    dark *= root
    dark *= np.float32(mean_e_per_s / (1.0 - dsnu**6 / 729.0))
    return dark


def _add_hot_pixels(dark: Map, hot: NDArray[np.bool_], uniforms: NDArray[Any], mean_e_per_s: float) -> None:
    """Add −mean · ln(1 − u) to the hot pixels, in place."""
    share = np.minimum(uniforms[hot].astype(np.float64), 1.0 - 2.0**-24)
    dark[hot] += (-mean_e_per_s * np.log1p(-share)).astype(np.float32)


def _dark_quantum(model: FixedPatternModel) -> float:
    """Return a power of two, 2⁻¹⁷ to 2⁻¹⁶ of the mean dark current (of hot pixels where others have none)."""
    mean = model.dark_e_per_s if model.dark_e_per_s > 0 else model.hot_e_per_s
    return float(math.ldexp(1.0, math.frexp(mean)[1] - 1 - _DARK_BITS_BELOW_MEAN))


def _quantise(values: Map, quantum: float) -> Map:
    """Round to multiples of a power of two, by which scaling is exact."""
    values *= np.float32(1.0 / quantum)
    np.rint(values, out=values)
    values *= np.float32(quantum)
    return values
