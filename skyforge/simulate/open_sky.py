"""Whether the sky is open and dark where the telescope looks, before anything is rendered."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from skyforge.errors import InputError, SkyforgeWarning
from skyforge.scenario.telescope import Exclusions
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.plate import Plate

_END_OF_TWILIGHT_DEG = -18.0  # astronomical twilight


def warn_of_daylight(in_the_way: Sequence[Sequence[Disc]]) -> None:
    """Warn if the Sun lights the sky over a site on the ground, for the sky's own light is not drawn.

    Parameters
    ----------
    in_the_way
        Discs in the sky of the site at some instants of the run.
    """
    highest_deg = -90.0
    for discs in in_the_way:
        earth, sun = (next(disc for disc in discs if disc.name == name) for name in ("earth", "sun"))
        highest_deg = max(highest_deg, float(np.degrees(earth.distance_from_limb_rad(sun.direction))))
    if highest_deg > _END_OF_TWILIGHT_DEG:
        warnings.warn(
            f"the Sun stands at an altitude of up to {highest_deg:.0f} deg at the site: the light of day and of "
            "twilight is not drawn",
            SkyforgeWarning,
            stacklevel=2,
        )


def require_open_sky(
    plates: Sequence[Plate],
    in_the_way: Sequence[Sequence[Disc]],
    *,
    on_the_ground: bool,
    wanted: bool = False,
) -> None:
    """Refuse a pointing whose field's centre is hidden by the Earth or the Moon throughout.

    Whoever points there by coordinates, from space and with discs drawn, may want them: that is a warning.

    Parameters
    ----------
    plates, in_the_way
        Where the telescope looks at some instants of the run, and the discs in its sky then.
    on_the_ground
        Whether the observer stands on the Earth, whose disc is then everything below the horizon.
    wanted
        Whether the body's own disc may be what is to be seen.

    Raises
    ------
    InputError
        Saying how deep behind the body the field's centre is at best.
    """
    for number, disc in enumerate(in_the_way[0]):
        if disc.name == "sun":
            continue
        depth_deg = [
            -float(np.degrees(discs[number].distance_from_limb_rad(plate.centre_direction())))
            for plate, discs in zip(plates, in_the_way, strict=True)
        ]
        if min(depth_deg) <= 0.0:
            continue
        if disc.name == "earth" and on_the_ground:
            raise InputError(
                f"pointing: the field's centre is {min(depth_deg):.2f} deg below the horizon of the site throughout "
                "the run; choose another time, site or direction"
            )
        what = (
            f"pointing: the {disc.name.capitalize()} hides the field's centre throughout the run, by at least "
            f"{min(depth_deg):.2f} deg"
        )
        if not wanted:
            raise InputError(f"{what}; choose another time, orbit or direction")
        warnings.warn(f"{what}; its disc is drawn", SkyforgeWarning, stacklevel=2)


def require_distance(
    plates: Sequence[Plate], in_the_way: Sequence[Sequence[Disc]], exclusions: Exclusions
) -> None:
    """Refuse a pointing too near to the Sun, the Earth or the Moon throughout; warn where it is at times.

    Parameters
    ----------
    plates, in_the_way
        Where the telescope looks at some instants of the run, and the discs in its sky then.
    exclusions
        Smallest angles from the Sun's centre and the limbs of the Earth and the Moon.

    Raises
    ------
    InputError
        Naming the body, how near the field's centre is to it at best, and what is allowed.
    """
    for number, disc in enumerate(in_the_way[0]):
        smallest_deg = float(getattr(exclusions, disc.name).to_value("deg"))
        at_deg = np.array(
            [
                _exclusion_angle_deg(discs[number], plate)
                for plate, discs in zip(plates, in_the_way, strict=True)
            ]
        )
        near = at_deg < smallest_deg
        if smallest_deg == 0.0 or not near.any():
            continue
        where = "the Sun" if disc.name == "sun" else f"the {disc.name.capitalize()}'s limb"
        allowed = f"telescope.exclusion.{disc.name} allows {smallest_deg:g} deg"
        if near.all():
            raise InputError(
                f"pointing: the field's centre is within {at_deg.max():.2f} deg of {where} throughout the run, but "
                f"{allowed}; choose another time or direction"
            )
        warnings.warn(
            f"at times the field's centre is only {at_deg.min():.2f} deg from {where}, but {allowed}: "
            "the telescope could not observe then",
            SkyforgeWarning,
            stacklevel=2,
        )


def _exclusion_angle_deg(disc: Disc, plate: Plate) -> float:
    """Return the angle of the field's centre from the Sun's centre, or from another body's limb."""
    from_limb = disc.distance_from_limb_rad(plate.centre_direction())
    return float(np.degrees(from_limb + (disc.angular_radius_rad if disc.name == "sun" else 0.0)))
