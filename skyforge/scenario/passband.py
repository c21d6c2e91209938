"""Which light is let through."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from skyforge.scenario.base import Part, field_error
from skyforge.scenario.kinds import Wavelength
from skyforge.scenario.quantities import quantity_text


class Passband(Part):
    """A range of wavelengths, or a named filter; 400 nm to 900 nm where neither is given."""

    shortest: Wavelength | None = Field(None, alias="from", description="Shortest wavelength let through.")
    longest: Wavelength | None = Field(None, alias="to", description="Longest wavelength let through.")
    filter: str | None = Field(
        None, min_length=1, description="Name of a filter, such as bessell-V or gaiadr3-G."
    )

    @model_validator(mode="before")
    @classmethod
    def _range_where_nothing_is_said(cls, data: Any) -> Any:
        if isinstance(data, dict) and all(value is None for value in data.values()):
            return {"from": "400 nm", "to": "900 nm"}
        return data

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        ends = [name for name, end in (("from", self.shortest), ("to", self.longest)) if end is not None]
        if self.filter is not None and ends:
            raise field_error(
                f"found filter and {' and '.join(ends)}; must be filter, or from and to", "filter"
            )
        if len(ends) == 1:
            other = "to" if ends == ["from"] else "from"
            raise field_error(f"found {ends[0]} without {other}; must be both", ends[0])
        if self.shortest is not None and self.longest is not None and self.shortest >= self.longest:
            raise field_error(
                f"found {quantity_text(self.shortest)!r}; must be shorter than 'to', "
                f"{quantity_text(self.longest)!r}",
                "from",
            )
        return self
