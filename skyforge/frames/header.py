"""The FITS cards that say when, where from and with what a frame was taken."""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import erfa
import numpy as np
from astropy.io import fits

from skyforge import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astropy.time import Time
    from numpy.typing import ArrayLike

_AXES = "XYZ"
# The ellipsoid that the FITS Standard 4.0, section 9, prescribes for geodetic OBSGEO cards: IAU (1976).
_EQUATORIAL_RADIUS_M = 6378140.0
_FLATTENING = 1.0 / 298.2577
# FITS Standard 4.0, sections 4.1.2 and 4.2.1
_CARD_LENGTH = 80
_VALUE_WIDTH = 20
_LONGEST_TEXT = 68


@dataclass(frozen=True)
class ObserverState:
    """Where the observer is and how it moves at mid-exposure.

    Parameters
    ----------
    name
        The observer: a spacecraft, an orbit or a site.
    position_km, velocity_km_s
        Relative to the solar-system barycentre, ICRF axes, shape ``(3,)``.
    geocentric_position_km, geocentric_velocity_km_s
        Relative to the Earth's centre, ICRF axes, shape ``(3,)``.
    site_itrs_m
        Place of a ground site in the terrestrial frame (ITRS), shape ``(3,)``; None for a spacecraft.
    """

    name: str
    position_km: ArrayLike
    velocity_km_s: ArrayLike
    geocentric_position_km: ArrayLike | None = None
    geocentric_velocity_km_s: ArrayLike | None = None
    site_itrs_m: ArrayLike | None = None


@dataclass(frozen=True)
class CameraState:
    """What the frame was taken with; what is None gets no card.

    Parameters
    ----------
    gain_e_per_adu, read_noise_e, bias_adu, saturation_adu
        Numbers a reduction needs: conversion gain, read noise, offset, and the value at which a pixel
        saturates.
    pixel_scale_arcsec
        Side of a pixel on the sky at the optical axis.
    full_well_e, dark_e_per_s, temperature_c, bits
        Further numbers of the detector.
    pixel_size_um, focal_length_mm, aperture_mm
        Geometry of detector and telescope.
    passband, wavelength_min_nm, wavelength_max_nm
        Name and limits of what light passes.
    telescope, detector
        Names, as in the scenario or its presets.
    """

    gain_e_per_adu: float
    read_noise_e: float
    bias_adu: float
    saturation_adu: float
    pixel_scale_arcsec: float
    full_well_e: float | None = None
    dark_e_per_s: float | None = None
    temperature_c: float | None = None
    bits: int | None = None
    pixel_size_um: float | None = None
    focal_length_mm: float | None = None
    aperture_mm: float | None = None
    passband: str | None = None
    wavelength_min_nm: float | None = None
    wavelength_max_nm: float | None = None
    telescope: str | None = None
    detector: str | None = None


Cards = dict[str, tuple[Any, str]]
"""Keyword to value and comment, in the order of the header."""


def cards_header(cards: Cards) -> fits.Header:
    """Return cards as astropy has them; that takes longer than to make and to write them."""
    return fits.Header([fits.Card(keyword, *card) for keyword, card in cards.items()])


def observation_cards(
    *,
    begin: Time,
    mid: Time,
    end: Time,
    exposure_s: float,
    frame: int,
    seed: int,
    observer: ObserverState,
    camera: CameraState,
    object_name: str | None = None,
    scenario: str | None = None,
    tracking: str | None = None,
    extra: Mapping[str, tuple[Any, str]] | None = None,
) -> Cards:
    """Make the FITS cards of an observation; the same values make the same cards, whenever they are made.

    Parameters
    ----------
    begin, mid, end
        Exposure's begin, middle and end, in any time scale; the cards are UTC.
    exposure_s
        Exposure time, seconds.
    frame
        Number of the frame in its run, from 0.
    seed
        Seed of the scenario's randomness.
    observer
        Where the frame was taken from.
    camera
        What it was taken with.
    object_name
        The target that the telescope was pointed at.
    scenario
        Name of the scenario.
    tracking
        What the telescope followed: sidereal, target or rates.
    extra
        Further cards: keyword (8 characters at most) to value and comment.

    Returns
    -------
    dict of tuple
        Keyword to value and comment. Units stand in square brackets (FITS Standard 4.0, section 4.3).
    """
    cards: Cards = {}
    _add_identity(
        cards, frame=frame, seed=seed, object_name=object_name, scenario=scenario, tracking=tracking
    )
    _add_times(cards, begin, mid, end, exposure_s)
    _add_observer(cards, observer)
    _add_camera(cards, camera)
    for keyword, (value, comment) in (extra or {}).items():
        _add(cards, keyword, value, comment)
    return cards


def _add_identity(
    cards: Cards,
    *,
    frame: int,
    seed: int,
    object_name: str | None,
    scenario: str | None,
    tracking: str | None,
) -> None:
    _add(cards, "ORIGIN", "skyforge", "simulated frame, not an observation")
    _add(cards, "PROGRAM", f"skyforge {__version__}", "software that made this frame")
    _add(cards, "SIMULATE", True, "the frame is simulated")
    _add(cards, "SCENARIO", scenario, "name of the scenario")
    _add(cards, "FRAMENO", int(frame), "number of the frame in its run, from 0")
    _add(cards, "SEED", int(seed), "seed of the randomness")
    _add(cards, "OBJECT", object_name, "target of the pointing")
    _add(cards, "TRACKING", tracking, "what the telescope followed")
    _add(cards, "BUNIT", "adu", "unit of the pixels")


