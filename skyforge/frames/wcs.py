"""The world coordinate system that a perfect plate solution of a frame would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.wcs import WCS, Sip
from numpy.typing import NDArray

from skyforge.errors import SkyforgeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Array = NDArray[np.float64]

TAN_RESIDUAL_PX = 0.003
"""Largest residual with which a simpler WCS is good enough: far below what the best centroids reach."""

_AUTOMATIC_ORDERS = (2, 3, 4, 5, 6, 7)
_LARGEST_ORDER = 9  # FITS SIP convention (Shupe et al. 2005, ASPC 347, 491)
_INVERSE_TOLERANCE_PX = 1e-4
_NEGLIGIBLE_PX = 1e-7
_MAXIMUM_ITERATIONS = 12
_OFFSET_TOLERANCE_DEG = 1e-13
_GRID_SIDE = 24


def fit_wcs(
    x: ArrayLike,
    y: ArrayLike,
    ra_deg: ArrayLike,
    dec_deg: ArrayLike,
    reference_ra_deg: float,
    reference_dec_deg: float,
    reference_pixel: tuple[float, float],
    sip_order: int | None = None,
) -> tuple[WCS, float]:
    """Fit a gnomonic WCS, with SIP distortion where needed, to pairs of pixels and sky places.

    Least squares in the tangent plane. The reference pixel stays, the sky place it maps to is found by
    iteration, so that no constant term is left. Without an order, a plain TAN is taken if its largest
    residual is at most `TAN_RESIDUAL_PX`; else the lowest SIP order from 2 to 7 that reaches it, or the best
    of them.

    Parameters
    ----------
    x, y
        Pixel coordinates, origin 0, shape ``(n,)``; spread them over the whole frame, corners included.
    ra_deg, dec_deg
        Their places on the sky, ICRF degrees, shape ``(n,)``.
    reference_ra_deg, reference_dec_deg
        First guess of the sky place at the reference pixel, degrees.
    reference_pixel
        Pixel ``(x, y)``, origin 0, about which distortion is expanded: the optical axis.
    sip_order
        Order of the SIP polynomials, 2 to 9; 0 or 1 for a plain TAN; None to choose.

    Returns
    -------
    wcs
        ``TAN`` or ``TAN-SIP``, with the inverse SIP polynomials fitted as well.
    largest_residual_px
        Largest distance between a given pixel and the one the WCS has for its place, pixels.

    Raises
    ------
    SkyforgeError
        If the places are more than 90 degrees from the reference, or too few for the order.

    Notes
    -----
    TAN: Calabretta & Greisen 2002, A&A 395, 1077, section 5.1.3. SIP: Shupe et al. 2005, ASPC 347, 491.
    """
    offsets = np.stack([np.asarray(x, float) - reference_pixel[0], np.asarray(y, float) - reference_pixel[1]])
    sky = np.stack([np.asarray(ra_deg, float), np.asarray(dec_deg, float)])
    reference = (float(reference_ra_deg), float(reference_dec_deg))
    if sip_order is not None:
        orders: tuple[int, ...] = (max(int(sip_order), 1),)
    else:
        orders = (1, *(order for order in _AUTOMATIC_ORDERS if offsets.shape[1] >= _terms(order)))
    best: tuple[WCS, float] | None = None
    for order in orders:
        candidate = _fit_order(offsets, sky, reference, reference_pixel, order)
        if best is None or candidate[1] < best[1]:
            best = candidate
        if best[1] <= TAN_RESIDUAL_PX:
            break
    assert best is not None  # noqa: S101 - there is always at least one order
    return best


def tangent_plane(ra_deg: Array, dec_deg: Array, ra0_deg: float, dec0_deg: float) -> tuple[Array, Array]:
    """Project sky places gnomonically about a tangent point.

    Parameters
    ----------
    ra_deg, dec_deg
        Places, degrees.
    ra0_deg, dec0_deg
        Tangent point, degrees.

    Returns
    -------
    xi_deg, eta_deg
        Tangent-plane coordinates, east and north, degrees; NaN beyond 90 degrees from the tangent point.

    Notes
    -----
    Calabretta & Greisen 2002, A&A 395, 1077, equations 12, 13 and 54.
    """
    difference = np.radians(ra_deg - ra0_deg)
    dec, dec0 = np.radians(dec_deg), np.radians(dec0_deg)
    half = np.sin(0.5 * difference) ** 2
    # cos(a - b) - 2 cos a cos b sin²(Δ/2) rather than sin·sin + cos·cos·cos Δ: exact for small fields.
    cosine = np.cos(dec - dec0) - 2.0 * np.cos(dec) * np.cos(dec0) * half
    east = np.cos(dec) * np.sin(difference)
    north = np.sin(dec - dec0) + 2.0 * np.sin(dec0) * np.cos(dec) * half
    cosine = np.where(cosine > 0.0, cosine, np.nan)
    return np.degrees(east / cosine), np.degrees(north / cosine)


def sky_place(xi_deg: float, eta_deg: float, ra0_deg: float, dec0_deg: float) -> tuple[float, float]:
    """Return the sky place, degrees, of a point of the tangent plane; the inverse of `tangent_plane`."""
    xi, eta = np.radians(xi_deg), np.radians(eta_deg)
    dec0 = np.radians(dec0_deg)
    depth = np.cos(dec0) - eta * np.sin(dec0)
    ra_deg = ra0_deg + np.degrees(np.arctan2(xi, depth))
    dec_deg = np.degrees(np.arctan2(np.sin(dec0) + eta * np.cos(dec0), np.hypot(xi, depth)))
    return float(ra_deg % 360.0), float(dec_deg)


def _fit_order(
    offsets: Array,
    sky: Array,
    reference: tuple[float, float],
    reference_pixel: tuple[float, float],
    order: int,
) -> tuple[WCS, float]:
    if order > _LARGEST_ORDER:
        raise SkyforgeError(f"SIP polynomials have an order of at most {_LARGEST_ORDER}, found {order}")
    if offsets.shape[1] < _terms(order):
        raise SkyforgeError(
            f"a WCS of order {order} needs at least {_terms(order)} points, found {offsets.shape[1]}"
        )
    scale = max(float(np.abs(offsets).max()), 1.0)
    powers = _powers(0, order)
    design = _monomials(offsets / scale, powers)
    plane: Array = np.empty((0, 2))
    coefficients: Array = np.empty((len(powers), 2))
    for _ in range(_MAXIMUM_ITERATIONS):
        plane = np.stack(tangent_plane(sky[0], sky[1], *reference), axis=1)
        if not np.isfinite(plane).all():
            raise SkyforgeError("a WCS cannot be fitted to places 90 degrees or more from its reference")
        coefficients = np.asarray(np.linalg.lstsq(design, plane, rcond=None)[0], dtype=np.float64)
        constant = coefficients[0]
        if np.abs(constant).max() < _OFFSET_TOLERANCE_DEG:
            break
        reference = sky_place(constant[0], constant[1], *reference)
    matrix = coefficients[1:3].T / scale  # d(xi, eta) / d(x, y)
    to_pixels = np.linalg.inv(matrix)
    residual = (plane - design @ coefficients) @ to_pixels.T
    largest = float(np.hypot(residual[:, 0], residual[:, 1]).max())
    sip = _sip(offsets, coefficients @ to_pixels.T, powers, scale, reference_pixel) if order > 1 else None
    return _wcs(matrix, reference, reference_pixel, sip), largest


def _wcs(
    matrix: Array, reference: tuple[float, float], reference_pixel: tuple[float, float], sip: Sip | None
) -> WCS:
    wcs = WCS(naxis=2)
    suffix = "" if sip is None else "-SIP"
    wcs.wcs.ctype = [f"RA---TAN{suffix}", f"DEC--TAN{suffix}"]
    wcs.wcs.cunit = ["deg", "deg"]
    wcs.wcs.radesys = "ICRS"
    wcs.wcs.crval = reference
    wcs.wcs.crpix = [reference_pixel[0] + 1.0, reference_pixel[1] + 1.0]
    wcs.wcs.cd = matrix
    wcs.sip = sip
    wcs.wcs.set()
    return wcs


def _sip(
    offsets: Array,
    forward: Array,
    powers: list[tuple[int, int]],
    scale: float,
    reference_pixel: tuple[float, float],
) -> Sip:
    """Turn the fitted polynomial, in pixels, into SIP matrices A, B and fit the inverse AP, BP to them."""
    order = max(p + q for p, q in powers)
    a, b = np.zeros((order + 1, order + 1)), np.zeros((order + 1, order + 1))
    for (p, q), (in_x, in_y) in zip(powers, forward, strict=True):
        if p + q > 1:  # constant and linear terms are CRVAL's and the CD matrix's
            a[p, q], b[p, q] = _significant(np.array([in_x, in_y])) / scale ** (p + q)
    pixels = _grid_over(offsets)
    focal = pixels + np.stack([_polynomial(a, pixels), _polynomial(b, pixels)])
    inverse_a, inverse_b = _inverse(pixels, focal, order)
    return Sip(a, b, inverse_a, inverse_b, [reference_pixel[0] + 1.0, reference_pixel[1] + 1.0])


def _inverse(pixels: Array, focal: Array, order: int) -> tuple[Array, Array]:
    """Fit u = U + AP(U, V), v = V + BP(U, V), raising the order until it is as exact as the forward one."""
    scale = max(float(np.abs(focal).max()), 1.0)
    shift = (pixels - focal).T
    for inverse_order in range(order, _LARGEST_ORDER + 1):
        powers = _powers(0, inverse_order)
        design = _monomials(focal / scale, powers)
        coefficients = np.linalg.lstsq(design, shift, rcond=None)[0]
        if np.abs(design @ coefficients - shift).max() <= _INVERSE_TOLERANCE_PX:
            break
    inverse = np.zeros((2, inverse_order + 1, inverse_order + 1))
    for (p, q), coefficient in zip(powers, coefficients, strict=True):
        inverse[:, p, q] = _significant(coefficient) / scale ** (p + q)
    return inverse[0], inverse[1]


def _significant(coefficient: Array) -> Array:
    """Drop terms that move no pixel of the frame: most of a lens's, whose distortion is symmetric."""
    return np.where(np.abs(coefficient) < _NEGLIGIBLE_PX, 0.0, coefficient)


def _grid_over(offsets: Array) -> Array:
    axes = [np.linspace(axis.min(), axis.max(), _GRID_SIDE) for axis in offsets]
    u, v = np.meshgrid(axes[0], axes[1])
    return np.stack([u.ravel(), v.ravel()])


def _terms(order: int) -> int:
    return (order + 1) * (order + 2) // 2


def _powers(lowest: int, highest: int) -> list[tuple[int, int]]:
    return [(total - q, q) for total in range(lowest, highest + 1) for q in range(total + 1)]


def _monomials(place: Array, powers: list[tuple[int, int]]) -> Array:
    return np.stack([place[0] ** p * place[1] ** q for p, q in powers], axis=1)


def _polynomial(coefficients: Array, place: Array) -> Array:
    return np.asarray(np.polynomial.polynomial.polyval2d(place[0], place[1], coefficients))
