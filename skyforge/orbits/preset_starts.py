"""Where the orbits that ship begin: rules that make an orbit of a kind at any epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.bodies import EARTH_EQUATORIAL_RADIUS_KM, GRAVITATIONAL_PARAMETER_KM3_S2
from skyforge.orbits.earth_orientation import EARTH_ROTATION_RATE_RAD_S, earth_rotation_axis, itrs_to_gcrs
from skyforge.orbits.element_frames import icrf_from_frame
from skyforge.orbits.ephemeris import ephemeris
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.kepler import KeplerElements, elements_to_state
from skyforge.orbits.multiple_shooting import flow
from skyforge.orbits.propagate import state_orbit
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import FloatArray

# Second zonal coefficient of the Earth, unnormalised: EGM2008 (Pavlis et al. 2012, JGR 117, B04406), C20 · -sqrt 5.
_EARTH_J2: Final = 1.0826261738522e-3
_TROPICAL_YEAR_D: Final = 365.2422  # in which the Sun's right ascension gains a revolution


def kepler_period_s(center: str, semi_major_axis_km: float) -> float:
    """Return the period of an ellipse about a centre, s."""
    return float(2.0 * np.pi * np.sqrt(semi_major_axis_km**3 / GRAVITATIONAL_PARAMETER_KM3_S2[center]))


@dataclass(frozen=True)
class KeplerStart:
    """The same elements at whatever epoch."""

    center: str
    elements: KeplerElements

    @property
    def period_s(self) -> float:
        """The period of the ellipse."""
        return kepler_period_s(self.center, self.elements.semi_major_axis_km)

    def state(self, epoch_tdb_s: float, gravity: GravityField) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) km and velocity (3,) km/s relative to the centre, ICRF axes."""
        position, velocity = elements_to_state(self.elements, gravity.gravitational_parameter_km3_s2)
        to_icrf = icrf_from_frame(self.elements.frame, self.center, epoch_tdb_s)
        return to_icrf @ position, to_icrf @ velocity


@dataclass(frozen=True)
class SunSynchronousStart:
    """A circular orbit whose plane turns with the Sun.

    Attributes
    ----------
    altitude_km
        Above the equatorial radius.
    local_time_h
        Of the ascending node: the hour by the true Sun at which it crosses the equator northwards at the start.
    """

    altitude_km: float
    local_time_h: float
    center: str = "earth"

    @property
    def period_s(self) -> float:
        """The period of the circle."""
        return kepler_period_s("earth", self.elements.semi_major_axis_km)

    @property
    def elements(self) -> KeplerElements:
        """Size, shape and inclination; the node depends on the date."""
        radius = EARTH_EQUATORIAL_RADIUS_KM + self.altitude_km
        motion = 2.0 * np.pi / kepler_period_s("earth", radius)
        # Precession of the node by the oblateness: Vallado 2013, eq. 9-37.
        yearly = 2.0 * np.pi / (_TROPICAL_YEAR_D * DAY_S)
        cosine = -yearly / (1.5 * motion * _EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_KM / radius) ** 2)
        return KeplerElements(
            radius, 0.0, float(np.rad2deg(np.arccos(cosine))), true_anomaly_deg=0.0, frame="equator"
        )

    def state(self, epoch_tdb_s: float, gravity: GravityField) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) km and velocity (3,) km/s relative to the centre, ICRF axes."""
        to_icrf = icrf_from_frame("equator", "earth", epoch_tdb_s)
        sun = to_icrf.T @ ephemeris().relative_state("sun", "earth", epoch_tdb_s)[0][0]
        noon_deg = float(np.rad2deg(np.arctan2(sun[1], sun[0])))
        node_deg = (noon_deg + 15.0 * (self.local_time_h - 12.0)) % 360.0
        elements = replace(self.elements, raan_deg=node_deg)
        return KeplerStart("earth", elements).state(epoch_tdb_s, gravity)


@dataclass(frozen=True)
class GeostationaryStart:
    """Above one longitude of the equator, moving with the Earth's rotation.

    Attributes
    ----------
    longitude_deg
        East.
    """

    longitude_deg: float
    center: str = "earth"

    @property
    def period_s(self) -> float:
        """A sidereal day."""
        return float(2.0 * np.pi / EARTH_ROTATION_RATE_RAD_S)

    @property
    def elements(self) -> KeplerElements:
        """The circle; its place depends on the Earth's rotation."""
        return KeplerElements(self.radius_km, 0.0, 0.0, true_anomaly_deg=0.0, frame="equator")

    @property
    def radius_km(self) -> float:
        """The radius at which the pull of the oblate Earth, at its equator, makes the motion keep step."""
        rate, gm = EARTH_ROTATION_RATE_RAD_S, GRAVITATIONAL_PARAMETER_KM3_S2["earth"]
        radius = float(np.cbrt(gm / rate**2))
        for _ in range(5):
            bulge = 1.0 + 1.5 * _EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_KM / radius) ** 2
            radius = float(np.cbrt(gm * bulge / rate**2))
        return radius

    def state(self, epoch_tdb_s: float, gravity: GravityField) -> tuple[FloatArray, FloatArray]:  # noqa: ARG002
        """Return position (3,) km and velocity (3,) km/s relative to the centre, ICRF axes."""
        longitude = np.deg2rad(self.longitude_deg)
        outwards = itrs_to_gcrs(epoch_tdb_s)[0] @ np.array([np.cos(longitude), np.sin(longitude), 0.0])
        pole = earth_rotation_axis(epoch_tdb_s)[0]
        outwards = outwards - (outwards @ pole) * pole
        position = self.radius_km * outwards / np.linalg.norm(outwards)
        return position, np.cross(EARTH_ROTATION_RATE_RAD_S * pole, position)


