"""Why a target cannot be seen."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """What keeps a target from being seen; of several the first of this order counts."""

    NONE = 0
    """It can be seen."""
    NO_PLACE = 1
    """Nobody knows where it is: decayed, or outside its ephemeris."""
    BELOW_HORIZON = 2
    """Below the horizon of a site on the ground."""
    BEHIND_EARTH = 3
    BEHIND_MOON = 4
    BEHIND_SUN = 5
    DAYLIGHT = 6
    """The Sun lights the sky over a site on the ground: it is less than 18 degrees below the horizon."""
    IN_UMBRA = 7
    """No sunlight falls on it."""
    NEAR_SUN = 8
    """Within the telescope's exclusion angle."""
    NEAR_EARTH = 9
    NEAR_MOON = 10
    TOO_FAINT = 11
    """Fainter than the limit."""

    @property
    def words(self) -> str:
        """What a person reads."""
        return _WORDS[self]


_WORDS = {
    Reason.NONE: "visible",
    Reason.NO_PLACE: "no place",
    Reason.BELOW_HORIZON: "below the horizon",
    Reason.BEHIND_EARTH: "behind the Earth",
    Reason.BEHIND_MOON: "behind the Moon",
    Reason.BEHIND_SUN: "behind the Sun",
    Reason.DAYLIGHT: "daylight",
    Reason.IN_UMBRA: "in the umbra",
    Reason.NEAR_SUN: "too near the Sun",
    Reason.NEAR_EARTH: "too near the Earth",
    Reason.NEAR_MOON: "too near the Moon",
    Reason.TOO_FAINT: "too faint",
}
