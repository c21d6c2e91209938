"""What a target's light is like: spheres, plates, boxes with wings, asteroids, and measured light curves."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from skyforge.scenario.attitude import Attitude, NadirAttitude
from skyforge.scenario.base import Part, field_error
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import (
    Area,
    Distance,
    Duration,
    Fraction,
    Length,
    PositiveFraction,
    Spread,
    split_quantities,
)
from skyforge.scenario.quantities import constant
from skyforge.scenario.utc import Utc

_KIND_REQUIRED = ConfigDict(json_schema_extra={"required": ["kind"]})
_FLICKER_TEXT = "Brightness that changes as the body turns."
_ATTITUDE_TEXT = "How the body is turned."
_DEFAULT_SLOPE = 0.15  # IAU commission 20, 1985: where no slope parameter is known


class Flicker(Part):
    """A light curve that is sinusoidal in magnitude, its flux the model's on average."""

    period: Duration = Field(constant("10 s"), description="Time of a turn of the body.")
    amplitude: float = Field(
        1.0, ge=0.0, le=10.0, description="From the brightest to the faintest, magnitudes."
    )
    peaks: int = Field(2, ge=1, le=100, description="Maxima in a turn.")
    epoch: Utc | None = Field(None, description="Instant of a maximum, UTC; the start of the run by default.")


class Sphere(Part):
    """A diffuse (Lambertian) sphere."""

    kind: Literal["sphere"] = "sphere"
    diameter: Length = Field(constant("4 m"), description="Diameter.")
    albedo: PositiveFraction = Field(
        0.2, description="Share of the light that its surface scatters (Bond albedo)."
    )
    flicker: Flicker | None = Field(None, description=_FLICKER_TEXT)


class SpecularSphere(Part):
    """A mirror ball, equally bright at every phase angle."""

    model_config = _KIND_REQUIRED

    kind: Literal["specular_sphere"] = "specular_sphere"
    diameter: Length = Field(constant("1 m"), description="Diameter.")
    reflectance: PositiveFraction = Field(0.9, description="Share of the light that it mirrors.")
    flicker: Flicker | None = Field(None, description=_FLICKER_TEXT)


class SurfaceFinish(Part):
    """What a flat surface does with light."""

    diffuse: Fraction = Field(0.2, description="Share of the light that is scattered evenly (Lambert).")
    specular: Fraction = Field(0.0, description="Share that is mirrored; the rest is absorbed.")
    spread: Spread = Field(
        constant("1 deg"),
        description="Standard deviation of mirrored rays in one axis: roughness, bent foil.",
    )

    @model_validator(mode="after")
    def _keeps_energy(self) -> Self:
        if self.diffuse + self.specular > 1.0:
            raise field_error(
                f"found {self.specular!r} beside diffuse: {self.diffuse!r}; together they must be at most 1",
                "specular",
            )
        return self


def _finish(diffuse: float, specular: float, spread: str) -> SurfaceFinish:
    return SurfaceFinish(diffuse=diffuse, specular=specular, spread=constant(spread))


class Plate(Part):
    """A flat plate that faces along the body's z axis."""

    model_config = _KIND_REQUIRED

    kind: Literal["plate"] = "plate"
    area: Area = Field(constant("1 m2"), description="Area of one side.")
    surface: SurfaceFinish = Field(default_factory=SurfaceFinish, description="Finish of the front.")
    back: SurfaceFinish | None = Field(None, description="Finish of the back; as the front by default.")
    attitude: Attitude = Field(default_factory=NadirAttitude, description=_ATTITUDE_TEXT)
    flicker: Flicker | None = Field(None, description=_FLICKER_TEXT)


Lengths = Annotated[tuple[Length, Length, Length], BeforeValidator(split_quantities)]


