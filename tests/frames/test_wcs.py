"""The fitted WCS against astropy's own, and through astropy's transformations there and back."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.wcs import WCS

from skyforge.errors import SkyforgeError
from skyforge.frames.wcs import TAN_RESIDUAL_PX, fit_wcs, sky_place, tangent_plane

SIDE = 4096
CENTRE = ((SIDE - 1) / 2, (SIDE - 1) / 2)


def grid(side: int = 15) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(0.0, SIDE - 1.0, side)
    x, y = np.meshgrid(axis, axis)
    return x.ravel(), y.ravel()


def known_wcs(
    field_deg: float, ra_deg: float = 120.0, dec_deg: float = -30.0, rotation_deg: float = 33.0
) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [ra_deg, dec_deg]
    wcs.wcs.crpix = [CENTRE[0] + 1.0, CENTRE[1] + 1.0]
    cosine, sine = np.cos(np.radians(rotation_deg)), np.sin(np.radians(rotation_deg))
    wcs.wcs.cd = np.array([[-cosine, sine], [sine, cosine]]) * field_deg / SIDE
    wcs.wcs.set()
    return wcs


def lens(x: np.ndarray, y: np.ndarray, cubic: float, quintic: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Where a lens with radial distortion puts what an ideal one puts at (x, y)."""
    u, v = x - CENTRE[0], y - CENTRE[1]
    squared = (u**2 + v**2) / (SIDE / 2) ** 2
    stretch = 1.0 + cubic * squared + quintic * squared**2
    return CENTRE[0] + u * stretch, CENTRE[1] + v * stretch


def separation_px(wcs: WCS, x: np.ndarray, y: np.ndarray, ra_deg: np.ndarray, dec_deg: np.ndarray) -> float:
    found = wcs.all_world2pix(np.stack([ra_deg, dec_deg], axis=1), 0, tolerance=1e-6, maxiter=60)
    return float(np.hypot(found[:, 0] - x, found[:, 1] - y).max())


