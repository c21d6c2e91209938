from __future__ import annotations

import numpy as np
import pytest

from skyforge.orbits import lagrange_points, orbit_preset
from skyforge.orbits.cr3bp import EARTH_MOON_SYSTEM
from skyforge.orbits.orbit_views import orbit_picture
from skyforge.orbits.plot import orbit_figure

DAY_S = 86400.0


@pytest.fixture(scope="module")
def pictures(tdb):
    start = tdb("2026-03-01T00:00:00")
    return {
        "dro": orbit_picture(orbit_preset("lunar-dro"), start, "kinematic"),
        "elfo": orbit_picture(orbit_preset("lunar-elfo-24h"), start),
        "geo": orbit_picture(orbit_preset("geo-75e"), start),
    }


def test_a_periodic_orbit_closes_in_the_rotating_frame_and_rolls_around_the_earth_in_the_other(pictures):
    picture = pictures["dro"]
    turn = round(len(picture.elapsed_d) / 3)
    path = picture.rotating.path_km
    assert np.linalg.norm(path[turn] - path[0]) < 500.0  # a sample is 860 km long
    moon = next(mark for mark in picture.rotating.marks if mark.label == "Moon")
    assert np.linalg.norm(path - moon.place_km, axis=1).max() < 95_000.0
    around = np.unwrap(np.arctan2(*picture.inertial.path_km[:, 1::-1].T))
    assert around[-1] / (2 * np.pi) == pytest.approx(3 * 13.65 / 27.32, abs=0.1)


def test_marks_stand_where_the_three_body_problem_has_them(pictures):
    marks = {mark.label: mark.place_km for mark in pictures["dro"].rotating.marks}
    assert set(marks) == {"Earth", "Moon", "L1", "L2", "L3", "L4", "L5"}
    assert np.linalg.norm(marks["Moon"] - marks["Earth"]) == pytest.approx(384_400.0)
    points = lagrange_points(EARTH_MOON_SYSTEM.mass_ratio)
    assert marks["L2"] == pytest.approx(384_400.0 * points[1])


def test_the_geostationary_rests_in_the_frame_that_turns_with_the_earth(pictures):
    path = pictures["geo"].rotating.path_km
    assert np.linalg.norm(path - path[0], axis=1).max() < 120.0
    assert np.degrees(np.arctan2(path[0, 1], path[0, 0])) == pytest.approx(75.0, abs=0.01)
    assert np.linalg.norm(np.ptp(pictures["geo"].inertial.path_km[:, :2], axis=0)) > 1e5


def test_both_frames_are_drawn_from_above_and_from_the_side_in_kilometres(pictures):
    for picture in pictures.values():
        panels = orbit_figure(picture).axes[:4]
        for panel in panels:
            assert panel.get_xlabel().endswith("(km)")
            assert panel.get_ylabel().endswith("(km)")
            assert panel.get_aspect() == 1.0
        assert panels[0].get_title().startswith("rotating frame")
        assert panels[2].get_title().startswith("inertial frame")
