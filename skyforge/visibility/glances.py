"""Targets at many instants: brightness, motion, geometry, and what keeps them from being seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario.telescope import Exclusions
from skyforge.simulate.illumination import lights, mean_flicker, steady_flux
from skyforge.simulate.target import Targets
from skyforge.visibility.limit import Limit
from skyforge.visibility.reasons import Reason
from skyforge.visibility.sky import Sky
from skyforge.visibility.stray_light import StraySky

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_END_OF_TWILIGHT_RAD = np.deg2rad(-18.0)  # astronomical twilight
_SOMEWHERE_KM = (
    0.0,
    0.0,
    5e4,
)  # from the Earth: where what has no place is put while the others are worked out


@dataclass(frozen=True)
class Glances:
    """n targets at k instants, each column (n, k); NaN where a target has no place.

    Attributes
    ----------
    reason
        What keeps it from being seen: a `Reason`.
    v_mag
        Johnson V, shadow and light curve included; infinite in the dark.
    snr
        Signal-to-noise ratio in one exposure against the sky and stray light.
    rate_arcsec_s
        Against the stars.
    phase_angle_deg, sun_angle_deg
        Angle Sun-target-observer, and of the target from the Sun in the observer's sky.
    range_km
        Distance.
    without_place
        Why targets have no place at some instants, by row.
    """

    reason: NDArray[np.uint8]
    v_mag: Floats
    snr: Floats
    rate_arcsec_s: Floats
    phase_angle_deg: Floats
    sun_angle_deg: Floats
    range_km: Floats
    without_place: Mapping[int, str]


def glances(
    targets: Targets, sky: Sky, limit: Limit, exclusions: Exclusions, stray: StraySky | None = None
) -> Glances:
    """Look at targets from an observer at many instants.

    Parameters
    ----------
    targets
        The targets, n.
    sky
        The observer and what is around it, k instants.
    limit
        How faint they may be.
    exclusions
        How near to bright bodies the telescope can look.
    stray
        The light that they scatter into it.
    """
    here = sky.seen_from.position_km
    found = targets.group.retarded(sky.t_tdb_s, here)
    placed = found.valid
    states = found if placed.all() else _somewhere(found, placed, sky)
    directions, range_km = states.relative_to(here)
    flux, phase, sunlit = _light(targets, states, sky)
    v_mag = photometry.v_magnitude(flux)
    sight = states.position_km - here
    rate = orbits.angular_rate_rad_s(sight, states.velocity_km_s - sky.seen_from.velocity_km_s)
    sun_angle = sky.sun.separation_rad(directions)
    snr = limit.snr(v_mag, rate, 0.0 if stray is None else stray.per_pixel(directions, sun_angle))
    reason = np.zeros(placed.shape, dtype=np.uint8)
    # The first of the order counts, so it is written last.
    reason[~limit.allows(v_mag, snr)] = Reason.TOO_FAINT
    for code, near in _within_exclusions(sky, directions, sun_angle, exclusions):
        reason[near] = code
    reason[sunlit <= 0.0] = Reason.IN_UMBRA
    reason[:, sky.sun_altitude_rad() > _END_OF_TWILIGHT_RAD] = Reason.DAYLIGHT
    for code, hidden in _behind(targets, sky, directions, range_km):
        reason[hidden] = code
    reason[~placed] = Reason.NO_PLACE
    return Glances(
        reason,
        v_mag=np.where(placed, v_mag, np.nan),
        snr=np.where(placed, snr, np.nan),
        rate_arcsec_s=np.where(placed, np.degrees(rate) * 3600.0, np.nan),
        phase_angle_deg=np.where(placed, np.degrees(phase), np.nan),
        sun_angle_deg=np.where(placed, np.degrees(sun_angle), np.nan),
        range_km=np.where(placed, range_km, np.nan),
        without_place=found.reasons,
    )


def _somewhere(found: orbits.RetardedStates, placed: Mask, sky: Sky) -> orbits.RetardedStates:
    """Return states in which those without a place are beside the Earth, at rest, so that numbers stay finite."""
    lost = ~placed
    earth = sky.seen_from.position_km + sky.earth.center_km + np.array(_SOMEWHERE_KM)
    position = np.where(lost[..., None], earth, found.position_km)
    velocity = np.where(lost[..., None], 0.0, found.velocity_km_s)
    delay = np.linalg.norm(earth - sky.seen_from.position_km, axis=-1) / orbits.SPEED_OF_LIGHT_KM_S
    return orbits.RetardedStates(position, velocity, {}, np.where(lost, delay, found.light_time_s))


def _light(targets: Targets, states: orbits.RetardedStates, sky: Sky) -> tuple[Floats, Floats, Floats]:
    """Return flux over the Sun's, phase angle in rad and share of the Sun's disc in sight, each (n, k)."""
    emitted = sky.t_tdb_s - states.light_time_s
    lit = lights(states.position_km, emitted)
    flux, scene = steady_flux(
        targets.light,
        states.position_km,
        states.velocity_km_s,
        sky.seen_from.position_km,
        emitted,
        lit,
        earthshine=targets.earthshine,
    )
    if targets.light.curves:
        flux = flux * mean_flicker(targets.light, emitted)
    return flux, scene.phase_angle_rad, lit.sunlit


def _within_exclusions(
    sky: Sky, directions: Floats, sun_angle: Floats, exclusions: Exclusions
) -> list[tuple[Reason, Mask]]:
    """Return masks (n, k) of what the telescope cannot look at, the one that counts most last."""
    found = []
    for code, body, allowed in (
        (Reason.NEAR_MOON, sky.moon, exclusions.moon),
        (Reason.NEAR_EARTH, sky.earth, exclusions.earth),
    ):
        smallest = float(allowed.to_value("rad"))
        if smallest > 0.0:
            found.append((code, body.separation_rad(directions) < smallest + body.angular_radius_rad))
    smallest = float(exclusions.sun.to_value("rad"))
    if smallest > 0.0:
        found.append((Reason.NEAR_SUN, sun_angle < smallest))
    return found


def _behind(targets: Targets, sky: Sky, directions: Floats, range_km: Floats) -> list[tuple[Reason, Mask]]:
    """Return masks (n, k) of what bodies hide, the one that counts most last; nothing hides itself."""
    found = []
    for code, body in (
        (Reason.BEHIND_SUN, sky.sun),
        (Reason.BEHIND_MOON, sky.moon),
        (Reason.BEHIND_EARTH, sky.earth),
    ):
        hidden = body.hides(directions, range_km)
        for row, one in enumerate(targets.bodies):
            if isinstance(one.trajectory, orbits.BodyTrajectory) and one.trajectory.body == body.name:
                hidden[row] = False
        found.append((code, hidden & ~body.is_ground))
        if body.is_ground.any():
            found.append((Reason.BELOW_HORIZON, hidden & body.is_ground))
    return found