@pytest.mark.parametrize("field_deg", [0.01, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("place", [(120.0, -30.0), (0.001, 0.0), (359.9999, 89.7), (10.0, -90.0)])
def test_a_known_tangent_plane_is_found_again(field_deg, place):
    known = known_wcs(field_deg, *place)
    x, y = grid()
    ra_deg, dec_deg = known.all_pix2world(x, y, 0)
    # The guess is off by a tenth of the field, and on the other side of the pole where there is one near.
    fitted, residual = fit_wcs(
        x, y, ra_deg, dec_deg, place[0], place[1] - 0.1 * field_deg * np.sign(place[1] + 1e-9), CENTRE
    )
    assert list(fitted.wcs.ctype) == ["RA---TAN", "DEC--TAN"]
    assert residual < 1e-6
    assert separation_px(fitted, x, y, ra_deg, dec_deg) < 1e-6
    assert fitted.wcs.crpix == pytest.approx([CENTRE[0] + 1, CENTRE[1] + 1])


@pytest.mark.parametrize("field_deg", [1.0, 10.0, 20.0])
@pytest.mark.parametrize("distortion", [(1e-4, 0.0), (-3e-3, 5e-4), (1e-2, 0.0)])
def test_the_distortion_of_a_lens_is_followed_over_the_whole_frame(field_deg, distortion):
    known = known_wcs(field_deg)
    x, y = grid()
    ra_deg, dec_deg = known.all_pix2world(x, y, 0)
    fitted, residual = fit_wcs(*lens(x, y, *distortion), ra_deg, dec_deg, 120.0, -30.0, CENTRE)
    assert list(fitted.wcs.ctype) == ["RA---TAN-SIP", "DEC--TAN-SIP"]
    assert residual <= TAN_RESIDUAL_PX
    # Between the points of the fit as well.
    x, y = grid(40)
    ra_deg, dec_deg = known.all_pix2world(x, y, 0)
    assert separation_px(fitted, *lens(x, y, *distortion), ra_deg, dec_deg) <= 2 * TAN_RESIDUAL_PX


@pytest.mark.parametrize("field_deg", [1.0, 20.0])
@pytest.mark.parametrize("cubic", [0.0, 1e-2])
def test_astropy_goes_to_the_sky_and_back_within_a_thousandth_of_a_pixel(field_deg, cubic):
    x, y = grid()
    ra_deg, dec_deg = known_wcs(field_deg).all_pix2world(x, y, 0)
    fitted, _ = fit_wcs(*lens(x, y, cubic), ra_deg, dec_deg, 120.0, -30.0, CENTRE)
    x, y = grid(40)
    assert separation_px(fitted, x, y, *fitted.all_pix2world(x, y, 0)) < 1e-3


def test_the_inverse_polynomials_undo_the_forward_ones():
    x, y = grid()
    ra_deg, dec_deg = known_wcs(5.0).all_pix2world(x, y, 0)
    fitted, _ = fit_wcs(*lens(x, y, 3e-3), ra_deg, dec_deg, 120.0, -30.0, CENTRE)
    pixels = np.stack(grid(30), axis=1)
    focal = fitted.sip_pix2foc(pixels, 0)  # relative to CRPIX
    back = fitted.sip_foc2pix(focal, 0)
    assert np.abs(back - pixels).max() < 1e-3


def test_the_aberration_of_a_wide_field_is_absorbed():
    # A frame sees apparent directions, its WCS shall give astrometric ones: 30 km/s bend a 10 degree field.
    x, y = grid()
    ra_deg, dec_deg = np.radians(known_wcs(10.0).all_pix2world(x, y, 0))
    apparent = np.stack(
        [np.cos(dec_deg) * np.cos(ra_deg), np.cos(dec_deg) * np.sin(ra_deg), np.sin(dec_deg)], axis=1
    )
    astrometric = apparent - np.array([0.6, -0.7, 0.4]) * 1e-4  # first order in v/c
    ra_deg = np.degrees(np.arctan2(astrometric[:, 1], astrometric[:, 0])) % 360.0
    dec_deg = np.degrees(np.arctan2(astrometric[:, 2], np.hypot(astrometric[:, 0], astrometric[:, 1])))
    fitted, residual = fit_wcs(x, y, ra_deg, dec_deg, 120.0, -30.0, CENTRE)
    assert residual <= TAN_RESIDUAL_PX
    assert separation_px(fitted, x, y, ra_deg, dec_deg) <= TAN_RESIDUAL_PX + 1e-6


def test_a_given_order_is_kept():
    x, y = grid()
    ra_deg, dec_deg = known_wcs(1.0).all_pix2world(x, y, 0)
    assert fit_wcs(x, y, ra_deg, dec_deg, 120.0, -30.0, CENTRE, sip_order=3)[0].sip.a_order == 3
    bent = lens(x, y, 1e-3)
    plain, residual = fit_wcs(*bent, ra_deg, dec_deg, 120.0, -30.0, CENTRE, sip_order=0)
    assert plain.sip is None
    assert residual > TAN_RESIDUAL_PX


def test_the_residual_is_that_of_the_measured_pixels():
    x, y = grid()
    ra_deg, dec_deg = known_wcs(1.0).all_pix2world(x, y, 0)
    x = x.copy()
    x[7] += 0.5  # one of 225 stars is measured half a pixel off
    _, residual = fit_wcs(x, y, ra_deg, dec_deg, 120.0, -30.0, CENTRE, sip_order=1)
    assert residual == pytest.approx(0.5, abs=0.03)


def test_a_mirrored_frame_is_fitted_as_well():
    x, y = grid()
    ra_deg, dec_deg = known_wcs(1.0).all_pix2world(SIDE - 1 - x, y, 0)
    fitted, residual = fit_wcs(x, y, ra_deg, dec_deg, 120.0, -30.0, CENTRE)
    assert residual < 1e-6
    assert np.linalg.det(fitted.pixel_scale_matrix) > 0.0


def test_the_tangent_plane_has_an_edge_and_a_way_back():
    xi_deg, eta_deg = tangent_plane(np.array([10.0, 190.0]), np.array([80.0, 0.0]), 10.0, 75.0)
    assert xi_deg[0] == pytest.approx(0.0, abs=1e-12)
    assert eta_deg[0] == pytest.approx(np.degrees(np.tan(np.radians(5.0))))
    assert np.isnan(xi_deg[1])
    assert sky_place(0.0, float(eta_deg[0]), 10.0, 75.0) == pytest.approx((10.0, 80.0))


def test_too_few_points_and_points_behind_are_refused():
    x, y = grid()
    ra_deg, dec_deg = known_wcs(1.0).all_pix2world(x, y, 0)
    with pytest.raises(SkyforgeError, match="at least 3 points, found 2"):
        fit_wcs(x[:2], y[:2], ra_deg[:2], dec_deg[:2], 120.0, -30.0, CENTRE)
    with pytest.raises(SkyforgeError, match="90 degrees"):
        fit_wcs(x, y, ra_deg + 180.0, -dec_deg, 120.0, -30.0, CENTRE)
    with pytest.raises(SkyforgeError, match="at most 9"):
        fit_wcs(x, y, ra_deg, dec_deg, 120.0, -30.0, CENTRE, sip_order=12)
