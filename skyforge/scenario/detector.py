"""The detector: from photons on its pixels to counts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import Discriminator, Field, Tag, model_validator

from skyforge.errors import InputError
from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import (
    Counts,
    ElectronRate,
    Electrons,
    ElectronsOrZero,
    Fraction,
    Gain,
    PixelPitch,
    Temperature,
    TemperatureStep,
    Wavelengths,
)
from skyforge.scenario.preset_library import with_preset
from skyforge.scenario.quantities import quantity_text

DEFAULT_DETECTOR = "cmos-2k"
_MOST_PIXELS = 2**30  # 32768 x 32768; every pixel costs some ten bytes while a frame is made


class QuantumEfficiencyCurve(Part):
    """Quantum efficiency at some wavelengths; linear between them, zero outside."""

    wavelengths: Wavelengths = Field(
        min_length=2, description="Wavelengths, growing: '400 500 600 nm' or a list."
    )
    values: tuple[Fraction, ...] = Field(min_length=2, description="Quantum efficiency at each wavelength.")

    @model_validator(mode="after")
    def _is_a_curve(self) -> Self:
        if len(self.wavelengths) != len(self.values):
            raise field_error(
                f"found {len(self.values)} values for {len(self.wavelengths)} wavelengths; must be as many",
                "values",
            )
        for before, after in zip(self.wavelengths, self.wavelengths[1:], strict=False):
            if after <= before:
                raise field_error(
                    f"found {quantity_text(after)!r} after {quantity_text(before)!r}; wavelengths must grow",
                    "wavelengths",
                )
        return self


def _curve_or_number(value: Any) -> str:
    return "curve" if isinstance(value, (dict, QuantumEfficiencyCurve)) else "number"


class HotPixels(Part):
    """Pixels whose dark current is far above the others'."""

    fraction: Fraction = Field(0.0, description="Share of the pixels that are hot.")
    rate: ElectronRate = Field(description="Mean dark current of a hot pixel at the reference temperature.")


class Detector(Part):
    """A detector: the preset that `preset` names, with what is written beside it laid over."""

    more_keys: ClassVar[tuple[str, ...]] = ("preset",)

    name: str = Field("custom", min_length=1, description="Name of the detector, for headers and tables.")
    shape: tuple[Annotated[int, Field(ge=2, le=65536)], Annotated[int, Field(ge=2, le=65536)]] = Field(
        description="Number of rows and columns, [ny, nx]."
    )
    pixel: PixelPitch = Field(description="Side of a pixel.")
    quantum_efficiency: Annotated[
        Annotated[Fraction, Tag("number")] | Annotated[QuantumEfficiencyCurve, Tag("curve")],
        Discriminator(_curve_or_number),
    ] = Field(description="Electrons for a photon: one number, or {wavelengths, values}.")
    read_noise: ElectronsOrZero = Field(description="Standard deviation of the noise of reading a pixel.")
    dark_current: ElectronRate = Field(
        description="Mean dark current of a pixel at the reference temperature."
    )
    dark_reference_temperature: Temperature = Field(description="Temperature that dark_current is given for.")
    dark_doubling: TemperatureStep = Field(description="Warming that doubles the dark current.")
    temperature: Temperature = Field(description="Temperature of the detector.")
    full_well: Electrons = Field(description="Charge at which a pixel saturates.")
    gain: Gain = Field(description="Electrons for one count.")
    bias: Counts = Field(description="Counts of a pixel without charge.")
    bits: int = Field(ge=1, le=16, description="Bits of the analogue-to-digital converter.")
    prnu: Fraction = Field(
        description="Photo response non-uniformity: relative standard deviation of the sensitivity."
    )
    dsnu: Fraction = Field(
        description="Dark signal non-uniformity: relative standard deviation of the dark current."
    )
    hot_pixels: HotPixels = Field(description="Hot pixels.")

    @model_validator(mode="before")
    @classmethod
    def _over_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        try:
            return with_preset("detectors", data, DEFAULT_DETECTOR)
        except InputError as error:
            raise field_error(str(error), "preset", value=data.get("preset")) from None

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.shape[0] * self.shape[1] > _MOST_PIXELS:
            raise field_error(f"found {list(self.shape)}; must be at most {_MOST_PIXELS} pixels", "shape")
        most = 2**self.bits - 1
        if self.bias.to_value("adu") > most:
            raise field_error(
                f"found {quantity_text(self.bias)!r}, above the {most} adu that {self.bits} bits can say",
                "bias",
            )
        return self
