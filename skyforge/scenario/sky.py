"""What is in the sky beside the targets: stars and diffuse light."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from skyforge.scenario.base import Part
from skyforge.scenario.files import InputFile
from skyforge.scenario.quantities import invalid

_BRIGHTEST, _FAINTEST = -2.0, 24.0


def _limit(value: Any) -> Any:
    if value == "auto":
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise invalid(f"found {value!r}; must be auto, or a G magnitude such as 18.5")
    if not _BRIGHTEST <= value <= _FAINTEST:
        raise invalid(f"found {value!r}; must be auto, or a G magnitude from {_BRIGHTEST:g} to {_FAINTEST:g}")
    return float(value)


_LIMIT_SCHEMA = {
    "anyOf": [{"const": "auto"}, {"type": "number", "minimum": _BRIGHTEST, "maximum": _FAINTEST}]
}
MagnitudeLimit = Annotated[float | Literal["auto"], BeforeValidator(_limit), WithJsonSchema(_LIMIT_SCHEMA)]


class StarColumns(Part):
    """Which column of a user's table holds what; where none is named, the column of the field's own name."""

    ra: str | None = Field(None, description="Right ascension, degrees.")
    dec: str | None = Field(None, description="Declination, degrees.")
    g_mag: str | None = Field(None, description="Gaia G magnitude (Vega).")
    bp_rp: str | None = Field(None, description="Gaia colour BP − RP; the Sun's where there is none.")
    pm_ra: str | None = Field(None, description="Proper motion in right ascension, times cos(dec), mas/yr.")
    pm_dec: str | None = Field(None, description="Proper motion in declination, mas/yr.")
    parallax: str | None = Field(None, description="Parallax, mas.")
    source_id: str | None = Field(None, description="Identifier, a whole number.")
    epoch: str | float | None = Field(
        None,
        description="Epoch of the places, Julian years: a column, or one number; 2000.0 where there is none.",
    )

    @property
    def given(self) -> dict[str, str | float]:
        """The columns that are named."""
        return self.model_dump(exclude_none=True)


class StarFile(Part):
    """A user's own table of stars."""

    path: InputFile = Field(
        description="Table in a format that astropy.table reads (ECSV, FITS, CSV, VOTable, …)."
    )
    columns: StarColumns = Field(default_factory=StarColumns, description="Names of the columns.")


def _path_or_mapping(value: Any) -> str:
    return "table-mapping" if isinstance(value, (dict, StarFile)) else "table-path"


StarTableSource = Annotated[
    Annotated[InputFile, Tag("table-path")] | Annotated[StarFile, Tag("table-mapping")],
    Discriminator(_path_or_mapping),
]


class Stars(Part):
    """The stars: real ones from catalogues, and fainter ones drawn from star counts."""

    catalogs: tuple[Literal["gaia-bright"], ...] = Field(
        ("gaia-bright",), description="Catalogues of real stars."
    )
    synthetic: bool = Field(
        True, description="Draw the stars below the catalogues' limit from the Galaxy's star counts."
    )
    limit: MagnitudeLimit = Field(
        "auto",
        description="Faintest G magnitude that is drawn star by star; fainter stars become background light. "
        "auto: where a star's peak falls below a tenth of a pixel's noise.",
    )
    table: StarTableSource | None = Field(None, description="Your own stars: a file, or {path, columns}.")


def _default_or_file(value: Any) -> str:
    return "pst-default" if value == "default" else "pst-file"


Transmittance = Annotated[
    Annotated[Literal["default"], Tag("pst-default")] | Annotated[InputFile, Tag("pst-file")],
    Discriminator(_default_or_file),
    WithJsonSchema({"type": "string", "examples": ["default", "my_baffle.csv"]}),
]


class StrayLight(Part):
    """Light of bright bodies outside the field that the telescope scatters onto its detector."""

    pst: Transmittance = Field(
        "default",
        description="Point-source transmittance: default, a generic small telescope with a baffle (a choice, not a "
        "measurement), or a comma-separated file of angles (deg) and transmittances.",
    )
    sun: bool = Field(True, description="Of the Sun.")
    earth: bool = Field(True, description="Of the lit Earth.")
    moon: bool = Field(True, description="Of the lit Moon.")


def _switch_or_mapping(value: Any) -> str:
    return "stray-mapping" if isinstance(value, (dict, StrayLight)) else "stray-switch"


def _on(value: Any) -> Any:
    return StrayLight() if value is True else value


StrayLightChoice = Annotated[
    Annotated[StrayLight, Tag("stray-mapping")] | Annotated[bool, Tag("stray-switch")],
    Discriminator(_switch_or_mapping),
    BeforeValidator(_on),
]


class Background(Part):
    """Light beside stars and targets, and light that comes to targets by detours."""

    zodiacal: bool = Field(True, description="Sunlight scattered by interplanetary dust.")
    starlight: bool = Field(True, description="Light of the stars too faint to be drawn one by one.")
    stray_light: StrayLightChoice = Field(
        default_factory=StrayLight,
        description="Light of the Sun, the Earth and the Moon scattered in the telescope: true, false, or {pst, sun, "
        "earth, moon}.",
    )
    extended_bodies: bool = Field(
        True, description="Discs of the Moon, the Earth and the planets in the field."
    )
    earthshine: bool = Field(True, description="Light that the Earth and the Moon throw onto targets.")
