"""Whole exposures: every star on its own path, coordinates that a plate solution would find, honest flags."""

from __future__ import annotations

import warnings
from pathlib import Path

import erfa
import numpy as np
import pytest

import skyforge
from skyforge import load, simulate
from skyforge.frames import TruthFlag
from skyforge.orbits import angles_from_directions, directions_from_angles, ephemeris
from skyforge.scenario import Scenario
from skyforge.simulate.plan import Plan
from skyforge.studio import studio

SPEED_OF_LIGHT_KM_S = 299792.458
ASTRONOMICAL_UNIT_KM = 149597870.7


def seen_by_erfa(ra_deg: np.ndarray, dec_deg: np.ndarray, state: tuple, t_tdb_s: float) -> np.ndarray:
    """Apparent unit vectors of stars by erfa's formulae of deflection and aberration, which made no track here."""
    position, velocity = state
    sun = position - ephemeris().state("sun", t_tdb_s)[0][0]
    distance = float(np.linalg.norm(sun))
    bent = erfa.ldsun(
        directions_from_angles(ra_deg, dec_deg), sun / distance, distance / ASTRONOMICAL_UNIT_KM
    )
    beta = velocity / SPEED_OF_LIGHT_KM_S
    return erfa.ab(bent, beta, 1e9, float(np.sqrt(1.0 - beta @ beta)))


def wide_field(*overrides: str) -> Scenario:
    """A 5° field at 15 cm aperture, seen from low lunar orbit, with stars to G = 12.5."""
    return load(
        "minimal",
        [
            "observer={orbit: lunar-llo-100km}",
            "telescope.aperture=15 cm",
            "telescope.focal_length=0.469 m",
            "telescope.psf={kind: gaussian, fwhm: 2 px}",
            "detector.shape=[4096, 4096]",
            "pointing={ra: 100 deg, dec: 40 deg}",
            "targets=[]",
            "stars.limit=12.5",
            *overrides,
        ],
    )


def columns(exposure: simulate.Exposure, *names: str) -> list[np.ndarray]:
    return [exposure.truth.column(name).to_numpy() for name in names]


MOTIONS = {
    "staring": [],
    "fast slew": ["pointing.track=rates", "pointing.rates={ra: 400 arcsec/s, dec: -300 arcsec/s}"],
    "field rotation": ["pointing.track=rates", "pointing.rates={roll: 1 deg/s}"],
    "slew and rotation": ["pointing.track=rates", "pointing.rates={ra: 60 arcsec/s, roll: -0.5 deg/s}"],
}


@pytest.fixture(scope="module", params=MOTIONS, ids=lambda name: name.replace(" ", "-"))
def moving(request: pytest.FixtureRequest) -> tuple[Plan, simulate.Exposure, object]:
    stage = studio(wide_field("time.exposure=2 s", *MOTIONS[request.param]))
    exposure = simulate.exposure(stage.plan, 0)
    return stage.plan, exposure, stage.develop(exposure).wcs


def test_every_star_is_where_the_frame_s_wcs_puts_its_astrometric_place(moving) -> None:
    _, exposure, wcs = moving
    x, y, ra, dec = columns(exposure, "x", "y", "ra_deg", "dec_deg")
    assert len(x) > 500
    wcs_x, wcs_y = wcs.all_world2pix(ra, dec, 0)
    distance = np.hypot(x - wcs_x, y - wcs_y)
    assert distance.max() < 0.01
    corner = np.hypot(x - 2047.5, y - 2047.5) > 2400
    assert corner.sum() > 30
    assert distance[corner].max() < 0.01


def test_each_star_starts_and_ends_where_a_short_exposure_at_that_instant_sees_it(moving) -> None:
    plan, exposure, _ = moving
    for name, instant in (("start", exposure.begin_tdb_s), ("end", exposure.end_tdb_s)):
        axes = plan.attitude.axes(instant)
        state = tuple(vector[0] for vector in plan.observer.state(np.array([instant])))
        ra, dec, x, y = columns(exposure, "ra_deg", "dec_deg", f"x_{name}", f"y_{name}")
        apparent = seen_by_erfa(ra, dec, state, instant)
        seen_x, seen_y = plan.instrument.camera.project(apparent, axes)
        # A star that a staring telescope holds to a thousandth of a pixel is drawn as a point.
        np.testing.assert_allclose(seen_x, x, atol=1.5e-3)
        np.testing.assert_allclose(seen_y, y, atol=1.5e-3)


