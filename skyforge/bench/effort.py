"""How much is measured, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 2**20


@dataclass(frozen=True)
class Effort:
    """
    Sizes of what is measured.

    Attributes
    ----------
    repeats
        Of each measurement at most; their median counts.
    seconds
        After which a measurement that took three repeats ends.
    frames
        That go to disk, for the rate from end to end.
    copy_bytes
        Of a copy in memory or over the bus.
    disk_bytes
        Of a file.
    blocks, rounds
        Of the loops that find out how fast a GPU computes.
    launches
        In a row on a GPU, for a rate.
    frames_a_launch
        At most.
    """

    repeats: int = 15
    seconds: float = 1.0
    frames: int = 12
    copy_bytes: int = 256 * _MIB
    disk_bytes: int = 64 * _MIB
    blocks: int = 16384
    rounds: int = 4096
    launches: int = 12
    frames_a_launch: int = 32


FULL = Effort()
QUICK = Effort(
    repeats=5, seconds=0.2, frames=4, copy_bytes=64 * _MIB, disk_bytes=32 * _MIB, launches=6, rounds=1024
)
