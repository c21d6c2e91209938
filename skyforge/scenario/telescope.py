"""The telescope: what gathers the light and how sharp it draws."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from skyforge.errors import InputError
from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import Exclusion, FractionBelowOne, Length, PositiveFraction
from skyforge.scenario.preset_library import with_preset
from skyforge.scenario.psf import Psf, PupilPsf
from skyforge.scenario.quantities import constant, quantity_text

DEFAULT_TELESCOPE = "lunar-30cm-f4"


class Exclusions(Part):
    """How near to bright bodies the telescope cannot observe."""

    sun: Exclusion = Field(
        constant("0 deg"), description="Smallest angle of the field's centre from the Sun."
    )
    earth: Exclusion = Field(
        constant("0 deg"), description="Smallest angle from the Earth's limb, lit or not."
    )
    moon: Exclusion = Field(constant("0 deg"), description="Smallest angle from the Moon's limb, lit or not.")


class Telescope(Part):
    """A telescope: the preset that `preset` names, with what is written beside it laid over."""

    more_keys: ClassVar[tuple[str, ...]] = ("preset",)

    name: str = Field("custom", min_length=1, description="Name of the telescope, for headers and tables.")
    aperture: Length = Field(description="Diameter of the entrance pupil.")
    obstruction: FractionBelowOne = Field(
        description="Diameter of the central obstruction over the aperture (linear)."
    )
    focal_length: Length = Field(description="Effective focal length.")
    throughput: PositiveFraction = Field(
        description="Transmission of all optics; without filter, detector, obstruction."
    )
    psf: Psf = Field(description="Point spread function.")
    exclusion: Exclusions = Field(
        default_factory=Exclusions, description="How near to the Sun, the Earth and the Moon it may look."
    )

    @model_validator(mode="before")
    @classmethod
    def _over_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        try:
            return with_preset("telescopes", data, DEFAULT_TELESCOPE)
        except InputError as error:
            raise field_error(str(error), "preset", value=data.get("preset")) from None

    @model_validator(mode="after")
    def _spiders_fit(self) -> Self:
        if (
            isinstance(self.psf, PupilPsf)
            and self.psf.spiders.count
            and self.psf.spiders.width >= self.aperture / 4
        ):
            width = quantity_text(self.psf.spiders.width)
            raise field_error(
                f"found {width!r}, wider than a quarter of the aperture of {quantity_text(self.aperture)!r}",
                *("psf", "spiders", "width"),
            )
        return self