def test_apparent_places_carry_the_observer_s_full_aberration_and_the_sun_s_bending(moving) -> None:
    _, exposure, _ = moving
    ra, dec, ra_app, dec_app = columns(exposure, "ra_deg", "dec_deg", "ra_app_deg", "dec_app_deg")
    middle = 0.5 * (exposure.begin_tdb_s + exposure.end_tdb_s)
    oracle = seen_by_erfa(ra, dec, (exposure.observer_km, exposure.observer_km_s), middle)
    expected_ra, expected_dec = angles_from_directions(oracle)
    np.testing.assert_allclose(ra_app, expected_ra, atol=1e-8)
    np.testing.assert_allclose(dec_app, expected_dec, atol=1e-8)
    shift = (
        np.degrees(np.arccos(np.clip(np.sum(oracle * directions_from_angles(ra, dec), axis=1), -1, 1))) * 3600
    )
    # One shift for the whole field would be wrong by more than an arcsecond.
    assert np.ptp(shift) > 0.3


def test_field_rotation_trails_the_corners_and_leaves_the_centre() -> None:
    exposure = simulate.exposure(
        simulate.plan(
            wide_field(
                "time.exposure=2 s", "pointing.track=rates", "pointing.rates={roll: 1 deg/s}", "time.frames=1"
            )
        ),
        0,
    )
    x, y, x0, y0, x1, y1 = columns(exposure, "x", "y", "x_start", "y_start", "x_end", "y_end")
    radius = np.hypot(x - 2047.5, y - 2047.5)
    chord = np.hypot(x1 - x0, y1 - y0)
    # 2° about the optical axis.
    np.testing.assert_allclose(chord, 2.0 * radius * np.sin(np.radians(1.0)), rtol=2e-3, atol=0.05)


@pytest.mark.parametrize(
    "pointing",
    [
        "{target: KAZSAT-3, track: sidereal}",
        "{target: KAZSAT-3, track: target}",
        "{target: KAZSAT-3, track: rates, rates: {ra: 20 arcsec/s, dec: -5 arcsec/s, roll: 100 arcsec/s}}",
    ],
)
@pytest.mark.parametrize("orbit", ["lunar-llo-100km", "lunar-elfo-24h"])
def test_a_star_given_a_target_s_place_lands_on_the_target(pointing: str, orbit: str, tmp_path: Path) -> None:
    base = [f"pointing={pointing}", f"observer={{orbit: {orbit}}}", "time.frames=1", "stars.synthetic=false"]
    first = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", base)), 0).truth.to_pylist()[-1]
    table = tmp_path / "one.csv"
    table.write_text(f"ra,dec,g_mag\n{first['ra_deg']:.12f},{first['dec_deg']:.12f},9.0\n")
    own = ["stars.catalogs=[]", f"stars.table={table}"]
    star, target = simulate.exposure(
        simulate.plan(load("kazsat-from-lunar-orbit", base + own)), 0
    ).truth.to_pylist()
    assert star["kind"] == "star"
    assert np.hypot(star["x"] - target["x"], star["y"] - target["y"]) < 0.005


@pytest.mark.parametrize("track", ["sidereal", "target"])
def test_what_is_tracked_stands_still(track: str) -> None:
    overrides = [
        f"pointing.track={track}",
        "time.exposure=30 s",
        "time.cadence=40 s",
        "time.frames=1",
        "stars.limit=12",
    ]
    exposure = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", overrides)), 0)
    x0, y0, x1, y1 = columns(exposure, "x_start", "y_start", "x_end", "y_end")
    length = np.hypot(x1 - x0, y1 - y0)
    stars, target = length[:-1], length[-1]
    assert len(stars) > 10
    if track == "sidereal":
        assert stars.max() < 0.02
        assert target > 5.0
    else:
        assert target < 0.01
        assert stars.min() > 5.0


