"""One process that must run: its start, its log, its return after a crash, and its end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal import env
from portal.demo.folder import Folder

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds before a crashed process is started again
STEADY_SECONDS = 20.0  # after running so long, a crash counts as the first one again
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run. It is ready when its log says `ready_words`, or when `is_ready` says so."""

    name: str
    command: tuple[str, ...]
    ready_words: str = ""
    is_ready: Callable[[], bool] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A running program, in a process group of its own, writing to a log of its own."""

    def __init__(self, program: Program, folder: Folder) -> None:
        self.program, self.folder = program, folder
        self.log = folder.logs / f"{program.name}.log"
        self.pause, self.due = FIRST_PAUSE, 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process. Call it from the main thread: the child lives as long as that thread."""
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(
                self.program.command,
                cwd=env.ROOT,
                env={**os.environ, **self.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone; we end the others in order
                preexec_fn=lambda: _end_with_parent(parent),  # noqa: PLW1509  no threads here
            )
        self.started = time.monotonic()
        (self.folder.run / f"{self.program.name}.pid").write_text(str(self.process.pid))

    def is_ready(self) -> bool:
        """Whether the process that runs now does its work."""
        if self.program.is_ready:
            return self.program.is_ready()
        return self.program.ready_words in self.words()

    def words(self) -> str:
        """What the process has written to its log since its last start."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def status(self) -> int | None:
        """The exit status, None while it runs."""
        return self.process.poll() if self.process else None

    def keep_running(self) -> str:
        """Start it again when it has ended and its pause is over. Returns what happened, if anything."""
        now, status = time.monotonic(), self.status()
        if status is None:
            return ""
        if not self.due:
            self._clear_away()
            self.pause = FIRST_PAUSE if now - self.started > STEADY_SECONDS else self.pause
            self.due = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            return f"{self.program.name} ended ({_reason(status)}); starting it again"
        if now >= self.due:
            self.due = 0.0
            self.start()
        return ""

    def end(self) -> None:
        """Ask the process to stop."""
        if self.process and self.status() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait for its end that long, then end it and whatever it left behind by force."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.0))
        self._clear_away()
        self.process.wait()
        (self.folder.run / f"{self.program.name}.pid").unlink(missing_ok=True)

    def _clear_away(self) -> None:
        # A killed main process leaves its own children holding its port and its claims.
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _end_with_parent(parent: int) -> None:
    if _libc:
        _libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)


def _reason(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
