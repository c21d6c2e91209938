"""What a benchmark finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHEMA = "skyforge-bench/1"
"""Name and version of the form in which `as_json` gives the figures."""
STAGES = ("project", "bin", "halo", "splat", "noise", "compress", "transfer", "write", "truth")
"""Of a frame, in order."""


@dataclass(frozen=True)
class Stage:
    """
    One stage of a frame.

    Attributes
    ----------
    name
        One of `STAGES`.
    seconds
        Of one frame.
    limit
        What bounds it: memory, multiply-adds, random words, bus or disk; empty where nothing simple does.
    limit_seconds
        How long it would take at that bound.
    """

    name: str
    seconds: float
    limit: str = ""
    limit_seconds: float | None = None

    @property
    def share_of_limit(self) -> float | None:
        """Return how much of what the machine could do at best is reached, 0 to 1."""
        if self.limit_seconds is None or self.seconds <= 0.0:
            return None
        return self.limit_seconds / self.seconds

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        share = self.share_of_limit
        return {
            "stage": self.name,
            "ms": 1e3 * self.seconds,
            "limit": self.limit or None,
            "limit_ms": None if self.limit_seconds is None else 1e3 * self.limit_seconds,
            "percent_of_limit": None if share is None else 100.0 * share,
        }


@dataclass(frozen=True)
class SceneFigures:
    """
    A standard scene.

    Attributes
    ----------
    name, title, shape, stars
        As of `scenes.Scene`.
    frames_a_launch
        1 on a CPU.
    stages
        Those that a frame of this scene goes through on this device.
    device_only_frames_s
        Frames per second, made and left where they are.
    to_host_frames_s
        The same, compressed and in the host's memory; None on a CPU.
    end_to_end_frames_s
        Compressed files on the disk, with their truth; stages of successive frames go on at the same time.
    """

    name: str
    title: str
    shape: tuple[int, int]
    stars: int
    frames_a_launch: int
    stages: tuple[Stage, ...]
    device_only_frames_s: float
    to_host_frames_s: float | None
    end_to_end_frames_s: float | None

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        return {
            "scene": self.name,
            "title": self.title,
            "shape": list(self.shape),
            "stars": self.stars,
            "frames_a_launch": self.frames_a_launch,
            "device_only_frames_s": self.device_only_frames_s,
            "to_host_frames_s": self.to_host_frames_s,
            "end_to_end_frames_s": self.end_to_end_frames_s,
            "stages": [stage.as_json() for stage in self.stages],
        }


@dataclass(frozen=True)
class RivalFigures:
    """
    The same work done by another library, in the same process.

    Attributes
    ----------
    rival, version
        Which library.
    work
        What both did.
    theirs_s, ours_s
        Seconds of processor time, both on one thread.
    """

    rival: str
    version: str
    work: str
    theirs_s: float
    ours_s: float

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's terms."""
        return {
            "rival": self.rival,
            "version": self.version,
            "work": self.work,
            "theirs_ms": 1e3 * self.theirs_s,
            "ours_ms": 1e3 * self.ours_s,
            "times_as_fast": self.theirs_s / self.ours_s,
        }