def test_light_is_neither_lost_nor_counted_twice_between_drawn_stars_and_background() -> None:
    total = []
    for limit in (14, 17, 19):
        exposure = simulate.exposure(
            simulate.plan(
                load("minimal", ["targets=[]", f"stars.limit={limit}", "background.zodiacal=false"])
            ),
            0,
        )
        electrons, flags = columns(exposure, "electrons", "flags")
        faint = electrons[(flags & TruthFlag.SYNTHETIC) != 0].sum()
        pixels = 2048 * 2048
        total.append(faint + exposure.background_e.mean() * pixels)
    # Few bright stars carry much of the light: Poisson noise of their number, some per cent, is what remains.
    np.testing.assert_allclose(total, np.mean(total), rtol=0.1)


def test_flags_say_what_befell_a_target() -> None:
    overrides = ["time.frames=1", "stars.limit=10", "pointing={ra: 127.8 deg, dec: 18.3 deg}"]
    exposure = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", overrides)), 0)
    assert exposure.truth.column("flags").to_pylist()[-1] & TruthFlag.OUTSIDE
    bright = ["time.frames=1", "stars.limit=10", "targets.0.model.diameter=4 km"]
    exposure = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", bright)), 0)
    assert exposure.truth.column("flags").to_pylist()[-1] & TruthFlag.SATURATED


def test_a_satellite_in_the_earth_s_shadow_is_dark_and_flagged() -> None:
    """Around an equinox a geostationary satellite passes the Earth's shadow near local midnight."""
    scenario = load(
        "kazsat-from-lunar-orbit",
        [
            "time.start=2030-03-20T20:06:00Z",
            "time.frames=1",
            "stars.limit=10",
            "observer={orbit: lunar-elfo-24h}",
        ],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = simulate.exposure(simulate.plan(scenario), 0).truth.to_pylist()[-1]
    assert row["flags"] & TruthFlag.ECLIPSED
    assert row["sunlit_fraction"] == 0.0
    # What is left is moonlight and the light of the day side beyond the limb.
    assert row["electrons"] < 0.01


def test_render_returns_a_frame() -> None:
    frame = skyforge.render(load("minimal", ["detector.shape=[64, 96]", "stars.limit=12", "targets=[]"]))
    assert frame.data.shape == (64, 96)
    assert frame.data.dtype == np.uint16
    assert frame.truth.num_rows >= 0


@pytest.mark.parametrize(("hour", "lit"), [(7, True), (18, False)])
def test_daylight_over_a_site_is_not_passed_over_in_silence(hour: int, lit: bool) -> None:
    """Almaty lies at 77° east: 07 UTC is its noon, 18 UTC its midnight."""
    scenario = load(
        "geo-from-ground", [f"time.start=2030-03-01T{hour:02d}:00:00Z", "time.frames=1", "stars.limit=10"]
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        simulate.plan(scenario)
    assert any("twilight is not drawn" in str(item.message) for item in caught) is lit


def test_a_target_is_as_bright_as_the_sun_makes_it(tmp_path: Path) -> None:
    """Its magnitude is that of a diffuse sphere, its electrons those of a star of the Sun's colour and magnitude."""
    base = ["time.frames=1", "stars.synthetic=false"]
    target = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", base)), 0).truth.to_pylist()[-1]
    phase = np.radians(target["phase_angle_deg"])
    reflecting_m2 = 0.2 * np.pi * 2.0**2  # albedo 0.2, diameter 4 m
    sphere = 2.0 / (3.0 * np.pi**2) * (np.sin(phase) + (np.pi - phase) * np.cos(phase))
    magnitude = -26.74 - 2.5 * np.log10(reflecting_m2 * sphere / (target["range_km"] * 1e3) ** 2)
    # At the end of February the Earth and its Moon are 0.99 au from the Sun: 0.02 mag brighter.
    assert target["mag"] == pytest.approx(magnitude - 0.02, abs=0.02)
    table = tmp_path / "sun.csv"
    # The Sun: G - V = -26.90 + 26.76 (Willmer 2018; Casagrande & VandenBerg 2018).
    table.write_text(
        f"ra,dec,g_mag,bp_rp\n{target['ra_deg']},{target['dec_deg']},{target['mag'] - 0.14},0.82\n"
    )
    own = ["stars.catalogs=[]", f"stars.table={table}"]
    star = simulate.exposure(simulate.plan(load("kazsat-from-lunar-orbit", base + own)), 0).truth.to_pylist()[
        0
    ]
    assert target["electrons"] == pytest.approx(star["electrons"], rel=0.05)
