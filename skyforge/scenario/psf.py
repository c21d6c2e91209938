"""The image of a point: point spread functions as people specify them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, require_one
from skyforge.scenario.files import InputFile
from skyforge.scenario.kinds import Angle, ImageSize, Jitter, LengthOrZero, SampleScale, SignedLength
from skyforge.scenario.quantities import constant

_JITTER = constant("0.3 arcsec")
_JITTER_TEXT = "Standard deviation of the line of sight's jitter in one axis during an exposure."


class GaussianPsf(Part):
    """A Gaussian of a given width."""

    kind: Literal["gaussian"] = "gaussian"
    fwhm: ImageSize = Field(
        constant("2 px"), description="Full width at half maximum, before jitter and pixel."
    )
    jitter: Jitter = Field(_JITTER, description=_JITTER_TEXT)


class MoffatPsf(Part):
    """A Moffat profile, whose wings fall as a power of the distance (Moffat 1969)."""

    kind: Literal["moffat"] = "moffat"
    fwhm: ImageSize = Field(
        constant("2 px"), description="Full width at half maximum, before jitter and pixel."
    )
    beta: float = Field(3.0, gt=1.0, le=100.0, description="Exponent of the profile.")
    jitter: Jitter = Field(_JITTER, description=_JITTER_TEXT)


class AiryPsf(Part):
    """A perfect telescope: diffraction at the aperture with its central obstruction."""

    kind: Literal["airy"] = "airy"
    jitter: Jitter = Field(_JITTER, description=_JITTER_TEXT)


class Spiders(Part):
    """The vanes that hold the secondary mirror."""

    count: int = Field(0, ge=0, le=24, description="Number of vanes, evenly spaced; 0 is none.")
    width: LengthOrZero = Field(constant("3 mm"), description="Thickness of a vane.")
    angle: Angle = Field(
        constant("0 deg"), description="Position of the first vane, from the frame's x axis to y."
    )


class PupilPsf(Part):
    """Diffraction computed from the pupil: obstruction, spiders and a wavefront that is not perfect."""

    kind: Literal["pupil"] = "pupil"
    wavefront_error: LengthOrZero = Field(
        constant("60 nm"),
        description="Root mean square of the random part of the wavefront error, drawn from the seed.",
    )
    spiders: Spiders = Field(default_factory=Spiders, description="Vanes of the secondary mirror.")
    zernikes: dict[Annotated[int, Field(ge=2, le=1000)], SignedLength] = Field(
        default_factory=dict,
        description="Aberrations beside the random part: Noll index to root mean square, such as {4: 30 nm}.",
    )
    jitter: Jitter = Field(_JITTER, description=_JITTER_TEXT)
    seed: int = Field(
        0, ge=0, lt=2**64, description="Which random wavefront; not tied to the scenario's seed."
    )


class FilePsf(Part):
    """An image of a point, from a FITS file."""

    kind: Literal["file"] = "file"
    path: InputFile = Field(description="FITS image with the point in its middle.")
    samples_per_pixel: float | None = Field(
        None, gt=0.0, le=1000.0, description="Samples of the image in a pixel."
    )
    sample_scale: SampleScale | None = Field(
        None, description="Angle of one sample, instead of samples_per_pixel."
    )
    extension: int = Field(0, ge=0, le=999, description="Number of the FITS extension that holds the image.")
    jitter: Jitter = Field(_JITTER, description=_JITTER_TEXT)

    @model_validator(mode="after")
    def _has_a_scale(self) -> Self:
        require_one(self, ("samples_per_pixel", "sample_scale"))
        return self


Psf = Annotated[GaussianPsf | MoffatPsf | AiryPsf | PupilPsf | FilePsf, Field(discriminator="kind")]
