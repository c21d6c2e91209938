"""Faint stars, drawn from the star counts: the same sky for everyone.

The sky is cut into HEALPix pixels and the magnitudes into slices of a quarter. Each (pixel, slice) has a
number of stars, and each star its place, magnitude and colour, that follow from nothing but the pixel, the
slice and the star's number in it. A cone or a limit chooses from that sky and changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.stars.colours import colour_from_uniform, colour_quantiles
from skyforge.stars.counts import BRIGHTEST_G, FAINTEST_G, G_STEP, log_counts_at
from skyforge.stars.gaia_bright import GAIA_BRIGHT_LIMIT_G, GAIA_EPOCH_JYEAR
from skyforge.stars.galactic import galactic_from_icrf, unit_vectors
from skyforge.stars.philox import Words, philox4x32, uniform_from_word
from skyforge.stars.poisson import poisson_quantile
from skyforge.stars.region import Cone, Region
from skyforge.stars.table import StarTable, star_table

CATALOG_NAME = "synthetic"
# "skyf", "orge": a fixed key, as there is one sky.
_KEY = (0x736B7966, 0x6F726765)
_COUNT_STREAM = np.uint64(0)
_STAR_STREAM = np.uint64(1)
# Slices that begin fainter than the first number use pixels of the second: with more stars to the square
# degree, smaller pixels, so that the density's step from one to the next stays below the noise of their
# counts.
_ORDERS = ((19.0, 10), (17.0, 9), (14.0, 8), (BRIGHTEST_G, 7))
_DEEPEST_ORDER = 29
_DEG2_ON_THE_SKY = 4.0 * np.pi * (180.0 / np.pi) ** 2
# Colours change so slowly with latitude that rows this far apart serve all pixels.
_COLOUR_STEP_DEG = 0.25
_COLOUR_LATITUDES_DEG = np.arange(0.0, 90.0 + _COLOUR_STEP_DEG, _COLOUR_STEP_DEG)
# 40 bytes a star: 8 GB.
_MOST_STARS = 200_000_000
# Few enough for a processor's cache, many enough for NumPy.
_CHUNK = 16384
# source_id = −(2³² + order, slice, pixel and number, in fields of these many bits)
_INDEX_BITS, _PIXEL_BITS, _SLICE_BITS = 24, 26, 7


@dataclass(frozen=True)
class _Slice:
    """The stars of one slice of magnitudes in the pixels of a cone."""

    number: int
    order: int
    pixels: Words
    wholly_inside: NDArray[np.bool_]
    log_growth: NDArray[np.float64]
    colour_rows: NDArray[np.intp]
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class _Field:
    """The pixels of one order that a cone touches."""

    pixels: Words
    wholly_inside: NDArray[np.bool_]
    l_deg: NDArray[np.float64]
    b_deg: NDArray[np.float64]
    colour_rows: NDArray[np.intp]


def _pixel_directions(pixels: Words, order: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return right ascension and declination (degrees) of the centres of HEALPix pixels."""
    import cdshealpix.nested

    ra, dec = cdshealpix.nested.healpix_to_lonlat(pixels, order, num_threads=1)
    return np.degrees(ra.view(np.ndarray)), np.degrees(dec.view(np.ndarray))


def _order_of_slice(number: int) -> int:
    g_lower = BRIGHTEST_G + G_STEP * number
    return next(order for g_mag, order in _ORDERS if g_lower >= g_mag)


def _fields(region: Region, orders: set[int]) -> dict[int, _Field]:
    fields = {}
    for order in orders:
        pixels, wholly_inside = region.pixels(order)
        l_deg, b_deg = galactic_from_icrf(*_pixel_directions(pixels, order))
        colour_rows = np.rint(np.abs(b_deg) / _COLOUR_STEP_DEG).astype(np.intp)
        fields[order] = _Field(pixels, wholly_inside, l_deg, b_deg, colour_rows)
    return fields


