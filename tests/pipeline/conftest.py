"""Frames on their way to the disk, and a disk that is too small for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from frames_of_noise import SHAPE, cards, noise

from skyforge.pipeline.crew import Crew
from skyforge.pipeline.frame_file import FrameTask, Pixels, WrittenFrame
from skyforge.pipeline.writers import Writers


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., list[WrittenFrame]]:
    """Write frames of noise by a crew, into the test's folder or another; return them in the order of completion."""

    def write(
        count: int,
        crew: Crew,
        folder: Path = tmp_path,
        *,
        compress: bool = False,
        meanwhile: Callable[[Writers, int], None] | None = None,
        done: list[WrittenFrame] | None = None,
    ) -> list[WrittenFrame]:
        done = [] if done is None else done
        with Writers.open(crew, noise(0).nbytes, done.append) as writers:
            for index in range(count):
                slot = writers.free_slot()
                writers.slot(slot)[: noise(0).nbytes] = noise(index).view(np.uint8).ravel()
                path = folder / f"frame_{index:06d}.fits"
                writers.submit(FrameTask(index, slot, Pixels(), path, SHAPE, cards(index), compress))
                if meanwhile is not None:
                    meanwhile(writers, index)
        return done

    return write


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    place = tmp_path / "small_disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs the rights of root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
