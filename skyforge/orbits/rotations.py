"""Rotations of axes: each matrix turns a vector's components into those in the turned frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from skyforge.orbits.trajectory import FloatArray


def _about(axis: int, angle_rad: ArrayLike) -> FloatArray:
    angle = np.asarray(angle_rad, dtype=np.float64)
    following, last = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[..., axis, axis] = 1.0
    matrix[..., following, following] = matrix[..., last, last] = np.cos(angle)
    matrix[..., following, last] = np.sin(angle)
    matrix[..., last, following] = -np.sin(angle)
    return matrix


def about_x(angle_rad: ArrayLike) -> FloatArray:
    """Return the rotation of the axes about x, (..., 3, 3)."""
    return _about(0, angle_rad)


def about_y(angle_rad: ArrayLike) -> FloatArray:
    """Return the rotation of the axes about y, (..., 3, 3)."""
    return _about(1, angle_rad)


def about_z(angle_rad: ArrayLike) -> FloatArray:
    """Return the rotation of the axes about z, (..., 3, 3)."""
    return _about(2, angle_rad)
