"""Frames to write: a small field of stars with targets in it, and where a test may find a full or read-only disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from astropy.io import fits
from astropy.time import Time, TimeDelta
from astropy.wcs import WCS

from skyforge.frames.frame import Frame
from skyforge.frames.header import CameraState, ObserverState, cards_header, observation_cards
from skyforge.frames.truth import TruthFlag, empty_truth, truth_table

SECOND = TimeDelta(1.0, format="sec")


def make_wcs(shape: tuple[int, int], scale_arcsec: float = 2.0, rotation_deg: float = 20.0) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [120.0, -12.0]
    wcs.wcs.crpix = [(shape[1] + 1) / 2, (shape[0] + 1) / 2]
    cosine, sine = np.cos(np.radians(rotation_deg)), np.sin(np.radians(rotation_deg))
    wcs.wcs.cd = np.array([[-cosine, sine], [sine, cosine]]) * scale_arcsec / 3600.0
    wcs.wcs.set()
    return wcs


def make_header(**changes: object) -> fits.Header:
    begin = Time("2024-03-01T00:00:00", scale="utc")
    values: dict[str, object] = {
        "begin": begin,
        "mid": begin + SECOND,
        "end": begin + 2 * SECOND,
        "exposure_s": 2.0,
        "frame": 3,
        "seed": 17,
        "observer": ObserverState("elliptic frozen orbit", [1.2e8, -8.5e7, -3.7e7], [17.1, 22.3, 9.6]),
        "camera": CameraState(1.5, 2.25, 100.0, 65535.0, 2.0, passband="400-900 nm", telescope="30 cm f/4"),
        "object_name": "KAZSAT-3",
        "scenario": "kazsat from lunar orbit",
    }
    return cards_header(observation_cards(**{**values, **changes}))  # type: ignore[arg-type]


def make_truth(
    wcs: WCS, targets: list[tuple[str, float, float]], trail_px: float = 0.0, flags: int = 0
) -> pa.Table:
    if not targets:
        return empty_truth()
    x, y = np.array([target[1] for target in targets]), np.array([target[2] for target in targets])
    ra_deg, dec_deg = wcs.all_pix2world(x, y, 0)
    return truth_table(
        frame=3,
        source_id=np.arange(len(targets)),
        name=[target[0] for target in targets],
        kind="satellite",
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        ra_app_deg=ra_deg,
        dec_app_deg=dec_deg,
        x=x,
        y=y,
        x_start=x - trail_px / 2,
        y_start=y,
        x_end=x + trail_px / 2,
        y_end=y,
        mag=15.0 + np.arange(len(targets)) / 10,
        band="V",
        electrons=5000.0,
        snr=60.0 - np.arange(len(targets)) / 10,
        range_km=384_400.0,
        flags=flags,
    )


def make_frame(
    shape: tuple[int, int] = (96, 128), targets: list[tuple[str, float, float]] | None = None, **truth: object
) -> Frame:
    generator = np.random.default_rng(5)
    image = np.full(shape, 30.0)
    rows, columns = np.indices(shape)
    for x, y in generator.uniform(0.0, 1.0, (8, 2)) * (shape[1], shape[0]):
        image += 300.0 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 2.0)
    data = (generator.poisson(image) + 100).astype(np.uint16)
    wcs = make_wcs(shape)
    return Frame(3, data, wcs, make_header(), make_truth(wcs, targets or [], **truth))  # type: ignore[arg-type]


@pytest.fixture
def frame() -> Frame:
    return make_frame(
        targets=[("KAZSAT-3", 60.0, 40.0), ("HIDDEN", 20.0, 70.0)], flags=int(TruthFlag.PENUMBRA)
    )


@pytest.fixture
def frames() -> Callable[..., Frame]:
    return make_frame


@pytest.fixture
def headers() -> Callable[..., fits.Header]:
    return make_header


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mount.returncode != 0:
        pytest.skip("mounting a small disk needs the rights of root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs the rights of root")
    with _mounted(tmp_path / "small_disk", "size=256k") as folder:
        yield folder


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that permits no writing, not even by root."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a read-only disk needs the rights of root")
    with _mounted(tmp_path / "read_only_disk", "ro") as folder:
        yield folder
