"""How fast many orbits are, on one thread, and how fast and bright satellites are seen from orbits about the Moon.

    python benchmarks/orbits.py [--json FILE] [--elements FILE]

The table needs two-line elements of many satellites of about one day, those of 2021-08-07 to be held against
docs/orbits.md; without --elements they are looked for beside the checkout, in shared/data.
"""

from __future__ import annotations

import os

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import argparse  # noqa: E402  (threads are counted when NumPy is loaded)
import json  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from light import magnitude_percentiles  # noqa: E402

from skyforge import orbits  # noqa: E402
from skyforge.orbits.element_frames import icrf_from_frame  # noqa: E402
from skyforge.orbits.kepler import elements_to_state  # noqa: E402
from skyforge.resources import catalogs_directory  # noqa: E402

DAY_S = 86_400.0
ARCSEC_RAD = np.pi / 648_000.0
SATELLITES, CISLUNAR, ASTEROIDS = 30_000, 1_000, 100_000
TABLE_DAYS, TABLE_STEP_S = 27.0, 10_800.0
OBSERVERS = ("lunar-llo-100km", "lunar-elfo-24h", "nrho-9-2", "lunar-dro")
SHAPES = {"geo": (0.95, 1.05), "leo": (11.25, 17.0)}  # revolutions a day
# Design figures: 5, 50, 95 per cent of GEO and LEO rates ("/s), of GEO magnitudes at albedo times area 5 m².
DESIGN = {
    "lunar-llo-100km": ((0.4, 1.4, 2.4), (0.9, 3.1, 4.8), (16.0, 16.8, 19.0)),
    "lunar-elfo-24h": ((0.4, 1.3, 2.1), (0.9, 3.1, 4.5), (16.0, 17.1, 18.8)),
    "nrho-9-2": ((0.4, 1.2, 2.0), (0.9, 3.1, 4.4), (16.1, 17.1, 19.0)),
    "lunar-dro": ((0.4, 1.2, 2.2), (1.0, 3.1, 4.7), (15.8, 17.3, 19.3)),
}


def least(work: Callable[[], object], repeats: int = 3) -> float:
    """Return the least processor time of some repeats, seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def satellites_in_the_field(satellites: list[orbits.Satellite]) -> float:
    """Return the time for 30,000 satellites at five nodes, with the cull of a field and all apparent places."""
    start = max(one.epoch_tdb_s for one in satellites)
    many = (satellites * (SATELLITES // len(satellites) + 1))[:SATELLITES]
    group = orbits.TrajectoryGroup(many)
    observer = orbits.orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 60.0))
    towards_earth = orbits.ephemeris().state("earth", start)[0][0] - observer.state(start)[0][0]
    boresight = orbits.unit_vectors(towards_earth)

    def work() -> None:
        orbits.sightings_in_field(group, observer, (start, start + 10.0), boresight, np.deg2rad(0.5))
        orbits.sightings(group, observer, orbits.lobatto_times(start, start + 10.0, 5))

    return least(work)


def cislunar_day() -> float:
    """Return the time for a day of 1,000 orbits between low lunar orbit and the Moon's sphere of influence."""
    random = np.random.default_rng(1)
    start = 7.5e8
    kinds = (
        (1837.4, 2137.4, 0.01, 90.0),  # an eighth of them in low orbits, which take two thirds of the time
        (5000.0, 12_000.0, 0.1, 60.0),
        (9750.74, 9750.74, 0.6, 54.6),
        (9750.74, 9750.74, 0.6, 54.6),
        (20_000.0, 42_000.0, 0.7, 90.0),
        (20_000.0, 42_000.0, 0.7, 90.0),
        (60_000.0, 75_000.0, 0.02, 178.0),
        (60_000.0, 75_000.0, 0.02, 178.0),
    )
    gm = orbits.shipped_field("moon").gravitational_parameter_km3_s2
    states = []
    for number in range(CISLUNAR):
        low, high, eccentricity, inclination = kinds[number % len(kinds)]
        elements = orbits.KeplerElements(
            random.uniform(low, high),
            eccentricity,
            inclination,
            random.uniform(0.0, 360.0),
            90.0,
            mean_anomaly_deg=random.uniform(0.0, 360.0),
        )
        states.append(np.concatenate(elements_to_state(elements, gm)))
    turn = icrf_from_frame("orbit", "moon", start)
    position, velocity = (np.array(states)[:, part] @ turn.T for part in (slice(0, 3), slice(3, 6)))
    model = orbits.force_model("moon", orbits.shipped_field("moon", 8))
    names = [str(number) for number in range(CISLUNAR)]
    span = (start, start + DAY_S)
    return least(lambda: orbits.propagate_swarm(names, model, position, velocity, start, span))


