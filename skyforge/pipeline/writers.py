"""The processes that write a run's frames, as the process that renders them sees them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import cast

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import OutputError
from skyforge.frames.files import TEMPORARY_SUFFIX
from skyforge.pipeline.crew import Crew
from skyforge.pipeline.frame_file import FrameTask, WrittenFrame
from skyforge.pipeline.slots import Slots
from skyforge.pipeline.writer_process import Answer, Failure

# A process of its own rather than a child of multiprocessing: that would import the user's script again, and look
# for its memory by a name that can be left behind.
_PROGRAM = (
    "import sys; sys.path[:] = {path!r}; from skyforge.pipeline.writer_process import main; main{arguments!r}"
)
# A writer computes on one thread; idle threads of a linear algebra library would only cost memory.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_LAST_WORDS_S = 10.0
"""How long a process that closed its pipe may take to end."""


@dataclass
class _Writer:
    process: subprocess.Popen[bytes]
    tasks: Connection
    answers: Connection
    in_hand: deque[FrameTask] = field(default_factory=deque)


class Writers:
    """Hands frames in slots to processes that write them; made by `Writers.open`."""

    def __init__(self, slots: Slots, written: Callable[[WrittenFrame], None]) -> None:
        self.slots = slots
        self._written = written
        self._free = deque(range(slots.count))
        self._writers: list[_Writer] = []

    @classmethod
    @contextmanager
    def open(cls, crew: Crew, frame_bytes: int, written: Callable[[WrittenFrame], None]) -> Iterator[Writers]:
        """Start writers; when the block ends, all that was submitted is on the disk and no process is left.

        An exception that leaves the block, an interrupt included, lets the frames in hand be finished first; a
        second one does not.

        Parameters
        ----------
        crew
            How many processes, and how many slots for the pixels of frames on their way to them.
        frame_bytes
            What a frame needs in its slot.
        written
            Called, in this thread, after each frame whose file is complete.

        Yields
        ------
        Writers
            Ready at once, though the processes start meanwhile.

        Raises
        ------
        OutputError
            If a file cannot be written, or a writer was killed.
        """
        with Slots.open(crew.slots, frame_bytes) as slots:
            writers = cls(slots, written)
            try:
                for _ in range(crew.writers):
                    writers._start()
                yield writers
                writers._finish()
            except BaseException:
                writers._break_off()
                raise
            finally:
                writers._kill()

    def free_slot(self) -> int:
        """Return the number of a slot that nobody uses, after waiting for one where all are in use."""
        self.collect()
        while not self._free:
            self.collect(wait_s=None)
        return self._free.popleft()

    @property
    def memory(self) -> NDArray[np.uint8]:
        """All slots."""
        return self.slots.memory

    def slot(self, index: int) -> NDArray[np.uint8]:
        """Return the bytes of a slot, by its number from 0; a view, not a copy."""
        return self.slots.slot(index)

    def submit(self, task: FrameTask) -> None:
        """Have a frame written whose pixels lie in its slot; the slot is the writer's from now on."""
        writer = min(self._writers, key=lambda each: len(each.in_hand))
        writer.in_hand.append(task)
        try:
            writer.tasks.send(task)
        except OSError as error:
            raise _WriterIsDeadError(_last_words(writer)) from error

    def collect(self, wait_s: float | None = 0.0) -> None:
        """Take the answers that are there, after waiting so long for the first; None waits until it comes."""
        by_pipe = {writer.answers: writer for writer in self._writers}
        for pipe in wait(list(by_pipe), wait_s):
            self._take(by_pipe[cast("Connection", pipe)])

    def _take(self, writer: _Writer) -> None:
        try:
            answer: Answer = writer.answers.recv()
        except (EOFError, OSError) as error:
            raise _WriterIsDeadError(_last_words(writer)) from error
        task = writer.in_hand.popleft()
        self._free.append(task.slot)
        if isinstance(answer, Failure):
            if answer.foreseen:
                raise OutputError(answer.message)
            raise _UnforeseenError(f"writing {task.path} failed: {answer.message}")
        self._written(answer)

    def _start(self) -> None:
        task_source, task_sink = os.pipe()
        answer_source, answer_sink = os.pipe()
        handed = (task_source, answer_sink, self.slots.descriptor)
        arguments = (*handed, self.slots.count, self.slots.slot_bytes, os.getpid())
        process = subprocess.Popen(  # noqa: S603  (this Python, this package)
            [sys.executable, "-c", _PROGRAM.format(path=sys.path, arguments=arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD},
            pass_fds=handed,
            # Out of reach of the keyboard's interrupt from its first moment on.
            process_group=0,
        )
        os.close(task_source)
        os.close(answer_sink)
        self._writers.append(
            _Writer(process, Connection(task_sink, readable=False), Connection(answer_source, writable=False))
        )

    def _finish(self) -> None:
        while any(writer.in_hand for writer in self._writers):
            self.collect(wait_s=None)
        for writer in self._writers:
            writer.tasks.close()
        for writer in self._writers:
            with suppress(subprocess.TimeoutExpired):  # all is written; who lingers is killed
                writer.process.wait(_LAST_WORDS_S)

    def _break_off(self) -> None:
        """Let the writers finish what they have in hand, and count what comes of it."""
        with suppress(OSError):
            for writer in self._writers:
                writer.tasks.close()
        for writer in self._writers:
            while writer.in_hand:
                try:
                    self._take(writer)
                except _WriterIsDeadError:
                    break
                except (OutputError, _UnforeseenError):
                    continue  # the first failure is the one to tell

    def _kill(self) -> None:
        for writer in self._writers:
            writer.tasks.close()
            writer.answers.close()
            if writer.process.poll() is None:
                writer.process.kill()
                writer.process.wait()
            _remove_hidden_files(writer.in_hand)


class _WriterIsDeadError(OutputError):
    """A process is gone that should not be."""


class _UnforeseenError(RuntimeError):
    """A writer met an error that nobody foresaw; the message holds its traceback."""


def _last_words(writer: _Writer) -> str:
    """Say in the user's words what became of a process that is gone."""
    with suppress(subprocess.TimeoutExpired):
        writer.process.wait(_LAST_WORDS_S)
    code = writer.process.returncode
    how = (
        f"was killed ({signal.Signals(-code).name})"
        if code is not None and code < 0
        else f"ended with status {code}"
    )
    what = f"cannot write {writer.in_hand[0].path}" if writer.in_hand else "cannot write the frames"
    hint = "; the machine may be short of memory" if code == -signal.SIGKILL else ""
    return f"{what}: the process that writes it {how}{hint}"


def _remove_hidden_files(tasks: deque[FrameTask]) -> None:
    """Remove what a killed process had begun to write."""
    for task in tasks:
        for part in task.path.parent.glob(f".{task.path.name}.*{TEMPORARY_SUFFIX}"):
            with suppress(OSError):
                part.unlink()
