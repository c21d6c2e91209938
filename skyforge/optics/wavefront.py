"""Wavefront error: given Zernike terms and a random smooth map of a given root mean square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from scipy.special import ndtri

from skyforge.errors import InputError
from skyforge.optics.aperture import Aperture
from skyforge.optics.psf import Array
from skyforge.optics.zernike import noll_orders, zernike

# A random map is made of defocus (4) to the end of the seventh radial order: figure and alignment, no
# polishing ripple.
FIRST_RANDOM_NOLL = 4
LAST_RANDOM_NOLL = 36
# Power per spatial frequency ∝ f^−2.5: finished optical surfaces follow f^−2 … f^−3 (Church 1988, Appl. Opt.
# 27, 1518).
RANDOM_SPECTRAL_INDEX = 2.5
# Resolution at which root mean squares and best planes over the clear pupil are taken; good to 1e-4.
STATISTICS_CELLS_ACROSS = 1024


@dataclass(frozen=True, eq=False)
class Wavefront:
    """A smooth optical path difference over the pupil, as a polynomial.

    Parameters
    ----------
    legendre_nm
        ``(k, k)`` coefficients, nanometres, of the products of Legendre polynomials, ``[y, x]``, in units of
        the pupil's radius. Products make a map of any fineness two small matrix multiplications.
    """

    legendre_nm: Array

    def path_difference_nm(self, axis: Array) -> Array:
        """Optical path difference on a square grid.

        Parameters
        ----------
        axis
            ``(n,)`` coordinates along either axis in units of the pupil's radius.

        Returns
        -------
        ndarray
            ``(n, n)``, nanometres, ``[y, x]``.
        """
        basis = legendre.legvander(axis, self.legendre_nm.shape[0] - 1)
        opd: Array = basis @ self.legendre_nm @ basis.T
        return opd

    def squared_slope_nm2(self, axis: Array) -> Array:
        """Squared gradient of the optical path difference on a square grid.

        Parameters
        ----------
        axis
            ``(n,)`` coordinates along either axis in units of the pupil's radius.

        Returns
        -------
        ndarray
            ``(n, n)``, squared nanometres per radius, ``[y, x]``.
        """
        size = self.legendre_nm.shape[0]
        basis = legendre.legvander(axis, size - 1)
        derivative = legendre.legvander(axis, max(size - 2, 0)) @ legendre.legder(np.eye(size))
        along_x = basis @ self.legendre_nm @ derivative.T
        along_y = derivative @ self.legendre_nm @ basis.T
        squared: Array = along_x**2 + along_y**2
        return squared

    def tilted(self, x_nm: float, y_nm: float) -> Wavefront:
        """Return the same with a tilt added, nanometres at the pupil's edge along either axis."""
        size = max(self.legendre_nm.shape[0], 2)
        legendre_nm = np.pad(self.legendre_nm, (0, size - self.legendre_nm.shape[0]))
        legendre_nm[0, 1] += x_nm
        legendre_nm[1, 0] += y_nm
        return Wavefront(legendre_nm)

    def levelled(self, aperture: Aperture) -> Wavefront:
        """Return the same without the plane that fits it best over the clear pupil.

        Piston and tilt are no wavefront error: they do not change the image but for its place.
        """
        axis, clear = aperture.transmission(1.0 / STATISTICS_CELLS_ACROSS)
        axis = 2.0 * axis
        y, x = np.meshgrid(axis, axis, indexing="ij")
        plane = np.stack([np.ones_like(x), x, y]).reshape(3, -1)
        weighted = plane * clear.ravel()
        opd = self.path_difference_nm(axis).ravel()
        piston, slope_x, slope_y = np.linalg.solve(weighted @ plane.T, weighted @ opd)
        level = self.tilted(-float(slope_x), -float(slope_y))
        level.legendre_nm[0, 0] -= piston
        return level

    def rms_nm(self, aperture: Aperture) -> float:
        """Root mean square about the mean over the clear pupil, nanometres."""
        axis, clear = aperture.transmission(1.0 / STATISTICS_CELLS_ACROSS)
        opd = self.path_difference_nm(2.0 * axis)
        mean = np.average(opd, weights=clear)
        return math.sqrt(float(np.average((opd - mean) ** 2, weights=clear)))


def zernike_wavefront(terms_nm: Sequence[tuple[int, float]]) -> Wavefront:
    """Wavefront of given Zernike terms.

    Parameters
    ----------
    terms_nm
        Pairs of Noll index and coefficient, nanometres (root mean square over the full disc), from index 4
        on: a piston is invisible and a tilt would only move the PSF off its centre.

    Raises
    ------
    InputError
        If an index is below 4 or a coefficient is not finite.
    """
    for index, value in terms_nm:
        if index < FIRST_RANDOM_NOLL:
            raise InputError(
                f"zernikes_nm: Noll index {index}: must be 4 (defocus) or more; "
                "piston and tilt do not change the image"
            )
        if not math.isfinite(value):
            raise InputError(f"zernikes_nm: coefficient of Noll index {index} = {value}: must be finite")
    size = max((noll_orders(index)[0] for index, _ in terms_nm), default=1) + 1
    # A polynomial of degree size − 1 in either variable is known from its values on a size × size grid.
    nodes = legendre.leggauss(size)[0]
    value_nm = np.zeros((size, size))
    for index, coefficient in terms_nm:
        value_nm += coefficient * zernike(index, nodes[None, :], nodes[:, None])
    inverse = np.linalg.inv(legendre.legvander(nodes, size - 1))
    return Wavefront(inverse @ value_nm @ inverse.T)


def random_wavefront(rms_nm: float, seed: int, aperture: Aperture) -> Wavefront:
    """Make a random smooth wavefront of exactly the given root mean square, the same for the same seed.

    Parameters
    ----------
    rms_nm
        Root mean square over the clear pupil, nanometres.
    seed
        Any non-negative integer below 2⁶⁴.
    aperture
        The pupil over which it is levelled and scaled.

    Returns
    -------
    Wavefront
        Zernike terms 4 to 36 with normal coefficients of variance n^−2.5, n the radial order.

    Raises
    ------
    InputError
        If the seed is out of range.
    """
    if not 0 <= seed < 2**64:
        raise InputError(f"wavefront_seed = {seed}: must be 0 … 2⁶⁴ − 1")
    indices = range(FIRST_RANDOM_NOLL, LAST_RANDOM_NOLL + 1)
    # Raw counter output is fixed by the algorithm; NumPy may change how its own normal variates are made.
    raw = np.random.Philox(key=seed).random_raw(len(indices))
    normal = ndtri((np.asarray(raw >> np.uint64(11), dtype=np.float64) + 0.5) * 2.0**-53)
    terms = [
        (index, float(value) * noll_orders(index)[0] ** (-0.5 * RANDOM_SPECTRAL_INDEX))
        for index, value in zip(indices, normal, strict=True)
    ]
    wavefront = zernike_wavefront(terms).levelled(aperture)
    return Wavefront(wavefront.legendre_nm * (rms_nm / wavefront.rms_nm(aperture)))
