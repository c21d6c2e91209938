"""Light that comes from everywhere: sky, stray light, unresolved stars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core


@dataclass(frozen=True, eq=False)
class CoarseBackground:
    """
    A smooth background, known at a few points that span the frame corner to corner.

    The first and last rows and columns lie on the centres of the frame's outermost pixels; between, the kernel
    interpolates bilinearly, which costs far less memory than a map of a large frame.

    Attributes
    ----------
    electrons
        float32, ``(ny, nx)``, both at least 2: electrons per pixel, >= 0.

    Raises
    ------
    InputError
        If the shape is too small, or a value is negative or not finite.
    """

    electrons: NDArray[np.float32]

    def __post_init__(self) -> None:
        grid = _light(self.electrons)
        if grid.ndim != 2 or min(grid.shape) < 2:
            raise InputError(f"a coarse background needs at least 2 x 2 values, found shape {grid.shape}")
        object.__setattr__(self, "electrons", grid)


Background = float | NDArray[np.float32] | CoarseBackground


def compiled_background(background: Background, shape: tuple[int, int]) -> _core.BackgroundLight:
    """
    Check a background and hand it to the kernels.

    Parameters
    ----------
    background
        Electrons per pixel: a number, a map of the frame, or a `CoarseBackground`.
    shape
        The frame's, ``(ny, nx)``.

    Returns
    -------
    _core.BackgroundLight
        For the kernels.

    Raises
    ------
    InputError
        If a map does not fit the frame, or a value is negative or not finite.
    """
    if isinstance(background, CoarseBackground):
        return _core.BackgroundLight(0.0, background.electrons, True)
    values = checked_map(background, shape)
    if values.ndim == 0:
        return _core.BackgroundLight(float(values), None, False)
    return _core.BackgroundLight(0.0, values, False)


def checked_map(background: float | NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float32]:
    """
    Check a background that is a number or a map.

    Parameters
    ----------
    background
        Electrons per pixel.
    shape
        The frame's, ``(ny, nx)``.

    Returns
    -------
    ndarray, ``()`` or `shape`
        float32.

    Raises
    ------
    InputError
        If a map does not fit the frame, or a value is negative or not finite.
    """
    values = _light(background)
    if values.ndim and values.shape != shape:
        raise InputError(f"the background map has shape {values.shape}, the frame {shape}")
    return values


def _light(values: object) -> NDArray[np.float32]:
    try:
        light = np.asarray(values, dtype=np.float32, order="C")
    except (TypeError, ValueError) as error:
        raise InputError(f"the background must be numbers: {error}") from error
    if light.size == 0 or not (light.min() >= 0.0 and np.isfinite(light.max())):
        raise InputError("the background must be finite and not negative in every pixel")
    return light
