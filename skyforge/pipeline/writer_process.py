"""A process that writes frames: takes them from shared memory, answers when each is on the disk.

It imports as little as it can, so that it is ready before the first frame is.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from skyforge.errors import OutputError
from skyforge.pipeline.frame_file import FrameTask, WrittenFrame, write_frame_file
from skyforge.pipeline.slots import Slots


@dataclass(frozen=True)
class Failure:
    """Why a frame could not be written: in words for the user, or with a traceback where nobody foresaw it."""

    index: int
    message: str
    foreseen: bool


Answer = WrittenFrame | Failure


class _RunIsDead(Exception):  # noqa: N818  (nobody reports it)
    """The process that wanted the frames is gone; a new run may own its folder by now."""


def main(commands: int, answers: int, slots: int, slot_count: int, slot_bytes: int, run: int) -> None:
    """Write frames until the run closes its end of the pipe, or dies.

    Parameters
    ----------
    commands, answers, slots
        Descriptors that this process inherited: tasks come, answers go, pixels lie there.
    slot_count, slot_bytes
        How many slots there are, and how long each is.
    run
        Number of the process that wants the frames.
    """
    # An interrupt from the keyboard is the run's affair: it lets the frames in hand be finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ring = Slots(slots, slot_count, slot_bytes)
    tasks = Connection(commands, writable=False)
    replies = Connection(answers, readable=False)

    def still_wanted() -> None:
        if os.getppid() != run:
            raise _RunIsDead

    try:
        while True:
            task: FrameTask = tasks.recv()
            replies.send(_answer(task, ring, still_wanted))
    except (EOFError, BrokenPipeError, ConnectionResetError, _RunIsDead):
        return


def _answer(task: FrameTask, ring: Slots, still_wanted: Callable[[], None]) -> Answer:
    try:
        return write_frame_file(task, ring.slot(task.slot), still_wanted)
    except _RunIsDead:
        raise
    except OutputError as error:
        return Failure(task.index, str(error), foreseen=True)
    except Exception:  # noqa: BLE001  (the run must learn of it, whatever it is)
        return Failure(task.index, traceback.format_exc(), foreseen=False)