def _slices(fields: dict[int, _Field], numbers: range) -> Iterator[_Slice]:
    """Yield the slices, brightest first, with the number of stars in each pixel."""
    for order in sorted(fields):
        wanted = [number for number in numbers if _order_of_slice(number) == order]
        field = fields[order]
        log_counts = log_counts_at(field.l_deg, field.b_deg, wanted[0], wanted[-1] + 2)
        pixel_area_deg2 = _DEG2_ON_THE_SKY / (12 * 4**order)
        density = np.exp(log_counts) * pixel_area_deg2
        for column, number in enumerate(wanted):
            zero = np.zeros(1, dtype=np.uint64)
            word, _, _, _ = philox4x32(
                (field.pixels, zero + np.uint64(number), zero, zero + _COUNT_STREAM), _KEY
            )
            expected = np.maximum(density[:, column + 1] - density[:, column], 0.0)
            yield _Slice(
                number=number,
                order=order,
                pixels=field.pixels,
                wholly_inside=field.wholly_inside,
                log_growth=log_counts[:, column + 1] - log_counts[:, column],
                colour_rows=field.colour_rows,
                counts=poisson_quantile(uniform_from_word(word), expected),
            )


def _draw(
    part: _Slice, colours: NDArray[np.float64], row: NDArray[np.intp], index: Words
) -> tuple[NDArray[np.float64], ...]:
    """Return right ascension, declination (degrees), G and BP − RP of some stars of a slice."""
    pixel = part.pixels[row]
    number = np.full(1, part.number, dtype=np.uint64)
    w0, w1, w2, w3 = philox4x32((pixel, number, index, np.full(1, _STAR_STREAM)), _KEY)
    # All pixels of the deepest order have one area, so a random one of them is a random place in the pixel.
    place_bits = 2 * (_DEEPEST_ORDER - part.order)
    place = ((w0 << np.uint64(32)) | w1) >> np.uint64(64 - place_bits)
    ra_deg, dec_deg = _pixel_directions((pixel << np.uint64(place_bits)) | place, _DEEPEST_ORDER)
    growth = part.log_growth[row]
    # The inverse of the cumulative counts within the slice, over which ln N is linear.
    within = np.log1p(uniform_from_word(w2) * np.expm1(growth)) / growth
    g_mag = BRIGHTEST_G + G_STEP * (part.number + within)
    bp_rp = colour_from_uniform(colours, part.colour_rows[row], uniform_from_word(w3))
    return ra_deg, dec_deg, g_mag, bp_rp


def _source_id(part: _Slice, row: NDArray[np.intp], index: Words) -> NDArray[np.int64]:
    """Return the stars' identifiers: negative, unique and the same for ever."""
    pixel = part.pixels[row].astype(np.int64)
    label = (pixel << _INDEX_BITS) | index.astype(np.int64)
    label |= ((part.order - 7) << _SLICE_BITS | part.number) << (_INDEX_BITS + _PIXEL_BITS)
    return -((1 << 32) + label)


def _chunks(part: _Slice) -> Iterator[tuple[NDArray[np.intp], Words]]:
    """Yield (row of the pixel, number of the star in it) of the slice's stars, some thousand at a time."""
    ends = np.cumsum(part.counts)
    total = int(ends[-1]) if ends.size else 0
    starts = ends - part.counts
    for first in range(0, total, _CHUNK):
        star = np.arange(first, min(first + _CHUNK, total))
        row = np.searchsorted(ends, star, side="right")
        yield row, (star - starts[row]).astype(np.uint64)


def _check_limits(g_bright: float, g_faint: float) -> None:
    if not BRIGHTEST_G <= g_bright <= FAINTEST_G or not BRIGHTEST_G <= g_faint <= FAINTEST_G:
        raise InputError(
            f"synthetic stars exist from G = {BRIGHTEST_G:g} to {FAINTEST_G:g}; "
            f"found {g_bright:g} to {g_faint:g}"
        )


