"""Targets of a frame all at once: each as if it were alone, none lost by the cull, none drawn that is hidden."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from skyforge import orbits, simulate
from skyforge.errors import InputError
from skyforge.frames import TruthFlag
from skyforge.scenario import Scenario
from skyforge.simulate import target_images
from skyforge.simulate.illumination import lights
from skyforge.simulate.obstruction import discs, hidden_behind

CATALOGUE = Path(__file__).resolve().parents[3] / "shared" / "data" / "active_satellites_2021-08-07.tle"
GEO = {"center": "earth", "semi_major_axis": "42164 km"}
QUIET = {"stars": {"catalogs": [], "synthetic": False, "limit": 10.0}, "background": {"stray_light": False}}
MIXED = [
    {"name": "SPHERE", "kepler": {**GEO, "inclination": "3 deg"}},
    {
        "name": "TUMBLER",
        "kepler": {**GEO, "inclination": "3.1 deg"},
        "model": {"kind": "plate", "area": "20 m2", "attitude": {"kind": "tumbling", "period": "5 s"}},
    },
    {
        "name": "FLICKERER",
        "kepler": {**GEO, "inclination": "2.9 deg", "true_anomaly": "0.2 deg"},
        "model": {"kind": "sphere", "flicker": {"period": "7 s", "amplitude": 1.0}},
    },
    {
        "name": "ROCK",
        "kind": "asteroid",
        "kepler": {**GEO, "true_anomaly": "0.1 deg"},
        "model": {"kind": "asteroid", "h": 25.0},
    },
    {"name": "FAR", "kepler": {**GEO, "true_anomaly": "170 deg"}},
    {"name": "CIRCLING", "kepler": {"center": "moon", "semi_major_axis": "9000 km", "inclination": "80 deg"}},
]


def planned(**fields) -> simulate.Plan:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulate.plan(Scenario(**{**QUIET, **fields}))


def exposed(**fields) -> simulate.Exposure:
    return simulate.exposure(planned(**fields), 0)


def of_targets(exposure: simulate.Exposure) -> dict[str, dict]:
    return {row["name"]: row for row in exposure.truth.to_pylist()}


@pytest.mark.parametrize("track", ["sidereal", "target"])
def test_each_target_is_as_if_it_were_alone(track: str) -> None:
    shared = {
        "time": {"exposure": "12 s"},
        "telescope": {"preset": "lunar-15cm-f2"},
        "pointing": {"target": "SPHERE", "track": track},
    }
    together = exposed(targets=MIXED, **shared)
    rows = of_targets(together)
    assert list(rows) == [one["name"] for one in MIXED]
    for place, one in enumerate(MIXED):
        beside = [one] if one["name"] == "SPHERE" else [MIXED[0], one]
        alone = exposed(targets=beside, **shared)
        row, own = rows[one["name"]], of_targets(alone)[one["name"]]
        for name in ("x", "y", "x_start", "y_start", "x_end", "y_end"):
            assert row[name] == pytest.approx(own[name], abs=1e-5, nan_ok=True)
        for name in ("mag", "electrons", "snr", "range_km", "rate_arcsec_s", "sunlit_fraction"):
            assert row[name] == pytest.approx(own[name], rel=1e-5, abs=1e-6)
        assert row["flags"] == own["flags"]
        pieces = together.targets.trails.pieces(place)
        mine = alone.targets.trails.pieces(len(beside) - 1)
        np.testing.assert_allclose(
            together.targets.electrons[pieces], alone.targets.electrons[mine], rtol=1e-6, atol=1e-9
        )


def test_a_trail_between_its_nodes_is_where_the_target_appears() -> None:
    """A low orbit crosses a wide field in a minute: bent trails, from five or seven instants of its motion."""
    plan = planned(
        time={"exposure": "60 s"},
        observer={"kepler": {"center": "earth", "semi_major_axis": "42164 km", "inclination": "20 deg"}},
        telescope={"preset": "lunar-15cm-f2"},
        targets=[
            {
                "name": "A",
                "kepler": {"center": "earth", "semi_major_axis": "6900 km", "inclination": "60 deg"},
            }
        ],
        pointing={"target": "A"},
    )
    exposure = simulate.exposure(plan, 0)
    trails = exposure.targets.trails
    assert len(trails.x_start) >= 4
    times = np.linspace(exposure.begin_tdb_s, exposure.end_tdb_s, len(trails.x_start) + 1)
    (body,) = plan.targets.bodies
    for t, x, y in zip(times[:-1], trails.x_start, trails.y_start, strict=True):
        seen_from = orbits.viewpoint(plan.observer, float(t))
        place, _, _ = orbits.retarded_position(body.trajectory, t, seen_from.position_km)
        sight = place[0] - seen_from.position_km
        range_km = np.linalg.norm(sight)
        apparent = orbits.apparent_directions(sight[None] / range_km, seen_from, np.array([range_km]))
        expected = plan.instrument.camera.project(apparent, plan.attitude.axes(float(t)))
        assert np.hypot(expected[0][0] - x, expected[1][0] - y) < 2e-3


def test_the_cull_loses_nobody(monkeypatch, tmp_path: Path) -> None:
    """A thousand satellites and more: those on the frame are the same whether the rest was looked at or not."""
    if not CATALOGUE.is_file():
        pytest.skip("the catalogue of satellites is not beside the checkout")
    lines = CATALOGUE.read_text().splitlines()
    some = tmp_path / "some.tle"
    some.write_text("\n".join(lines[: 3 * 1200]) + "\n")
    t = "2021-08-07T12:00:00Z"
    fields = {
        "time": {"start": t, "exposure": "5 s"},
        "telescope": {"preset": "lunar-15cm-f2"},
        "observer": {"orbit": "lunar-elfo-24h"},
        "targets": [{"tle": str(some)}],
    }
    start = float(orbits.tdb_seconds(Scenario(**fields, **QUIET).time.start))
    here, _ = orbits.orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 5.0)).state(start)
    earth, _ = orbits.ephemeris().state("earth", start)
    ra, dec = (float(angle[0]) for angle in orbits.angles_from_directions(earth - here))
    plan = planned(**fields, pointing={"ra": f"{ra + 1.2} deg", "dec": f"{dec} deg"})
    assert len(plan.targets) > target_images.MOST_FOLLOWED_OUTSIDE
    culled = of_targets(simulate.exposure(plan, 0))
    monkeypatch.setattr(target_images, "MOST_FOLLOWED_OUTSIDE", 10**6)
    everyone = of_targets(simulate.exposure(plan, 0))
    on_frame = {name for name, row in everyone.items() if not row["flags"] & TruthFlag.OUTSIDE}
    assert len(on_frame) > 20
    assert len(culled) < len(everyone)
    assert on_frame == {name for name, row in culled.items() if not row["flags"] & TruthFlag.OUTSIDE}
    for name in on_frame:
        assert culled[name] == everyone[name]


def test_nothing_behind_the_moon_is_drawn() -> None:
    """A companion half a turn ahead in a low lunar orbit is always behind the Moon; one a few degrees ahead is not."""
    orbit = {"center": "moon", "semi_major_axis": "1900 km", "inclination": "90 deg"}
    exposure = exposed(
        observer={"kepler": orbit},
        targets=[
            {"name": "BEHIND", "kepler": {**orbit, "true_anomaly": "180 deg"}, "model": {"diameter": "50 m"}},
            {"name": "AHEAD", "kepler": {**orbit, "true_anomaly": "4 deg"}, "model": {"diameter": "50 m"}},
        ],
        pointing={"target": "AHEAD", "track": "target"},
    )
    rows = of_targets(exposure)
    assert rows["BEHIND"]["flags"] & TruthFlag.OCCULTED
    assert rows["BEHIND"]["electrons"] == 0.0
    assert not rows["AHEAD"]["flags"] & TruthFlag.OCCULTED
    assert rows["AHEAD"]["electrons"] > 0.0


def test_stars_behind_the_moon_are_not_drawn() -> None:
    exposure = exposed(
        observer={"orbit": "lunar-llo-100km"},
        telescope={"preset": "lunar-15cm-f2"},
        stars={"catalogs": ["gaia-bright"], "synthetic": False, "limit": 9.0},
        pointing=_towards_limb("lunar-llo-100km"),
    )
    flags, electrons = (exposure.truth.column(name).to_numpy() for name in ("flags", "electrons"))
    hidden = (flags & TruthFlag.OCCULTED) != 0
    assert 0.1 < hidden.mean() < 0.9
    assert np.all(electrons[hidden] == 0.0)
    assert np.all(electrons[~hidden] > 0.0)


def _towards_limb(orbit: str) -> dict[str, str]:
    """Return coordinates on the Moon's limb as an orbit of the default epoch sees it."""
    start = float(orbits.tdb_seconds(Scenario(**QUIET).time.start)) + 1.0
    here, _ = orbits.orbit_preset(orbit).trajectory(start - 1.0, (start - 1.0, start + 1.0)).state(start)
    moon = discs(here[0], start)[1]
    across = orbits.unit_vectors(np.cross(moon.direction, [0.3, 0.1, 1.0]))
    angle = moon.angular_radius_rad + 0.001
    ra, dec = orbits.angles_from_directions(np.cos(angle) * moon.direction + np.sin(angle) * across)
    return {"ra": f"{float(ra)} deg", "dec": f"{float(dec)} deg"}


