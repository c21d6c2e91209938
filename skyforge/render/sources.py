"""What shines onto the detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

BAD_LIGHT = "expected electrons must be finite and not negative in every pixel"
"""What is said of an expected image that no detector can be exposed to."""


@dataclass(frozen=True, eq=False)
class Sources:
    """
    Sources that move along straight segments during the exposure; a point source ends where it starts.

    Attributes
    ----------
    x_start, y_start, x_end, y_end
        float64, ``(n,)``, pixels; (0, 0) is the centre of the lower-left pixel. Places off the frame are welcome.
    electrons
        float32, ``(n,)``: photo-electrons of the whole source, >= 0.
    psf_index
        int32, ``(n,)``: which function of the bank; 0 by default.

    Raises
    ------
    InputError
        If lengths differ, a number is not finite, or electrons or an index are negative.
    """

    x_start: NDArray[np.float64]
    y_start: NDArray[np.float64]
    x_end: NDArray[np.float64]
    y_end: NDArray[np.float64]
    electrons: NDArray[np.float32]
    psf_index: NDArray[np.int32] | None = None

    def __post_init__(self) -> None:
        for name in ("x_start", "y_start", "x_end", "y_end"):
            object.__setattr__(self, name, _column(getattr(self, name), name))
        light = _column(self.electrons, "electrons")
        if light.size and (light.min() < 0.0 or light.max() > np.finfo(np.float32).max):
            raise InputError(
                f"electrons must lie from 0 to 3.4e38, found {light.min():.6g} to {light.max():.6g}"
            )
        object.__setattr__(self, "electrons", light.astype(np.float32))
        index = np.zeros(light.shape, np.int32) if self.psf_index is None else np.asarray(self.psf_index)
        if index.dtype.kind not in "iu" and index.size:
            raise InputError(f"psf_index must be whole numbers, not {index.dtype}")
        if index.size and (index.min() < 0 or index.max() > np.iinfo(np.int32).max):
            raise InputError("psf_index must not be negative")
        object.__setattr__(self, "psf_index", np.ascontiguousarray(index, dtype=np.int32))
        lengths = {name: getattr(self, name).shape for name in self.__dataclass_fields__}
        if len(set(lengths.values())) != 1:
            raise InputError(f"the columns of the sources differ in length: {lengths}")

    def __len__(self) -> int:
        return len(self.electrons)

    @classmethod
    def points(
        cls, x: ArrayLike, y: ArrayLike, electrons: ArrayLike, psf_index: ArrayLike | None = None
    ) -> Sources:
        """
        Make sources that stand still.

        Parameters
        ----------
        x, y
            ``(n,)``, pixels.
        electrons
            ``(n,)``.
        psf_index
            ``(n,)``, whole numbers; 0 by default.

        Returns
        -------
        Sources
            The same, as segments of no length.
        """
        across, up = _column(x, "x"), _column(y, "y")
        index = None if psf_index is None else np.asarray(psf_index)
        return cls(across, up, across, up, np.asarray(electrons), index)


def check_functions(sources: Sources, count: int) -> None:
    """
    Make sure that every source names one of a bank's point spread functions.

    Raises
    ------
    InputError
        If one does not.
    """
    index = sources.psf_index
    if index is not None and index.size and int(index.max()) >= count:
        raise InputError(f"psf_index {int(index.max())} is not in the bank, which holds {count}")


def _column(values: ArrayLike, name: str) -> NDArray[np.float64]:
    try:
        column = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be numbers: {error}") from error
    if column.ndim != 1:
        raise InputError(f"{name} must have one axis, found shape {column.shape}")
    if not np.isfinite(column).all():
        raise InputError(
            f"{name} must be finite; {int((~np.isfinite(column)).sum())} of {column.size} are not"
        )
    return column
