"""The folder of one installation: logs, process ids, the stand-ins' books, and one start at a time."""

import fcntl
import shutil
from pathlib import Path
from typing import IO

from portal.demo.trouble import DemoError

NEEDED_MEGABYTES = 400


class Folder:
    """Where one installation keeps what is not in its database."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: IO[str] | None = None
        for part in (self.path, self.logs, self.run):
            part.mkdir(parents=True, exist_ok=True)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """One file per running process, with its id."""
        return self.path / "run"

    def take(self) -> None:
        """Refuse a second start in the same folder, and a disk about to be full."""
        free = shutil.disk_usage(self.path).free // 2**20
        if free < NEEDED_MEGABYTES:
            raise DemoError(
                f"The disk under {self.path} has {free} MB free, and {NEEDED_MEGABYTES} MB are needed."
                " Free some space and start again."
            )
        self._lock = (self.run / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.leave()
            raise DemoError(
                f"It is running already, in {self.path}. Stop that one first."
            ) from None

    def leave(self) -> None:
        """Let another start have the folder."""
        if self._lock:
            self._lock.close()