def test_what_passes_before_the_earth_may_be_pointed_at() -> None:
    """From geostationary height a low satellite on the near side stands before the Earth's disc."""
    low = {"center": "earth", "semi_major_axis": "6900 km"}
    observer = {"kepler": {"center": "earth", "semi_major_axis": "42164 km"}}
    near = exposed(
        observer=observer,
        targets=[{"name": "A", "kepler": {**low, "true_anomaly": "10 deg"}}],
        pointing={"target": "A"},
    )
    assert not of_targets(near)["A"]["flags"] & TruthFlag.OCCULTED
    with pytest.raises(InputError, match="the Earth hides"):
        planned(
            observer=observer,
            targets=[{"name": "A", "kepler": {**low, "true_anomaly": "170 deg"}}],
            pointing={"target": "A"},
        )


def test_a_body_does_not_hide_behind_itself() -> None:
    start = float(orbits.tdb_seconds(Scenario(**QUIET).time.start))
    here, _ = orbits.orbit_preset("lunar-elfo-24h").trajectory(start, (start, start)).state(start)
    earth, moon, _ = blocking = discs(here[0], start)
    directions = np.stack([moon.direction, moon.direction, earth.direction])
    range_km = np.array([moon.distance_km, 1e6, earth.distance_km])
    bodies = [orbits.body_trajectory(name) for name in ("moon", "earth", "earth")]
    np.testing.assert_array_equal(hidden_behind(blocking, directions, range_km, bodies), [False, True, False])


