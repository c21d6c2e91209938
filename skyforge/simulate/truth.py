"""What was really there: one row per source, in the columns of the truth table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.frames.truth import TruthFlag, truth_table
from skyforge.simulate.camera import Camera
from skyforge.simulate.chunks import over_chunks
from skyforge.simulate.signal import ImageShape, brightest_pixel_fraction, trail_noise_equivalent_area_px
from skyforge.simulate.star_image import StarImages
from skyforge.simulate.target import TargetImage
from skyforge.simulate.tracks import Tracks

Floats = NDArray[np.float64]
Flags = NDArray[np.int32]


@dataclass(frozen=True)
class PixelNoise:
    """What a pixel holds without any source: sky and dark electrons, read noise, and the electrons that saturate it."""

    sky_e: float
    dark_e: float
    read_noise_e: float
    saturation_e: float


def star_truth(
    index: int, stars: StarImages, camera: Camera, shape: ImageShape, noise: PixelNoise
) -> pa.Table:
    """Return the truth of the stars whose tracks touch the frame.

    Parameters
    ----------
    index
        Number of the frame.
    stars
        The stars on the pixels.
    camera, shape, noise
        Frame, image of a point, and what else is in a pixel.
    """
    inside, cut = _touches(camera, stars.tracks)
    on_frame = np.flatnonzero(inside)
    rows, tracks = stars.rows[on_frame], stars.tracks.select(on_frame)
    electrons, field = stars.electrons[on_frame], stars.field
    count = len(rows)
    peak, snr = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    flags = np.empty(count, dtype=np.int32)
    places = {name: np.empty(count) for name in ("ra_deg", "dec_deg", "ra_app_deg", "dec_app_deg")}

    def work(piece: slice) -> None:
        peak[piece], snr[piece] = _strength(tracks.select(piece), electrons[piece], shape, noise)
        flags[piece] = _flag(
            peak[piece] + noise.sky_e + noise.dark_e > noise.saturation_e, TruthFlag.SATURATED
        )
        flags[piece] |= _flag(stars.hidden[on_frame[piece]], TruthFlag.OCCULTED)
        flags[piece] |= _flag(cut[on_frame[piece]], TruthFlag.EDGE)
        flags[piece] |= _flag(rows[piece] >= field.synthetic_from, TruthFlag.SYNTHETIC)
        astrometric = stars.astrometric[on_frame[piece]]
        places["ra_deg"][piece], places["dec_deg"][piece] = orbits.angles_from_directions(astrometric)
        apparent = orbits.apparent_directions(astrometric, stars.seen_from)
        places["ra_app_deg"][piece], places["dec_app_deg"][piece] = orbits.angles_from_directions(apparent)

    over_chunks(count, work)
    return truth_table(
        frame=index,
        source_id=field.table.source_id[rows],
        name=None,
        kind="star",
        mag=field.table.g_mag[rows],
        band="G",
        electrons=electrons,
        peak_electrons=peak,
        snr=snr,
        flags=flags,
        **places,
        **_pixels(tracks),
    )


def target_truth(
    index: int, number: int, target: TargetImage, camera: Camera, shape: ImageShape, noise: PixelNoise
) -> pa.Table:
    """Return the truth of one target, in the field or not.

    Parameters
    ----------
    index, number
        Numbers of the frame and of the target.
    target
        The target on the pixels.
    camera, shape, noise
        Frame, image of a point, and what else is in a pixel.
    """
    inside, cut = _touches(camera, target.tracks)
    electrons = np.array([target.electrons.sum()])
    peak, snr = _strength(target.tracks, electrons, shape, noise)
    sunlit = target.middle.sunlit
    ra_deg, dec_deg = orbits.angles_from_directions(target.middle.astrometric)
    ra_app_deg, dec_app_deg = orbits.angles_from_directions(target.middle.apparent)
    flags = _flag(inside & (peak + noise.sky_e + noise.dark_e > noise.saturation_e), TruthFlag.SATURATED)
    flags |= _flag(~inside, TruthFlag.OUTSIDE) | _flag(cut, TruthFlag.EDGE)
    flags |= _flag(np.array([target.occulted]), TruthFlag.OCCULTED)
    flags |= _flag(sunlit <= 0.0, TruthFlag.ECLIPSED)
    flags |= _flag((sunlit > 0.0) & (sunlit < 1.0), TruthFlag.PENUMBRA)
    return truth_table(
        frame=index,
        source_id=np.array([number], dtype=np.int64),
        name=target.body.name,
        kind=target.body.kind,
        mag=np.where(np.isfinite(target.middle.v_mag), target.middle.v_mag, np.nan),
        band="V",
        electrons=electrons,
        peak_electrons=peak,
        snr=snr,
        range_km=target.middle.range_km,
        phase_angle_deg=np.degrees(target.middle.phase_angle_rad),
        rate_arcsec_s=np.array([target.rate_arcsec_s]),
        sunlit_fraction=sunlit,
        flags=flags,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        ra_app_deg=ra_app_deg,
        dec_app_deg=dec_app_deg,
        **_pixels(target.tracks),
    )


def _pixels(tracks: Tracks) -> dict[str, Floats]:
    return {
        "x": tracks.x_mid,
        "y": tracks.y_mid,
        "x_start": tracks.x[0],
        "y_start": tracks.y[0],
        "x_end": tracks.x[-1],
        "y_end": tracks.y[-1],
    }


def _strength(
    tracks: Tracks, electrons: Floats, shape: ImageShape, noise: PixelNoise
) -> tuple[Floats, Floats]:
    """Return the electrons of the brightest pixel and the signal-to-noise ratio, each (n,)."""
    length_px = tracks.length_px()
    peak = electrons * brightest_pixel_fraction(shape, tracks.x_mid, tracks.y_mid, length_px)
    area_px = trail_noise_equivalent_area_px(shape.noise_equivalent_area_px, length_px)
    snr = photometry.optimal_snr(electrons, noise.sky_e + noise.dark_e, noise.read_noise_e, area_px)
    return np.nan_to_num(peak), np.nan_to_num(snr)


def _touches(camera: Camera, tracks: Tracks) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return masks (n,): some part of the track lies on the frame; and the frame's edge cuts it."""
    rows, columns = camera.shape
    on_x, on_y = (
        (tracks.x >= -0.5) & (tracks.x <= columns - 0.5),
        (tracks.y >= -0.5) & (tracks.y <= rows - 0.5),
    )
    inside = on_x & on_y
    touches: NDArray[np.bool_] = np.asarray(inside.any(axis=0))
    if len(tracks.x) > 1 and not touches.all():
        touches |= _crosses(camera, tracks).any(axis=0)
    return touches, touches & ~np.asarray(inside.all(axis=0))


def _crosses(camera: Camera, tracks: Tracks) -> NDArray[np.bool_]:
    """Return a mask (segments, n) of the segments that pass through the frame (Liang & Barsky 1984)."""
    rows, columns = camera.shape
    enter, leave = np.zeros_like(tracks.x[1:]), np.ones_like(tracks.x[1:])
    for coordinate, size in ((tracks.x, columns), (tracks.y, rows)):
        start, step = coordinate[:-1], np.diff(coordinate, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            first, second = (-0.5 - start) / step, (size - 0.5 - start) / step
        still = step == 0.0
        beside = still & ((start < -0.5) | (start > size - 0.5))
        enter = np.where(still, enter, np.fmax(enter, np.fmin(first, second)))
        leave = np.where(still, leave, np.fmin(leave, np.fmax(first, second)))
        leave = np.where(beside, -1.0, leave)
    result: NDArray[np.bool_] = np.isfinite(tracks.x[1:] + tracks.x[:-1]) & (enter <= leave)
    return result


def _flag(mask: NDArray[np.bool_], flag: TruthFlag) -> Flags:
    return mask.astype(np.int32) * np.int32(flag)
