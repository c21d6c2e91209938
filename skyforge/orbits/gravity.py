"""The gravity of a body that is not a perfect sphere: fully normalised spherical harmonics."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from skyforge.errors import InputError
from skyforge.orbits.trajectory import FloatArray


@dataclass(frozen=True)
class _Recursion:
    """Constants of the Legendre recursion and of its derivative, [degree, order, 1]."""

    previous: FloatArray
    before_previous: FloatArray
    sectoral: FloatArray
    derivative: FloatArray


@functools.lru_cache(maxsize=32)
def _recursion(degree: int) -> _Recursion:
    # Holmes & Featherstone 2002 (J. Geodesy 76, 279), eqs. 11-13, with the powers of cos(latitude) divided
    # out, which keeps the poles regular (Pines 1973, AIAA Journal 11, 1508).
    n = np.arange(degree + 2, dtype=np.float64)[:, np.newaxis]
    m = np.arange(degree + 2, dtype=np.float64)[np.newaxis, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        previous = np.sqrt((2 * n + 1) * (2 * n - 1) / ((n - m) * (n + m)))
        before = np.sqrt((2 * n + 1) * (n - m - 1) * (n + m - 1) / ((2 * n - 3) * (n - m) * (n + m)))
        sectoral = np.sqrt((2 * m[0] + 1) / (2 * m[0]))
    previous = np.where(n > m, previous, 0.0)
    before = np.where(n > m + 1, before, 0.0)
    sectoral[:2] = (1.0, np.sqrt(3.0))
    zonal_halved = np.where(m == 0, 0.5, 1.0)
    derivative = np.sqrt(np.where(n > m, zonal_halved * (n - m) * (n + m + 1), 0.0))
    return _Recursion(
        previous[..., np.newaxis], before[..., np.newaxis], np.cumprod(sectoral), derivative[..., np.newaxis]
    )


def _legendre(sine_latitude: FloatArray, degree: int) -> FloatArray:
    """Return the normalised Legendre functions over cos(latitude)^m, [n, m, point], up to degree + 1."""
    constants = _recursion(degree)
    count = degree + 2
    functions = np.zeros((count, count, sine_latitude.size))
    index = np.arange(count)
    functions[index, index] = constants.sectoral[:, np.newaxis]
    by_previous = constants.previous * sine_latitude
    for n in range(1, count):
        functions[n, :n] = by_previous[n, :n] * functions[n - 1, :n]
        if n > 1:
            functions[n, : n - 1] -= constants.before_previous[n, : n - 1] * functions[n - 2, : n - 1]
    return functions


@dataclass(frozen=True)
class GravityField:
    """The static gravity field of a body in spherical harmonics.

    Attributes
    ----------
    name
        What the model is called.
    body
        "moon" or "earth".
    gravitational_parameter_km3_s2
        GM of the model.
    reference_radius_km
        Radius that the coefficients belong to.
    cosine, sine : (degree + 1, degree + 1)
        Fully normalised coefficients, [degree, order].
    """

    name: str
    body: str
    gravitational_parameter_km3_s2: float
    reference_radius_km: float
    cosine: FloatArray
    sine: FloatArray
    _weights: tuple[FloatArray, FloatArray] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        size = self.degree + 1
        n = np.arange(size, dtype=np.float64)[:, np.newaxis]
        m = np.arange(size, dtype=np.float64)[np.newaxis, :]
        derivative = _recursion(self.degree).derivative[:size, :size, 0]
        radial = n + m + 1.0
        plain = np.stack([self.cosine, self.sine, radial * self.cosine, radial * self.sine])
        shifted = np.stack([derivative * self.cosine, derivative * self.sine])
        object.__setattr__(self, "_weights", (plain[..., np.newaxis], shifted[..., np.newaxis]))

    @property
    def degree(self) -> int:
        """The highest degree of the model."""
        return int(self.cosine.shape[0]) - 1

    def truncated(self, degree: int) -> GravityField:
        """Return the same model up to a lower degree and order.

        Raises
        ------
        InputError
            If the model does not reach that degree.
        """
        if not 0 <= degree <= self.degree:
            raise InputError(
                f"the gravity model {self.name} reaches degree {self.degree}, not {degree}; "
                f"choose 0 to {self.degree} or a model that reaches further"
            )
        size = degree + 1
        return GravityField(
            name=self.name,
            body=self.body,
            gravitational_parameter_km3_s2=self.gravitational_parameter_km3_s2,
            reference_radius_km=self.reference_radius_km,
            cosine=self.cosine[:size, :size],
            sine=self.sine[:size, :size],
        )

    def potential(self, position_km: ArrayLike) -> FloatArray:
        """Return the potential (positive, km²/s²) at body-fixed positions (n, 3) km, as (n,)."""
        position = np.atleast_2d(np.asarray(position_km, dtype=np.float64))
        radius = np.linalg.norm(position, axis=1)
        unit = position / radius[:, np.newaxis]
        size = self.degree + 1
        functions = _legendre(unit[:, 2], self.degree)[:size, :size]
        orders = np.arange(size)[:, np.newaxis]
        turned = (unit[:, 0] + 1j * unit[:, 1]) ** orders
        surface = self.cosine[..., np.newaxis] * turned.real + self.sine[..., np.newaxis] * turned.imag
        scale = (self.reference_radius_km / radius) ** orders
        total = np.einsum("nmp,nmp,np->p", functions, surface, scale)
        return np.asarray(self.gravitational_parameter_km3_s2 / radius * total, dtype=np.float64)

    def acceleration(self, position_km: ArrayLike) -> FloatArray:
        """Return the acceleration at body-fixed positions.

        Parameters
        ----------
        position_km : (n, 3)
            In the axes that the coefficients belong to; every latitude, the poles too.

        Returns
        -------
        (n, 3)
            Acceleration in km/s² in the same axes (Pines 1973, AIAA Journal 11, 1508, with normalised
            functions).
        """
        position = np.atleast_2d(np.asarray(position_km, dtype=np.float64))
        radius = np.sqrt(np.einsum("pi,pi->p", position, position))
        x, y, z = (position / radius[:, np.newaxis]).T
        size = self.degree + 1
        orders = np.arange(size)[:, np.newaxis]
        scale = (
            self.gravitational_parameter_km3_s2 / radius**2 * (self.reference_radius_km / radius) ** orders
        )
        functions = _legendre(z, self.degree)[:size] * scale[:, np.newaxis]
        plain, shifted = self._weights
        cosine, sine, radial_cosine, radial_sine = (plain * functions[:, :size]).sum(axis=1)
        slope_cosine, slope_sine = (shifted * functions[:, 1 : size + 1]).sum(axis=1)
        turned = (x + 1j * y) ** orders
        real, imaginary = turned.real, turned.imag
        slope = (slope_cosine * real + slope_sine * imaginary).sum(axis=0)
        outward = -(radial_cosine * real + radial_sine * imaginary).sum(axis=0) - z * slope
        turned_before = orders[1:] * turned[:-1]
        real, imaginary = turned_before.real, turned_before.imag
        along_x = (cosine[1:] * real + sine[1:] * imaginary).sum(axis=0)
        along_y = (sine[1:] * real - cosine[1:] * imaginary).sum(axis=0)
        return np.stack([along_x + x * outward, along_y + y * outward, slope + z * outward], axis=1)