def asteroids_at_once() -> float:
    """Return the time for the places of 100,000 asteroids at one epoch, seen from an orbit about the Moon."""
    random = np.random.default_rng(2)
    start = 7.5e8
    elements = orbits.elements_from_mean_anomaly(
        [str(number) for number in range(ASTEROIDS)],
        random.uniform(0.8, 3.5, ASTEROIDS),
        random.uniform(0.0, 0.8, ASTEROIDS),
        random.uniform(0.0, 40.0, ASTEROIDS),
        *random.uniform(0.0, 360.0, (3, ASTEROIDS)),
        start,
    )
    swarm = orbits.HeliocentricSwarm(elements)
    observer = orbits.orbit_preset("lunar-elfo-24h").trajectory(start, (start, start + 60.0))
    seen_from = orbits.viewpoint(observer, np.array([start]))

    def work() -> None:
        seen = swarm.retarded(start, seen_from.position_km)
        astrometric, range_km = seen.relative_to(seen_from.position_km)
        orbits.apparent_directions(astrometric, seen_from, range_km)

    return least(work)


def before_or_behind_earth(
    target_km: np.ndarray, observer_km: np.ndarray, earth_km: np.ndarray
) -> np.ndarray:
    """Return a mask (n, k) of what lies on the Earth's disc, where its light drowns everything."""
    to_earth = earth_km - observer_km
    away = orbits.angular_separation_rad(target_km - observer_km, to_earth)
    return away < orbits.angular_radius_rad(observer_km, earth_km, orbits.body_radius_km("earth"))


def seen_from_the_moon(satellites: list[orbits.Satellite]) -> list[dict[str, object]]:
    """Return rates ("/s) and geostationary magnitudes of what is not on the Earth's disc: 5, 50 and 95 per cent."""
    start = max(one.epoch_tdb_s for one in satellites)
    times = start + np.arange(0.0, TABLE_DAYS * DAY_S, TABLE_STEP_S)
    a_day = np.array([one._model.no_kozai for one in satellites]) * 1440.0 / (2.0 * np.pi)  # noqa: SLF001
    sun, _ = orbits.ephemeris().state("sun", times)
    earth, _ = orbits.ephemeris().state("earth", times)
    rows: list[dict[str, object]] = []
    swarms = {
        shape: orbits.SatelliteSwarm(
            [one for one, turns in zip(satellites, a_day, strict=True) if low < turns < high]
        )
        for shape, (low, high) in SHAPES.items()
    }
    states = {shape: swarm.states(times) for shape, swarm in swarms.items()}
    for name in OBSERVERS:
        here, moving = orbits.orbit_preset(name).trajectory(start, (times[0], times[-1])).state(times)
        row: dict[str, object] = {"observer": name}
        for shape, seen in states.items():
            clear = seen.valid & ~before_or_behind_earth(seen.position_km, here, earth)
            rate = orbits.angular_rate_rad_s(seen.position_km - here, seen.velocity_km_s - moving)[clear]
            low, middle, high = np.percentile(rate / ARCSEC_RAD, (5.0, 50.0, 95.0))
            row[f"{shape}_rate_arcsec_s"] = [float(low), float(middle), float(high)]
            if shape == "geo":
                row["geo_v_mag"] = list(magnitude_percentiles(here, seen.position_km, sun, visible=clear))
        rows.append(row)
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--elements", type=Path, help="two-line elements of many satellites")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "active_satellites_2021-08-07.tle"
    path = options.elements or (beside if beside.is_file() else None)
    satellites = orbits.load_tle(path or catalogs_directory() / "kazsat.tle")
    speed = {
        f"{SATELLITES} satellites, cull, 5 nodes, apparent places (<= 2 s)": satellites_in_the_field(
            satellites
        ),
        f"{CISLUNAR} cislunar orbits over a day (<= 2 s)": cislunar_day(),
        f"{ASTEROIDS} asteroids' apparent places (<= 1 s)": asteroids_at_once(),
    }
    print("processor seconds on one thread")
    for what, seconds in speed.items():
        print(f"  {what:<62} {seconds:.2f}")
    rows = seen_from_the_moon(satellites) if path else []
    if not rows:
        print("no elements of many satellites: the table of rates is left out")
    else:
        print(f"{len(satellites)} satellites over {TABLE_DAYS:g} days, 5 / 50 / 95 per cent [design]")
    for row in rows:
        print(f"  {row['observer']}")
        design = dict(
            zip(
                ("geo_rate_arcsec_s", "leo_rate_arcsec_s", "geo_v_mag"),
                DESIGN[str(row["observer"])],
                strict=True,
            )
        )
        for key, expected in design.items():
            found = row[key]
            assert isinstance(found, list)
            figures = " / ".join(f"{value:.2f}" for value in found)
            print(f"    {key:<20} {figures:<24} [{' / '.join(str(value) for value in expected)}]")
    if options.json:
        options.json.write_text(
            json.dumps({"seconds": speed, "seen": rows}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
