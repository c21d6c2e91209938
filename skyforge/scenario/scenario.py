"""A scenario: the whole of what a run needs to know, validated."""

from __future__ import annotations

import difflib
import warnings
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from skyforge import __version__
from skyforge.errors import SkyforgeWarning
from skyforge.scenario.base import Part, field_error
from skyforge.scenario.detector import Detector
from skyforge.scenario.observer import Observer
from skyforge.scenario.passband import Passband
from skyforge.scenario.pointing import WORLDS, Pointing
from skyforge.scenario.sky import Background, Stars
from skyforge.scenario.target import Target
from skyforge.scenario.telescope import Telescope
from skyforge.scenario.timing import Timing

_DEFAULT_FIELD = {"ra": "270 deg", "dec": "66.5607 deg"}  # north ecliptic pole, J2000
_PLACES = ("target", "ra", "dec")


class Scenario(Part):
    """A telescope, an orbit and a sky, and when to look: everything that a run depends on."""

    skyforge_version: str = Field(__version__, description="Version that wrote a resolved scenario.")
    name: str = Field(
        "scenario",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=100,
        description="Name of the run and of its folder; the file's name by default.",
    )
    description: str = Field("", description="What the scenario is about.")
    seed: int = Field(1, ge=0, lt=2**64, description="Seed of all random numbers: noise and fixed pattern.")
    time: Timing = Field(default_factory=Timing, description="When frames are taken.")
    observer: Observer = Field(default_factory=Observer, description="Where the telescope is.")
    pointing: Pointing = Field(default_factory=Pointing, description="Where it looks.")
    telescope: Telescope = Field(
        default_factory=lambda: Telescope.model_validate({}), description="What gathers the light."
    )
    passband: Passband = Field(default_factory=Passband, description="Which light is let through.")
    detector: Detector = Field(
        default_factory=lambda: Detector.model_validate({}), description="What detects it."
    )
    stars: Stars = Field(default_factory=Stars, description="Which stars are in the sky.")
    targets: tuple[Target, ...] = Field((), description="What is looked for.")
    background: Background = Field(default_factory=Background, description="Which diffuse light is there.")

    @field_validator("skyforge_version")
    @classmethod
    def _this_version(cls, version: str) -> str:
        if version != __version__:
            warnings.warn(
                f"the scenario was resolved by skyforge {version}; this is {__version__}: pixels may differ",
                SkyforgeWarning,
                stacklevel=2,
            )
        return __version__

    @model_validator(mode="before")
    @classmethod
    def _look_somewhere(cls, data: Any) -> Any:
        """Point at the first target, or a quiet field, where the user does not say where to look."""
        if not isinstance(data, dict):
            return data
        pointing = data.get("pointing", {})
        if isinstance(pointing, Pointing):
            pointing = pointing.model_dump(exclude_none=True)
        if not isinstance(pointing, dict) or any(pointing.get(place) is not None for place in _PLACES):
            return data
        name = _first_name(data.get("targets"))
        place = {"target": name} if name is not None else _DEFAULT_FIELD
        return {**data, "pointing": {**pointing, **place}}

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        names = [target.name for target in self.targets]
        for index, name in enumerate(names):
            if name is not None and name in names[:index]:
                message = f"found {name!r} a second time; targets need names of their own"
                raise field_error(message, "targets", index, "name")
        wanted = self.pointing.target
        # A file without a selection may hold any name, so only the simulator can tell.
        if wanted is not None and wanted not in names and wanted not in WORLDS and None not in names:
            known = [name for name in names if name is not None]
            near = difflib.get_close_matches(wanted, known, n=1)
            hint = (
                f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known) or 'no targets'}"
            )
            raise field_error(f"found {wanted!r}, which is not among the targets{hint}", "pointing", "target")
        return self


def _first_name(targets: Any) -> str | None:
    if not isinstance(targets, (list, tuple)) or not targets:
        return None
    first = targets[0]
    name = first.get("name") if isinstance(first, dict) else getattr(first, "name", None)
    return name if isinstance(name, str) else None