class BoxWing(Part):
    """A box with wings on both sides along y; where it keeps z to its orbit's centre they turn to the Sun."""

    model_config = _KIND_REQUIRED

    kind: Literal["box_wing"] = "box_wing"
    size: Lengths = Field(
        default_factory=lambda: (constant("2 m"), constant("2 m"), constant("3 m")),
        description="Edges of the box along x, y and z.",
    )
    surface: SurfaceFinish = Field(
        default_factory=lambda: _finish(0.3, 0.3, "10 deg"), description="Finish of the box: crinkled foil."
    )
    wing_area: Area = Field(constant("40 m2"), description="Area of both wings together, one side.")
    wing: SurfaceFinish = Field(
        default_factory=lambda: _finish(0.05, 0.15, "1 deg"), description="Finish of the wings: solar cells."
    )
    wing_back: SurfaceFinish = Field(
        default_factory=lambda: _finish(0.3, 0.0, "1 deg"), description="Finish of the wings' backs."
    )
    attitude: Attitude = Field(default_factory=NadirAttitude, description=_ATTITUDE_TEXT)
    flicker: Flicker | None = Field(None, description=_FLICKER_TEXT)


class AsteroidLight(Part):
    """An asteroid by its absolute magnitude and a phase law: H, G; H, G₁₂ or H, G₁, G₂."""

    model_config = ConfigDict(json_schema_extra={"required": ["kind"]})

    kind: Literal["asteroid"] = "asteroid"
    h: float | None = Field(
        None,
        ge=-5.0,
        le=50.0,
        description="Absolute magnitude H, Johnson V; where it is not given, that of the mpc file, with its G.",
    )
    g: float | None = Field(
        None,
        ge=-1.0,
        le=2.0,
        description="Slope parameter G (Bowell et al. 1989); 0.15 where no other is given.",
    )
    g12: float | None = Field(None, ge=-1.0, le=2.0, description="G₁₂ (Penttilä et al. 2016).")
    g1: float | None = Field(None, ge=-1.0, le=2.0, description="G₁ (Muinonen et al. 2010), with g2.")
    g2: float | None = Field(None, ge=-1.0, le=2.0, description="G₂ (Muinonen et al. 2010), with g1.")
    flicker: Flicker | None = Field(None, description=_FLICKER_TEXT)

    @model_validator(mode="before")
    @classmethod
    def _usual_slope(cls, data: Any) -> Any:
        if isinstance(data, dict) and all(data.get(name) is None for name in ("g", "g12", "g1", "g2")):
            return {**data, "g": _DEFAULT_SLOPE}
        return data

    @model_validator(mode="after")
    def _is_one_law(self) -> Self:
        if (self.g1 is None) != (self.g2 is None):
            alone, other = ("g1", "g2") if self.g2 is None else ("g2", "g1")
            raise field_error(f"found {alone} without {other}; must be both", alone)
        given = [name for name in ("g", "g12", "g1") if getattr(self, name) is not None]
        if len(given) > 1:
            raise field_error(f"found {' and '.join(given)}; must be one of g, g12, or g1 with g2", given[1])
        return self


class LightCurveFile(Part):
    """Measured light: a table over time or phase, which holds whatever the phase angle."""

    model_config = ConfigDict(json_schema_extra={"required": ["kind", "file"]})

    kind: Literal["lightcurve"] = "lightcurve"
    file: InputFile = Field(
        description="Comma-separated table; its first line names two columns: time (s) or phase (0 to 1), and "
        "magnitude (V) or flux (relative)."
    )
    period: Duration | None = Field(
        None, description="Time after which the curve repeats; needed for a column of phases."
    )
    epoch: Utc | None = Field(
        None, description="Instant of time or phase 0, UTC; the start of the run by default."
    )
    magnitude: float = Field(
        0.0,
        ge=-30.0,
        le=40.0,
        description="V of a relative flux of 1; of a curve in magnitudes what is added to them.",
    )
    range: Distance | None = Field(
        None,
        description="Distance at which the magnitudes hold, 1 au from the Sun; by default they hold as seen.",
    )


def _sphere_by_default(value: Any) -> Any:
    return {"kind": "sphere", **value} if isinstance(value, dict) and "kind" not in value else value


LightModel = Annotated[
    Sphere | SpecularSphere | Plate | BoxWing | AsteroidLight | LightCurveFile,
    Field(discriminator="kind"),
    BeforeValidator(_sphere_by_default),
]
