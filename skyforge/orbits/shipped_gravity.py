"""The gravity fields that ship with skyforge: the Moon's, the Earth's zonal terms, and a point mass for any body."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np

from skyforge.orbits.bodies import GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.gravity_files import read_gfc
from skyforge.orbits.spelling import look_up
from skyforge.resources import catalogs_directory

# Earth's zonal coefficients, fully normalised, tide-free, of EGM2008 (Pavlis et al. 2012, JGR 117, B04406)
# with its GM and reference radius.
_EGM2008_ZONALS: Final = {
    2: -0.484165143790815e-03,
    3: 0.957161207093473e-06,
    4: 0.539965866638991e-06,
    5: 0.686702913736681e-07,
    6: -0.149953927978527e-06,
}
_EGM2008_GM_KM3_S2: Final = 398_600.4415
_EGM2008_RADIUS_KM: Final = 6_378.1363


def point_mass(body: str) -> GravityField:
    """Return the field of a spherical body, with DE440's GM."""
    return GravityField(
        name="point mass",
        body=body,
        gravitational_parameter_km3_s2=GRAVITATIONAL_PARAMETER_KM3_S2[body],
        reference_radius_km=1.0,
        cosine=np.ones((1, 1)),
        sine=np.zeros((1, 1)),
    )


@functools.cache
def lunar_field() -> GravityField:
    """Return the shipped lunar field: GRGM660PRIM (Lemoine et al. 2013, JGRE 118, 1676) to degree 20."""
    return read_gfc(catalogs_directory() / "lunar-gravity" / "grgm660prim-degree-20.gfc", body="moon")


@functools.cache
def earth_field() -> GravityField:
    """Return the shipped Earth field: the zonal terms of EGM2008 to degree 6."""
    size = max(_EGM2008_ZONALS) + 1
    cosine = np.zeros((size, size))
    cosine[0, 0] = 1.0
    for degree, value in _EGM2008_ZONALS.items():
        cosine[degree, 0] = value
    return GravityField(
        name="EGM2008 zonals",
        body="earth",
        gravitational_parameter_km3_s2=_EGM2008_GM_KM3_S2,
        reference_radius_km=_EGM2008_RADIUS_KM,
        cosine=cosine,
        sine=np.zeros((size, size)),
    )


def shipped_field(body: str, degree: int | None = None) -> GravityField:
    """Return the gravity field that ships with skyforge.

    Parameters
    ----------
    body
        "moon" or "earth".
    degree
        Cut the model off here; None takes all that ships (20 for the Moon, 6 zonals for the Earth).

    Raises
    ------
    InputError
        If no field ships for that body or it does not reach that degree.
    """
    model = look_up({"moon": lunar_field, "earth": earth_field}, body, "body with a gravity field")()
    return model if degree is None else model.truncated(degree)
