"""North, east, scale and field of a frame, read off its WCS."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS

from skyforge.frames.orientation import orientation, readable_angle, scale_bar


def tangent_wcs(dec_deg: float, rotation_deg: float, mirrored: bool = False, scale_deg: float = 5e-4) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [200.0, dec_deg]
    wcs.wcs.crpix = [500.5, 400.5]
    cosine, sine = np.cos(np.radians(rotation_deg)), np.sin(np.radians(rotation_deg))
    east = np.array([-cosine, sine]) * (-1.0 if mirrored else 1.0)
    wcs.wcs.cd = np.array([east, [sine, cosine]]) * scale_deg
    wcs.wcs.set()
    return wcs


@pytest.mark.parametrize("dec_deg", [0.0, -60.0, 89.5])
@pytest.mark.parametrize("rotation_deg", [0.0, 75.0, 200.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_north_and_east_point_where_the_sky_does(dec_deg, rotation_deg, mirrored):
    wcs = tangent_wcs(dec_deg, rotation_deg, mirrored)
    sky = orientation(wcs, (800, 1000))
    centre = SkyCoord(*wcs.all_pix2world(499.5, 399.5, 0), unit="deg")
    for vector, position_angle_deg in ((sky.north, 0.0), (sky.east, 90.0)):
        place = SkyCoord(*wcs.all_pix2world(499.5 + vector[0], 399.5 + vector[1], 0), unit="deg")
        towards = centre.position_angle(place).wrap_at("180d").deg
        assert towards == pytest.approx(position_angle_deg, abs=0.1)
    assert sky.scale_arcsec == pytest.approx(1.8, rel=1e-6)


def test_a_wide_field_is_as_wide_as_the_tangent_plane_says():
    sky = orientation(tangent_wcs(0.0, 0.0, scale_deg=0.03), (800, 1000))
    assert sky.width_deg == pytest.approx(2 * np.degrees(np.arctan(np.radians(15.0))), rel=1e-6)
    assert sky.height_deg == pytest.approx(2 * np.degrees(np.arctan(np.radians(12.0))), rel=1e-6)


@pytest.mark.parametrize(
    ("arcsec_per_px", "longest_px", "expected"),
    [
        (1.8, 200.0, "5′"),
        (3.6, 200.0, "10′"),
        (0.05, 200.0, "10″"),
        (60.0, 200.0, "2°"),
        (1800.0, 200.0, "20°"),
    ],
)
def test_a_scale_bar_is_round_and_fits(arcsec_per_px, longest_px, expected):
    length_px, label = scale_bar(arcsec_per_px, longest_px)
    assert label == expected
    assert 0.3 * longest_px < length_px <= longest_px or label == "20°"


def test_angles_are_written_in_the_unit_that_suits_them():
    assert [readable_angle(angle) for angle in (1.034, 0.5, 1 / 60, 0.0005)] == ["1.03°", "30′", "1′", "1.8″"]
