"""Bright bodies in and beside the field: their discs, their stray light, what they hide, and exclusion angles."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from skyforge import orbits, photometry, simulate
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario import Scenario
from skyforge.simulate.obstruction import discs, planet_discs
from skyforge.simulate.trajectories import observer_trajectory

BARE = {
    "stars": {"catalogs": [], "synthetic": False, "limit": 10.0},
    "observer": {"kepler": {"center": "earth", "semi_major_axis": "42164 km"}},
    "telescope": {"psf": {"kind": "gaussian"}},
    "detector": {"shape": [400, 420]},
}


def place(body, aside_deg=0.0):
    """Astrometric direction of a body for the telescope of BARE at mid-exposure, some degrees beside it."""
    scenario = Scenario(**BARE)
    t = float(orbits.tdb_seconds(scenario.time.start)) + 1.0
    here = observer_trajectory(scenario, (t, t + 10.0)).state(np.array([t]))[0][0]
    there, _, _ = orbits.retarded_position(orbits.body_trajectory(body), np.array([t]), here)
    ra, dec = orbits.angles_from_directions(orbits.unit_vectors(there[0] - here))
    return float(ra), float(dec) + aside_deg, here, t


def exposed(body, aside_deg=0.0, **more):
    ra, dec, _, _ = place(body, aside_deg)
    scenario = Scenario(**{**BARE, **more}, pointing={"ra": f"{ra} deg", "dec": f"{dec} deg"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ready = simulate.plan(scenario)
        return ready, simulate.exposure(ready, 0)


@pytest.mark.parametrize("body", ["jupiter", "venus", "mars"])
def test_a_planet_in_the_field_releases_the_electrons_of_its_magnitude(body):
    ready, exposure = exposed(body)
    _, _, here, t = place(body)
    there, _, _ = orbits.retarded_position(orbits.body_trajectory(body), np.array([t]), here)
    sun, _ = orbits.ephemeris().state("sun", np.array([t]))
    v_mag = photometry.planet_v_magnitude(
        body,
        np.linalg.norm(there[0] - here),
        np.linalg.norm(there[0] - sun[0]),
        float(orbits.phase_angle_rad(here, there[0], sun[0])),
    )
    telescope = ready.instrument
    rate = photometry.sunlit_electron_rate(v_mag, telescope.area_m2, telescope.response)
    assert exposure.discs_e.sum() == pytest.approx(float(rate) * telescope.exposure_s, rel=5e-3)
    # It lies where its place is: in the middle of the frame, but for its lit side.
    y, x = np.indices(exposure.discs_e.shape)
    centroid = [np.sum(axis * exposure.discs_e) / exposure.discs_e.sum() for axis in (x, y)]
    radius_px = (
        photometry.SHAPES[body][0] / np.linalg.norm(there[0] - here) / telescope.camera.pixel_scale_rad
    )
    assert centroid == pytest.approx([209.5, 199.5], abs=0.1 + radius_px)


def test_discs_can_be_left_out():
    _, exposure = exposed("jupiter", background={"extended_bodies": False})
    assert exposure.discs_e is None


def test_a_dark_field_has_no_discs_and_a_coarse_background():
    _, exposure = exposed("sun", -80.0)
    assert exposure.discs_e is None
    assert exposure.diffuse_light().electrons.shape == (17, 17)


def test_the_disc_lies_over_the_sky():
    _, exposure = exposed("jupiter")
    light = exposure.diffuse_light()
    assert light.shape == (400, 420)
    assert light[0, 0] == pytest.approx(exposure.background_e[0, 0], rel=1e-5)
    assert light[200, 210] > 1e5


def test_the_moon_saturates_the_field_and_stars_behind_it_are_gone():
    stars = {"catalogs": [], "synthetic": True, "limit": 15.0}
    ready, exposure = exposed("moon", stars=stars, detector={"shape": [1000, 1000]})
    assert exposure.discs_e.max() > 10.0 * ready.scenario.detector.full_well.to_value("electron")
    x, y, electrons = (np.array(exposure.truth[name]) for name in ("x", "y", "electrons"))
    behind = np.hypot(x - 499.5, y - 499.5) < 400.0
    assert behind.sum() > 10
    assert np.all(electrons[behind] == 0.0)
    assert np.all(electrons[np.hypot(x - 499.5, y - 499.5) > 620.0] > 0.0)


def test_stray_light_grows_towards_the_moon():
    moon = {"zodiacal": False, "starlight": False, "stray_light": {"sun": False, "earth": False}}
    far, near = (exposed("moon", aside, background=moon)[1].background_e.mean() for aside in (25.0, 3.0))
    assert near > 10.0 * far > 0.0


def test_a_users_transmittance_is_used_and_a_wrong_one_named(tmp_path):
    path = tmp_path / "pst.csv"
    path.write_text("1,1e-14\n180,1e-15\n", encoding="utf-8")
    mine = exposed("moon", 3.0, background={"stray_light": {"pst": str(path)}})[1].background_e.mean()
    none = exposed("moon", 3.0, background={"stray_light": False})[1].background_e.mean()
    assert mine == pytest.approx(none, rel=1e-3)
    broken = tmp_path / "broken.csv"
    broken.write_text("1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"background.stray_light.pst: .*broken.csv"):
        exposed("moon", 3.0, background={"stray_light": {"pst": str(broken)}})


def test_a_telescope_cannot_look_too_near_to_the_sun():
    ra, dec, _, _ = place("sun", 30.0)
    pointing = {"ra": f"{ra} deg", "dec": f"{dec} deg"}
    allowed = Scenario(**BARE, pointing=pointing)
    simulate.plan(allowed)
    forbidden = Scenario(
        **{**BARE, "telescope": {"psf": {"kind": "gaussian"}, "exclusion": {"sun": "45 deg"}}},
        pointing=pointing,
    )
    with pytest.raises(
        InputError, match=r"within 30.0\d deg of the Sun .*telescope.exclusion.sun allows 45 deg"
    ):
        simulate.plan(forbidden)


def test_a_telescope_cannot_look_too_near_to_the_moons_limb():
    ra, dec, _, _ = place("moon", 3.0)
    telescope = {"psf": {"kind": "gaussian"}, "exclusion": {"moon": "4 deg"}}
    with pytest.raises(InputError, match="the Moon's limb"):
        simulate.plan(
            Scenario(**{**BARE, "telescope": telescope}, pointing={"ra": f"{ra} deg", "dec": f"{dec} deg"})
        )


def test_who_points_at_the_moon_is_told_that_it_is_drawn():
    ra, dec, _, _ = place("moon")
    with pytest.warns(SkyforgeWarning, match="its disc is drawn"):
        simulate.plan(Scenario(**BARE, pointing={"ra": f"{ra} deg", "dec": f"{dec} deg"}))


def test_the_earth_hides_less_over_its_poles_than_over_its_equator():
    _, _, _, t = place("earth")
    earth, _ = orbits.ephemeris().state("earth", np.array([t]))
    disc = discs(earth[0] + np.array([50_000.0, 0.0, 0.0]), t)[0]
    edge = np.arcsin(6378.137 / disc.distance_km)
    pole = orbits.earth_rotation_axis(np.array([t]))[0]
    towards = disc.direction
    up = orbits.unit_vectors(pole - (pole @ towards) * towards)
    side = np.cross(up, towards)

    def limb(across):
        angles = np.linspace(edge - 1e-3, edge + 1e-4, 20_001)
        rays = np.cos(angles)[:, None] * towards + np.sin(angles)[:, None] * across
        return angles[disc.hides(rays)].max()

    assert limb(side) == pytest.approx(edge, abs=1e-6)
    # 21.4 km lower at the poles, seen from 50,000 km.
    assert limb(side) - limb(up) == pytest.approx(21.38 / 50_000.0, rel=0.02)


def test_what_is_before_the_earth_is_not_hidden_one_range_for_each():
    _, _, _, t = place("earth")
    earth, _ = orbits.ephemeris().state("earth", np.array([t]))
    disc = discs(earth[0] + np.array([50_000.0, 0.0, 0.0]), t)[0]
    hidden = disc.hides(np.tile(disc.direction, (3, 1)), np.array([43_000.0, 51_000.0, np.inf]))
    assert hidden.tolist() == [False, True, True]


def test_stars_behind_jupiter_are_hidden():
    _, _, here, t = place("jupiter")
    jupiter = next(disc for disc in planet_discs(here, t) if disc.name == "jupiter")
    assert 15.0 < np.degrees(jupiter.angular_radius_rad) * 3600.0 < 25.0
    assert jupiter.hides(jupiter.direction[None])[0]


def test_the_blur_is_that_of_a_convolution():
    from scipy.signal import fftconvolve

    from skyforge.simulate.lit_discs import _CORE_PX, _blurred

    ready, _ = exposed("sun", -80.0)
    light = np.zeros((100, 90))
    light[30:60, 0:45] = np.random.default_rng(1).uniform(0.0, 1.0, (30, 45))
    core = ready.instrument.psf.prf(_CORE_PX, 1)
    expected = fftconvolve(light, core / core.sum(), mode="valid")
    assert _blurred(light, ready.instrument) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("body", ["moon", "jupiter"])
def test_a_telescope_points_at_a_world_by_its_name(body):
    by_place, _ = exposed(body)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        by_name = simulate.plan(Scenario(**BARE, pointing={"target": body}))
        followed = simulate.plan(Scenario(**BARE, pointing={"target": body, "track": "target"}))
    middle = by_name.start_tdb_s + 0.5 * by_name.instrument.exposure_s
    for ready in (by_name, followed):
        apart = orbits.angular_separation_rad(
            ready.attitude.axes(middle)[2], by_place.attitude.axes(middle)[2]
        )
        assert np.degrees(apart) * 3600.0 < 1.0


def test_a_target_may_have_the_name_of_a_world():
    named = {
        "name": "moon",
        "kepler": {"center": "earth", "semi_major_axis": "80000 km", "true_anomaly": "40 deg"},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ready = simulate.plan(
            Scenario(**BARE, targets=[named], pointing={"target": "moon", "track": "target"})
        )
        alone = simulate.plan(Scenario(**BARE, pointing={"target": "moon", "track": "target"}))
    t = ready.start_tdb_s
    assert orbits.angular_separation_rad(ready.attitude.axes(t)[2], alone.attitude.axes(t)[2]) > 0.01
