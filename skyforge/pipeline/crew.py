"""How many processes write a run's frames, and how many frames may wait for them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEMORY_BUDGET_BYTES = 2 * 2**30
"""The most that the frames between renderer and disk may take, in all processes, unless a quarter of the machine's
memory is less. A run that could not hold two frames in it hands nothing over: it writes each frame before the next."""
MEMORY_SHARE = 0.25

WORTH_WRITERS_BYTES = 32 * 2**20
"""Pixels of a run from which on processes to write them are worth their start. To start one was measured to take 0.2 s
of a core, to write 32 MiB of pixels 0.2 s."""

MOST_WRITERS = 32
"""More were never measured to be of use on one disk."""

_CONTROL_GROUP_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


@dataclass(frozen=True)
class Crew:
    """Processes that write, and slots for frames on their way to them; none of either for a run that writes itself."""

    writers: int
    slots: int


NOBODY = Crew(0, 0)


def crew_for(
    frame_bytes: int,
    frames: int,
    *,
    compress: bool,
    cores: int,
    budget_bytes: int,
    writers: int | None = None,
    held: int = 1,
) -> Crew:
    """Choose the crew of a run.

    Parameters
    ----------
    frame_bytes
        What a frame on its way takes.
    frames
        How many there are.
    compress
        Whether the writers compress them.
    cores
        Cores that the run may use. Rendering needs them too: every second one gets a writer.
    budget_bytes
        What the frames on their way may take.
    writers
        How many writers there should be; chosen where None. Fewer where the memory does not suffice.
    held
        Frames that the renderer keeps at a time.
    """
    if writers is None:
        small = frames < 2 or frames * frame_bytes < WORTH_WRITERS_BYTES
        writers = 0 if small else max(1, cores // 2)
    writers = min(writers, frames, MOST_WRITERS)
    # A writer turns pixels into the words of a file where they lie; only what it compresses takes room beside them.
    room_of_a_writer = frame_bytes if compress else 0
    while writers > 0:
        slots = min(2 * writers + held, (budget_bytes - writers * room_of_a_writer) // frame_bytes)
        if slots >= writers + held:
            return Crew(writers, slots)
        writers -= 1
    return NOBODY


def memory_budget_bytes() -> int:
    """Return what the frames on their way to the disk may take on this machine."""
    return min(MEMORY_BUDGET_BYTES, int(MEMORY_SHARE * _machine_memory_bytes()))


def _machine_memory_bytes() -> int:
    """Return the memory of the machine, or what a container was given of it."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for file in _CONTROL_GROUP_LIMITS:
        with suppress(OSError, ValueError):  # not there, or "max"
            limits.append(int(Path(file).read_text(encoding="ascii")))
    return min(limits)