def _add_times(cards: Cards, begin: Time, mid: Time, end: Time, exposure_s: float) -> None:
    _add(cards, "TIMESYS", "UTC", "time scale of the dates")
    with warnings.catch_warnings():
        # Leap seconds beyond the next months are unknown to everybody; ERFA says so for each date.
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        _add(cards, "DATE-OBS", _iso(begin), "begin of the exposure")
        _add(cards, "MJD-OBS", float(begin.utc.mjd), "[d] begin of the exposure")
        for suffix, time, meaning in (("BEG", begin, "begin"), ("AVG", mid, "middle"), ("END", end, "end")):
            _add(cards, f"DATE-{suffix}", _iso(time), f"{meaning} of the exposure")
            _add(cards, f"MJD-{suffix}", float(time.utc.mjd), f"[d] {meaning} of the exposure")
    _add(cards, "EXPTIME", float(exposure_s), "[s] exposure time")
    _add(cards, "XPOSURE", float(exposure_s), "[s] effective exposure time")


def _add_observer(cards: Cards, observer: ObserverState) -> None:
    _add(cards, "OBSERVAT", observer.name, "where the frame was taken from")
    if observer.site_itrs_m is not None:
        site = np.asarray(observer.site_itrs_m, dtype=np.float64).reshape(3)
        longitude, latitude, height = erfa.gc2gde(_EQUATORIAL_RADIUS_M, _FLATTENING, site)
        _add_vector(cards, "OBSGEO-", site, "[m] site, ITRS {}")
        _add(cards, "OBSGEO-L", np.degrees(longitude), "[deg] site, longitude, east, IAU 1976")
        _add(cards, "OBSGEO-B", np.degrees(latitude), "[deg] site, geodetic latitude, IAU 1976")
        _add(cards, "OBSGEO-H", height, "[m] site, above the ellipsoid of IAU 1976")
    _add_vector(cards, "BARYPOS", observer.position_km, "[km] ICRF {} from solar-system barycentre")
    _add_vector(cards, "BARYVEL", observer.velocity_km_s, "[km/s] ICRF v{}, solar-system barycentre")
    _add_vector(cards, "GEOPOS", observer.geocentric_position_km, "[km] ICRF {} from the Earth's centre")
    _add_vector(cards, "GEOVEL", observer.geocentric_velocity_km_s, "[km/s] ICRF v{}, the Earth's centre")


def _add_camera(cards: Cards, camera: CameraState) -> None:
    _add(cards, "TELESCOP", camera.telescope, "telescope")
    _add(cards, "INSTRUME", camera.detector, "detector")
    _add(cards, "APERTURE", camera.aperture_mm, "[mm] diameter of the aperture")
    _add(cards, "FOCALLEN", camera.focal_length_mm, "[mm] focal length")
    _add(cards, "PIXSIZE", camera.pixel_size_um, "[um] side of a pixel")
    _add(cards, "PIXSCALE", camera.pixel_scale_arcsec, "[arcsec] side of a pixel on the sky, on axis")
    _add(cards, "FILTER", camera.passband, "passband")
    _add(cards, "WAVEMIN", camera.wavelength_min_nm, "[nm] short edge of the passband")
    _add(cards, "WAVEMAX", camera.wavelength_max_nm, "[nm] long edge of the passband")
    _add(cards, "GAIN", camera.gain_e_per_adu, "[electron/adu] conversion gain")
    _add(cards, "RDNOISE", camera.read_noise_e, "[electron] read noise, rms")
    _add(cards, "SATURATE", camera.saturation_adu, "[adu] value of a saturated pixel")
    _add(cards, "BIASLVL", camera.bias_adu, "[adu] offset of the converter")
    _add(cards, "FULLWELL", camera.full_well_e, "[electron] full well of a pixel")
    _add(cards, "DARKCUR", camera.dark_e_per_s, "[electron/s] mean dark current of a pixel")
    _add(cards, "CCD-TEMP", camera.temperature_c, "[degC] temperature of the detector")
    _add(cards, "ADCBITS", camera.bits, "bits of the converter")


def _add_vector(cards: Cards, keyword: str, value: ArrayLike | None, comment: str) -> None:
    if value is None:
        return
    for axis, component in zip(_AXES, np.asarray(value, dtype=np.float64).reshape(3), strict=True):
        _add(cards, keyword + axis, component, comment.format(axis.lower()))


def _add(cards: Cards, keyword: str, value: Any, comment: str) -> None:
    if value is None:
        return
    if isinstance(value, str):
        value = ascii_text(value)
    elif isinstance(value, np.generic):
        value = value.item()
    cards[keyword] = (value, _fitting_comment(value, ascii_text(comment)))


def _fitting_comment(value: Any, comment: str) -> str:
    """Shorten a comment, by whole words, to what a long text leaves of its card."""
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:  # longer texts continue on further cards
        return comment
    written = max(len(value.replace("'", "''")) + 2, _VALUE_WIDTH)
    room = _CARD_LENGTH - len("KEYWORD = ") - written - len(" / ")
    return textwrap.shorten(comment, room, placeholder="") if room > 0 else ""


def ascii_text(text: str) -> str:
    """Write a text in the printable ASCII that FITS allows (FITS Standard 4.0, section 4.2.1).

    Accents are dropped; other characters become ``?``.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in plain)


def _iso(time: Time) -> str:
    utc = time.utc.copy(format="isot")
    utc.precision = 6
    return str(utc.value)