# A departure is aimed far from the Moon first, where its pull is gentle: distances from its centre.
_AIMS_KM: Final = (60_000.0, 20_000.0)
_AIMED: Final = 0.05  # of the distance aimed at
_LARGEST_CHANGE_KM_S: Final = 0.02  # farther away the derivative says nothing
_AIM_STEPS: Final = 12


@dataclass(frozen=True)
class LunarTransferStart:
    """A flight from a low Earth orbit to behind the Moon, in the plane of the Moon's orbit; it begins at departure.

    Attributes
    ----------
    altitude_km
        Of the departure above the Earth's equatorial radius.
    flight_d
        Days until it is behind the Moon.
    passage_km
        Distance from the Moon's centre then, on the line from the Earth through the Moon.
    """

    altitude_km: float
    flight_d: float
    passage_km: float
    center: str = "earth"

    @property
    def period_s(self) -> float:
        """The time of flight."""
        return self.flight_d * DAY_S

    def state(self, epoch_tdb_s: float, gravity: GravityField) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) km and velocity (3,) km/s relative to the centre, ICRF axes."""
        return _aimed(self, epoch_tdb_s, gravity)


def _aimed(
    start: LunarTransferStart, epoch_tdb_s: float, gravity: GravityField
) -> tuple[FloatArray, FloatArray]:
    """Find the departure velocity by Broyden's method, begun with the derivative of the motion under point masses."""
    arrival = epoch_tdb_s + start.period_s
    moon, moon_velocity = (one[0] for one in ephemeris().relative_state("moon", "earth", arrival))
    behind = moon / np.linalg.norm(moon)
    position, velocity = _departure(start, moon, np.cross(moon, moon_velocity))

    def place(departure: FloatArray) -> FloatArray:
        orbit = state_orbit(
            "transfer", "earth", position, departure, epoch_tdb_s, (epoch_tdb_s, arrival), gravity
        )
        return np.asarray(orbit.relative_state(arrival)[0][0] - moon, dtype=np.float64)

    here = place(velocity)
    for distance in (*_AIMS_KM, start.passage_km):
        derivative = _derivative(position, velocity, epoch_tdb_s, arrival)
        for _ in range(_AIM_STEPS):
            miss = distance * behind - here
            if np.linalg.norm(miss) < _AIMED * distance:
                break
            step = np.linalg.solve(derivative, miss)
            step *= min(1.0, _LARGEST_CHANGE_KM_S / float(np.linalg.norm(step)))
            velocity = velocity + step
            there = place(velocity)
            derivative += np.outer(there - here - derivative @ step, step) / (step @ step)
            here = there
    if np.linalg.norm(miss) > 0.5 * start.passage_km:
        raise InputError(
            f"no flight of {start.flight_d:g} d to the Moon was found: it misses by {np.linalg.norm(miss):.0f} km; "
            "choose another start"
        )
    return position, velocity


def _derivative(
    position: FloatArray, velocity: FloatArray, epoch_tdb_s: float, arrival_tdb_s: float
) -> FloatArray:
    """Return the derivative of the place at arrival by the departure velocity, (3, 3) s, under point masses."""
    earth, earth_velocity = ephemeris().relative_state("earth", "moon", epoch_tdb_s)
    state = np.concatenate([earth + position, earth_velocity + velocity], axis=1)
    _, derivative = flow(state, np.array([epoch_tdb_s]), np.array([arrival_tdb_s]))
    return np.asarray(derivative[0, :3, 3:].copy(), dtype=np.float64)


def _departure(
    start: LunarTransferStart, moon_km: FloatArray, momentum: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the perigee of the ellipse that reaches the first aim in time, if there were no Moon."""
    from scipy.optimize import brentq

    gm = GRAVITATIONAL_PARAMETER_KM3_S2["earth"]
    perigee = EARTH_EQUATORIAL_RADIUS_KM + start.altitude_km
    distance = float(np.linalg.norm(moon_km)) + _AIMS_KM[0]

    def anomaly(axis: float) -> float:
        e = 1.0 - perigee / axis
        return float(np.arccos(np.clip((axis * (1.0 - e * e) / distance - 1.0) / e, -1.0, 1.0)))

    def late_s(axis: float) -> float:
        e, nu = 1.0 - perigee / axis, anomaly(axis)
        eccentric = 2.0 * np.arctan(np.sqrt((1.0 - e) / (1.0 + e)) * np.tan(0.5 * nu))
        return float((eccentric - e * np.sin(eccentric)) * np.sqrt(axis**3 / gm) - start.period_s)

    lowest = 0.5 * (perigee + distance) * (1.0 + 1e-9)
    if late_s(lowest) < 0.0:
        raise InputError(f"a flight of {start.flight_d:g} d to the Moon is longer than half an ellipse takes")
    axis = float(brentq(late_s, lowest, 50.0 * lowest))
    nu = anomaly(axis)
    outwards, normal = moon_km / np.linalg.norm(moon_km), momentum / np.linalg.norm(momentum)
    ahead = np.cross(normal, outwards)
    towards_perigee = np.cos(nu) * outwards - np.sin(nu) * ahead
    speed = np.sqrt(gm * (2.0 / perigee - 1.0 / axis))
    return perigee * towards_perigee, speed * np.cross(normal, towards_perigee)
