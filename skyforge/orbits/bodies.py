"""Masses and sizes of the bodies that matter here, each with its source."""

from __future__ import annotations

from typing import Final

from skyforge.orbits.spelling import look_up

SPEED_OF_LIGHT_KM_S: Final = 299_792.458  # exact, SI definition of the metre
ASTRONOMICAL_UNIT_KM: Final = 149_597_870.7  # exact, IAU 2012 resolution B2

# Gravitational parameters of DE440: Park et al. 2021 (AJ 161, 105), table 2. From Mars outwards of the planet with its
# moons.
GRAVITATIONAL_PARAMETER_KM3_S2: Final[dict[str, float]] = {
    "sun": 132_712_440_041.279419,
    "mercury": 22_031.868551,
    "venus": 324_858.592,
    "earth": 398_600.435507,
    "moon": 4_902.800118,
    "mars": 42_828.375816,
    "jupiter": 126_712_764.1,
    "saturn": 37_940_584.8418,
    "uranus": 5_794_556.4,
    "neptune": 6_836_527.10058,
}

# Mean radii: Archinal et al. 2018 (Celest. Mech. Dyn. Astron. 130, 22), tables 4 and 5; Sun: IAU 2015
# resolution B3 (nominal solar radius).
MEAN_RADIUS_KM: Final[dict[str, float]] = {
    "sun": 695_700.0,
    "mercury": 2_439.4,
    "venus": 6_051.8,
    "earth": 6_371.0084,
    "moon": 1_737.4,
    "mars": 3_389.50,
    "jupiter": 69_911.0,
    "saturn": 58_232.0,
    "uranus": 25_362.0,
    "neptune": 24_622.0,
}

# WGS84: NGA.STND.0036 (2014), table 3.1.
EARTH_EQUATORIAL_RADIUS_KM: Final = 6_378.137
EARTH_FLATTENING: Final = 1.0 / 298.257223563
EARTH_POLAR_RADIUS_KM: Final = EARTH_EQUATORIAL_RADIUS_KM * (1.0 - EARTH_FLATTENING)

# (equatorial, polar) radius that an altitude is counted from.
REFERENCE_RADII_KM: Final[dict[str, tuple[float, float]]] = {
    "earth": (EARTH_EQUATORIAL_RADIUS_KM, EARTH_POLAR_RADIUS_KM),
    "moon": (MEAN_RADIUS_KM["moon"], MEAN_RADIUS_KM["moon"]),
}


def body_radius_km(body: str) -> float:
    """Return the mean radius of a body.

    Parameters
    ----------
    body
        "sun", "moon", or a planet's English name in lower case.

    Returns
    -------
    float
        Radius in km.

    Raises
    ------
    InputError
        If the body is not known; the message suggests the nearest name.
    """
    return look_up(MEAN_RADIUS_KM, body, "body")