def synthetic_cone(
    ra_deg: float,
    dec_deg: float,
    radius_deg: float,
    g_bright: float = GAIA_BRIGHT_LIMIT_G,
    g_faint: float = 20.0,
) -> StarTable:
    """Return the synthetic stars within a circle on the sky; see `synthetic_stars`.

    Parameters
    ----------
    ra_deg, dec_deg
        ICRF direction of the centre, degrees.
    radius_deg
        Radius, degrees, up to 180.
    g_bright, g_faint
        Magnitudes between which stars are wanted, 6 to 25.

    Raises
    ------
    InputError
        If the cone is not on the sky or a magnitude lies outside 6 to 25.
    """
    return synthetic_stars(Cone(ra_deg, dec_deg, radius_deg), g_bright, g_faint)


def synthetic_stars(
    region: Region, g_bright: float = GAIA_BRIGHT_LIMIT_G, g_faint: float = 20.0
) -> StarTable:
    """Return the synthetic stars within a part of the sky.

    Their number follows `cumulative_counts_per_deg2`; the places are random, without clusters or dark clouds.
    A region elsewhere, a larger one or a fainter limit never changes a star.

    Parameters
    ----------
    region
        A cone or a polygon.
    g_bright, g_faint
        Magnitudes between which stars are wanted: g_bright ≤ G < g_faint, 6 to 25. At the default g_bright of
        10 the catalogue of real stars ends.

    Returns
    -------
    StarTable
        Stars with a negative source_id, slice by slice from bright to faint; no proper motion, no parallax.

    Raises
    ------
    InputError
        If a magnitude lies outside 6 to 25, or there are too many stars.
    """
    _check_limits(g_bright, g_faint)
    first = int(np.floor((g_bright - BRIGHTEST_G) / G_STEP))
    last = int(np.ceil((g_faint - BRIGHTEST_G) / G_STEP))
    numbers = range(first, max(last, first))
    fields = _fields(region, {_order_of_slice(number) for number in numbers})
    slices = list(_slices(fields, numbers))
    room = sum(int(part.counts.sum()) for part in slices)
    if room > _MOST_STARS:
        raise InputError(
            f"{room:.3g} stars of G < {g_faint:g} lie in the region; lower the limit or the field until they are "
            f"{_MOST_STARS:.3g}"
        )
    numbers_of_stars = np.empty((4, room))
    source_id = np.empty(room, dtype=np.int64)
    filled = 0
    for part in slices:
        colours = colour_quantiles(BRIGHTEST_G + G_STEP * (part.number + 0.5), _COLOUR_LATITUDES_DEG)
        for row, index in _chunks(part):
            columns = _draw(part, colours, row, index)
            keep = np.flatnonzero(_wanted(part, row, columns, region, (g_bright, g_faint)))
            end = filled + keep.size
            source_id[filled:end] = _source_id(part, row[keep], index[keep])
            for target, column in zip(numbers_of_stars, columns, strict=True):
                target[filled:end] = column[keep]
            filled = end
    ra, dec, g_mag, bp_rp = numbers_of_stars[:, :filled]
    return star_table(
        source_id[:filled], ra, dec, g_mag, bp_rp, epoch_jyear=GAIA_EPOCH_JYEAR, catalog=CATALOG_NAME
    )


def _wanted(
    part: _Slice,
    row: NDArray[np.intp],
    columns: tuple[NDArray[np.float64], ...],
    region: Region,
    limits: tuple[float, float],
) -> NDArray[np.bool_]:
    """Return which of the drawn stars lie within the region and the limits."""
    ra_deg, dec_deg, g_mag, _ = columns
    keep = (g_mag >= limits[0]) & (g_mag < limits[1])
    at_edge = np.flatnonzero(~part.wholly_inside[row])
    keep[at_edge] &= region.contains(unit_vectors(ra_deg[at_edge], dec_deg[at_edge]))
    return keep
