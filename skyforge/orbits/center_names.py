"""The bodies that ephemeris files count positions from, by the names and numbers that files give them."""

from __future__ import annotations

from typing import Final

import numpy as np

from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.trajectory import FloatArray

BARYCENTER: Final = "solar system barycenter"

# NAIF's integer codes (NAIF IDs required reading) of what DE440 holds. Of the planets from Mars outwards it has the
# barycentres with their moons only; that of Mars is within 0.2 m of its centre.
BODY_OF_NAIF_CODE: Final[dict[int, str]] = {
    0: BARYCENTER,
    1: "mercury",
    199: "mercury",
    2: "venus",
    299: "venus",
    3: "earth-moon-barycenter",
    399: "earth",
    301: "moon",
    4: "mars",
    499: "mars",
    5: "jupiter",
    6: "saturn",
    7: "uranus",
    8: "neptune",
    9: "pluto",
    10: "sun",
}

_NAMES: Final[dict[str, str]] = {
    "EARTH": "earth",
    "MOON": "moon",
    "SUN": "sun",
    "MERCURY": "mercury",
    "VENUS": "venus",
    "MARS": "mars",
    "SSB": BARYCENTER,
    "SOLAR SYSTEM BARYCENTER": BARYCENTER,
    "EMB": "earth-moon-barycenter",
    "EARTH-MOON BARYCENTER": "earth-moon-barycenter",
    "EARTH MOON BARYCENTER": "earth-moon-barycenter",
    "EARTH BARYCENTER": "earth-moon-barycenter",
    **{f"{planet} BARYCENTER": planet.lower() for planet in
       ("MERCURY", "VENUS", "MARS", "JUPITER", "SATURN", "URANUS", "NEPTUNE", "PLUTO")},
}  # fmt: skip


def center_named(name: str) -> str | None:
    """Return the body of a CENTER_NAME (CCSDS 502.0-B-3, annex B), None where DE440 does not hold it."""
    plain = " ".join(name.upper().replace("_", " ").replace("BARYCENTRE", "BARYCENTER").split())
    return _NAMES.get(plain)


def center_names() -> tuple[str, ...]:
    """Return the names that `center_named` knows, for messages."""
    return tuple(_NAMES)


def center_state(body: str, t_tdb_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the place (n, 3) km and velocity (n, 3) km/s of a centre in the barycentric ICRF."""
    if body == BARYCENTER:
        return np.zeros((t_tdb_s.size, 3)), np.zeros((t_tdb_s.size, 3))
    return ephemeris().state(body, t_tdb_s)
