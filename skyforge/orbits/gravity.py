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
    _weights: FloatArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        size = self.degree + 1
        n = np.arange(size, dtype=np.float64)[:, np.newaxis]
        m = np.arange(size, dtype=np.float64)[np.newaxis, :]
        derivative = _recursion(self.degree).derivative[:size, :size, 0]
        radial = n + m + 1.0
        # What each order takes from the functions of all degrees: for the slopes in the plane, outwards and along z.
        weights = np.zeros((size, 3, 2, size))
        for part, coefficient in enumerate((self.cosine, self.sine)):
            weights[:, 0, part] = (m * coefficient).T
            weights[:, 1, part] = (radial * coefficient).T
            weights[1:, 2, part] = (derivative * coefficient).T[:-1]
        object.__setattr__(self, "_weights", weights.reshape(size, 6, size))

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
        scale = (self.reference_radius_km / radius) ** np.arange(size)[:, np.newaxis]
        functions = _legendre(z, self.degree)[:size, :size] * scale[:, np.newaxis]
        sums = np.matmul(self._weights, functions.transpose(1, 0, 2)).reshape(size, 3, 2, radius.size)
        by_order = sums[:, :, 0] - 1j * sums[:, :, 1]
        turned = np.empty((size, radius.size), dtype=np.complex128)
        turned[0], turned[1:] = 1.0, x + 1j * y
        np.multiply.accumulate(turned, axis=0, out=turned)
        in_plane, slope = (by_order[1:, 0::2] * turned[:-1, np.newaxis]).sum(axis=0)
        outward = -(by_order[:, 1] * turned).real.sum(axis=0) - z * slope.real
        pull = self.gravitational_parameter_km3_s2 / radius**2
        along = np.stack(
            [in_plane.real + x * outward, -in_plane.imag + y * outward, slope.real + z * outward]
        )
        return np.asarray((pull * along).T, dtype=np.float64)
