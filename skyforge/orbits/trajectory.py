"""What observers and targets have in common: a name, and a state at any time."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import SkyforgeError

FloatArray = NDArray[np.float64]


class PropagationError(SkyforgeError):
    """One object has no state at the time asked for; others may go on.

    Attributes
    ----------
    name
        The object that failed.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Trajectory(Protocol):
    """Anything that has a place: observers and targets alike."""

    @property
    def name(self) -> str:
        """What people call it."""

    def state(self, t_tdb_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return position and velocity in the barycentric ICRF.

        Parameters
        ----------
        t_tdb_s : (n,) or scalar
            TDB seconds since J2000.0.

        Returns
        -------
        position_km : (n, 3)
        velocity_km_s : (n, 3)
        """


def time_vector(t_tdb_s: ArrayLike) -> FloatArray:
    """Return times as a one-dimensional float64 array; a scalar becomes one element."""
    return np.atleast_1d(np.asarray(t_tdb_s, dtype=np.float64))
