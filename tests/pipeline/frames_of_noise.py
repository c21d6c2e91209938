"""Frames of noise, what must hold of their files, and which processes live."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from astropy.io import fits

from skyforge.frames.pixel_sum import pixel_sha256

SHAPE = (96, 128)


def noise(index: int, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    return np.random.default_rng(index).poisson(200.0, shape).astype(np.uint16)


def cards(index: int) -> bytes:
    return f"FRAMENO = {index:>20} / number of the frame".ljust(80).encode()


def assert_whole(path: Path) -> None:
    """A frame's file is a standard one, its checksums hold, and it has the pixels of its number."""
    with fits.open(path, disable_image_compression=True) as hdus:
        hdus.verify("exception")
        assert [(hdu.verify_datasum(), hdu.verify_checksum()) for hdu in hdus] == [(1, 1)] * len(hdus)


def assert_frame_of_noise(path: Path, sha256: str) -> None:
    assert_whole(path)
    with fits.open(path) as hdus:
        assert pixel_sha256(hdus[-1].data) == sha256 == pixel_sha256(noise(hdus[-1].header["FRAMENO"]))


def children(pid: int | None = None) -> set[int]:
    """Return the processes whose parent is a process; this one by default."""
    wanted = str(os.getpid() if pid is None else pid)
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == wanted and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found