def test_a_satellite_of_the_moon_in_its_shadow_is_dark_and_in_the_penumbra_dimmed() -> None:
    """A low lunar orbit crosses the Moon's penumbra in ten seconds: through it the light falls along the trail."""
    companion = {
        "center": "moon",
        "semi_major_axis": "1900 km",
        "inclination": "20 deg",
        "epoch": "2030-03-01T00:00:00Z",
    }
    shared = {
        "observer": {"kepler": {"center": "moon", "semi_major_axis": "20000 km", "inclination": "70 deg"}},
        "targets": [{"name": "A", "kepler": companion, "model": {"diameter": "20 m"}}],
        "pointing": {"target": "A", "track": "target"},
    }
    plan = planned(time={"frames": 140, "exposure": "1 s", "cadence": "55 s"}, **shared)
    middles = np.array([np.mean(plan.interval_tdb_s(index)) for index in range(140)])

    position, _ = plan.targets.bodies[0].trajectory.state(middles)
    sunlit = lights(position[None], middles[None]).sunlit[0]
    assert 0.2 < np.mean(sunlit == 0.0) < 0.5
    last_lit = int(np.flatnonzero((sunlit[:-1] == 1.0) & (sunlit[1:] == 0.0))[0])
    lit, dark = (of_targets(simulate.exposure(plan, index))["A"] for index in (last_lit, last_lit + 1))
    assert lit["flags"] & TruthFlag.ECLIPSED == 0
    assert dark["flags"] & TruthFlag.ECLIPSED
    assert dark["electrons"] < 0.02 * lit["electrons"]
    offset = plan.interval_tdb_s(last_lit)[0] - plan.start_tdb_s
    start = orbits.utc_time(plan.start_tdb_s + offset)
    long = exposed(time={"start": start, "exposure": "56 s"}, **shared)
    pieces = long.targets.electrons
    assert len(pieces) >= 16
    assert pieces[0] > 0.0
    assert pieces[-1] < 0.02 * pieces[0]


def test_targets_without_a_frame_s_place_have_no_row_there() -> None:
    exposure = exposed(targets=MIXED[:1], pointing={"ra": "10 deg", "dec": "80 deg"})
    assert len(exposure.targets) == 1
    empty = exposed(targets=[])
    assert len(empty.targets) == 0
    assert empty.sources.electrons.size == 0
