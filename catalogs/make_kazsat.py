"""Write kazsat.tle: representative element sets of two geostationary satellites at their longitudes.

The mean motion and the mean anomaly are solved for so that SGP4 keeps the satellite at its longitude over
some days around the epoch; the rest is what a well-kept geostationary satellite has. Run: python
catalogs/make_kazsat.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from astropy.time import Time
from scipy.optimize import least_squares

from skyforge.orbits import load_tle, surface_coordinates, tdb_seconds
from skyforge.orbits.timescales import quiet_future
from skyforge.orbits.tle import satellites_from_lines, tle_checksum

EPOCH = "2030-03-01T00:00:00"
EPOCH_FIELD = "30060.00000000"
DAYS = np.linspace(-2.0, 2.0, 193)


@dataclass(frozen=True)
class GeostationaryElements:
    """What an element set of a well-kept geostationary satellite says; angles in degrees."""

    name: str
    catalog_number: int
    designator: str
    longitude_deg: float
    inclination_deg: float
    raan_deg: float
    eccentricity: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float = 0.0
    mean_motion_rev_day: float = 1.0027

    def lines(self) -> tuple[str, str]:
        """Return the two lines with their checksums."""
        number = f"{self.catalog_number:05d}"
        first = f"1 {number}U {self.designator:<8s} {EPOCH_FIELD}  .00000000  00000-0  00000-0 0    1"
        second = (
            f"2 {number} {self.inclination_deg:8.4f} {self.raan_deg:8.4f} {self.eccentricity * 1e7:07.0f} "
            f"{self.argument_of_perigee_deg:8.4f} {self.mean_anomaly_deg % 360.0:8.4f} "
            f"{self.mean_motion_rev_day:11.8f}    1"
        )
        first, second = first.ljust(68), second.ljust(68)
        return first + str(tle_checksum(first)), second + str(tle_checksum(second))


def longitude_offset_deg(elements: GeostationaryElements) -> np.ndarray:
    """Return how far east of its slot SGP4 puts the satellite, over the days around the epoch."""
    satellite = satellites_from_lines([(elements.name, *elements.lines())])[0]
    with quiet_future():
        times = tdb_seconds(Time(EPOCH, scale="utc")) + DAYS * 86_400.0
    longitude, _, _ = surface_coordinates("earth", times, satellite.geocentric_state(times)[0])
    return (longitude - elements.longitude_deg + 180.0) % 360.0 - 180.0


def kept_at_slot(elements: GeostationaryElements) -> GeostationaryElements:
    """Return the elements with mean anomaly and mean motion solved for."""

    def with_unknowns(unknowns: np.ndarray) -> GeostationaryElements:
        return replace(
            elements, mean_anomaly_deg=unknowns[0], mean_motion_rev_day=1.0017 + 1e-3 * unknowns[1]
        )

    start = -longitude_offset_deg(with_unknowns(np.array([0.0, 1.0])))[DAYS.size // 2]
    found = least_squares(
        lambda unknowns: longitude_offset_deg(with_unknowns(unknowns)), [start, 1.0], diff_step=1e-3
    )
    return with_unknowns(found.x)


def main() -> None:
    """Write the file beside this script and say how well it keeps its slots."""
    slots = [
        GeostationaryElements("KAZSAT-2", 37749, "11035B", 86.5, 0.0400, 78.0, 0.00020, 40.0),
        GeostationaryElements("KAZSAT-3", 39728, "14023B", 58.5, 0.0350, 65.0, 0.00018, 75.0),
    ]
    kept = [kept_at_slot(one) for one in slots]
    path = Path(__file__).with_name("kazsat.tle")
    path.write_text("".join("\n".join((one.name, *one.lines())) + "\n" for one in kept), encoding="ascii")
    for one, satellite in zip(kept, load_tle(path), strict=True):
        print(
            satellite.name,
            f"longitude within {np.abs(longitude_offset_deg(one)).max():.4f} deg of {one.longitude_deg}",
        )


if __name__ == "__main__":
    main()
