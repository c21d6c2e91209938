"""The orbits that ship: their stories and their numbers."""

from __future__ import annotations

from typing import Final

from skyforge.orbits.cr3bp import EARTH_MOON_SYSTEM, ThreeBodyState
from skyforge.orbits.kepler import KeplerElements
from skyforge.orbits.preset_starts import (
    GeostationaryStart,
    KeplerStart,
    LunarTransferStart,
    SunSynchronousStart,
)
from skyforge.orbits.presets import OrbitPreset

_CATALOGUE: Final = "NASA/JPL Three-Body Periodic Orbits catalogue (ssd.jpl.nasa.gov/tools/periodic_orbits)"
_OWN: Final = (
    "computed by skyforge's symmetric correction in the units of the JPL Three-Body Periodic Orbits catalogue"
)


def _three_body(
    position: tuple[float, float, float], velocity: tuple[float, float, float], period: float
) -> ThreeBodyState:
    return ThreeBodyState(EARTH_MOON_SYSTEM, position, velocity, period)


PRESETS: Final = (
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
        start=KeplerStart(
            "moon",
            KeplerElements(
                semi_major_axis_km=1837.4,
                eccentricity=0.0,
                inclination_deg=90.0,
                raan_deg=0.0,
                argument_of_periapsis_deg=0.0,
                true_anomaly_deg=90.0,
                frame="equator",
            ),
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
        start=KeplerStart(
            "moon",
            KeplerElements(
                semi_major_axis_km=9750.74,
                eccentricity=0.665,
                inclination_deg=54.6,
                raan_deg=0.0,
                argument_of_periapsis_deg=90.0,
                mean_anomaly_deg=180.0,
                frame="orbit",
            ),
        ),
        source=(
            "frozen family of Ely 2005 (J. Astronautical Sciences 53, 301): e^2 = 1 - (5/3) cos^2 i and "
            "argument of periapsis 90 deg against the plane of the Earth's motion; semi-major axis of a 24 "
            "h period"
        ),
    ),
    OrbitPreset(
        name="nrho-9-2",
        title="southern near-rectilinear halo orbit, 9:2 resonant, 6.56 d",
        story=(
            "The orbit chosen for the lunar Gateway: nine revolutions in two months of phases, so that it can be "
            "timed to stay clear of the Earth's shadow. It dives over the lunar north in hours and hangs more than "
            "70 000 km over the south for days, with the Earth always in sight but for minutes. It starts there. "
            "Keeping it takes metres per second a year."
        ),
        start=_three_body(
            (1.0196625817475922, 0.0, -0.18041918731575562),
            (0.0, -0.09805982467069076, 0.0),
            1.4799795545729917,
        ),
        source=f"{_CATALOGUE}, L2 halo family, member 410, mirrored to the southern branch",
    ),
    OrbitPreset(
        name="lunar-dro",
        title="distant retrograde orbit about the Moon, 13.7 d",
        story=(
            "A wide circle round the Moon against its own sense, twice a month, so stable that a spacecraft stays for "
            "decades without a thruster: the place to park what must not be lost, and where what is lost may stay. The "
            "Moon is never wider than three degrees, the Earth never hidden for long."
        ),
        start=_three_body((0.8119954439598074, 0.0, 0.0), (0.0, 0.5121681166217207, 0.0), 3.0804691974366456),
        source=f"{_CATALOGUE}, distant retrograde orbits, member 8546",
    ),
    OrbitPreset(
        name="earth-moon-l1-halo",
        title="northern halo orbit about Earth-Moon L1, 12 d",
        story=(
            "A gateway between the Earth and the Moon: from here both are in sight at all times, the Earth's "
            "satellites against a sky that the Moon does not block. Anything that drifts here from either side passes "
            "near. Unstable within days, it needs small corrections every week."
        ),
        start=_three_body(
            (0.8399978719058977, 0.0, 0.15750785931121908), (0.0, 0.26130132828249597, 0.0), 2.706979297978098
        ),
        source=f"{_CATALOGUE}, L1 halo family, member 1216",
    ),
    OrbitPreset(
        name="earth-moon-l2-halo",
        title="southern halo orbit about Earth-Moon L2, 14 d",
        story=(
            "Behind the Moon and yet in sight of the Earth: the relay's place for the far side, as Queqiao's. A "
            "telescope here watches the volume beyond the Moon, where radars and telescopes on the ground are "
            "blinded by it. Unstable within days, it needs small corrections every week."
        ),
        start=_three_body(
            (1.1457089898110346, 0.0, -0.1542245987470419),
            (0.0, -0.22086067381050783, 0.0),
            3.158378840780383,
        ),
        source=f"{_OWN}, from its L2 halo family continued to 14.0 d",
    ),
    OrbitPreset(
        name="lunar-butterfly",
        title="southern butterfly orbit about the Moon, 14.8 d",
        story=(
            "Two wings, one towards L1 and one towards L2, joined over the lunar north: one spacecraft that sees the "
            "near and the far side of the south by turns. Twice around in a month of phases, so that the Sun stands "
            "the same in every wing. It branches from the near-rectilinear halo orbits where they double their period."
        ),
        start=_three_body(
            (0.911912240494526, 0.0, -0.1494475564289379), (0.0, -0.02734204237825102, 0.0), 3.33102810675358
        ),
        source=f"{_OWN}, from the period-doubling of its L2 halo family, at half a synodic month",
    ),
    OrbitPreset(
        name="geo-75e",
        title="geostationary orbit at 75 degrees east",
        story=(
            "Over one place of the equator, near the eastern of the two longitudes where the Earth's shape pulls "
            "neither way, so that what is left here stays, tilting by up to 15 degrees over half a century: most of "
            "the dead of the ring swing about it. As an observer it watches its neighbours drift by."
        ),
        start=GeostationaryStart(longitude_deg=75.0),
        source=(
            "radius of the synchronous circle with J2 of EGM2008; stable longitude 75.1 deg east: Soop 1994, Handbook "
            "of Geostationary Orbits, section 4.3"
        ),
    ),
    OrbitPreset(
        name="gto",
        title="geostationary transfer orbit, 250 x 35 786 km, 6 degrees",
        story=(
            "Where launchers leave satellites on their way to the ring, and upper stages for years after: half a day "
            "around, slow and far at one end, faster than anything in low orbit at the other. It starts at the far end."
        ),
        start=KeplerStart(
            "earth",
            KeplerElements(
                semi_major_axis_km=24_396.137,
                eccentricity=(42_164.137 - 6_628.137) / (42_164.137 + 6_628.137),
                inclination_deg=6.0,
                raan_deg=0.0,
                argument_of_periapsis_deg=178.0,
                mean_anomaly_deg=180.0,
                frame="equator",
            ),
        ),
        source="as Ariane 5 left satellites: perigee 250 km, apogee at the ring, 6 deg, argument of perigee 178 deg",
    ),
    OrbitPreset(
        name="leo-sso-550km",
        title="sun-synchronous low Earth orbit, 550 km, dusk-dawn",
        story=(
            "The busiest shell of all, in a plane that follows the Sun along the line between day and night: light on "
            "the panels nearly all year and a telescope that looks into the dark half of the sky. The oblate Earth "
            "turns the plane once a year by itself. Without drag here, which would bring it down in years."
        ),
        start=SunSynchronousStart(altitude_km=550.0, local_time_h=18.0),
        source="inclination from the node's precession by J2 (Vallado 2013, eq. 9-37); ascending node at 18 h",
    ),
    OrbitPreset(
        name="lunar-transfer",
        title="flight to the Moon, 4.5 d from a low Earth orbit to behind it",
        story=(
            "From 200 km above the Earth to some 6000 km from the Moon's centre on its far side, in the plane of its "
            "orbit, by one burn at the start: how stages and probes cross cislunar space. Computed for the date, so "
            "that the Moon is there when it arrives; without a second burn it is thrown out of its old orbit."
        ),
        start=LunarTransferStart(altitude_km=200.0, flight_d=4.5, passage_km=6000.0),
        source="two-point flight solved with the run's own gravity for the run's own date",
    ),
)
