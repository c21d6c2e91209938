"""Places on the ground, of the Earth and of the Moon."""

from __future__ import annotations

from pydantic import Field

from skyforge.scenario.base import Part
from skyforge.scenario.kinds import Height, Latitude, Longitude
from skyforge.scenario.quantities import constant


class Site(Part):
    """A place on the Earth."""

    longitude: Longitude = Field(description="Geodetic longitude, east positive.")
    latitude: Latitude = Field(description="Geodetic latitude, north positive.")
    height: Height = Field(constant("0 m"), description="Height above the WGS 84 ellipsoid.")


class LunarSite(Part):
    """A place on the Moon, as its maps have it."""

    longitude: Longitude = Field(description="Longitude in the mean-Earth, polar-axis frame, east positive.")
    latitude: Latitude = Field(description="Latitude from the centre, north positive.")
    height: Height = Field(constant("0 m"), description="Height above the mean sphere of 1737.4 km.")
