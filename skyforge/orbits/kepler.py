"""Keplerian elements: six numbers for an ellipse and a place on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from skyforge.errors import InputError
from skyforge.orbits.bodies import REFERENCE_RADII_KM
from skyforge.orbits.trajectory import FloatArray

_KEPLER_TOLERANCE_RAD: Final = 1e-15
_KEPLER_ITERATIONS: Final = 60


@dataclass(frozen=True)
class KeplerElements:
    """Osculating elements of an elliptic orbit.

    Attributes
    ----------
    semi_major_axis_km, eccentricity
        Size and shape.
    inclination_deg, raan_deg, argument_of_periapsis_deg
        Inclination, longitude of the ascending node, and argument of periapsis against the frame's plane and
        x axis.
    true_anomaly_deg, mean_anomaly_deg
        The place at the epoch: exactly one of the two.
    frame
        One of `skyforge.orbits.element_frames.ELEMENT_FRAMES`.
    """

    semi_major_axis_km: float
    eccentricity: float
    inclination_deg: float = 0.0
    raan_deg: float = 0.0
    argument_of_periapsis_deg: float = 0.0
    true_anomaly_deg: float | None = None
    mean_anomaly_deg: float | None = None
    frame: str = "icrf"

    def __post_init__(self) -> None:
        numbers = [value for value in vars(self).values() if isinstance(value, int | float)]
        if not all(np.isfinite(numbers)):
            raise InputError("Keplerian elements must be finite numbers")
        if self.semi_major_axis_km <= 0.0:
            raise InputError(
                f"semi-major axis {self.semi_major_axis_km:g} km is impossible: it must be above 0"
            )
        if not 0.0 <= self.eccentricity < 1.0:
            raise InputError(
                f"eccentricity {self.eccentricity:g} is impossible for an ellipse: 0 to below 1 is allowed; "
                "give an escaping orbit as position and velocity"
            )
        if not 0.0 <= self.inclination_deg <= 180.0:
            raise InputError(
                f"inclination {self.inclination_deg:g} deg is impossible: 0 to 180 deg is allowed"
            )
        if (self.true_anomaly_deg is None) == (self.mean_anomaly_deg is None):
            raise InputError("give exactly one of true anomaly and mean anomaly")

    @property
    def periapsis_km(self) -> float:
        """Distance from the centre at periapsis."""
        return self.semi_major_axis_km * (1.0 - self.eccentricity)

    def true_anomaly_rad(self) -> float:
        """Return the true anomaly at the epoch."""
        if self.true_anomaly_deg is not None:
            return float(np.deg2rad(self.true_anomaly_deg))
        assert self.mean_anomaly_deg is not None  # noqa: S101  (checked when made)
        e = self.eccentricity
        anomaly = eccentric_anomaly(np.array([np.deg2rad(self.mean_anomaly_deg)]), e)[0]
        return float(
            2.0 * np.arctan2(np.sqrt(1 + e) * np.sin(anomaly / 2), np.sqrt(1 - e) * np.cos(anomaly / 2))
        )

    def mean_anomaly_at_epoch_deg(self) -> float:
        """Return the mean anomaly at the epoch."""
        if self.mean_anomaly_deg is not None:
            return self.mean_anomaly_deg
        e, half = self.eccentricity, 0.5 * self.true_anomaly_rad()
        eccentric = 2.0 * np.arctan2(np.sqrt(1.0 - e) * np.sin(half), np.sqrt(1.0 + e) * np.cos(half))
        return float(np.rad2deg(eccentric - e * np.sin(eccentric)))


def eccentric_anomaly(mean_anomaly_rad: FloatArray, eccentricity: float) -> FloatArray:
    """Solve Kepler's equation E - e sin E = M by Newton's method, (n,) rad, for 0 <= e < 1."""
    mean = np.mod(mean_anomaly_rad + np.pi, 2.0 * np.pi) - np.pi
    # From E = pi on the side of M Newton's method converges for every e < 1 (Danby 1988, section 6.6).
    anomaly = np.where(eccentricity > 0.8, np.copysign(np.pi, mean), mean + eccentricity * np.sin(mean))
    for _ in range(_KEPLER_ITERATIONS):
        step = (anomaly - eccentricity * np.sin(anomaly) - mean) / (1.0 - eccentricity * np.cos(anomaly))
        anomaly = anomaly - step
        if np.all(np.abs(step) <= _KEPLER_TOLERANCE_RAD * (1.0 + np.abs(anomaly))):
            break
    return np.asarray(anomaly, dtype=np.float64)


def elements_to_state(
    elements: KeplerElements, gravitational_parameter_km3_s2: float
) -> tuple[FloatArray, FloatArray]:
    """Return position (3,) km and velocity (3,) km/s about the centre, in the frame of the elements.

    Vallado 2013, Fundamentals of Astrodynamics and Applications, algorithm 10.
    """
    nu = elements.true_anomaly_rad()
    node, inclination, periapsis = np.deg2rad(
        [elements.raan_deg, elements.inclination_deg, elements.argument_of_periapsis_deg]
    )
    e = elements.eccentricity
    parameter = elements.semi_major_axis_km * (1.0 - e * e)
    towards_node = np.array([np.cos(node), np.sin(node), 0.0])
    ahead_of_node = np.array(
        [-np.sin(node) * np.cos(inclination), np.cos(node) * np.cos(inclination), np.sin(inclination)]
    )
    p = np.cos(periapsis) * towards_node + np.sin(periapsis) * ahead_of_node
    q = -np.sin(periapsis) * towards_node + np.cos(periapsis) * ahead_of_node
    position = parameter / (1.0 + e * np.cos(nu)) * (np.cos(nu) * p + np.sin(nu) * q)
    velocity = np.sqrt(gravitational_parameter_km3_s2 / parameter) * (-np.sin(nu) * p + (e + np.cos(nu)) * q)
    return position, velocity


def state_to_elements(
    position_km: FloatArray,
    velocity_km_s: FloatArray,
    gravitational_parameter_km3_s2: float,
    frame: str = "icrf",
) -> KeplerElements:
    """Return the osculating elements of a bound state, (3,) km and (3,) km/s, in the frame of the state.

    Raises
    ------
    InputError
        If the state is not bound.
    """
    radius = float(np.linalg.norm(position_km))
    momentum = np.cross(position_km, velocity_km_s)
    eccentric = np.cross(velocity_km_s, momentum) / gravitational_parameter_km3_s2 - position_km / radius
    semi_major_axis = 1.0 / (
        2.0 / radius - float(velocity_km_s @ velocity_km_s) / gravitational_parameter_km3_s2
    )
    normal = momentum / np.linalg.norm(momentum)
    node = np.array([-normal[1], normal[0], 0.0])
    node = node / np.linalg.norm(node) if np.linalg.norm(node) > 1e-12 else np.array([1.0, 0.0, 0.0])
    ahead = np.cross(normal, node)
    longitude = float(np.arctan2(position_km @ ahead, position_km @ node))
    e = float(np.linalg.norm(eccentric))
    periapsis = float(np.arctan2(eccentric @ ahead, eccentric @ node)) if e > 1e-12 else 0.0
    return KeplerElements(
        semi_major_axis_km=semi_major_axis,
        eccentricity=e,
        inclination_deg=float(np.rad2deg(np.arccos(np.clip(normal[2], -1.0, 1.0)))),
        raan_deg=float(np.rad2deg(np.arctan2(node[1], node[0])) % 360.0),
        argument_of_periapsis_deg=float(np.rad2deg(periapsis) % 360.0),
        true_anomaly_deg=float(np.rad2deg(longitude - periapsis) % 360.0),
        frame=frame,
    )


def require_periapsis_above_surface(name: str, center: str, elements: KeplerElements) -> None:
    """Raise `InputError` if the ellipse passes below the centre's surface."""
    altitude = elements.periapsis_km - REFERENCE_RADII_KM[center][0]
    if altitude < 0.0:
        raise InputError(
            f"{name}: the periapsis is {-altitude:.1f} km below the surface of the {center.title()}; "
            "raise the semi-major axis or lower the eccentricity"
        )
