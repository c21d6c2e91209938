"""Orbits that ship with skyforge, each with its story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skyforge.orbits.gravity import GravityField
from skyforge.orbits.kepler import KeplerElements
from skyforge.orbits.propagate import kepler_orbit
from skyforge.orbits.propagated import PropagatedOrbit
from skyforge.orbits.spelling import look_up


@dataclass(frozen=True)
class OrbitPreset:
    """An orbit with a name: elements that hold at whatever epoch a scenario starts.

    Attributes
    ----------
    name, title, story
        What to type, one line, and why one would fly it.
    center
        "moon" or "earth".
    elements
        Osculating elements at the start.
    source
        Where the choice of elements comes from.
    """

    name: str
    title: str
    story: str
    center: str
    elements: KeplerElements
    source: str

    def trajectory(
        self,
        epoch_tdb_s: float,
        span_tdb_s: tuple[float, float],
        gravity: GravityField | None = None,
        name: str | None = None,
    ) -> PropagatedOrbit:
        """Propagate the preset from an epoch (a scenario's start) over a span, as `kepler_orbit` does."""
        return kepler_orbit(name or self.name, self.center, self.elements, epoch_tdb_s, span_tdb_s, gravity)


_PRESETS: Final = (
    OrbitPreset(
        name="lunar-llo-100km",
        title="low lunar orbit, 100 km, near-polar",
        story=(
            "A mapper's orbit: 100 km up, 118 minutes around, over both poles. It starts above the north "
            "pole, where the Earth stands near the horizontal and some 20 degrees clear of the Moon's limb, "
            "whatever the date; later the Moon hides the Earth for up to two fifths of a revolution, "
            "depending on the node. Without station-keeping the lumpy lunar field would bring it down "
            "within months."
        ),
        center="moon",
        elements=KeplerElements(
            semi_major_axis_km=1837.4,
            eccentricity=0.0,
            inclination_deg=90.0,
            raan_deg=0.0,
            argument_of_periapsis_deg=0.0,
            true_anomaly_deg=90.0,
            frame="equator",
        ),
        source="circular, 100 km above the mean lunar radius (1737.4 km)",
    ),
    OrbitPreset(
        name="lunar-elfo-24h",
        title="elliptic frozen orbit about the Moon, 24 h",
        story=(
            "One revolution a day, from 1500 km above the lunar north out to 14 500 km above the south. The "
            "Earth's pull turns most such orbits until they strike the Moon; this inclination and "
            "eccentricity, with the periapsis at its northernmost, are chosen so that the turns cancel and "
            "the ellipse swings about a mean instead. It starts at the far end, where the Moon spans 12 "
            "degrees and the telescope dwells for most of the day."
        ),
        center="moon",
        elements=KeplerElements(
            semi_major_axis_km=9750.74,
            eccentricity=0.665,
            inclination_deg=54.6,
            raan_deg=0.0,
            argument_of_periapsis_deg=90.0,
            mean_anomaly_deg=180.0,
            frame="orbit",
        ),
        source=(
            "frozen family of Ely 2005 (J. Astronautical Sciences 53, 301): e^2 = 1 - (5/3) cos^2 i and "
            "argument of periapsis 90 deg against the plane of the Earth's motion; semi-major axis of a 24 "
            "h period"
        ),
    ),
)


def orbit_presets() -> tuple[OrbitPreset, ...]:
    """Return every orbit that ships, for listings."""
    return _PRESETS


def orbit_preset(name: str) -> OrbitPreset:
    """Return the orbit with a name.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest name.
    """
    return look_up({preset.name: preset for preset in _PRESETS}, name, "orbit preset")
