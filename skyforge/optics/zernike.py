"""Zernike polynomials in Noll's order."""

from __future__ import annotations

import math

import numpy as np

from skyforge.errors import InputError
from skyforge.optics.psf import Array


def noll_orders(index: int) -> tuple[int, int]:
    """Radial order and signed azimuthal frequency of a Zernike polynomial by its Noll index.

    Parameters
    ----------
    index
        Noll index, 1 is piston.

    Returns
    -------
    tuple of int
        (n, m): m > 0 for the cosine, m < 0 for the sine polynomials (Noll 1976, J. Opt. Soc. Am. 66, 207,
        Table I).

    Raises
    ------
    InputError
        If the index is below 1.
    """
    if index < 1:
        raise InputError(f"Zernike index {index}: Noll's indices start at 1")
    n = (math.isqrt(8 * index - 7) - 1) // 2
    place = index - n * (n + 1) // 2
    m = 2 * (place // 2) if n % 2 == 0 else 2 * ((place - 1) // 2) + 1
    return n, m if index % 2 == 0 else -m


def zernike(index: int, x: Array, y: Array) -> Array:
    """Zernike polynomial of unit root mean square over the unit disc.

    Parameters
    ----------
    index
        Noll index.
    x, y
        Coordinates in units of the disc's radius; broadcast against each other. Outside the disc the
        polynomial is continued.

    Returns
    -------
    ndarray
        The polynomial's value (Noll 1976, eqs. 1 and 2).

    Raises
    ------
    InputError
        If the index is below 1.
    """
    n, m = noll_orders(index)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    radial = np.zeros_like(radius)
    frequency = abs(m)
    for k in range((n - frequency) // 2 + 1):
        coefficient = (
            (-1) ** k
            * math.factorial(n - k)
            / (
                math.factorial(k)
                * math.factorial((n + frequency) // 2 - k)
                * math.factorial((n - frequency) // 2 - k)
            )
        )
        radial += coefficient * radius ** (n - 2 * k)
    if m == 0:
        return math.sqrt(n + 1.0) * radial
    wave = np.cos(frequency * angle) if m > 0 else np.sin(frequency * angle)
    value: Array = math.sqrt(2.0 * (n + 1.0)) * radial * wave
    return value
