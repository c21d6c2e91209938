"""The camera against astropy's own gnomonic projection."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st

from skyforge.orbits import angles_from_directions, directions_from_angles
from skyforge.simulate.attitude import camera_axes, rotate_by_rates
from skyforge.simulate.camera import Camera

CAMERA = Camera(shape=(1000, 1600), pixel_scale_rad=np.radians(4.4 / 3600.0))


def tan_wcs(ra_deg: float, dec_deg: float, roll_deg: float) -> WCS:
    """Astropy's projection for a camera whose up lies at a position angle from north through east."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [ra_deg, dec_deg]
    wcs.wcs.crpix = [800.5, 500.5]
    scale, roll = np.degrees(CAMERA.pixel_scale_rad), np.radians(roll_deg)
    wcs.wcs.cd = scale * np.array([[-np.cos(roll), np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    return wcs


@pytest.mark.parametrize("roll_deg", [0.0, 30.0, 135.0, -80.0])
@pytest.mark.parametrize(("ra_deg", "dec_deg"), [(10.0, 20.0), (359.9, -45.0), (200.0, 89.5), (80.0, -89.9)])
def test_projection_is_astropys(ra_deg: float, dec_deg: float, roll_deg: float) -> None:
    x, y = CAMERA.grid(7)
    ra, dec = tan_wcs(ra_deg, dec_deg, roll_deg).all_pix2world(x, y, 0)
    axes = camera_axes(directions_from_angles(ra_deg, dec_deg), np.radians(roll_deg))
    found_x, found_y = CAMERA.project(directions_from_angles(ra, dec), axes)
    # wcslib rounds to some 1e-9 px here; a thousandth of the best centroid is 1e-6.
    np.testing.assert_allclose(found_x, x, atol=1e-6)
    np.testing.assert_allclose(found_y, y, atol=1e-6)


@given(st.floats(0, 359.9), st.floats(-90, 90), st.floats(-180, 180))
def test_looking_through_a_pixel_and_projecting_returns_the_pixel(ra: float, dec: float, roll: float) -> None:
    axes = camera_axes(directions_from_angles(ra, dec), np.radians(roll))
    x, y = CAMERA.grid(5)
    found = CAMERA.project(CAMERA.look(x, y, axes), axes)
    np.testing.assert_allclose(found, (x, y), atol=1e-7)


@given(st.floats(0, 359.9), st.floats(-90, 90), st.floats(-180, 180))
def test_camera_axes_are_a_rotation_that_mirrors_nothing_but_the_sky(
    ra: float, dec: float, roll: float
) -> None:
    axes = camera_axes(directions_from_angles(ra, dec), np.radians(roll))
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    # Seen from inside the celestial sphere x̂ × ŷ points back at the observer: east is left when north is up.
    np.testing.assert_allclose(np.cross(axes[0], axes[1]), -axes[2], atol=1e-12)


def test_what_is_behind_the_camera_has_no_pixel() -> None:
    axes = camera_axes(directions_from_angles(50.0, 10.0), 0.0)
    x, y = CAMERA.project(-axes[2][None, :], axes)
    assert np.isnan(x[0])
    assert np.isnan(y[0])


@pytest.mark.parametrize(("rate_ra", "rate_dec"), [(10.0, 0.0), (0.0, -25.0), (-400.0, 300.0)])
def test_rates_move_the_boresight_on_the_sky_by_rate_times_time(rate_ra: float, rate_dec: float) -> None:
    start = directions_from_angles(40.0, 60.0)
    ra, dec = angles_from_directions(rotate_by_rates(start, rate_ra, rate_dec, 2.0)[None, :])
    east_arcsec = (ra[0] - 40.0) * np.cos(np.radians(60.0)) * 3600.0
    north_arcsec = (dec[0] - 60.0) * 3600.0
    # 1000″ along a great circle departs from the tangent by its square over two: some arcseconds at this latitude.
    np.testing.assert_allclose(
        [east_arcsec, north_arcsec], [2.0 * rate_ra, 2.0 * rate_dec], atol=6.0, rtol=2e-3
    )


def test_the_field_is_as_wide_as_its_pixels() -> None:
    small = Camera(shape=(100, 200), pixel_scale_rad=np.radians(1.0 / 3600.0))
    assert small.field_deg() == pytest.approx((200.0 / 3600.0, 100.0 / 3600.0), rel=1e-6)
    assert small.pixel_scale_arcsec == pytest.approx(1.0)
