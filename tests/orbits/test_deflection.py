from __future__ import annotations

import erfa
import numpy as np
import pytest

from skyforge.orbits import (
    ASTRONOMICAL_UNIT_KM,
    MEAN_RADIUS_KM,
    Viewpoint,
    angular_separation_rad,
    apparent_directions,
    astrometric_directions,
    deflect,
    unit_vectors,
)

ARCSEC = np.deg2rad(1.0 / 3600.0)
RNG = np.random.default_rng(8)
FROM_SUN = ASTRONOMICAL_UNIT_KM * 0.99 * unit_vectors([0.4, -0.8, 0.45])
LIMB_RAD = MEAN_RADIUS_KM["sun"] / (0.99 * ASTRONOMICAL_UNIT_KM)


def at_elongation(elongation_rad: np.ndarray) -> np.ndarray:
    away = unit_vectors(FROM_SUN)
    across = unit_vectors(np.cross(away, RNG.normal(size=(len(elongation_rad), 3))))
    return -np.cos(elongation_rad)[:, None] * away + np.sin(elongation_rad)[:, None] * across


def test_starlight_is_bent_by_1_75_arcseconds_at_the_limb_and_4_mas_at_a_right_angle() -> None:
    stars = at_elongation(np.array([MEAN_RADIUS_KM["sun"] / np.linalg.norm(FROM_SUN), np.pi / 2, np.pi]))
    bending = angular_separation_rad(deflect(stars, FROM_SUN), stars) / ARCSEC
    assert bending[0] == pytest.approx(1.751, abs=0.002)
    assert bending[1] == pytest.approx(0.00407 / 0.99, abs=2e-5)
    assert bending[2] == pytest.approx(0.0, abs=1e-9)


def test_light_comes_from_farther_out_than_the_star_is() -> None:
    stars = at_elongation(np.linspace(LIMB_RAD, 3.0, 50))
    before, after = (
        angular_separation_rad(direction, -FROM_SUN) for direction in (stars, deflect(stars, FROM_SUN))
    )
    assert (after > before).all()


def test_bending_is_erfas_for_stars_and_for_what_is_near() -> None:
    p = at_elongation(np.concatenate([np.linspace(1.02 * LIMB_RAD, 0.1, 200), RNG.uniform(0.1, np.pi, 800)]))
    e, em = unit_vectors(FROM_SUN), 0.99
    for_stars = erfa.ld(1.0, p, p, e, em, 1e-9)
    assert angular_separation_rad(deflect(p, FROM_SUN), for_stars).max() < 1e-9 * ARCSEC
    range_km = 10.0 ** RNG.uniform(2.0, 10.0, len(p))
    q = unit_vectors(FROM_SUN + range_km[:, None] * p)
    nearby = erfa.ld(1.0, p, q, e, em, 1e-9)
    assert angular_separation_rad(deflect(p, FROM_SUN, range_km), nearby).max() < 1e-9 * ARCSEC


def test_light_of_an_earth_satellite_seen_from_the_moon_is_not_bent() -> None:
    p = at_elongation(np.array([2.0 * LIMB_RAD, 0.2, 1.5]))
    bending = angular_separation_rad(deflect(p, FROM_SUN, np.full(3, 4e5)), p) / ARCSEC
    # In front of the Sun the way through the bending is 400 000 km of 1 au: a four-hundredth, times the elongation.
    assert bending.max() < 2e-5


def test_behind_the_sun_nothing_runs_away() -> None:
    p = at_elongation(LIMB_RAD * np.array([1e-9, 0.3, 0.999]))
    bending = angular_separation_rad(deflect(p, FROM_SUN), p) / ARCSEC
    assert bending[0] < 1e-6
    assert (np.diff(bending) > 0).all()
    assert bending[2] < 1.8


def test_the_sun_itself_is_where_it_is() -> None:
    towards = -unit_vectors(FROM_SUN)[None, :]
    distance = np.linalg.norm(FROM_SUN)
    assert np.abs(deflect(towards, FROM_SUN, np.array([distance + 6.0])) - towards).max() < 1e-15


def test_apparent_and_astrometric_directions_are_inverses() -> None:
    seen_from = Viewpoint(np.array(0.0), FROM_SUN + 1e6, np.array([20.0, -18.0, 7.0]), np.full(3, 1e6))
    p = at_elongation(np.concatenate([np.linspace(1.01 * LIMB_RAD, 0.1, 100), RNG.uniform(0.1, np.pi, 100)]))
    back = astrometric_directions(apparent_directions(p, seen_from), seen_from)
    assert np.abs(back - p).max() < 1e-14
