"""What was really there: one row per source, in the columns of the truth table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.frames.truth import TruthFlag, truth_table
from skyforge.simulate.camera import Camera
from skyforge.simulate.chunks import over_chunks
from skyforge.simulate.pixel_noise import PixelNoise
from skyforge.simulate.signal import ImageShape, brightest_pixel_fraction, trail_noise_equivalent_area_px
from skyforge.simulate.star_image import StarImages
from skyforge.simulate.target_images import TargetImages
from skyforge.simulate.tracks import Tracks
from skyforge.simulate.trails import crosses

Floats = NDArray[np.float64]
Flags = NDArray[np.int32]


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
        own = tracks.select(piece)
        peak[piece], snr[piece], saturated = _strength(
            own.x_mid, own.y_mid, own.length_px(), electrons[piece], shape, noise
        )
        flags[piece] = _flag(saturated, TruthFlag.SATURATED)
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
    index: int, targets: TargetImages, camera: Camera, shape: ImageShape, noise: PixelNoise
) -> pa.Table:
    """Return the truth of the targets of an exposure, in the field or not.

    Parameters
    ----------
    index
        Number of the frame.
    targets
        The targets on the pixels.
    camera, shape, noise
        Frame, image of a point, and what else is in a pixel.
    """
    trails, looks = targets.trails, targets.middle
    inside, cut = trails.on_frame(camera.shape)
    electrons = trails.sums(targets.electrons)
    # Behind the camera there is no pixel, and no place in it.
    x, y = np.nan_to_num(trails.x_mid), np.nan_to_num(trails.y_mid)
    peak, snr, saturated = _strength(x, y, trails.length_px(), electrons, shape, noise)
    flags = _flag(inside & saturated, TruthFlag.SATURATED)
    flags |= _flag(~inside, TruthFlag.OUTSIDE) | _flag(cut, TruthFlag.EDGE)
    flags |= _flag(targets.occulted, TruthFlag.OCCULTED)
    flags |= _flag(looks.sunlit <= 0.0, TruthFlag.ECLIPSED)
    flags |= _flag((looks.sunlit > 0.0) & (looks.sunlit < 1.0), TruthFlag.PENUMBRA)
    ra_deg, dec_deg = orbits.angles_from_directions(looks.astrometric)
    ra_app_deg, dec_app_deg = orbits.angles_from_directions(looks.apparent)
    x_start, y_start, x_end, y_end = trails.ends()
    bodies = targets.targets.bodies
    return truth_table(
        frame=index,
        source_id=targets.rows,
        name=pa.array([body.name for body in bodies], pa.string()),
        kind=pa.array([body.kind for body in bodies], pa.string()),
        mag=np.where(np.isfinite(looks.v_mag), looks.v_mag, np.nan),
        band="V",
        electrons=electrons,
        peak_electrons=peak,
        snr=snr,
        range_km=looks.range_km,
        phase_angle_deg=np.degrees(looks.phase_angle_rad),
        rate_arcsec_s=targets.rate_arcsec_s,
        sunlit_fraction=looks.sunlit,
        flags=flags,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        ra_app_deg=ra_app_deg,
        dec_app_deg=dec_app_deg,
        x=trails.x_mid,
        y=trails.y_mid,
        x_start=x_start,
        y_start=y_start,
        x_end=x_end,
        y_end=y_end,
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
    x: Floats, y: Floats, length_px: Floats, electrons: Floats, shape: ImageShape, noise: PixelNoise
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the electrons of the brightest pixel, the signal-to-noise ratio, and whether it saturates, each (n,)."""
    peak = np.nan_to_num(electrons * brightest_pixel_fraction(shape, x, y, length_px))
    area_px = trail_noise_equivalent_area_px(shape.noise_equivalent_area_px, length_px)
    level_e = noise.level_e(x, y)
    snr = photometry.optimal_snr(electrons, level_e, noise.read_noise_e, area_px)
    return peak, np.nan_to_num(snr), peak + level_e > noise.saturation_e


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
        touches |= crosses(camera.shape, tracks.x[:-1], tracks.y[:-1], tracks.x[1:], tracks.y[1:]).any(axis=0)
    return touches, touches & ~np.asarray(inside.all(axis=0))


def _flag(mask: NDArray[np.bool_], flag: TruthFlag) -> Flags:
    return mask.astype(np.int32) * np.int32(flag)
