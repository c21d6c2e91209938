"""A target given a star's own coordinates lands on that star, whatever the telescope does."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from astropy.time import Time

from skyforge import load, simulate
from skyforge.orbits import (
    directions_from_angles,
    ephemeris,
    orbit_preset,
    tdb_seconds,
    unit_vectors,
)

PARSEC_KM = 3.0856775814913673e13  # IAU 2015 resolution B2, note 4
RA_DEG, DEC_DEG = 100.02, 40.03

MOTIONS = {
    "stars held": "{target: KAZSAT-3, track: sidereal}",
    "target held": "{target: KAZSAT-3, track: target}",
    "rates": "{target: KAZSAT-3, track: rates, rates: {ra: 20 arcsec/s, dec: -5 arcsec/s, roll: 100 arcsec/s}}",
    "beside": "{ra: 100.1 deg, dec: 39.9 deg, roll: 30 deg}",
    "slewing past": "{ra: 100.1 deg, dec: 39.9 deg, track: rates, rates: {ra: -100 arcsec/s, dec: 200 arcsec/s}}",
}


@dataclass(frozen=True)
class AtRest:
    """A body a parsec away that rests: a star by another name."""

    name: str
    direction: np.ndarray

    def state(self, t_tdb_s):
        count = np.atleast_1d(t_tdb_s).size
        return np.tile(PARSEC_KM * self.direction, (count, 1)), np.zeros((count, 3))


def both(monkeypatch, tmp_path: Path, ra_deg: float, dec_deg: float, overrides: list[str]) -> list[dict]:
    """Truth of a star and of a target that have the same place, in one exposure of 2 s."""
    table = tmp_path / "one.csv"
    table.write_text(f"ra,dec,g_mag,parallax\n{ra_deg:.12f},{dec_deg:.12f},9.0,1000.0\n")
    planning = sys.modules["skyforge.simulate.plan"]
    known = planning.bodies

    def at_the_star(scenario, span):
        direction = directions_from_angles(ra_deg, dec_deg)
        found = known(scenario, span)
        at_rest = tuple(
            dataclasses.replace(body, trajectory=AtRest(body.name, direction)) for body in found.bodies
        )
        return dataclasses.replace(found, bodies=at_rest)

    monkeypatch.setattr(planning, "bodies", at_the_star)
    scenario = load(
        "kazsat-from-lunar-orbit",
        [
            "time.frames=1",
            "time.exposure=2 s",
            "stars.synthetic=false",
            "stars.catalogs=[]",
            f"stars.table={table}",
            "stars.limit=12",
            *overrides,
        ],
    )
    rows = simulate.exposure(simulate.plan(scenario), 0).truth.to_pylist()
    return [row for row in rows if row["kind"] == "star" or row["name"] == "KAZSAT-3"]


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize("orbit", ["lunar-llo-100km", "lunar-elfo-24h"])
def test_a_target_with_a_star_s_coordinates_lands_on_it(
    monkeypatch, tmp_path, orbit: str, motion: str
) -> None:
    overrides = [f"observer={{orbit: {orbit}}}", f"pointing={MOTIONS[motion]}"]
    star, target = both(monkeypatch, tmp_path, RA_DEG, DEC_DEG, overrides)
    for when in ("", "_start", "_end"):
        apart = np.hypot(star[f"x{when}"] - target[f"x{when}"], star[f"y{when}"] - target[f"y{when}"])
        # What stands still to a thousandth of a pixel is drawn as a point.
        assert apart < 0.002
    for name in ("ra_deg", "dec_deg", "ra_app_deg", "dec_app_deg"):
        assert star[name] == pytest.approx(target[name], abs=1e-9)


def test_beside_the_sun_they_are_bent_together(monkeypatch, tmp_path) -> None:
    """Half a degree from the Sun's centre its gravity moves both by 0.9": half a pixel, and of no consequence here."""
    start = "2030-03-01T00:00:00Z"
    t = float(tdb_seconds(Time(start.removesuffix("Z"), scale="utc")))
    here, _ = orbit_preset("lunar-elfo-24h").trajectory(t, (t, t + 1.0)).state(t)
    sun = unit_vectors(ephemeris().state("sun", t)[0] - here)[0]
    beside = unit_vectors(sun + 0.0087 * unit_vectors(np.cross(sun, [0.0, 0.0, 1.0])))
    ra, dec = np.rad2deg(np.arctan2(beside[1], beside[0])) % 360.0, np.rad2deg(np.arcsin(beside[2]))
    pointing = f"pointing={{ra: {ra + 0.05} deg, dec: {dec} deg}}"
    overrides = ["observer={orbit: lunar-elfo-24h}", f"time.start={start}", pointing]
    star, target = both(monkeypatch, tmp_path, float(ra), float(dec), overrides)
    assert np.hypot(star["x"] - target["x"], star["y"] - target["y"]) < 0.002
