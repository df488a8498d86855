"""Evaluate what is not plain in a process of its own, which the kernel stops.

A box is started when first needed, kept for the next evaluation, and thrown away when it died. One
that runs away takes neither the memory of this process nor the lock its other threads wait for.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from integrations.mapping.current import MISSING, current
from integrations.mapping.engine import EngineError

_HOUSE: Final = Path(__file__).parents[2]
_MOST_IDLE: Final = 4
_LONGEST_WAIT: Final = 1.0
_OUT_OF_TIME: Final = "It ran out of its time; it may never end."
_OUT_OF_MEMORY: Final = "It takes more memory than an expression may have."


class _Box:
    def __init__(self) -> None:
        self.pipe, theirs = Pipe()
        command = [sys.executable, "-m", "integrations.mapping.boxed", str(theirs.fileno())]
        # Nothing of this process's surroundings, where its secrets are.
        self.process = subprocess.Popen(  # noqa: S603
            command,
            cwd=_HOUSE,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        if not self.pipe.poll(10 * _LONGEST_WAIT) or self.pipe.recv() != "ready":
            self.end()
            raise OSError("The process for expressions does not start.")

    def end(self) -> int:
        self.pipe.close()
        self.process.kill()
        return self.process.wait()

    def death(self) -> EngineError:
        """Why it no longer answers. It is ended if it still lives."""
        if self.process.poll() is None:
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.end()
        slow = code in (-signal.SIGPROF, -signal.SIGKILL)
        return EngineError(_OUT_OF_TIME if slow else _OUT_OF_MEMORY, stopped=True)


_idle: Final[list[_Box]] = []


def end_all() -> None:
    """End the boxes that wait for work."""
    while _idle:
        _idle.pop().end()


atexit.register(end_all)
# A forked process has the same pipes: two that use one would read each other's answers.
os.register_at_fork(after_in_child=_idle.clear)


def warm_up() -> None:
    """Have a box ready, so that the first evaluation need not wait for it."""
    if not _idle:
        _idle.append(_Box())


@contextmanager
def _borrowed() -> Iterator[_Box]:
    """A box that nobody else has; it is kept only if it is still good."""
    try:
        box = _idle.pop()
    except IndexError:
        box = _Box()
    try:
        yield box
    except EOFError:
        raise box.death() from None
    except BaseException:
        box.end()
        raise
    if len(_idle) < _MOST_IDLE:
        _idle.append(box)
    else:
        box.end()


def evaluate(
    source: str, document: Any, *, bindings: dict[str, Any] | None, timeout_ms: int
) -> Any:
    """As `engine.evaluate`, with the run of this thread, and pruned. EngineError with `stopped`
    where the box had to be stopped."""
    run = current.run
    with _borrowed() as box:
        box_error = None
        try:
            box.pipe.send((source, document, bindings, dict(run.context), run.path, timeout_ms))
            answer = _answer(box.pipe)
        except (BrokenPipeError, ConnectionResetError):
            raise EOFError from None
        if answer[0] == "failed":
            box_error = EngineError(answer[1], timeout=answer[2])
    run.problems.extend(answer[-2])
    run.path = answer[-1]
    if box_error:
        raise box_error
    return answer[1]


def _answer(pipe: Connection) -> tuple[Any, ...]:
    """What the box says in the end; what it asks on the way is answered. EOFError if it died."""
    run = current.run
    while True:
        if not pipe.poll(_LONGEST_WAIT):
            raise EOFError
        message: tuple[Any, ...] = pipe.recv()
        if message[0] != "ask":
            return message
        find = run.lookup if message[1] == "lookup" else run.binding
        found = run.ask(find, message[2], message[3])
        # MISSING is known by identity, which does not survive the pipe.
        pipe.send(() if found is MISSING else (found,))
