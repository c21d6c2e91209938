"""Orbits that ship with skyforge, each with its story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skyforge.errors import InputError
from skyforge.orbits.bodies import REFERENCE_RADII_KM
from skyforge.orbits.cr3bp import ThreeBodyState
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.kepler import KeplerElements
from skyforge.orbits.propagate import state_orbit
from skyforge.orbits.shipped_gravity import shipped_field
from skyforge.orbits.spelling import look_up
from skyforge.orbits.three_body_orbit import THREE_BODY_MODES, Mode, three_body_orbit
from skyforge.orbits.timescales import DAY_S
from skyforge.orbits.trajectory import Trajectory

if TYPE_CHECKING:
    from skyforge.orbits.preset_starts import (
        GeostationaryStart,
        KeplerStart,
        LunarTransferStart,
        SunSynchronousStart,
    )

    Start = KeplerStart | SunSynchronousStart | GeostationaryStart | LunarTransferStart | ThreeBodyState

Quantity = tuple[str, float, str]
"""A label, a number and its unit, for people."""


@dataclass(frozen=True)
class OrbitPreset:
    """An orbit with a name: a rule that holds at whatever epoch a scenario starts.

    Attributes
    ----------
    name, title, story
        What to type, one line, and why one would fly it.
    start
        Where the orbit begins: a rule for elements or a state, or a state of the three-body problem.
    source
        Where the numbers come from.
    """

    name: str
    title: str
    story: str
    start: Start
    source: str

    @property
    def is_three_body(self) -> bool:
        """Whether it is an orbit of the circular restricted three-body problem."""
        return isinstance(self.start, ThreeBodyState)

    @property
    def center(self) -> str:
        """What it circles: "moon" or "earth"; of a three-body orbit the body it stays near."""
        return "moon" if isinstance(self.start, ThreeBodyState) else self.start.center

    @property
    def elements(self) -> KeplerElements | None:
        """Elements at the start, where it has some that do not depend on the date."""
        return getattr(self.start, "elements", None)

    @property
    def period_s(self) -> float:
        """The time of a revolution; of a flight its duration."""
        period_s = self.start.period_s
        assert period_s is not None  # noqa: S101  (the three-body orbits that ship close)
        return period_s

    def trajectory(
        self,
        epoch_tdb_s: float,
        span_tdb_s: tuple[float, float],
        gravity: GravityField | None = None,
        name: str | None = None,
        *,
        mode: Mode | None = None,
        phase: float = 0.0,
    ) -> Trajectory:
        """Return the orbit over a span.

        Parameters
        ----------
        epoch_tdb_s
            When it starts, TDB seconds since J2000.0: a scenario's start.
        span_tdb_s
            First and last time that states will be asked for.
        gravity
            The centre's field; None takes the one that ships. Three-body orbits take point masses.
        name
            What to call it instead of the preset's name.
        mode
            Of a three-body orbit "n-body" (the default) or "kinematic", see `three_body_orbit`.
        phase
            Share of the period by which it is ahead of its start.

        Raises
        ------
        InputError
            If a mode is given for an orbit that has none, or the orbit meets a surface.
        """
        name = name or self.name
        if isinstance(self.start, ThreeBodyState):
            return three_body_orbit(name, self.start, epoch_tdb_s, span_tdb_s, mode or "n-body", phase)
        if mode is not None:
            raise InputError(
                f"{name}: the modes {' and '.join(THREE_BODY_MODES)} are of three-body orbits; {self.name} is an orbit "
                f"about the {self.center.capitalize()} and is always integrated"
            )
        field = shipped_field(self.center) if gravity is None else gravity
        if field.body != self.center:
            raise InputError(
                f"{name} circles the {self.center}, but the gravity field {field.name} is that of the {field.body}"
            )
        epoch = epoch_tdb_s - phase * self.period_s
        position, velocity = self.start.state(epoch, field)
        return state_orbit(name, self.center, position, velocity, epoch, span_tdb_s, field)

    def numbers(self) -> list[Quantity]:
        """Return what characterises the orbit: period, size, and the units of a three-body state."""
        rows: list[Quantity] = [("period", self.period_s / DAY_S, "d")]
        if self.period_s < DAY_S:
            rows.append(("period", self.period_s / 60.0, "min"))
        if isinstance(self.start, ThreeBodyState):
            return rows + _three_body_numbers(self.start)
        if self.elements is None:
            return rows + _fields_as_rows(self.start)
        radius = REFERENCE_RADII_KM[self.center][0]
        axis, e = self.elements.semi_major_axis_km, self.elements.eccentricity
        rows += [
            ("semi-major axis", axis, "km"),
            ("eccentricity", e, ""),
            ("inclination", self.elements.inclination_deg, f"deg to the plane '{self.elements.frame}'"),
            ("lowest altitude", axis * (1.0 - e) - radius, "km"),
            ("highest altitude", axis * (1.0 + e) - radius, "km"),
        ]
        return rows + _fields_as_rows(self.start)


def _three_body_numbers(state: ThreeBodyState) -> list[Quantity]:
    rows: list[Quantity] = [
        ("mass ratio μ", state.system.mass_ratio, ""),
        ("unit of length LU", state.system.length_km, "km"),
        ("unit of time TU", state.system.time_s, "s"),
        ("period", float(state.period or 0.0), "TU"),
        ("Jacobi constant", state.jacobi_constant, ""),
    ]
    names = ("x", "y", "z", "x rate", "y rate", "z rate")
    units = ("LU",) * 3 + ("LU/TU",) * 3
    return rows + [
        (name, float(value), unit) for name, value, unit in zip(names, state.vector, units, strict=True)
    ]


_FIELD_LABELS = {
    "altitude_km": ("departure altitude", "km"),
    "local_time_h": ("local time of the ascending node", "h"),
    "longitude_deg": ("longitude", "deg east"),
    "flight_d": ("time of flight", "d"),
    "passage_km": ("passage behind the Moon's centre", "km"),
}


def _fields_as_rows(start: object) -> list[Quantity]:
    """Return the numbers of a rule that no elements show."""
    shown = [field for field in _FIELD_LABELS if hasattr(start, field)]
    if hasattr(start, "local_time_h"):
        shown.remove("altitude_km")  # the altitudes of the circle say it
    return [
        (_FIELD_LABELS[field][0], float(getattr(start, field)), _FIELD_LABELS[field][1]) for field in shown
    ]


def orbit_presets() -> tuple[OrbitPreset, ...]:
    """Return every orbit that ships, for listings."""
    from skyforge.orbits.preset_catalog import PRESETS  # it needs the class above

    return PRESETS


def orbit_preset(name: str) -> OrbitPreset:
    """Return the orbit with a name.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest name.
    """
    return look_up({preset.name: preset for preset in orbit_presets()}, name, "orbit preset")
